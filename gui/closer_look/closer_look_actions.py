"""What can be done from the closer look: teach the network, and keep digits."""

from PySide6.QtCore import QObject

from gui.closer_look.closer_look import CloserLook
from gui.closer_look.teacher import Teacher
from gui.drawing.drawing_panel import DrawingPanel
from gui.files.file_actions import FileActions
from gui.my_digits.collection import Collection
from gui.my_digits.keeper import Keeper
from gui.playhead import Playhead
from gui.settings import Settings
from gui.training.training_session import TrainingSession


class CloserLookActions(QObject):
    """Connects the closer look with the pad, with the playhead and with the user's own digits."""

    def __init__(
        self,
        look: CloserLook,
        drawing: DrawingPanel,
        playhead: Playhead,
        session: TrainingSession,
        files: FileActions,
        settings: Settings,
    ) -> None:
        super().__init__(look)
        self.teacher = Teacher(playhead, session, self)
        self.collection = Collection(settings.data_folder / "my-digits.npz", self)
        self.keeper = Keeper(self.collection, files, self)
        self._look = look
        pad = drawing.pad
        playhead.frame_changed.connect(look.show_frame)
        pad.drawing_changed.connect(look.show_drawing)
        pad.digit_changed.connect(look.show_digit)
        look.digit_edited.connect(pad.show_digit)
        look.trick.digit_made.connect(pad.show_digit)
        look.my_digits.shown_on_pad.connect(pad.show_digit)
        files.failed.connect(look.warn)
        self.teacher.before_changed.connect(drawing.prediction.show_compared)
        self._connect_lesson()
        self._connect_handwriting(playhead)
        self._connect_collection()

    def close(self) -> None:
        """Give up whatever is on."""
        self.keeper.close()

    def _connect_lesson(self) -> None:
        lesson, teacher = self._look.lesson, self.teacher
        lesson.undo_requested.connect(teacher.undo)
        teacher.told.connect(lesson.show_told)
        teacher.undo_changed.connect(lesson.show_undo)

    def _connect_handwriting(self, playhead: Playhead) -> None:
        handwriting = self._look.my_digits.handwriting
        playhead.runs_changed.connect(handwriting.show_runs)
        playhead.run_grew.connect(handwriting.show_growth)
        handwriting.moment_chosen.connect(playhead.go_to)

    def _connect_collection(self) -> None:
        look, page, collection, keeper = self._look, self._look.my_digits, self.collection, self.keeper
        wishes = (page.relabelled, page.deleted, page.import_requested, page.files_dropped, page.export_requested)
        for wish in (look.keep_requested, page.undo_requested, *wishes):
            wish.connect(look.notice.hide)  # what went wrong before
        look.opened.connect(collection.open)
        look.keep_requested.connect(keeper.keep)
        page.relabelled.connect(collection.relabel)
        page.deleted.connect(collection.delete)
        page.undo_requested.connect(collection.undo)
        page.import_requested.connect(keeper.ask_and_import)
        page.files_dropped.connect(keeper.import_files)
        page.export_requested.connect(keeper.ask_and_export)
        collection.changed.connect(page.show_digits)
        collection.undo_changed.connect(page.show_undo)
        keeper.kept.connect(look.lesson.show_told)
        keeper.told.connect(page.show_told)
        keeper.failed.connect(look.notice.say)  # also where it is read only when the window is opened again
