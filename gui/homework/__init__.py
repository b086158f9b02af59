"""A learner's own file: opened, watched, judged, and trained with."""
