"""Running a learner's program so that it says what it computes, until it comes to its step."""
