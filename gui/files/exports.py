"""File ▸ Export: the curves as a table, a picture, the run as a Python script, the user's own digits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QPoint
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from gui.files.file_dialogs import FileDialogs, as_file_name, could_not_save
from gui.flow.scheduler import Scheduler
from model.storage.own_digits import save_digits
from model.storage.run_export import curves_as_csv, run_as_script
from model.storage.safe_file import atomic_write

PICTURES = "Pictures (*.png *.svg)"
HIDDEN = "This view is hidden, so there is no picture of it. Unfold its panel, or make the window larger."
SHARPNESS = 2  # pixels of a PNG for each of the screen


class Exports:
    """Asks for a path, writes, and reports what came of it; a file stays as it was if that fails."""

    def __init__(self, scheduler: Scheduler, dialogs: FileDialogs) -> None:
        self._scheduler = scheduler
        self._dialogs = dialogs

    def ask_and_export_curves(self) -> None:
        """All that the run on the screen measured, as a table."""
        if run := self._scheduler.scene.shown:
            self._ask_and_write(
                "table", "Export Curves", f"{as_file_name(run.name)}.csv", "Tables (*.csv)", curves_as_csv(run)
            )

    def ask_and_export_script(self) -> None:
        """A Python script that does the run on the screen again."""
        if run := self._scheduler.scene.shown:
            self._ask_and_write("script", "Export Run", "run.py", "Python scripts (*.py)", run_as_script(run))

    def ask_and_export_picture(self, widget: QWidget, proposal: str) -> None:
        """What a view shows: its pixels as a PNG, or its lines as an SVG if the file is named so."""
        if not widget.isVisible():
            self._scheduler.report_problem(HIDDEN, "files")
        elif path := self._dialogs.ask_save_path("Export Picture", f"{proposal}.png", PICTURES):
            content = _as_svg(widget) if path.suffix.lower() == ".svg" else _as_png(widget)
            with self._reported("picture", path):
                _write(path, content)

    def ask_and_export_digits(self) -> None:
        """The user's own digits, as arrays."""
        if path := self._dialogs.ask_save_path("Export Digits", "my digits.npz", "NumPy arrays (*.npz)"):
            with self._reported("collection", path):
                save_digits(path, self._scheduler.scene.own_digits)

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


def _as_png(widget: QWidget) -> bytes:
    image = QImage(widget.size() * SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SHARPNESS)
    widget.render(image)
    buffer = QBuffer()
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())


def _as_svg(widget: QWidget) -> bytes:
    buffer, generator = QBuffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    generator.setTitle("Digitscope")
    painter = QPainter(generator)
    widget.render(painter, QPoint())
    painter.end()
    return bytes(buffer.data().data())
