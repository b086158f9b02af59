"""A number of the update, written out, and the lines of the program that computed it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontDatabase, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.pages.one_update.number_text import explain, name_of
from gui.pages.one_update.update_painter import SMALL
from gui.widgets.card import label
from gui.widgets.layouts import column
from gui.widgets.plain_text import plain
from model.analysis.derivation import Number
from model.analysis.single_update import Update
from model.analysis.source_lines import DATASET, lines_of, shapes_of

LINES, SOURCE_LINES = 4, 4  # of text, whatever it says: nothing moves
NARROW, MORE_LINES = 95, 2  # characters: below that, the text is broken into so many more lines
TALLEST = "δ₂→·∂ε"  # some letters come from other fonts, whose lines are higher
NAMES = (("", "explanationLabel"), ("secondary", "sourceLinesLabel"))  # role and name of both texts
HINT = (
    "Point at a number to see where it comes from.\n"
    "A click keeps it, and so do the arrow keys, which go to the next number; Esc deselects it.\n"
    "Framed in orange: what it was computed from.\nFramed in green, dashed: what is computed from it."
)


class ExplanationView(QWidget):
    """As many lines high as the longest explanation; the terms of a sum take the width that there is."""

    def __init__(self) -> None:
        super().__init__()
        self._number: tuple[Update, Number] | None = None
        self._whose = self._elsewhere = ""
        self._origin = DATASET
        self._text, self._source = (label("", role, name=name) for role, name in NAMES)
        for each in (self._text, self._source):
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            each.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setWordWrap(True)
        self.setLayout(column(self._text, self._source, spacing=4))

    @property
    def text(self) -> str:
        """What it says of the number."""
        return self._text.text()

    def show_hint(self) -> None:
        """Say how to choose a number."""
        self._number = None
        self._write()

    def show_number(
        self, update: Update, number: Number, whose: str = "", elsewhere: str = "", origin: str = DATASET
    ) -> None:
        """Explain a number of an update, whose image comes from `origin`.

        `whose` goes before what the number is called; `elsewhere` says how to see what it comes from or goes to.
        """
        self._number, self._whose, self._elsewhere, self._origin = (update, number), whose, elsewhere, origin
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._write()

    def _write(self) -> None:
        characters = self._dress()
        if self._number is None:
            self._text.setText(HINT)
            self._source.setText("")
            return
        update, number = self._number
        formula, *numbers = explain(update, number, characters)
        elsewhere = f"   ({self._elsewhere})" if self._elsewhere else ""
        self._text.setText("\n".join([f"{self._whose}{name_of(update, number)}", f"{formula}{elsewhere}", *numbers]))
        source = lines_of(number, len(update.network.weights), self._origin)
        written = [f"{line.file}:{line.number}  {line.text}" for line in source]
        if shapes := shapes_of(update, number, self._origin):
            written.append(shapes)
        self._source.setText("\n".join(_cut(line, characters) for line in written))
        self._source.setToolTip(plain("\n".join(written)))

    def _dress(self) -> int:
        """Letters of one width, as large as the window's small ones, and room for all lines; how many fit into one."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(SMALL * self.font().pointSizeF())
        metrics = QFontMetrics(font)
        characters = max(1, self.width() // metrics.horizontalAdvance("0") - 1)
        lines = LINES + (MORE_LINES if characters < NARROW else 0)
        for each, count in ((self._text, lines), (self._source, SOURCE_LINES)):
            each.setFont(font)
            each.setFixedHeight(metrics.size(0, "\n".join([TALLEST] * count)).height())
        return characters


def _cut(line: str, characters: int) -> str:
    return line if len(line) <= characters else f"{line[: characters - 1]}…"
