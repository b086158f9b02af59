"""The menu bar: everything that the window can do, with its keys."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from gui.playhead import Runs
from gui.theme import CHOICES
from gui.training.training_session import State

ABOUT = """<h3>Digitscope</h3>
<p>Train a small neural network, written from scratch in NumPy, on handwritten digits, and see what happens in it.</p>
<p>The digits are MNIST, by Yann LeCun, Corinna Cortes and Christopher Burges (CC BY-SA 3.0).</p>
<p>Made with NumPy, Qt (PySide6) and pyqtgraph. MIT licence.</p>"""


class Menus(QObject):
    """Builds the actions as attributes; the window connects them."""

    theme_chosen = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        bar = window.menuBar()
        standard = QKeySequence.StandardKey
        file = bar.addMenu("&File")
        self.open = self._add(file, "&Open …", standard.Open)
        self.save_run = self._add(file, "&Save Run …", standard.Save)
        self.save_network = self._add(file, "Save &Network of This Moment …", "Ctrl+Shift+S")
        export = file.addMenu("&Export")
        self.export_curves = self._add(export, "&Curves as a Table …", "")
        self.export_plot = self._add(export, "&Plot as a Picture …", "")
        self.export_heatmaps = self._add(export, "&Weights as a Picture …", "")
        self.export_answers = self._add(export, "&Answer over the Run as a Picture …", "")
        self.export_script = self._add(export, "Run as a Python &Script …", "")
        file.addSeparator()
        self.quit = self._add(file, "&Quit", standard.Quit)
        run = bar.addMenu("&Run")
        self.start = self._add(run, "&Start", "F5")
        self.pause = self._add(run, "&Pause", "F6")
        self.step = self._add(run, "S&tep One Sample", "F7")
        self.stop = self._add(run, "St&op", "F8")
        run.addSeparator()
        self.faster = self._add(run, "&Faster", "Ctrl+Up")
        self.slower = self._add(run, "S&lower", "Ctrl+Down")
        self._add_timeline(bar.addMenu("&Timeline"))
        for action in (self.start, self.pause, self.stop, self.go_on):
            action.setAutoRepeat(False)
        data = bar.addMenu("&Data")
        self.test_digit = self._add(data, "A &Test Digit on the Pad", "Ctrl+T")
        self.clear = self._add(data, "&Clear the Pad", "Ctrl+Backspace")
        self.undo = self._add(data, "&Undo the Last Stroke", standard.Undo)
        self.closer_look = self._add(data, "L&ook Closer", "Ctrl+L")
        data.addSeparator()
        self.fetch = self._add(data, "&Load through TensorFlow …", "")
        view = bar.addMenu("&View")
        self.accuracy = self._add(view, "&Accuracy", "Ctrl+1")
        self.loss = self._add(view, "&Loss", "Ctrl+2")
        view.addSeparator()
        self._themes = self._add_themes(view.addMenu("&Theme"))
        help_menu = bar.addMenu("&Help")
        self.about = self._add(help_menu, "&About Digitscope", "")

    def show_state(self, state: State) -> None:
        """Offer what can be done now."""
        active = state in (State.RUNNING, State.PAUSED)
        self.start.setEnabled(state is State.IDLE)
        self.pause.setEnabled(active)
        self.pause.setText("&Resume" if state is State.PAUSED else "&Pause")
        self.step.setEnabled(state is not State.WAITING)
        self.stop.setEnabled(active)
        self.open.setEnabled(not active)
        self.test_digit.setEnabled(state is not State.WAITING)

    def show_runs(self, runs: Runs) -> None:
        """Offer what can be done with the run on the screen."""
        for action in self._for_a_run:
            action.setEnabled(runs.shown is not None)

    def show_theme(self, choice: str) -> None:
        """Tick the theme that was chosen."""
        self._themes[choice].setChecked(True)

    def _add(self, menu: QMenu, text: str, key: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcut(QKeySequence(key))
        menu.addAction(action)
        return action

    def _add_timeline(self, menu: QMenu) -> None:
        self.play = self._add(menu, "&Play or Pause", "Ctrl+Space")
        self.back = self._add(menu, "&Back One Frame", "Alt+Left")
        self.forward = self._add(menu, "&Forward One Frame", "Alt+Right")
        self.epoch_back = self._add(menu, "Back One &Epoch", "Alt+Shift+Left")
        self.epoch_forward = self._add(menu, "Forward One Ep&och", "Alt+Shift+Right")
        self.to_start = self._add(menu, "First F&rame", "Alt+Home")
        self.live = self._add(menu, "&Latest Frame (Live)", "Alt+End")
        menu.addSeparator()
        self.go_on = self._add(menu, "&Continue from Here", "F9")
        self._for_a_run = [*menu.actions(), self.save_run, self.export_curves, self.export_plot, self.export_script]

    def _add_themes(self, menu: QMenu) -> dict[str, QAction]:
        group = QActionGroup(self)
        themes = {}
        for choice, text in zip(CHOICES, ("&Follow the System", "&Light", "&Dark"), strict=True):
            action = self._add(menu, text, "")
            action.setCheckable(True)
            action.setData(choice)
            group.addAction(action)
            themes[choice] = action
        group.triggered.connect(self._choose_theme)
        return themes

    def _choose_theme(self, action: QAction) -> None:
        self.theme_chosen.emit(action.data())
