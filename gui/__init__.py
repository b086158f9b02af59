"""The window: Qt and pyqtgraph. It asks the model; the model knows nothing of it."""
