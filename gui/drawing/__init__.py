"""The pad, and what the network makes of what is drawn on it."""
