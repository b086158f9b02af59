"""What any page or panel may use: cards, bars, pictures of digits and of weights, plots over a run, numbers."""
