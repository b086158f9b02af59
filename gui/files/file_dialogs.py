"""Which file the user means."""

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.settings import Settings
from gui.widgets.plain_text import plain

CODE_RUNS = (
    "Digitscope runs the code of the file on this computer, with your rights: each time it is saved, and when you "
    "train with it. Open only what you wrote yourself, or trust."
)


class FileDialogs:
    """Asks for paths, and starts where the last one was."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window = window
        self._settings = settings

    def ask_open_paths(self, title: str, filters: str) -> list[Path]:
        """Let the user choose files to read; none if they do not want to."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title, self._settings.folder, filters)
        return [self._remember(Path(name)) for name in names]

    def ask_open_path(self, title: str, filters: str) -> Path | None:
        """Let the user choose a file to read."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, self._settings.folder, filters)
        return self._remember(Path(name)) if name else None

    def ask_save_path(self, title: str, proposal: str, filters: str) -> Path | None:
        """Let the user choose a file to write to; it gets the proposal's ending if it has none of those offered."""
        place = str(Path(self._settings.folder) / proposal)
        name, _ = QFileDialog.getSaveFileName(self._window, title, place, filters)
        if not name:
            return None
        path = self._remember(Path(name))
        if f"*{path.suffix.lower()}" in re.findall(r"\*\.\w+", filters):
            return path
        path = path.with_name(path.name + Path(proposal).suffix)
        return path if not path.exists() or self._may_replace(path) else None

    def may_run_code(self) -> bool:
        """Whether the user agrees that the code of opened files is run; asked until they do, and never again."""
        if not self._settings.knows_that_code_runs:
            buttons = QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel
            answer = QMessageBox.information(self._window, "Your Code", CODE_RUNS, buttons)
            self._settings.knows_that_code_runs = answer == QMessageBox.StandardButton.Ok
        return self._settings.knows_that_code_runs

    def _remember(self, path: Path) -> Path:
        """Start in its folder the next time; the same path."""
        self._settings.folder = str(path.parent)
        return path

    def _may_replace(self, path: Path) -> bool:
        """The dialog asked about the name without its ending."""
        question = plain(f"{path.name} already exists. Do you want to replace it?")
        return QMessageBox.question(self._window, "Replace File", question) == QMessageBox.StandardButton.Yes


def as_file_name(name: str) -> str:
    """A run's name without what file systems do not like."""
    return re.sub(r"[^\w.,()+ -]+", " ", name).strip(" .") or "run"


def could_not_save(what: str, path: Path, why: object) -> str:
    """A sentence for the user."""
    return (
        f"The {what} could not be saved as {path}: {why}. "
        "An earlier file of that name is as it was. Choose another place."
    )
