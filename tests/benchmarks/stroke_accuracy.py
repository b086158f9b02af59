"""Whether drawing the pen's lines again at MNIST's width is better: python -m tests.benchmarks.stroke_accuracy

MNIST has no strokes. So the first 1,000 test digits are thinned to lines one pixel wide (Zhang and Suen 1984), which
are drawn with the pad's pen in several sizes. The table has the share of right answers to the ink as it was drawn, and
to the lines drawn again; a second table has the same for photographs of digits that were written with other pens, as
they are, and with the ink widened to MNIST's.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication, QTransform

from gui.flow.strokes import INK, SHEET, Stroke, as_drawn, blank_sheet, paint, pixels_of, redrawn
from gui.own_digits.pen_width import widened
from model.dataset import load_mnist
from model.digit_image import SIDE, center_digit
from model.network import Network
from tests.benchmarks.drawing_accuracy import RATES, accuracy, trained
from tests.benchmarks.report import table

DIGITS = 1000
INKED = 0.4  # from here on a pixel counts
SIZES = (50, 70, 90, 120, 150, 180, 210, 240)  # of the digit's longer side, of 280
IN_PHOTOGRAPH = 190  # pixels of the digit's longer side
PENS = (3, 6, 10, 16, 24, 32, 40, 50)  # pixels


def thinned(digit: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The middle of the lines: pixels are taken away from both sides until nothing more can go."""
    ink = np.pad(digit > INKED, 1)
    while True:
        before = ink.copy()
        for first, second in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            around = _neighbours(ink)
            count = sum(each.astype(int) for each in around)
            rises = sum((~around[k] & around[(k + 1) % 8]).astype(int) for k in range(8))
            needed = np.logical_and.reduce([around[k] for k in first]) | np.logical_and.reduce(
                [around[k] for k in second]
            )
            ink[1:-1, 1:-1] &= ~((count >= 2) & (count <= 6) & (rises == 1) & ~needed)
        if (ink == before).all():
            return ink[1:-1, 1:-1]


def _neighbours(ink: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """From the one above, clockwise."""
    places = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
    height, width = ink.shape
    return [ink[row : row + height - 2, column : column + width - 2] for row, column in places]


def lines_through(pixels: NDArray[np.bool_]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """A line between any two pixels that touch, across corners only where there is no way along the sides."""
    inked = {(row, column) for row, column in np.argwhere(pixels).tolist()}
    lines = []
    for row, column in inked:
        for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
            other = (row + down, column + right)
            sideways = down and right and ({(row, column + right), (row + down, column)} & inked)
            if other in inked and not sideways:
                lines.append(((row, column), other))
    return lines or [(pixel, pixel) for pixel in list(inked)[:1]]


def strokes_of(digit: NDArray[np.float32], size: float) -> list[Stroke]:
    """The lines of a digit as strokes in the middle of the sheet, the longer side so long."""
    ends = np.array(lines_through(thinned(digit)), np.float64)
    lowest, highest = ends.min(axis=(0, 1)), ends.max(axis=(0, 1))
    placed = (ends - (lowest + highest) / 2) * size / max(1, (highest - lowest).max()) + SHEET / 2
    return [tuple(QPointF(column, row) for row, column in line) for line in placed]


def written(strokes: list[Stroke], pen: float) -> NDArray[np.uint8]:
    """A photograph of them, without its noise."""
    sheet = blank_sheet(SHEET)
    paint(sheet, strokes, INK, pen, QTransform())
    return pixels_of(sheet)


def shares_right(
    networks: dict[float, Network], ways: list[list[NDArray[np.uint8]]], labels: NDArray[np.integer]
) -> list[str]:
    images = [np.array([center_digit(ink) for ink in way]).reshape(DIGITS, -1) for way in ways]
    return [f"{100 * accuracy(networks[rate], each, labels):.1f} %" for rate in RATES for each in images]


def main() -> None:
    application = QGuiApplication(["", "-platform", "offscreen"])
    dataset = load_mnist()
    digits, labels = dataset.test_images[:DIGITS].reshape(-1, SIDE, SIDE), dataset.test_labels[:DIGITS]
    networks = {rate: trained(dataset, rate) for rate in RATES}
    strokes = [("longer side", *(f"{way}, rate {rate:g}" for rate in RATES for way in ("as drawn", "drawn again")))]
    for size in SIZES:
        drawn = [strokes_of(digit, size) for digit in digits]
        ways = [[make(each) for each in drawn] for make in (as_drawn, redrawn)]
        strokes.append((f"{size} of {SHEET}", *shares_right(networks, ways, labels)))
    photographs = [("pen", *(f"{way}, rate {rate:g}" for rate in RATES for way in ("as it is", "widened")))]
    for pen in PENS:
        inks = [written(strokes_of(digit, IN_PHOTOGRAPH), pen) for digit in digits]
        ways = [inks, [widened(ink) for ink in inks]]
        photographs.append((f"{pen} of {IN_PHOTOGRAPH}", *shares_right(networks, ways, labels)))
    originals = [f"{100 * accuracy(networks[rate], digits.reshape(DIGITS, -1), labels):.1f} %" for rate in RATES]
    for rows in (strokes, photographs):
        print(table(rows, "<>>>>"), end="\n\n")
    width = np.mean([digit.sum() / max(1, len(lines_through(thinned(digit)))) for digit in digits])
    print(f"the digits themselves: {', '.join(originals)}; their lines are {width:.1f} pixels wide (ink / length)")
    application.quit()


if __name__ == "__main__":
    main()
