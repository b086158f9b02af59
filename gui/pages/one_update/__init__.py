"""One update with every number of it, forward and back."""
