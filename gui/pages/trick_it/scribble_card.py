"""“Scribbles”: how sure the network is of what is no digit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QSizePolicy, QWidget

from gui.controllers import Controllers
from gui.flow.background import Work
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.pages.trick_it.scribbles import noise, scribble
from gui.theme import scaled, theme
from gui.widgets.bar import paint_bar
from gui.widgets.captioned_pictures import Picture, PictureGrid
from gui.widgets.card import Card, button, label, named
from gui.widgets.digit_picture import ink_image
from gui.widgets.numbers import percent, prediction_in_words
from model.dataset import Dataset, as_floats

SEED = 99
COUNT = 200  # pictures of each kind
KINDS = 3
SURE = 0.9
HINT = "How sure is the network of pictures that show no digit? “Sure” is what the softmax says, not a measured chance."
BAR, GAP = 8, 8  # pixels, at 100 percent: the height of a bar, and the space below a kind


@dataclass(frozen=True, eq=False)
class Confidence:
    """How sure a network is of each picture of a kind."""

    kind: str
    confidences: NDArray[np.floating]  # (pictures,): the largest of the ten probabilities

    @property
    def mean(self) -> float:
        """Over all pictures."""
        return float(self.confidences.mean())

    @property
    def sure(self) -> int:
        """Of how many pictures it is sure."""
        return int((self.confidences >= SURE).sum())


class ConfidenceBars(QWidget):
    """For each kind its name, a bar for the mean confidence, and how many pictures the network is sure of."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: Sequence[Confidence] = ()
        tip = "The largest of the ten probabilities, in the mean over all pictures of a kind."
        named(self, "confidenceBars", "Confidence", tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_kinds(self, kinds: Sequence[Confidence]) -> None:
        """Show how sure a network is of these kinds."""
        self.kinds = kinds
        self.setAccessibleName("Confidence: " + ", ".join(f"{each.kind} {percent(each.mean, 0)}" for each in kinds))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(190), KINDS * (2 * self.fontMetrics().height() + scaled(BAR + 4 + GAP)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, flags = QPainter(self), Qt.AlignmentFlag
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch, bar = self.height() / KINDS, scaled(BAR)
        for k, kind in enumerate(self.kinds):
            place = QRectF(0, k * pitch, self.width(), pitch - scaled(GAP))
            count = len(kind.confidences)
            painter.setPen(theme().text)
            painter.drawText(place, flags.AlignLeft | flags.AlignTop, f"{count} {kind.kind}")
            painter.drawText(place, flags.AlignRight | flags.AlignTop, f"mean {percent(kind.mean)}")
            painter.setPen(theme().secondary_text)
            sentence = f"≥ {percent(SURE, 0)} sure of {percent(kind.sure / count, 0)} of them"
            painter.drawText(place, flags.AlignLeft | flags.AlignBottom, sentence)
            track = QRectF(0, place.center().y() - bar / 2, place.width(), bar)
            paint_bar(painter, track, kind.mean, theme().accent)


class ScribbleCard(Card):
    """Compares the predictions for scribbles and noise with those for real digits."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Scribbles")
        self._scheduler = controllers.scheduler
        self._background = controllers.background
        self._drawing = controllers.drawing
        self._noise = noise(np.random.default_rng(SEED), COUNT)
        self._predictions: NDArray[np.floating] = np.empty((0, 10))  # for the scribbles
        self._bars = ConfidenceBars()
        self._sentence = label("Drawing scribbles …", wrap=True, name="scribbleLabel")
        self._gallery = PictureGrid("scribbleGallery", "Scribbles", 90, self._describe)
        self._gallery.setSelectionMode(QListView.SelectionMode.NoSelection)
        self._gallery.activated.connect(self._show_on_pad)
        tip = f"Leaf through the {COUNT} scribbles."
        self._others = button("Show others", "otherScribblesButton", tip, self._gallery.turn_page)
        hint = label(HINT, "secondary", wrap=True)
        self.add(hint, 6, self._bars, self._sentence, (self._gallery, 1), self._others)
        self.parts = (
            Part(self._request, ("scribbles",), Urgency.BACKGROUND),
            Part(self._show, ("network", "scribbles", "dataset"), Urgency.BACKGROUND),
        )

    def _request(self, scene: Scene) -> None:
        self._others.setEnabled(bool(scene.scribbles))
        if not scene.scribbles:
            self._background.do("scribbles", _scribbles(), lambda made: self._scheduler.change(scribbles=made))

    def _show(self, scene: Scene) -> None:
        if not scene.scribbles:
            return
        images = {"test digits": _sample(scene.dataset)} if scene.dataset else {}
        images |= {"scribbles": np.reshape(scene.scribbles, (COUNT, -1)), "noise images": self._noise}
        predictions = {kind: scene.network.predict(each) for kind, each in images.items()}
        kinds = {kind: Confidence(kind, each.max(axis=1)) for kind, each in predictions.items()}
        self._bars.show_kinds(tuple(kinds.values()))
        self._sentence.setText(
            "It has no way to say “this is no digit”: "
            f"it is at least {percent(SURE, 0)} sure of {kinds['scribbles'].sure} of {COUNT} scribbles."
        )
        self._predictions = predictions["scribbles"]
        self._gallery.show_pictures(COUNT)

    def _describe(self, index: int) -> Picture:
        caption = prediction_in_words(self._predictions[index])
        digit = ink_image(self._scheduler.scene.scribbles[index])
        return Picture(digit, caption, "Put it on the pad: all views look at it.", theme().text)

    def _show_on_pad(self, index: QModelIndex) -> None:
        self._drawing.show_digit(self._scheduler.scene.scribbles[index.row()])


def _scribbles() -> Work:
    random = np.random.default_rng(SEED)
    made: tuple[NDArray[np.float32], ...] = ()
    while len(made) < COUNT:
        made += (scribble(random),)
        yield
    return made


def _sample(dataset: Dataset) -> NDArray[np.float32]:
    """Test digits, always the same ones of a dataset, (COUNT, 784)."""
    count = len(dataset.test_images)
    return as_floats(dataset.test_images[np.random.default_rng(SEED).choice(count, min(COUNT, count), replace=False)])
