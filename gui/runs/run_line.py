"""One run in the list: the colour of its curve, its name, its accuracy, its settings, and what can be done with it."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QInputDialog, QMenu, QSizePolicy, QToolButton, QWidget

from gui.card import label
from gui.numbers import percent
from gui.playhead import Runs
from gui.theme import Theme
from model.history import History

NAME_WIDTH = 96  # pixels


class RunLine(QFrame):
    """A click shows the run; its menu offers the rest."""

    pointed = Signal(object)  # History under the pointer, or None
    chosen = Signal(object)  # History
    compare_chosen = Signal(object)  # History, or None to stop comparing
    hide_chosen = Signal(object, bool)  # History, whether to hide its curve
    renamed = Signal(object, str)  # History, its new name
    settings_chosen = Signal(object)  # TrainingConfig, for another run
    save_chosen = Signal(object)  # History
    delete_chosen = Signal(object)  # History

    def __init__(self, run: History, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = run
        self._runs = Runs()
        self._color = ""
        self._dot, self._name = label("●"), label()
        self._accuracy = label("", "secondary")
        self._settings = label("", "secondary")
        for text in (self._name, self._settings):
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._more = QToolButton()
        self._more.setText("⋯")
        self._more.setAccessibleName("What can be done with this run")
        self._more.setToolTip("Compare, hide, rename, save or delete this run, or use its settings for another.")
        self._more.clicked.connect(self._open_menu_below)
        self.setProperty("role", "run")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 2, 2, 2)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._dot, 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._accuracy, 0, 2)
        grid.addWidget(self._settings, 1, 1, 1, 2)
        grid.addWidget(self._more, 0, 3, 2, 1)

    def refresh(self) -> None:
        """Bring name and accuracy up to date."""
        config, tested = self.run.config, self.run.latest_test
        self._name.setText(self.fontMetrics().elidedText(self.run.name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH))
        epochs = f"{config.epochs} epoch{'s' if config.epochs > 1 else ''}"
        began = f"from {self.run.first_sample:,}" if self.run.first_sample else f"seed {config.seed}"
        self._settings.setText(f"{epochs} · {began}")
        accuracy = percent(tested.test_accuracy) if tested and tested.test_accuracy is not None else ""
        self._accuracy.setText(accuracy)
        phases = ", ".join(f"{phase.learning_rate:g} from sample {phase.first_sample:,}" for phase in self.run.phases)
        self.setToolTip(
            f"{self.run.name}\nLearning rate {phases}\n{config.epochs} epochs, seed {config.seed}\n"
            f"Test accuracy where it was last measured: {accuracy or 'not yet'}"
        )
        self.setAccessibleName(f"Run {self.run.name}, {accuracy}")

    def show_runs(self, runs: Runs, theme: Theme) -> None:
        """Take the colour of the run's curve, and stand out if it is the one on the screen."""
        self._runs = runs
        roles = ((runs.shown, theme.accent), (runs.compared, theme.compared))
        color = next((color for run, color in roles if run is self.run), theme.other_runs)
        hollow = self.run in runs.hidden
        self._dot.setText("○" if hollow else "●")
        if color != self._color:
            self._color = color
            self._dot.setStyleSheet(f"color: {color}")
        is_shown = self.run is runs.shown
        if self.property("shown") is not is_shown:
            self.setProperty("shown", is_shown)
            self.style().unpolish(self)
            self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        actions = {
            Qt.Key.Key_Return: self._choose,
            Qt.Key.Key_Enter: self._choose,
            Qt.Key.Key_F2: self._ask_name,
            Qt.Key.Key_Delete: self._delete,
        }
        if event.key() in actions:
            actions[Qt.Key(event.key())]()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(self.run)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)

    def _open_menu_below(self) -> None:
        self._open_menu(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("runMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_shown, is_compared = self.run is self._runs.shown, self.run is self._runs.compared
        is_hidden = self.run in self._runs.hidden
        menu.addAction("Show", self._choose).setEnabled(not is_shown)
        compare = menu.addAction(
            "Stop Comparing" if is_compared else "Compare",
            lambda: self.compare_chosen.emit(None if is_compared else self.run),
        )
        compare.setEnabled(not is_shown and self._runs.shown is not None)
        hide = menu.addAction(
            "Show Curve" if is_hidden else "Hide Curve", lambda: self.hide_chosen.emit(self.run, not is_hidden)
        )
        hide.setEnabled(not is_shown)
        menu.addAction("Use Its Settings", self._use_settings)
        menu.addSeparator()
        menu.addAction("Rename …", self._ask_name)
        menu.addAction("Save …", self._save)
        menu.addAction("Delete", self._delete).setEnabled(self.run is not self._runs.trained)
        menu.popup(place)

    def _choose(self) -> None:
        self.chosen.emit(self.run)

    def _use_settings(self) -> None:
        self.settings_chosen.emit(self.run.config)

    def _save(self) -> None:
        self.save_chosen.emit(self.run)

    def _delete(self) -> None:
        self.delete_chosen.emit(self.run)

    def _ask_name(self) -> None:
        name, accepted = QInputDialog.getText(self, "Rename Run", "Name of the run:", text=self.run.name)
        if accepted:
            self.renamed.emit(self.run, name)
