"""File ▸ Export: the curves as a table, a picture, the run as a Python script, the user's own digits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gui.files.file_dialogs import FileDialogs, as_file_name, could_not_save
from gui.files.pictures import Picture, answers_picture, curves_picture, weights_picture
from gui.flow.scheduler import Scheduler
from model.storage.own_digits import save_digits
from model.storage.run_export import curves_as_csv, run_as_script
from model.storage.writing import atomic_write

PICTURES = "Pictures (*.png *.svg)"
NO_ANSWERS = "There is no answer over a run to export: draw a digit, and let the panel with the pad be shown."

NO_SCRIPT = (
    "{} cannot be exported as a script: it started from {}, which no seed leads to. "
    "Save the run or the network instead."
)
NO_SCRIPT_OF_OWN_CODE = "{} cannot be exported as a script: it was trained by code of your own, which is one already."
NO_SCRIPT_WITH_A_MISTAKE = (
    "{} cannot be exported as a script: it was trained with a mistake, and the script makes none. Save the run instead."
)


class Exports:
    """Asks for a path, writes, and reports what came of it; a file stays as it was if that fails."""

    def __init__(self, scheduler: Scheduler, dialogs: FileDialogs) -> None:
        self._scheduler = scheduler
        self._dialogs = dialogs

    def ask_and_export_curves(self) -> None:
        """All that the run on the screen measured, as a table."""
        if run := self._scheduler.scene.shown:
            self._ask_and_write(
                "table", "Export Curves", f"{as_file_name(run.title)}.csv", "Tables (*.csv)", curves_as_csv(run)
            )

    def ask_and_export_script(self) -> None:
        """A Python script that does the run on the screen again."""
        run = self._scheduler.scene.shown
        if run is not None and run.own_code:
            self._scheduler.report_problem(NO_SCRIPT_OF_OWN_CODE.format(run.name), "files")
        elif run is not None and run.has_mistake:
            self._scheduler.report_problem(NO_SCRIPT_WITH_A_MISTAKE.format(run.name), "files")
        elif run is not None and run.origin:
            self._scheduler.report_problem(NO_SCRIPT.format(run.name, run.origin), "files")
        elif run is not None:
            self._ask_and_write("script", "Export Run", "run.py", "Python scripts (*.py)", run_as_script(run))

    def ask_and_export_curves_picture(self) -> None:
        """The curves of the runs, with all that a reader has to know of them."""
        scene = self._scheduler.scene
        if scene.shown is not None:
            self._ask_and_write_picture(curves_picture(scene), scene.measure)

    def ask_and_export_weights_picture(self) -> None:
        """The first layer's weights of the moment that is shown."""
        self._ask_and_write_picture(weights_picture(self._scheduler.scene), "weights")

    def ask_and_export_answers_picture(self) -> None:
        """The answer to the drawing over the run."""
        picture = answers_picture(self._scheduler.scene)
        if picture is None:
            self._scheduler.report_problem(NO_ANSWERS, "files")
        else:
            self._ask_and_write_picture(picture, "answers")

    def ask_and_export_digits(self) -> None:
        """The user's own digits, as arrays."""
        if path := self._dialogs.ask_save_path("Export Digits", "my digits.npz", "NumPy arrays (*.npz)"):
            with self._reported("collection", path):
                save_digits(path, self._scheduler.scene.own_digits)

    def _ask_and_write_picture(self, picture: Picture, proposal: str) -> None:
        if path := self._dialogs.ask_save_path("Export Picture", f"{proposal}.png", PICTURES):
            with self._reported("picture", path):
                _write(path, picture.as_svg() if path.suffix.lower() == ".svg" else picture.as_png())

    def _ask_and_write(self, what: str, title: str, proposal: str, filters: str, text: str) -> None:
        if path := self._dialogs.ask_save_path(title, proposal, filters):
            with self._reported(what, path):
                _write(path, text.encode("utf-8"))

    @contextmanager
    def _reported(self, what: str, path: Path) -> Iterator[None]:
        """Say what came of writing a file."""
        try:
            yield
        except OSError as error:
            self._scheduler.report_problem(could_not_save(what, path, error.strerror or error), "files")
        else:
            self._scheduler.report(f"saved as {path.name}", "files")


def _write(path: Path, content: bytes) -> None:
    with atomic_write(path) as file:
        file.write(content)
