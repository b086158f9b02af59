"""What a trained network does with a digit, why, and where it can be led astray."""
