"""One run in the list: the colour of its curve, its name, its accuracy, its settings, and what can be done with it."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QInputDialog, QMenu, QToolButton

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.theme import theme
from gui.widgets.card import ElidedLabel, label, set_style_property, small_button
from gui.widgets.layouts import row
from gui.widgets.numbers import BEING_MEASURED, NOT_KNOWN, percent
from gui.widgets.plain_text import plain
from gui.widgets.run_settings import mistake_in_words, settings_in_words, settings_of
from model.history import History

REVEAL = "Say which mistake this run makes, once everybody has guessed."


class RunLine(QFrame):
    """A click shows the run; its menu offers the rest."""

    def __init__(self, controllers: Controllers, run: History) -> None:
        super().__init__()
        self._controllers = controllers
        self._run = run
        self._described: object = None  # the run and what varies
        self._dot, self._name = label("●"), ElidedLabel()
        self._accuracy, self._settings = label("", "secondary"), ElidedLabel("", "secondary")
        self._more = QToolButton()
        self._more.setText("⋯")
        self._more.setAccessibleName("What can be done with this run")
        self._more.setToolTip("Compare, hide, rename, save or delete this run, or use its settings for another.")
        self._more.clicked.connect(lambda: self._open_menu(self._more.mapToGlobal(QPoint(0, self._more.height()))))
        self._mistake = label("", wrap=True, name="runMistakeLabel")
        self._reveal = small_button("Tell me", "revealMistakeButton", REVEAL, self._reveal_mistake)
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
        grid.addLayout(row((self._mistake, 1), self._reveal), 2, 1, 1, 3)

    def show_run(self, run: History, scene: Scene, varying: frozenset[str]) -> None:
        """Say what the run is now, first what varies among the runs, in the colour of its curve.

        It stands out if it is the one on the screen.
        """
        if (run, varying) != self._described:
            self._run, self._described = run, (run, varying)
            self._describe(varying)
        roles = {scene.runs.shown_key: theme().accent, scene.runs.compared_key: theme().compared}
        color = f"color: {roles.get(run.key, theme().other_runs)}"
        self._dot.setText("○" if run.key in scene.runs.hidden else "●")
        if color != self._dot.styleSheet():
            self._dot.setStyleSheet(color)
        is_shown = run.key is scene.runs.shown_key
        set_style_property(self, "shown", is_shown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._select()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        actions = {
            Qt.Key.Key_Return: self._select,
            Qt.Key.Key_Enter: self._select,
            Qt.Key.Key_F2: self._ask_name,
            Qt.Key.Key_Delete: self._delete,
        }
        if event.key() in actions:
            actions[Qt.Key(event.key())]()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._controllers.runs.point_at(self._run)

    def leaveEvent(self, event: QEvent) -> None:
        self._controllers.runs.point_at(None)

    def _describe(self, varying: frozenset[str]) -> None:
        run = self._run
        self._name.setText(run.name)
        settings = settings_of(run)
        varying_first = sorted(settings, key=lambda name: name not in varying)
        written = [name for name in varying_first if name != "layers" or name in varying]
        self._settings.setText(" · ".join(settings[name] for name in written))
        measured = run.latest.progress.test_accuracy if run.latest else None
        waits = run.latest is None or run.latest.waits_for_test
        unmeasured = BEING_MEASURED if waits else NOT_KNOWN
        accuracy = unmeasured if measured is None else percent(measured)
        self._mistake.setText(mistake_in_words(run))
        self._mistake.setVisible(run.has_mistake)
        self._reveal.setVisible(run.hides_mistake)
        self._accuracy.setText(accuracy)
        self.setToolTip(
            plain(f"{run.title}\n{settings_in_words(run)}\nTest accuracy at sample {run.samples_seen:,}: {accuracy}")
        )
        self.setAccessibleName(f"Run {run.title}, {accuracy}")

    def _open_menu(self, place: QPoint) -> None:
        menu, run, runs = QMenu(self), self._run, self._controllers.scheduler.scene.runs
        menu.setObjectName("runMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_shown, is_compared = run.key is runs.shown_key, run.key is runs.compared_key
        is_hidden = run.key in runs.hidden
        collection = self._controllers.runs
        menu.addAction("Show", self._select).setEnabled(not is_shown)
        compare = menu.addAction(
            "Stop Comparing" if is_compared else "Compare",
            lambda: collection.compare(None if is_compared else run),
        )
        compare.setEnabled(not is_shown and runs.shown is not None)
        hide = menu.addAction(
            "Show Curve" if is_hidden else "Hide Curve", lambda: collection.set_hidden(run, not is_hidden)
        )
        hide.setEnabled(not is_shown)
        menu.addAction("Use Its Settings", self._use_settings)
        if run.hides_mistake:
            menu.addAction("Tell Me the Mistake", self._reveal_mistake)
        menu.addSeparator()
        menu.addAction("Rename …", self._ask_name)
        menu.addAction("Save …", lambda: self._controllers.files.ask_and_save_run(self._run))
        menu.addSeparator()
        menu.addAction("Delete", self._delete).setEnabled(run.key is not runs.active_key)
        menu.popup(place)

    def _select(self) -> None:
        self._controllers.runs.select(self._run)

    def _delete(self) -> None:
        self._controllers.runs.remove(self._run)

    def _reveal_mistake(self) -> None:
        self._controllers.runs.reveal(self._run)

    def _use_settings(self) -> None:
        self._controllers.runs.use_settings(self._run)

    def _ask_name(self) -> None:
        name, accepted = QInputDialog.getText(self, "Rename Run", "Name of the run:", text=self._run.name)
        if accepted:
            self._controllers.runs.rename(self._run, name)
