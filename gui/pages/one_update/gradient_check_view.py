"""Backpropagated gradients against finite differences: for each layer, and for one weight over the size of the step."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from gui.controllers import Controllers
from gui.flow.background import Work
from gui.flow.scene import KeptNumber
from gui.pages.one_update.difference_plot import DifferencePlot
from gui.pages.one_update.number_text import symbol_of
from gui.widgets.card import label, named, small_button
from gui.widgets.layouts import column, row
from model.analysis.derivation import Kind, Number, exists
from model.analysis.gradient_check import (
    LayerCheck,
    check_gradients,
    errors_over_epsilon,
    largest_difference,
    verdict,
)
from model.analysis.single_update import Update

CHECK, ERRORS = "gradient check", "errors over epsilon"  # topics of the work
ALL_TIP = "Compare every single weight and bias, also of the large layers. This takes a while."
ZERO = "∂L/∂{} is exactly 0, and so is every finite difference: there is no error to draw."
WHY = "To the right curvature is left out: an error like ε². To the left rounding is divided by ε: an error like 1/ε."
NOTHING_YET = "Compares gradients g of this digit with n = (L(w + ε) − L(w − ε)) / 2ε: ‖g − n‖ / (‖g‖ + ‖n‖)."


class GradientCheckView(QWidget):
    """What was checked is a result of one moment and one digit, and says of which."""

    _progressed = Signal(float)

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._background = controllers.background
        self._shown: Update | None = None
        self._moment = ""
        self._kept: KeptNumber | None = None
        self._asked: tuple[Update, Number, str] | None = None  # what the curve is of, or will be
        self._found = NOTHING_YET
        self._label = _small_text(NOTHING_YET, "", "gradientCheckLabel")
        self._all = small_button("Check all of them", "checkAllButton", ALL_TIP, partial(self.check, True))
        self._stop = small_button("Stop", "stopCheckButton", "Stop checking; the earlier result stays.", self._cancel)
        self._bar = named(QProgressBar(), "gradientCheckBar", "Progress of the gradient check")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._plot = DifferencePlot()
        self._why = label(WHY, "secondary", wrap=True, name="differenceReasonLabel")
        self._progressed.connect(lambda share: self._bar.setValue(round(1000 * share)))
        below = row(self._all, self._stop, self._bar, (self._why, 1), spacing=8)
        left = column((self._label, 1), below, spacing=2)
        self.setLayout(row((left, 3), (self._plot, 2), spacing=14))
        self._show_working(False)

    def show_update(self, update: Update | None, moment: str, kept: KeptNumber | None) -> None:
        """The update whose gradients can be checked, of which moment, and the number that is kept."""
        self._shown, self._moment, self._kept = update, moment, kept
        self._all.setEnabled(update is not None)
        if self.isVisible():
            self._show_errors()
        else:
            self._asked = None

    def showEvent(self, event: QShowEvent) -> None:
        self._show_errors()

    def check(self, everything: bool = False) -> None:
        """Compare the gradients of the update that is shown."""
        if self._shown is None:
            return
        self._show_working(True)
        self._label.setText(f"Checking {self._moment} …")
        update = self._shown
        work = self._compare(update, everything)
        self._background.do(CHECK, work, partial(self._show_results, self._moment))

    def _compare(self, update: Update, everything: bool) -> Work:
        """In the thread beside the window."""
        check = check_gradients(update.network, update.image, update.label, everything)
        while True:
            try:
                share = next(check)
            except StopIteration as end:
                return end.value
            self._progressed.emit(share)
            yield

    def _show_results(self, moment: str, results: list[LayerCheck]) -> None:
        self._show_working(False)
        largest = largest_difference(results)
        found = verdict(results) if largest is None else f"{verdict(results)}. Largest difference: {largest:.1e}"
        layers = " · ".join(_of_layer(result) for result in results)
        self._found = f"{moment}: {found}.\nBy layer: {layers}."
        self._label.setText(self._found)

    def _cancel(self) -> None:
        self._background.cancel(CHECK)
        self._show_working(False)
        self._label.setText(self._found)

    def _show_working(self, works: bool) -> None:
        self._all.setVisible(not works)
        self._why.setVisible(not works)
        for each in (self._stop, self._bar):
            each.setVisible(works)

    def _show_errors(self) -> None:
        """For the weight that is kept, or for the bias of the label's answer."""
        update = self._shown
        asked = None if update is None else (update, _weight_of(self._kept, update), self._moment)
        if asked == self._asked:
            return
        self._asked = asked
        if asked is None:
            self._background.cancel(ERRORS)
            self._plot.show_nothing()
            self._why.setText(WHY)
        else:
            self._background.do(ERRORS, _errors(*asked[:2]), partial(self._draw, *asked))

    def _draw(self, update: Update, number: Number, moment: str, errors: NDArray[np.float64]) -> None:
        symbol = symbol_of(update, number)
        self._plot.show_errors(symbol, moment, errors)
        self._why.setText(WHY if errors.any() else ZERO.format(symbol))


def _small_text(text: str, role: str, name: str) -> QLabel:
    """A text that takes the room that there is, and asks for none."""
    made = label(text, role, wrap=True, name=name)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    return made


def _weight_of(kept: KeptNumber | None, update: Update) -> Number:
    """The one that is kept, if it is a weight of this network or one of its gradients."""
    last, sizes = len(update.network.weights), update.network.layer_sizes
    if kept is not None and kept[0].kind.is_matrix and not kept[1] and exists(kept[0], sizes):
        return kept[0]
    return Number(Kind.WEIGHT, last, (sizes[-2], update.label))


def _errors(update: Update, number: Number) -> Work:
    yield
    return errors_over_epsilon(update.network, update.image, update.label, number)


def _of_layer(result: LayerCheck) -> str:
    which = "all" if result.checked == result.available else f"{result.checked:,} of"
    lost = f"too {'large' if result.is_too_large else 'small'} to compare"
    difference = f"{result.difference:.1e}" if result.is_comparable else lost
    return f"layer {result.layer} {difference} ({which} {result.available:,})"
