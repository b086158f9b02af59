"""Which network is on the screen, and the runs so far: the legend of the plot."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from gui.card import label
from gui.numbers import percent
from gui.theme import LIGHT, Theme
from model.history import Frame, History


class NetworkSummary(QWidget):
    """The layers of the network on the screen and how it is trained."""

    def __init__(self) -> None:
        super().__init__()
        self._layers = label("", "secondary")
        self._functions = label("", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
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
    """A line for each run, the newest first: the colour of its curve, its settings, its accuracy on the test set."""

    run_pointed = Signal(object)  # History under the pointer, or None

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._current: History | None = None
        self._lines: list[_RunLine] = []
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(0, 0, 6, 0)
        self._inner.setSpacing(6)
        self._inner.addStretch()
        content = QWidget()
        content.setLayout(self._inner)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label("Runs", "title"))
        layout.addWidget(area, 1)
        self.hide()

    def show_runs(self, earlier: list[History], current: History | None) -> None:
        """Add lines for the runs that have none yet, and take away those of runs that are gone."""
        self._current = current
        runs = earlier if current is None else [*earlier, current]
        for line in [line for line in self._lines if line.run not in runs]:
            self._lines.remove(line)
            line.deleteLater()
        for run in runs[len(self._lines) :]:
            line = _RunLine(run)
            line.pointed.connect(self.run_pointed)
            self._lines.append(line)
            self._inner.insertWidget(0, line)
        self._refresh()
        self.setVisible(bool(self._lines))

    def show_frame(self, _frame: Frame) -> None:
        """Bring the accuracy of the current run up to date."""
        if self._lines:
            self._lines[-1].refresh()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._refresh()

    def _refresh(self) -> None:
        for line in self._lines:
            line.refresh()
            line.set_color(self._theme.accent if line.run is self._current else self._theme.other_runs)


class _RunLine(QWidget):
    pointed = Signal(object)

    def __init__(self, run: History) -> None:
        super().__init__()
        self.run = run
        config = run.config
        epochs = f"{config.epochs} epoch{'s' if config.epochs > 1 else ''}"
        self._color = ""
        self._dot = label("●")
        self._accuracy = label("", "secondary")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._dot, 0, 0)
        grid.addWidget(label(f"rate {config.learning_rate:g}"), 0, 1)
        grid.addWidget(self._accuracy, 0, 2)
        grid.addWidget(label(f"{epochs} · seed {config.seed}", "secondary"), 1, 1, 1, 2)
        self.setToolTip("Settings of a run, and its accuracy on the test digits where it was last measured.")

    def refresh(self) -> None:
        tested = self.run.latest_test
        if tested is not None and tested.test_accuracy is not None:
            self._accuracy.setText(percent(tested.test_accuracy))

    def set_color(self, color: str) -> None:
        if color != self._color:
            self._color = color
            self._dot.setStyleSheet(f"color: {color}")

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(self.run)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
