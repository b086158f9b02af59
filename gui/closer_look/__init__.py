"""A closer look at the digit on the pad: how it gets to the network, and what speaks for the answer."""
