"""The user's own handwriting: a labelled collection on the disk, and how images get into it."""
