"""The network at work on a digit, as a picture."""
