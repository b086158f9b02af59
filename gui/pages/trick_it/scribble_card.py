"""“Scribbles”: how sure the network is of what is no digit."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from gui.controllers import Controllers
from gui.pages.trick_it.confidence_bars import SURE, Confidence, ConfidenceBars
from gui.pages.trick_it.scribble_gallery import ScribbleGallery
from gui.pages.trick_it.scribbles import noise, scribble
from gui.scene import Scene
from gui.scheduler import Part, Urgency
from gui.widgets.card import Card, button, label
from gui.widgets.numbers import percent
from model.dataset import Dataset, as_floats

SEED = 99
COUNT = 200  # pictures of each kind


class ScribbleCard(Card):
    """Compares the predictions for scribbles and noise with those for real digits."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Scribbles")
        self._scheduler = controllers.scheduler
        self._background = controllers.background
        self._noise = noise(np.random.default_rng(SEED), COUNT)
        self._sentence = label("Drawing scribbles …", wrap=True)
        self._sentence.setObjectName("scribbleLabel")
        self._bars = ConfidenceBars()
        self._gallery = ScribbleGallery(controllers.drawing)
        self._others = button("Show others", "otherScribblesButton", f"Leaf through the {COUNT} scribbles.")
        self._others.clicked.connect(self._gallery.turn_page)
        hint = "How sure is the network of pictures that show no digit?"
        self.body.addWidget(label(hint, "secondary", wrap=True))
        self.body.addSpacing(6)
        self.body.addWidget(self._bars)
        self.body.addSpacing(6)
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._gallery, 1)
        self.body.addWidget(self._others)
        self.parts = (
            Part(self._request, ("scribbles",), Urgency.BACKGROUND),
            Part(self._show, ("frame", "scribbles", "dataset"), Urgency.BACKGROUND),
        )

    def _request(self, scene: Scene) -> None:
        self._others.setEnabled(bool(scene.scribbles))
        if not scene.scribbles:
            self._background.do("scribbles", _scribbles(), lambda made: self._scheduler.change(scribbles=made))

    def _show(self, scene: Scene) -> None:
        if not scene.scribbles:
            return
        predictions = scene.network.predict(np.reshape(scene.scribbles, (COUNT, -1)))
        scribbles = Confidence("scribbles", predictions.max(axis=1))
        kinds = [scribbles, _confidence(scene, "noise images", self._noise)]
        if scene.dataset is not None:
            kinds.insert(0, _confidence(scene, "test digits", _sample(scene.dataset)))
        self._bars.show_kinds(kinds)
        self._sentence.setText(
            "It has no way to say “this is no digit”: "
            f"it is at least {percent(SURE, 0)} sure of {scribbles.sure} of {COUNT} scribbles."
        )
        self._gallery.show_predictions(scene.scribbles, predictions)


def _scribbles() -> Generator[None, None, tuple[NDArray[np.float32], ...]]:
    random = np.random.default_rng(SEED)
    made: list[NDArray[np.float32]] = []
    while len(made) < COUNT:
        made.append(scribble(random))
        yield
    return tuple(made)


def _sample(dataset: Dataset) -> NDArray[np.float32]:
    """Test digits, always the same ones of a dataset, (COUNT, 784)."""
    count = len(dataset.test_images)
    return as_floats(dataset.test_images[np.random.default_rng(SEED).choice(count, min(COUNT, count), replace=False)])


def _confidence(scene: Scene, kind: str, images: NDArray[np.float32]) -> Confidence:
    return Confidence(kind, scene.network.predict(images).max(axis=1))
