"""Training with a learner's own step, in a child process."""
