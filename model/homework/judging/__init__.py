"""Saying what is wrong with a step, stage by stage, and in which line."""
