"""Trick the network: change its digit, dream up a perfect one, show it scribbles."""
