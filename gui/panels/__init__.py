"""What stays beside every page: training, runs, the pad with its answer, timeline and status."""
