"""Everything that a view may ask for: one object for each thing that changes the scene."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.dataset.dataset_source import DatasetSource
from gui.files.exports import Exports
from gui.files.file_controller import FileController
from gui.files.file_dialogs import FileDialogs
from gui.flow.appearance import Appearance
from gui.flow.background import Background
from gui.flow.drawing_controller import DrawingController
from gui.flow.frame_evaluator import FrameEvaluator
from gui.flow.moment_evaluator import MomentEvaluator
from gui.flow.playhead import Playhead
from gui.flow.run_collection import RunCollection
from gui.flow.scheduler import Scheduler
from gui.homework.homework_controller import HomeworkController
from gui.own_digits.collection import Collection
from gui.own_digits.digit_import import DigitImport
from gui.settings import Settings
from gui.training.teacher import Teacher
from gui.training.training_session import TrainingSession


class Controllers(QObject):
    """They know the scene and what they need of one another, and no view."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self.scheduler = scheduler = Scheduler(settings.scene(), self)
        self.appearance = Appearance(scheduler, self)
        self.background = Background(scheduler, self)
        self.evaluator = FrameEvaluator(scheduler, self.background)
        self.runs = RunCollection(scheduler)
        self.playhead = Playhead(scheduler, self.runs, self)
        self.drawing = DrawingController(scheduler)
        self.moments = MomentEvaluator(scheduler, self.background, self.runs)
        dialogs = FileDialogs(window, settings)
        self.training = TrainingSession(scheduler, self.runs, self.moments, dialogs.may_run_code, self)
        self.teacher = Teacher(scheduler, self.runs)
        self.digits = DatasetSource(scheduler, window)
        self.files = FileController(scheduler, self.background, dialogs, self.runs, settings.data_folder, self)
        self.exports = Exports(scheduler, dialogs)
        self.homework = HomeworkController(scheduler, dialogs, self.training, self)
        self.own_digits = Collection(settings.data_folder / "my-digits.npz", scheduler)
        self.digit_import = DigitImport(scheduler, self.background, dialogs, self.own_digits)

    def close(self) -> None:
        """End whatever is being done, and wait until no thread is left."""
        self.homework.close()
        self.training.close()
        self.files.close()
        self.digit_import.close()
        self.digits.close()
        self.background.close()
