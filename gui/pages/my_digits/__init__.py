"""The user's own handwriting: a labelled collection, and how well the network reads it."""
