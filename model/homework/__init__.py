"""The judge of homework: which line of a learner's backward pass computes what instead of what."""
