"""The page Your code: what each line of a learner's file computes."""
