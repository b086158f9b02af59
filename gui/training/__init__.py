"""The active run: its settings, its thread, its pace."""
