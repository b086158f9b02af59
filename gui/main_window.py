"""The window: places the panels and the page, and connects what is left to connect."""

from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMainWindow, QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.menus import Menus
from gui.pages.page_tabs import PageTabs
from gui.panels.drawing_panel import DrawingPanel
from gui.panels.network_summary import NetworkSummary
from gui.panels.run_list import RunList
from gui.panels.status_line import StatusLine
from gui.panels.timeline_bar import TimelineBar
from gui.panels.training_panel import TrainingPanel
from gui.settings import Settings
from gui.theme import scaled
from gui.widgets.dropped_files import accept_copy, code_among
from gui.widgets.notice import Notice
from model.dataset import Dataset

ICON = Path(__file__).parent.parent / "resources" / "icons" / "digitscope.svg"
SMALLEST = QSize(960, 600)
FIRST_SIZE = QSize(1280, 720)
FRAME = QSize(16, 48)  # pixels that a window manager puts around a window, more or less
ROOM_FOR_BOTH, ROOM_FOR_ONE = 900, 640  # pixels of width at 100 percent, from which on the panels are shown


class MainWindow(QMainWindow):
    """All of Digitscope in one window. Loads the bundled digits by itself unless a dataset is handed to it."""

    dataset_loaded = Signal()
    training_finished = Signal()

    def __init__(self, settings: Settings | None = None, dataset: Dataset | None = None) -> None:
        super().__init__()
        self._settings = settings or Settings()
        self._has_ended = False
        self.controllers = Controllers(self, self._settings)
        self._build()
        self._follow_scene()
        self.controllers.training.finished.connect(self.training_finished)
        self.controllers.digits.loaded.connect(self.dataset_loaded)
        self.setWindowTitle("Digitscope")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)  # of code; a page may take other files
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize() - FRAME))
        self.restoreGeometry(self._settings.geometry)
        if dataset is not None:
            self.controllers.digits.use(dataset)
        else:
            self.controllers.digits.load()
        self.controllers.files.offer_unsaved()

    @property
    def scene(self) -> Scene:
        """What all views show."""
        return self.controllers.scheduler.scene

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._timeline.press_key(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.scene)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if code_among(event.mimeData().urls()):
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if path := code_among(event.mimeData().urls()):
            accept_copy(event)
            self.controllers.homework.open(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.controllers.files.finish_saving():
            event.ignore()  # the notice says what could not be saved
            return
        self.end()
        super().closeEvent(event)

    def keep_unsaved(self) -> None:
        """Write what is not saved; nothing ends."""
        self.controllers.files.keep_unsaved()

    def end(self) -> None:
        """Keep what is not saved, and leave nothing that works; the second time, nothing."""
        if self._has_ended:
            return
        self._has_ended = True
        geometry = self.saveGeometry()
        self.hide()  # at once, whatever has to be waited for
        self._settings.remember(self.scene, geometry)
        self.controllers.close()
        for timer in self.findChildren(QTimer):
            timer.stop()

    def _build(self) -> None:
        controllers = self.controllers
        self._training = TrainingPanel(controllers)
        self._drawing = DrawingPanel(controllers)
        self._summary, self._runs = NetworkSummary(), RunList(controllers)
        self._pages = PageTabs(controllers)
        self._timeline = TimelineBar(controllers)
        self._status = StatusLine(controllers.scheduler)
        self._menus = Menus(self, controllers)
        self._training.add(self._summary, (self._runs, 1))
        center = QWidget()
        grid = QGridLayout(center)
        grid.setContentsMargins(12, 6, 12, 10)
        grid.setSpacing(10)
        grid.addWidget(self._training, 0, 0)
        grid.addWidget(self._pages, 0, 1)
        grid.addWidget(self._drawing, 0, 2)
        grid.addWidget(self._timeline, 1, 0, 1, 3)
        grid.addWidget(self._status, 2, 0, 1, 3)
        grid.setRowStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.setCentralWidget(center)
        self._notice = Notice(self._pages, controllers.scheduler)

    def _follow_scene(self) -> None:
        scheduler = self.controllers.scheduler
        panels = (self._training, self._summary, self._runs, self._drawing)
        for view in (*panels, self._pages, self._timeline, self._status):
            scheduler.add(view, view.parts)
        scheduler.add(self._pages, self._notice.parts)
        scheduler.add(self._menus, self._menus.parts)
        scheduler.add(self, [Part(self._place, ("shows_left", "shows_right", "zoom"), Urgency.CURVES)])

    def _place(self, scene: Scene) -> None:
        """Fold the panels away that are not wanted, or have no room beside the page."""
        self._training.setVisible(scene.shows_left and self.width() >= scaled(ROOM_FOR_BOTH))
        self._drawing.setVisible(scene.shows_right and self.width() >= scaled(ROOM_FOR_ONE))
        self._notice.place()
