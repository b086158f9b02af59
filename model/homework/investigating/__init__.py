"""Finding out what a learner's step does: its network, and what it makes of weights chosen for it."""
