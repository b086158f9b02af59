"""The curves of the runs, and the first layer's weights."""
