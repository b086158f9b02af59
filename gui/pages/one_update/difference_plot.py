"""How far a finite difference is from the gradient, over the size of its step."""

from html import escape

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize

from gui.theme import scaled, theme
from gui.widgets.card import named
from model.analysis.gradient_check import EPSILONS

WIDE = 260  # pixels at 100 percent
LEAST, MOST = 1e-13, 10.0  # that the axis reaches to
TITLE = 0.8  # of the usual size of the text
POWERS = (-12, -8, -4, 0)


class DifferencePlot(pg.PlotWidget):  # type: ignore[misc]
    """Both axes are logarithmic: the curve is a V."""

    _is_built = False  # pyqtgraph's constructor changes the palette, too

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        named(self, "differencePlot", "Relative error of the finite difference over its step")
        item = self.getPlotItem()
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        self.setAntialiasing(True)
        self._curve = pg.PlotCurveItem()
        self.addItem(self._curve, ignoreBounds=True)
        ticks = [[(power, f"1e{power}") for power in POWERS]]
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(tickLength=0, autoExpandTextSpace=False)
            self.getAxis(side).setTicks(ticks)
        self.setXRange(np.log10(EPSILONS.min()), np.log10(EPSILONS.max()), padding=0.02)
        self.setYRange(np.log10(LEAST), np.log10(MOST), padding=0)
        self.errors: NDArray[np.float64] = np.empty(0)
        self._title = ""
        self._dress()
        self._is_built = True

    def show_errors(self, symbol: str, moment: str, errors: NDArray[np.float64]) -> None:
        """Draw the relative errors for EPSILONS, of the gradient of the weight that the symbol names at a moment.

        Where there is none at all, nothing is drawn: both are exactly 0.
        """
        self.errors = errors
        drawn = errors > 0
        self._curve.setData(np.log10(EPSILONS[drawn]), np.log10(np.clip(errors[drawn], LEAST, MOST)))
        what = f"∂L/∂{symbol}: relative error over ε" if drawn.any() else f"∂L/∂{symbol} is exactly 0"
        self._entitle(f"{escape(what)}<br>{escape(moment)}")
        smallest = f"The smallest error is {errors.min():.1e}." if drawn.any() else ""
        self.setAccessibleDescription(f"{what}, {moment}. {smallest}".strip())

    def show_nothing(self) -> None:
        """There is no gradient."""
        self.errors = np.empty(0)
        self._curve.setData(self.errors, self.errors)
        self._entitle("")
        self.setAccessibleDescription("")

    def _entitle(self, title: str) -> None:
        self._title = title
        self.setTitle(title or None, size=f"{TITLE * self.font().pointSizeF():.1f}pt")

    def sizeHint(self) -> QSize:
        return QSize(scaled(WIDE), 0)  # as high as what stands beside it

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._is_built and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        self.setBackground(theme().card)
        self._curve.setPen(pg.mkPen(theme().accent, width=scaled(1)))
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(theme().hairline)
            self.getAxis(side).setTextPen(theme().secondary_text)
            self.getAxis(side).setTickFont(self.font())
        self.getAxis("left").setWidth(scaled(44))
        self.getAxis("bottom").setHeight(scaled(20))
        self.getPlotItem().titleLabel.setAttr("color", theme().secondary_text)
        self._entitle(self._title)
