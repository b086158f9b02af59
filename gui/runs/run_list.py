"""Which network is on the screen, and the runs so far: the legend of the plot."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from gui.card import label
from gui.playhead import Runs
from gui.runs.run_line import RunLine
from gui.theme import LIGHT, Theme
from model.history import Frame, History


class NetworkSummary(QWidget):
    """The layers of the network on the screen and how it is trained."""

    def __init__(self) -> None:
        super().__init__()
        self._layers = label("", "secondary")
        self._functions = label("", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(label("Network", "title"))
        layout.addWidget(self._layers)
        layout.addWidget(self._functions)

    def show_frame(self, frame: Frame) -> None:
        """Describe the network of a frame."""
        sizes = frame.network.layer_sizes
        self._layers.setText(" → ".join(str(size) for size in sizes))
        functions = " · ".join([*["sigmoid"] * (len(sizes) - 2), "softmax"])
        self._functions.setText(f"{functions}\ncross-entropy\none update per sample")
        self.setToolTip(f"{sizes[0]} pixels go in, {len(sizes) - 2} hidden layers follow, ten probabilities come out.")


class RunList(QWidget):
    """A line for each run, the newest first."""

    run_pointed = Signal(object)  # History under the pointer, or None
    run_chosen = Signal(object)  # History
    compare_chosen = Signal(object)  # History or None
    hide_chosen = Signal(object, bool)  # History, whether to hide its curve
    renamed = Signal(object, str)  # History, its new name
    settings_chosen = Signal(object)  # TrainingConfig, for another run
    save_chosen = Signal(object)  # History
    delete_chosen = Signal(object)  # History

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._runs = Runs()
        self._lines: list[RunLine] = []
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(0, 0, 2, 0)
        self._inner.setSpacing(2)
        self._inner.addStretch()
        content = QWidget()
        content.setLayout(self._inner)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label("Runs", "title"))
        layout.addWidget(area, 1)
        self.hide()

    def show_runs(self, runs: Runs) -> None:
        """Add lines for the runs that have none yet, and take away those of runs that are gone."""
        self._runs = runs
        for line in [line for line in self._lines if line.run not in runs.all]:
            self._lines.remove(line)
            line.deleteLater()
        known = {line.run for line in self._lines}
        for run in runs.all:
            if run not in known:
                self._add_line(run)
        self._refresh()
        self.setVisible(bool(self._lines))

    def show_growth(self, run: History) -> None:
        """Bring the accuracy of a run up to date."""
        for line in self._lines:
            if line.run is run:
                line.refresh()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._refresh()

    def _add_line(self, run: History) -> None:
        line = RunLine(run)
        line.pointed.connect(self.run_pointed)
        line.chosen.connect(self.run_chosen)
        line.compare_chosen.connect(self.compare_chosen)
        line.hide_chosen.connect(self.hide_chosen)
        line.renamed.connect(self.renamed)
        line.settings_chosen.connect(self.settings_chosen)
        line.save_chosen.connect(self.save_chosen)
        line.delete_chosen.connect(self.delete_chosen)
        self._lines.append(line)
        self._inner.insertWidget(0, line)

    def _refresh(self) -> None:
        for line in self._lines:
            line.refresh()
            line.show_runs(self._runs, self._theme)
