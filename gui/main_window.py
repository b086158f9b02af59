"""The window: builds the panels and wires their signals."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QMainWindow, QMessageBox, QWidget

from gui.closer_look.closer_look import CloserLook
from gui.closer_look.closer_look_actions import CloserLookActions
from gui.dataset.dataset_source import DatasetSource
from gui.drawing.drawing_panel import DrawingPanel
from gui.files.file_actions import FileActions
from gui.menus import ABOUT, Menus
from gui.notice import Notice
from gui.playhead import Playhead
from gui.plots.accuracy_plot import AccuracyPlot
from gui.runs.run_list import NetworkSummary, RunList
from gui.settings import Settings
from gui.theme import Theme, ThemeSwitch
from gui.timeline_bar import TimelineBar
from gui.training.pacer import samples_per_second
from gui.training.status_line import StatusLine
from gui.training.training_panel import TrainingPanel
from gui.training.training_session import State, TrainingSession
from gui.weights.weight_heatmaps import WeightHeatmaps
from model.dataset import Dataset
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
        self._lacks_digits = False  # and the notice says so
        self._build_panels()
        self._build_layout()
        self._connect_signals()
        self._restore()
        self._playhead.show_apart(Frame(Progress(), Network.initialize()))
        if dataset is not None:
            self._digits.use(dataset)
        else:
            self._digits.load()
        self._offer_left_behind()

    @property
    def session(self) -> TrainingSession:
        """The run that is on, if any."""
        return self._session

    @property
    def playhead(self) -> Playhead:
        """What the views show."""
        return self._playhead

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._timeline.press_key(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._files.finish_saving():
            event.ignore()  # the notice says what could not be saved
            return
        self._settings.geometry = self.saveGeometry()
        self.hide()  # at once, whatever has to be waited for
        self._settings.config = self._training_panel.config
        self._settings.speed = self._training_panel.speed
        self._session.close()
        self._files.close()
        self._looking.close()
        self._digits.close()
        super().closeEvent(event)

    def _build_panels(self) -> None:
        self._theme_switch = ThemeSwitch(self._settings.theme, self)
        self._training_panel = TrainingPanel()
        self._network_summary = NetworkSummary()
        self._run_list = RunList()
        self._accuracy_plot = AccuracyPlot()
        self._weight_heatmaps = WeightHeatmaps()
        self._drawing_panel = DrawingPanel()
        self._closer_look = CloserLook(self)
        self._status_line = StatusLine()
        self._notice = Notice()
        self._menus = Menus(self)
        self._playhead = Playhead(self)
        self._files = FileActions(self, self._settings, self._playhead)
        self._session = TrainingSession(self._playhead, samples_per_second(self._settings.speed), self)
        self._timeline = TimelineBar()
        self._digits = DatasetSource(self)
        self._looking = CloserLookActions(
            self._closer_look, self._drawing_panel, self._playhead, self._session, self._files, self._settings
        )

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
        grid.addWidget(self._timeline, 3, 0, 1, 3)
        grid.addWidget(self._status_line, 4, 0, 1, 3)
        grid.setRowStretch(1, 5)
        grid.setRowStretch(2, 6)
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(2, 1)
        self.setCentralWidget(center)
        self.setWindowTitle("Digitscope")
        self.setMinimumSize(*SMALLEST)
        self.resize(QSize(*FIRST_SIZE).boundedTo(self.screen().availableSize()))

    def _connect_signals(self) -> None:
        self._connect_views()
        self._connect_training_panel()
        self._connect_timeline()
        self._connect_run_list()
        self._connect_menus()
        self._connect_files()
        self._connect_closer_look()
        self._connect_digits()
        self._theme_switch.changed.connect(self._apply_theme)

    def _connect_views(self) -> None:
        plot, heatmaps, drawing = self._accuracy_plot, self._weight_heatmaps, self._drawing_panel
        playhead = self._playhead
        for view in (self._timeline, plot, heatmaps, drawing, self._network_summary):
            playhead.frame_changed.connect(view.show_frame)
        for comparing in (heatmaps, drawing.prediction):
            playhead.compared_changed.connect(comparing.show_compared)
        for growing in (self._timeline, plot, drawing.over_time, self._run_list, self._status_line):
            playhead.run_grew.connect(growing.show_growth)
            playhead.runs_changed.connect(growing.show_runs)
        for each in (heatmaps, self._menus):
            playhead.runs_changed.connect(each.show_runs)
        for movable in (plot, drawing.over_time):
            movable.moment_chosen.connect(playhead.go_to)
            movable.moment_chosen.connect(self._timeline.take_focus)

    def _connect_training_panel(self) -> None:
        panel, session = self._training_panel, self._session
        panel.start_requested.connect(self._start)
        panel.step_requested.connect(session.step)
        panel.pause_toggled.connect(session.toggle_pause)
        panel.stop_requested.connect(session.stop)
        panel.pace_changed.connect(session.set_pace)
        for offer in (panel, self._menus, self._status_line, self._timeline):
            session.state_changed.connect(offer.show_state)
        session.run_ended.connect(self._end_run)
        session.refused.connect(self._notice.say)

    def _connect_timeline(self) -> None:
        timeline, playhead = self._timeline, self._playhead
        timeline.moment_chosen.connect(playhead.go_to)
        timeline.stepped.connect(playhead.step)
        timeline.epoch_stepped.connect(playhead.step_epoch)
        timeline.start_chosen.connect(playhead.go_to_start)
        timeline.live_chosen.connect(playhead.go_live)
        timeline.play_toggled.connect(playhead.toggle_playing)
        timeline.continue_requested.connect(self._go_on)
        playhead.live_changed.connect(timeline.show_live)
        playhead.playing_changed.connect(timeline.show_playing)

    def _connect_run_list(self) -> None:
        runs, playhead = self._run_list, self._playhead
        runs.run_pointed.connect(self._accuracy_plot.highlight)
        runs.run_chosen.connect(playhead.select)
        runs.compare_chosen.connect(playhead.compare)
        runs.hide_chosen.connect(playhead.set_hidden)
        runs.renamed.connect(playhead.rename)
        runs.delete_chosen.connect(playhead.remove)
        runs.save_chosen.connect(self._files.save_run)
        runs.settings_chosen.connect(self._training_panel.set_config)

    def _connect_closer_look(self) -> None:
        for request in (self._drawing_panel.closer_look_requested, self._menus.closer_look.triggered):
            request.connect(self._closer_look.look)
        self._closer_look.lesson_requested.connect(self._teach)
        self._closer_look.neuron_selected.connect(self._weight_heatmaps.select)
        self._weight_heatmaps.neuron_selected.connect(self._closer_look.select_neuron)

    def _connect_digits(self) -> None:
        digits, status = self._digits, self._status_line
        digits.progressed.connect(status.show_loading)
        digits.found.connect(self._use_dataset)
        digits.lacking.connect(self._offer_fetch)
        digits.confirmed.connect(status.show_message)
        digits.failed.connect(self._notice.say)
        self._menus.fetch.triggered.connect(digits.fetch)

    def _connect_menus(self) -> None:
        menus, panel, drawing = self._menus, self._training_panel, self._drawing_panel
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
        menus.accuracy.triggered.connect(self._accuracy_plot.show_accuracy)
        menus.loss.triggered.connect(self._accuracy_plot.show_loss)
        menus.theme_chosen.connect(self._choose_theme)
        menus.about.triggered.connect(self._show_about)
        self._connect_timeline_menu()

    def _connect_timeline_menu(self) -> None:
        menus, playhead = self._menus, self._playhead
        menus.play.triggered.connect(playhead.toggle_playing)
        menus.back.triggered.connect(lambda: playhead.step(-1))
        menus.forward.triggered.connect(lambda: playhead.step(1))
        menus.epoch_back.triggered.connect(lambda: playhead.step_epoch(-1))
        menus.epoch_forward.triggered.connect(lambda: playhead.step_epoch(1))
        menus.to_start.triggered.connect(playhead.go_to_start)
        menus.live.triggered.connect(playhead.go_live)
        menus.go_on.triggered.connect(self._go_on)

    def _connect_files(self) -> None:
        menus, files = self._menus, self._files
        menus.open.triggered.connect(files.open)
        menus.save_run.triggered.connect(lambda: files.save_run())
        menus.save_network.triggered.connect(files.save_network)
        menus.export_curves.triggered.connect(files.export_curves)
        menus.export_script.triggered.connect(files.export_script)
        for action, view, name in (
            (menus.export_plot, self._accuracy_plot, "plot"),
            (menus.export_heatmaps, self._weight_heatmaps, "weights"),
            (menus.export_answers, self._drawing_panel.over_time, "answers"),
        ):
            action.triggered.connect(partial(files.export_picture, view, name))
        files.network_opened.connect(self._show_opened)
        files.done.connect(self._say_done)
        files.failed.connect(self._notice.say)

    def _restore(self) -> None:
        self._training_panel.set_config(self._settings.config)
        self._training_panel.set_speed(self._settings.speed)
        self._accuracy_plot.set_measure(self._settings.measure)
        self._accuracy_plot.measure_changed.connect(self._remember_measure)
        self._menus.show_theme(self._theme_switch.choice)
        self._menus.show_state(State.WAITING)
        self._menus.show_runs(self._playhead.runs)
        self._apply_theme(self._theme_switch.theme)
        self.restoreGeometry(self._settings.geometry)

    def _use_dataset(self, dataset: Dataset) -> None:
        if self._lacks_digits:
            self._lacks_digits = False
            self._notice.hide()
        self._session.use_dataset(dataset)
        self._drawing_panel.use_dataset(dataset)
        self._closer_look.trick.use_dataset(dataset)
        self._status_line.show_message(
            f"{len(dataset.train_images):,} training digits and {len(dataset.test_images):,} test digits are loaded"
        )
        self.dataset_loaded.emit()

    def _offer_fetch(self, sentence: str) -> None:
        self._lacks_digits = True
        self._status_line.show_message("There are no digits to train on")
        self._notice.say(f"{sentence} TensorFlow can fetch the digits.", "Load through TensorFlow", self._digits.fetch)

    def _start(self, config: TrainingConfig) -> None:
        self._notice.hide()
        self._session.start(config)

    def _end_run(self, problem: str) -> None:
        if problem:
            self._notice.say(problem)
        self.training_finished.emit()

    def _teach(self, digit: NDArray[np.float32], label: int, updates: int) -> None:
        self._looking.teacher.teach(digit, label, self._training_panel.config.learning_rate, updates)

    def _go_on(self) -> None:
        if self._playhead.run is not None and self._playhead.frame is not None:
            self._notice.hide()
            self._session.go_on(self._playhead.run, self._playhead.frame, self._training_panel.config)

    def _offer_left_behind(self) -> None:
        count = len(self._files.left_behind)
        if count:
            runs = "One run was" if count == 1 else f"{count} runs were"
            sentence = f"Digitscope did not end in order last time. {runs} kept."
            self._notice.say(sentence, "Open" if count == 1 else "Open them", self._files.open_left_behind)

    def _show_opened(self, network: Network, name: str) -> None:
        self._notice.hide()
        if self._session.state in (State.RUNNING, State.PAUSED):
            self._notice.say(f"{name} was not opened: a run is on. Stop it first.")
            return
        frame = self._session.measure(network)
        self._playhead.show_apart(frame)
        self._status_line.show_opened(name, frame)

    def _say_done(self, text: str) -> None:
        self._notice.hide()
        self._status_line.show_message(text)

    def _choose_theme(self, choice: str) -> None:
        self._settings.theme = choice
        self._theme_switch.choose(choice)

    def _apply_theme(self, theme: Theme) -> None:
        views = (self._accuracy_plot, self._weight_heatmaps, self._drawing_panel, self._run_list, self._timeline)
        for view in (*views, self._closer_look):
            view.apply_theme(theme)

    def _remember_measure(self, measure: str) -> None:
        self._settings.measure = measure

    def _show_about(self) -> None:
        QMessageBox.about(self, "About Digitscope", ABOUT)
