"""File ▸ Export: the curves as a table, a picture, or the run as a Python script."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from gui.files.saved_files import SavedFiles, as_file_name, could_not_save
from model.history import History
from model.storage.own_digits import OwnDigit, save_digits
from model.storage.run_export import curves_as_csv, run_as_script
from model.storage.safe_file import atomic_write

PICTURES = "Pictures (*.png *.svg)"
SHARPNESS = 2  # pixels of a PNG for each of the screen


class Exports(QObject):
    """Asks where to, writes, and says in a sentence what went wrong."""

    exported = Signal(str)  # the name of the file
    failed = Signal(str)  # a sentence

    def __init__(self, files: SavedFiles) -> None:
        super().__init__(files)
        self._files = files

    def ask_and_export_curves(self, run: History) -> None:
        """All that was measured, as a table."""
        if path := self._files.ask_where("Export Curves", f"{as_file_name(run.name)}.csv", "Tables (*.csv)"):
            self.write_text(path, curves_as_csv(run), "table")

    def ask_and_export_script(self, run: History) -> None:
        """A Python script that does the run again."""
        if path := self._files.ask_where("Export Run", "run.py", "Python scripts (*.py)"):
            self.write_text(path, run_as_script(run), "script")

    def ask_and_export_picture(self, widget: QWidget, proposal: str) -> None:
        """What a view shows, in pixels or in lines."""
        if path := self._files.ask_where("Export Picture", f"{proposal}.png", PICTURES):
            self.write_picture(path, widget)

    def ask_and_export_digits(self, digits: Sequence[OwnDigit]) -> str:
        """The user's own digits, as arrays; the name of the file, if they were written."""
        path = self._files.ask_where("Export Digits", "my digits.npz", "NumPy arrays (*.npz)")
        return path.name if path and self.write_digits(path, digits) else ""

    def write_text(self, path: Path, text: str, what: str) -> None:
        """Write a file, which stays as it was if that fails."""
        try:
            with atomic_write(path) as file:
                file.write(text.encode("utf-8"))
        except OSError as error:
            self.failed.emit(could_not_save(what, path, error.strerror or str(error)))
            return
        self.exported.emit(path.name)

    def write_digits(self, path: Path, digits: Sequence[OwnDigit]) -> bool:
        """Write a collection, whose file stays as it was if that fails; whether it was written."""
        try:
            save_digits(path, digits)
        except OSError as error:
            self.failed.emit(could_not_save("collection", path, error.strerror or str(error)))
            return False
        self.exported.emit(path.name)
        return True

    def write_picture(self, path: Path, widget: QWidget) -> None:
        """Write a PNG, or an SVG if the file is named so."""
        written = _write_svg(path, widget) if path.suffix.lower() == ".svg" else _write_pixels(path, widget)
        if written:
            self.exported.emit(path.name)
        else:
            self.failed.emit(could_not_save("picture", path, "the folder is missing, full or may not be written to"))


def _write_pixels(path: Path, widget: QWidget) -> bool:
    image = QImage(widget.size() * SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SHARPNESS)
    widget.render(image)
    return image.save(str(path))


def _write_svg(path: Path, widget: QWidget) -> bool:
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(QSize(widget.size()))
    generator.setViewBox(widget.rect())
    generator.setTitle("Digitscope")
    painter = QPainter()
    if not painter.begin(generator):
        return False
    widget.render(painter, QPoint())
    return painter.end()
