"""What is plotted over the samples of a run."""
