"""Data ▸ Load through TensorFlow: a child process fetches MNIST, a dialog shows it and can cancel it."""

import contextlib
import re
import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Qt, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from gui.dataset.dataset_loader import DatasetLoader
from gui.widgets.plain_text import plain
from model import keras_mnist
from model.dataset import BUNDLED_MNIST, Dataset

CANCELLED = "Loading through TensorFlow was cancelled."
PROJECT = Path(keras_mnist.__file__).parent.parent
BYTES_DONE = re.compile(r"(\d+)/(\d+)")  # in the progress line that Keras prints


class DatasetFetch(QObject):
    """One fetch at a time. What was fetched is verified like the bundled digits before anybody sees it."""

    fetched = Signal(object)  # Dataset
    confirmed = Signal(str)  # a sentence: what was fetched is what was there already
    failed = Signal(str)  # a sentence; also when cancelled

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._process: QProcess | None = None
        self._dialog: QProgressDialog | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._loader: DatasetLoader | None = None
        self._cancelled = False
        self._needed = False

    def start(self, needed: bool) -> None:
        """Start, unless a fetch is active already.

        Digits that are needed, because there are none yet, take the place of the bundled file and are handed out. Else
        the child process only compares their checksums: a second copy would be the same, and cost as much memory again.
        """
        if self._folder is not None:
            return
        self._cancelled = False
        self._needed = needed
        self._folder = tempfile.TemporaryDirectory(prefix="digitscope-", ignore_cleanup_errors=True)
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(PROJECT))
        self._process.readyReadStandardOutput.connect(self._show_progress)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail_to_start)
        self._dialog = self._make_dialog()
        self._dialog.show()
        program, *arguments = keras_mnist.command(self._file)
        self._process.start(program, arguments)

    def cancel(self) -> None:
        """Give up: end the child process, or the reading of what it wrote."""
        if self._process is not None:
            self._cancelled = True
            self._process.kill()
        elif self._loader is not None:
            self._loader.cancel()
            self._fail(CANCELLED)

    def close(self) -> None:
        """Cancel and wait until the process is gone."""
        process = self._process
        self.cancel()
        if process is not None:
            process.waitForFinished()

    @property
    def _file(self) -> Path:
        assert self._folder is not None
        return Path(self._folder.name) / "mnist.npz"

    def _make_dialog(self) -> QProgressDialog:
        dialog = QProgressDialog("Starting TensorFlow …", "Cancel", 0, 0, self._window)
        dialog.setObjectName("fetchDialog")
        dialog.setWindowTitle("Load MNIST through TensorFlow")
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setMinimumWidth(420)
        dialog.setMinimumDuration(0)
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.canceled.connect(self.cancel)
        return dialog

    def _show_progress(self) -> None:
        assert self._process is not None
        assert self._dialog is not None
        text = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        if counts := BYTES_DONE.findall(text):
            done, size = counts[-1]
            self._dialog.setRange(0, int(size))
            self._dialog.setValue(int(done))
        lines = [line.strip() for line in re.split(r"[\r\n\b]+", text) if line.strip().endswith("…")]
        if lines:
            self._dialog.setLabelText(plain(lines[-1]))

    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._fail("Python could not be started to run TensorFlow.")

    def _finish(self, exit_code: int) -> None:
        assert self._process is not None
        errors = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip().splitlines()
        self._process.deleteLater()
        self._process = None
        if self._cancelled:
            self._fail(CANCELLED)
        elif exit_code != 0:
            self._fail(errors[-1] if errors else "TensorFlow ended without saying why.")
        elif self._needed:
            self._loader = DatasetLoader(self._file, self)
            self._loader.loaded.connect(self._succeed)
            self._loader.failed.connect(self._fail)
            self._loader.start()
        else:
            self._end()
            self.confirmed.emit("TensorFlow loaded the very digits that are here already: every checksum agrees.")

    def _succeed(self, dataset: Dataset) -> None:
        self._put_in_place()
        self._end()
        self.fetched.emit(dataset)

    def _fail(self, sentence: str) -> None:
        self._end()
        self.failed.emit(sentence)

    def _put_in_place(self) -> None:
        # Where the program's folder cannot be written to, the digits serve until it is closed.
        unfinished = BUNDLED_MNIST.with_suffix(".part")
        with contextlib.suppress(OSError):
            shutil.copyfile(self._file, unfinished)
            unfinished.replace(BUNDLED_MNIST)

    def _end(self) -> None:
        assert self._dialog is not None
        assert self._folder is not None
        self._dialog.canceled.disconnect(self.cancel)
        self._dialog.close()
        self._dialog.deleteLater()
        self._folder.cleanup()
        self._process = self._dialog = self._folder = self._loader = None
