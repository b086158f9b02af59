"""Teaching the network on the screen a single digit, and taking it back."""
