"""Which network is on the screen, and how it is trained."""

from PySide6.QtWidgets import QWidget

from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.widgets.card import ElidedLabel, label
from gui.widgets.layouts import column
from gui.widgets.numbers import counted


class NetworkSummary(QWidget):
    """The layers of the network and their functions."""

    def __init__(self) -> None:
        super().__init__()
        self._layers = label("", "secondary", wrap=True)
        self._functions = label("", "secondary", wrap=True)
        self._file = ElidedLabel("", "secondary", "trainedByLabel")  # of own code
        self.setLayout(column(4, label("Network", "title"), self._layers, self._functions, self._file, spacing=2))
        self.parts = (Part(self._show, ("layer_sizes", "functions", "shown_key")),)

    def _show(self, scene: Scene) -> None:
        sizes = scene.layer_sizes
        self._layers.setText(" → ".join(str(size) for size in sizes))
        run = scene.shown
        functions = " · ".join(scene.functions) or "functions of its own"
        own_code = run.own_code if run else None
        self._functions.setText(functions if own_code else f"{functions}\ncross-entropy\none update per sample")
        self._file.setText(f"trained by {own_code.name}" if own_code else "")
        self._file.setVisible(own_code is not None)
        count = len(sizes) - 2
        hidden = f"{counted(count, 'hidden layer')} follow{'s' if count == 1 else ''}" if count else "no hidden layer"
        self.setToolTip(f"{sizes[0]} pixels go in, {hidden}, ten probabilities come out.")
