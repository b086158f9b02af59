"""The digits: loaded beside the window, or fetched through TensorFlow."""
