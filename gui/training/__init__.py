"""The run that is on: its settings, its thread, its pace."""
