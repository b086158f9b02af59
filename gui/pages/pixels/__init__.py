"""From the pen to the pixels, and what the pixels say."""
