"""The menu bar: everything that the window can do, with its keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMessageBox, QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene, TrainingState
from gui.flow.scheduler import Part, Urgency
from gui.pages.page_tabs import PAGES
from gui.theme import CHOICES
from gui.training.mistake_dialog import MistakeDialog

ABOUT = """<h3>Digitscope</h3>
<p>Train a small neural network, written from scratch in NumPy, on handwritten digits, and see what happens in it.</p>
<p>The digits are MNIST, by Yann LeCun, Corinna Cortes and Christopher Burges (CC BY-SA 3.0).</p>
<p>Made with NumPy, Qt (PySide6) and pyqtgraph. MIT licence.</p>"""
KEY = QKeySequence.StandardKey


class Menus(QObject):
    """Builds the actions. Their keys work whatever has the focus: no field keeps one for itself."""

    _ENABLED_BY = (
        "training",
        "can_start",
        "can_step",
        "can_resume",
        "can_stop",
        "can_continue",
        "shown_key",
        "latest_run",
        "dataset",
    )

    def __init__(self, window: QMainWindow, controllers: Controllers) -> None:
        super().__init__(window)
        self._window = window
        self._controllers = controllers
        bar = window.menuBar()
        self._build_file(bar.addMenu("&File"))
        self._build_run(bar.addMenu("&Run"))
        self._build_timeline(bar.addMenu("&Timeline"))
        self._build_data(bar.addMenu("&Data"))
        self._build_view(bar.addMenu("&View"))
        self._add(bar.addMenu("&Help"), "&About Digitscope", "", self._show_about)
        self.parts = (
            Part(self._update_enabled, self._ENABLED_BY, Urgency.PEN),
            Part(self._update_checked, ("theme_choice", "measure", "shows_left", "shows_right")),
        )
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Before a field may claim a key for itself: those of the menus are not to be had."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence(event.keyCombination())
            return any(keys == key for action in self._window.actions() for key in action.shortcuts())
        return False

    def _watch(self, before: QWidget | None, focused: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if focused is not None and focused.window() is self._window:
            focused.installEventFilter(self)

    def _build_file(self, menu: QMenu) -> None:
        files, exports = self._controllers.files, self._controllers.exports
        self._open = self._add(menu, "&Open …", KEY.Open, files.ask_and_open)
        self._add(menu, "Open Your &Code …", "Ctrl+Shift+O", self._controllers.homework.ask_and_open)
        self._open_unsaved = self._add(menu, "Open &Unsaved Runs", "", files.open_unsaved)
        save_run = self._add(menu, "&Save Run …", KEY.Save, files.ask_and_save_run)
        self._add(menu, "Save &Network of This Moment …", "Ctrl+Shift+S", files.ask_and_save_network)
        export = menu.addMenu("&Export")
        self._of_a_run = [
            save_run,
            self._add(export, "&Curves as a Table …", "", exports.ask_and_export_curves),
            self._add(export, "Run as a Python &Script …", "", exports.ask_and_export_script),
            self._add(export, "&Plot as a Picture …", "", exports.ask_and_export_curves_picture),
        ]
        self._add(export, "&Weights as a Picture …", "", exports.ask_and_export_weights_picture)
        self._add(export, "&Answer over the Run as a Picture …", "", exports.ask_and_export_answers_picture)
        menu.addSeparator()
        self._add(menu, "&Quit", KEY.Quit, self._window.close)

    def _build_run(self, menu: QMenu) -> None:
        training = self._controllers.training
        self._start = self._add(menu, "&Start", "F5", training.start, repeats=False)
        self._pause = self._add(menu, "&Pause", "F6", training.toggle_pause, repeats=False)
        self._step = self._add(menu, "S&tep One Sample", "F7", training.step)
        self._stop = self._add(menu, "St&op", "F8", training.stop, repeats=False)
        menu.addSeparator()
        self._with_mistake = self._add(menu, "With a &Mistake …", "Ctrl+M", self._choose_mistake)
        menu.addSeparator()
        self._add(menu, "&Faster", "Ctrl+Up", partial(training.change_speed, 1))
        self._add(menu, "S&lower", "Ctrl+Down", partial(training.change_speed, -1))

    def _build_timeline(self, menu: QMenu) -> None:
        playhead, training = self._controllers.playhead, self._controllers.training
        self._of_a_run += [
            self._add(menu, "&Play or Pause", "Ctrl+Space", playhead.toggle_playing),
            self._add(menu, "&Back One Frame", "Alt+Left", partial(playhead.step, -1)),
            self._add(menu, "&Forward One Frame", "Alt+Right", partial(playhead.step, 1)),
            self._add(menu, "Back One &Epoch", "Alt+Shift+Left", partial(playhead.step_epoch, -1)),
            self._add(menu, "Forward One Ep&och", "Alt+Shift+Right", partial(playhead.step_epoch, 1)),
            self._add(menu, "First F&rame", "Alt+Home", playhead.go_to_start),
        ]
        self._go_live = self._add(menu, "&Latest Frame (Live)", "Alt+End", playhead.go_live)
        self._continue = self._add(menu, "&Continue from Here", "F9", training.continue_from_here, repeats=False)

    def _build_data(self, menu: QMenu) -> None:
        drawing = self._controllers.drawing
        self._test_digit = self._add(menu, "A &Test Digit on the Pad", "Ctrl+T", drawing.show_test_digit)
        self._add(menu, "&Clear the Pad", "Ctrl+Backspace", drawing.clear)
        self._add(menu, "&Undo the Last Stroke", KEY.Undo, drawing.undo)
        menu.addSeparator()
        self._add(menu, "&Load through TensorFlow …", "", self._controllers.digits.fetch)

    def _build_view(self, menu: QMenu) -> None:
        change, zoom = self._controllers.scheduler.change, self._controllers.appearance.zoom
        for number, page in enumerate(PAGES, start=1):
            self._add(menu, f"&{number} {page.title}", f"Ctrl+{number}", partial(change, page=page.title))
        menu.addSeparator()
        self._checked = {
            "accuracy": self._add(menu, "&Accuracy", "Ctrl+Shift+A", partial(change, measure="accuracy")),
            "loss": self._add(menu, "&Loss", "Ctrl+Shift+L", partial(change, measure="loss")),
        }
        self._group(list(self._checked.values()))
        menu.addSeparator()
        for side, text, key in (("left", "&Training Panel", "Ctrl+B"), ("right", "&Drawing Panel", "Ctrl+Shift+B")):
            self._checked[side] = self._add(menu, text, key, partial(self._fold, f"shows_{side}"))
            self._checked[side].setCheckable(True)
        menu.addSeparator()
        larger = self._add(menu, "Lar&ger", "", partial(zoom, 1))
        larger.setShortcuts([QKeySequence(key) for key in ("Ctrl++", "Ctrl+=")])
        self._add(menu, "S&maller", KEY.ZoomOut, partial(zoom, -1))
        self._add(menu, "&Usual Size", "Ctrl+0", partial(zoom, 0))
        themes = menu.addMenu("T&heme")
        for choice, text in zip(CHOICES, ("&Follow the System", "&Light", "&Dark"), strict=True):
            choose = partial(self._controllers.appearance.choose_theme, choice)
            self._checked[choice] = self._add(themes, text, "", choose)
        self._group([self._checked[choice] for choice in CHOICES])

    def _add(
        self,
        menu: QMenu,
        text: str,
        key: QKeySequence.StandardKey | str,
        act: Callable[[], object],
        repeats: bool = True,
    ) -> QAction:
        action = QAction(text, self._window)
        action.setShortcut(QKeySequence(key))
        action.setAutoRepeat(repeats)
        action.triggered.connect(lambda: act())
        menu.addAction(action)
        self._window.addAction(action)
        return action

    def _group(self, actions: list[QAction]) -> None:
        group = QActionGroup(self)
        for action in actions:
            action.setCheckable(True)
            group.addAction(action)

    def _update_enabled(self, scene: Scene) -> None:
        state, has_run = scene.training, scene.shown is not None
        self._start.setEnabled(scene.can_start)
        self._with_mistake.setEnabled(scene.can_start)
        self._continue.setEnabled(scene.can_continue)
        self._pause.setEnabled(state.is_active or scene.can_resume)
        self._pause.setText("&Resume" if state is TrainingState.PAUSED or scene.can_resume else "&Pause")
        self._step.setEnabled(scene.can_step)
        self._stop.setEnabled(scene.can_stop)
        self._open.setEnabled(not state.is_active)
        self._open_unsaved.setEnabled(not state.is_active)
        self._go_live.setEnabled(scene.latest_run is not None)
        self._test_digit.setEnabled(scene.dataset is not None)
        for action in self._of_a_run:
            action.setEnabled(has_run)

    def _update_checked(self, scene: Scene) -> None:
        checked = {scene.theme_choice, scene.measure}
        checked |= {side for side in ("left", "right") if getattr(scene, f"shows_{side}")}
        for name, action in self._checked.items():
            action.setChecked(name in checked)

    def _fold(self, field: str) -> None:
        scheduler = self._controllers.scheduler
        scheduler.change(**{field: not getattr(scheduler.scene, field)})

    def _choose_mistake(self) -> None:
        MistakeDialog(self._window, self._controllers.scheduler).open()

    def _show_about(self) -> None:
        QMessageBox.about(self._window, "About Digitscope", ABOUT)
