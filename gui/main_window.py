"""The window: builds the panels and wires their signals."""

from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QMainWindow, QMessageBox, QWidget

from gui.accuracy_plot import AccuracyPlot
from gui.dataset_fetch import DatasetFetch
from gui.dataset_loader import DatasetLoader
from gui.drawing_panel import DrawingPanel
from gui.menus import ABOUT, Menus
from gui.network_files import NetworkFiles
from gui.notice import Notice
from gui.pacer import samples_per_second
from gui.playhead import Playhead
from gui.run_list import NetworkSummary, RunList
from gui.settings import Settings
from gui.status_line import StatusLine
from gui.theme import Theme, ThemeSwitch
from gui.training_panel import TrainingPanel
from gui.training_session import State, TrainingSession
from gui.weight_heatmaps import WeightHeatmaps
from model.dataset import BUNDLED_MNIST, Dataset
from model.history import Frame
from model.network import Network
from model.training import Progress, TrainingConfig

ICON = Path(__file__).parent.parent / "resources" / "icons" / "digitscope.svg"
SMALLEST = (960, 600)
FIRST_SIZE = (1280, 720)


class MainWindow(QMainWindow):
    """All of Digitscope in one window. Loads the bundled digits by itself unless a dataset is handed to it."""

    dataset_loaded = Signal()
    training_finished = Signal()

    def __init__(self, settings: Settings | None = None, dataset: Dataset | None = None) -> None:
        super().__init__()
        self._settings = settings or Settings()
        self._build_panels()
        self._build_layout()
        self._connect_signals()
        self._restore()
        self._playhead.show_apart(Frame(Progress(), Network.initialize()))
        self._loader = DatasetLoader(BUNDLED_MNIST, self)
        if dataset is not None:
            self._use_dataset(dataset)
        else:
            self._load_bundled()

    @property
    def session(self) -> TrainingSession:
        """The run that is on, if any."""
        return self._session

    @property
    def playhead(self) -> Playhead:
        """What the views show."""
        return self._playhead

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.geometry = self.saveGeometry()
        self._settings.config = self._training_panel.config
        self._settings.speed = self._training_panel.speed
        self._session.close()
        self._loader.cancel()
        self._fetch.close()
        super().closeEvent(event)

    def _build_panels(self) -> None:
        self._theme_switch = ThemeSwitch(self._settings.theme, self)
        self._training_panel = TrainingPanel()
        self._network_summary = NetworkSummary()
        self._run_list = RunList()
        self._accuracy_plot = AccuracyPlot()
        self._weight_heatmaps = WeightHeatmaps()
        self._drawing_panel = DrawingPanel()
        self._status_line = StatusLine()
        self._notice = Notice()
        self._menus = Menus(self)
        self._playhead = Playhead(self)
        self._session = TrainingSession(self._playhead, samples_per_second(self._settings.speed), self)
        self._network_files = NetworkFiles(self, self._settings)
        self._fetch = DatasetFetch(self)

    def _build_layout(self) -> None:
        self._training_panel.body.addWidget(self._network_summary)
        self._training_panel.body.addWidget(self._run_list, 1)
        self._training_panel.body.addStretch()
        center = QWidget()
        grid = QGridLayout(center)
        grid.setContentsMargins(12, 6, 12, 10)
        grid.setSpacing(10)
        grid.addWidget(self._notice, 0, 0, 1, 3)
        grid.addWidget(self._training_panel, 1, 0, 2, 1)
        grid.addWidget(self._accuracy_plot, 1, 1)
        grid.addWidget(self._weight_heatmaps, 2, 1)
        grid.addWidget(self._drawing_panel, 1, 2, 2, 1)
        grid.addWidget(self._status_line, 3, 0, 1, 3)
        grid.setRowStretch(1, 5)
        grid.setRowStretch(2, 6)
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(2, 1)
        self.setCentralWidget(center)
        self.setWindowTitle("Digitscope")
        self.setMinimumSize(*SMALLEST)
        self.resize(QSize(*FIRST_SIZE).boundedTo(self.screen().availableSize()))

    def _connect_signals(self) -> None:
        for view in (
            self._accuracy_plot,
            self._weight_heatmaps,
            self._drawing_panel,
            self._network_summary,
            self._run_list,
            self._status_line,
        ):
            self._playhead.frame_changed.connect(view.show_frame)
        for each in (self._accuracy_plot, self._run_list, self._status_line):
            self._playhead.runs_changed.connect(each.show_runs)
        self._run_list.run_pointed.connect(self._accuracy_plot.highlight)
        for offer in (self._training_panel, self._menus, self._status_line):
            self._session.state_changed.connect(offer.show_state)
        self._session.run_ended.connect(self._end_run)
        self._connect_training_panel()
        self._connect_menus()
        self._theme_switch.changed.connect(self._apply_theme)
        self._network_files.opened.connect(self._show_opened)
        self._network_files.saved.connect(self._say_saved)
        self._network_files.failed.connect(self._notice.say)
        self._fetch.fetched.connect(self._use_dataset)
        self._fetch.confirmed.connect(self._status_line.show_message)
        self._fetch.failed.connect(self._tell_failed_fetch)

    def _connect_training_panel(self) -> None:
        panel, session = self._training_panel, self._session
        panel.start_requested.connect(self._start)
        panel.step_requested.connect(session.step)
        panel.pause_toggled.connect(session.toggle_pause)
        panel.stop_requested.connect(session.stop)
        panel.pace_changed.connect(session.set_pace)

    def _connect_menus(self) -> None:
        menus, panel, drawing = self._menus, self._training_panel, self._drawing_panel
        menus.open.triggered.connect(self._network_files.ask_and_open)
        menus.save.triggered.connect(self._save)
        menus.quit.triggered.connect(self.close)
        menus.start.triggered.connect(panel.request_start)
        menus.pause.triggered.connect(self._session.toggle_pause)
        menus.step.triggered.connect(panel.request_step)
        menus.stop.triggered.connect(self._session.stop)
        menus.faster.triggered.connect(panel.go_faster)
        menus.slower.triggered.connect(panel.go_slower)
        menus.test_digit.triggered.connect(drawing.show_test_digit)
        menus.clear.triggered.connect(drawing.pad.clear)
        menus.undo.triggered.connect(drawing.pad.undo)
        menus.fetch.triggered.connect(self._fetch_mnist)
        menus.accuracy.triggered.connect(self._accuracy_plot.show_accuracy)
        menus.loss.triggered.connect(self._accuracy_plot.show_loss)
        menus.theme_chosen.connect(self._choose_theme)
        menus.about.triggered.connect(self._show_about)

    def _restore(self) -> None:
        self._training_panel.set_config(self._settings.config)
        self._training_panel.set_speed(self._settings.speed)
        self._accuracy_plot.set_measure(self._settings.measure)
        self._accuracy_plot.measure_changed.connect(self._remember_measure)
        self._menus.show_theme(self._theme_switch.choice)
        self._menus.show_state(State.WAITING)
        self._apply_theme(self._theme_switch.theme)
        self.restoreGeometry(self._settings.geometry)

    def _load_bundled(self) -> None:
        self._loader.progressed.connect(self._status_line.show_loading)
        self._loader.loaded.connect(self._use_dataset)
        self._loader.failed.connect(self._offer_fetch)
        self._status_line.show_loading(0)
        self._loader.start()

    def _use_dataset(self, dataset: Dataset) -> None:
        self._notice.hide()
        self._session.use_dataset(dataset)
        self._drawing_panel.use_dataset(dataset)
        self._status_line.show_message(
            f"{len(dataset.train_images):,} training digits and {len(dataset.test_images):,} test digits are loaded"
        )
        self.dataset_loaded.emit()

    def _offer_fetch(self, sentence: str) -> None:
        self._status_line.show_message("There are no digits to train on")
        self._notice.say(f"{sentence} TensorFlow can fetch the digits.", "Load through TensorFlow", self._fetch_mnist)

    def _tell_failed_fetch(self, sentence: str) -> None:
        if self._session.state is State.WAITING:
            self._offer_fetch(sentence)
        else:
            self._notice.say(sentence)

    def _fetch_mnist(self) -> None:
        self._fetch.start(needed=self._session.state is State.WAITING)

    def _start(self, config: TrainingConfig) -> None:
        self._notice.hide()
        self._session.start(config)

    def _end_run(self, problem: str) -> None:
        if problem:
            self._notice.say(problem)
        self.training_finished.emit()

    def _save(self) -> None:
        if self._playhead.frame is not None:
            self._network_files.ask_and_save(self._playhead.frame.network)

    def _show_opened(self, network: Network, name: str) -> None:
        self._notice.hide()
        if self._session.state in (State.RUNNING, State.PAUSED):
            self._notice.say(f"{name} was not opened: a run is on. Stop it first.")
            return
        frame = self._session.measure(network)
        self._playhead.show_apart(frame)
        self._status_line.show_opened(name, frame)

    def _say_saved(self, name: str) -> None:
        self._notice.hide()
        self._status_line.show_message(f"saved the network on the screen as {name}")

    def _choose_theme(self, choice: str) -> None:
        self._settings.theme = choice
        self._theme_switch.choose(choice)

    def _apply_theme(self, theme: Theme) -> None:
        for view in (self._accuracy_plot, self._weight_heatmaps, self._drawing_panel, self._run_list):
            view.apply_theme(theme)

    def _remember_measure(self, measure: str) -> None:
        self._settings.measure = measure

    def _show_about(self) -> None:
        QMessageBox.about(self, "About Digitscope", ABOUT)
