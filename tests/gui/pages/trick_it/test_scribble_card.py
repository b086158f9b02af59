import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages.trick_it.scribble_card import COUNT, SEED
from gui.pages.trick_it.scribbles import noise, scribble
from gui.theme import LIGHT
from gui.widgets.captioned_pictures import PictureGrid
from gui.widgets.digit_picture import ink_image
from model.dataset import Dataset
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import Find, click, settle, turn_to
from tests.gui.pages.trick_it.conftest import in_words


@pytest.fixture
def scribbles(qtbot: QtBot, trick: MainWindow) -> np.ndarray:
    """As soon as the page shows them."""
    wait_for_scribbles(qtbot, trick)
    return np.array(trick.scene.scribbles)


def wait_for_scribbles(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: len(window.scene.scribbles) == COUNT)
    settle(window)


def confidences(network: Network, images: np.ndarray) -> np.ndarray:
    return network.predict(images.reshape(len(images), 784)).max(axis=1)


def place_of(gallery: PictureGrid, row: int) -> QRect:
    return gallery.visualRect(gallery.model().index(row, 0))


def visible(gallery: PictureGrid) -> list[int]:
    """The pictures that are seen whole."""
    return [row for row in range(COUNT) if gallery.viewport().rect().contains(place_of(gallery, row))]


def filled_share(picture: QImage, row: int) -> float:
    """Of the bar that is nearest to a row."""
    rows = [[picture.pixelColor(x, row + y).name() for x in range(picture.width())] for y in range(-6, 7)]
    bar = max(rows, key=lambda colors: colors.count(LIGHT.accent) + colors.count(LIGHT.hairline))
    return bar.count(LIGHT.accent) / (bar.count(LIGHT.accent) + bar.count(LIGHT.hairline))


def test_each_kind_has_its_mean_and_its_share(
    scribbles: np.ndarray, find: Find, network: Network, digits: Dataset
) -> None:
    test_digits, strokes, pixels = find("confidenceBars").kinds
    assert [kind.kind for kind in (test_digits, strokes, pixels)] == ["test digits", "scribbles", "noise images"]
    for kind, images in ((strokes, scribbles), (pixels, noise(np.random.default_rng(SEED), COUNT))):
        expected = confidences(network, images)
        assert len(expected) == COUNT
        assert kind.mean == pytest.approx(expected.mean())
        assert kind.sure == sum(each >= 0.9 for each in expected.tolist())
    assert len(test_digits.confidences) == COUNT
    assert np.isin(test_digits.confidences.round(4), confidences(network, digits.test_images).round(4)).all()
    assert test_digits.mean > strokes.mean
    assert 0 < strokes.sure < COUNT
    assert find("scribbleLabel").text().endswith(f"at least 90 % sure of {strokes.sure} of 200 scribbles.")
    picture = find("confidenceBars").grab().toImage()
    for k, kind in enumerate((test_digits, strokes, pixels)):
        assert filled_share(picture, round((k + 0.5) * picture.height() / 3)) == pytest.approx(kind.mean, abs=0.02)


def test_a_picture_of_the_gallery_has_its_prediction_and_goes_on_the_pad(
    trick: MainWindow, scribbles: np.ndarray, find: Find, network: Network
) -> None:
    gallery = find("scribbleGallery")
    for row in (2, 199):
        assert gallery.describe(row).digit == ink_image(scribbles[row])
        assert gallery.describe(row).caption == in_words(network, scribbles[row])
    kinds = find("confidenceBars").kinds
    QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=place_of(gallery, 2).center())
    settle(trick)
    assert np.array_equal(trick.scene.digit, scribbles[2])
    assert len(trick.scene.earlier_drawings) == 1
    gallery.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(gallery, key)
    settle(trick)
    assert np.array_equal(trick.scene.digit, scribbles[3])
    assert find("confidenceBars").kinds is kinds  # the same network is asked once


def test_others_are_shown_until_the_first_come_again_and_a_larger_window_shows_more(
    qtbot: QtBot, trick: MainWindow, scribbles: np.ndarray, find: Find
) -> None:
    gallery = find("scribbleGallery")
    first = visible(gallery)
    assert len(first) >= 6
    shown: set[int] = set()
    while not shown.issuperset(visible(gallery)):
        shown.update(visible(gallery))
        click(find("otherScribblesButton"))
    assert shown == set(range(COUNT))
    assert visible(gallery) == first
    trick.resize(1800, 1200)
    qtbot.waitUntil(lambda: len(visible(gallery)) > len(first))
    places = [place_of(gallery, row) for row in visible(gallery)]
    assert not any(one.intersects(other) for one in places for other in places if one is not other)


def test_another_network_leaves_the_gallery_where_it_was(trick: MainWindow, scribbles: np.ndarray, find: Find) -> None:
    gallery = find("scribbleGallery")
    click(find("otherScribblesButton"))
    shown = visible(gallery)
    assert 0 not in shown
    trick.controllers.runs.show_detached(Frame(Progress(), Network.initialize()), "untrained")
    settle(trick)
    assert visible(gallery) == shown


def test_it_follows_the_frame_on_the_screen(trick: MainWindow, scribbles: np.ndarray, find: Find) -> None:
    untrained = Network.initialize()
    trick.controllers.runs.show_detached(Frame(Progress(), untrained), "untrained")
    settle(trick)
    assert "sure of 0 of 200" in find("scribbleLabel").text()
    assert find("confidenceBars").kinds[1].mean == pytest.approx(confidences(untrained, scribbles).mean())
    assert find("scribbleGallery").describe(0).caption == in_words(untrained, scribbles[0])


def test_they_are_drawn_once_and_not_before_somebody_looks(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    settle(window)
    assert not window.controllers.background.is_busy("scribbles")
    assert window.scene.scribbles == ()
    window.controllers.playhead.hold()  # what is done beside the window waits
    turn_to(window, "Trick it")
    assert find("scribbleLabel").text().startswith("Drawing")
    assert find("confidenceBars").kinds == ()
    assert not find("otherScribblesButton").isEnabled()
    assert find("scribbleGallery").model().rowCount() == 0
    click(find("scribbleGallery").viewport())
    assert window.scene.digit is None
    turn_to(window, "Training")
    turn_to(window, "Trick it")
    window.controllers.playhead.release()
    wait_for_scribbles(qtbot, window)
    assert find("otherScribblesButton").isEnabled()
    assert len(find("confidenceBars").kinds) == 3
    made = window.scene.scribbles
    turn_to(window, "Training")
    turn_to(window, "Trick it")
    assert not window.controllers.background.is_busy("scribbles")
    assert window.scene.scribbles is made


def test_scribbles_are_the_same_in_every_program_and_like_drawings() -> None:
    first, again = ([scribble(random) for _ in range(20)] for random in map(np.random.default_rng, (1, 1)))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one, other)
        assert one.shape == (28, 28)
        assert one.max() > 0.9
        assert not one.flags.writeable
        mass = (one.sum(axis=0) @ (np.arange(28) + 0.5), one.sum(axis=1) @ (np.arange(28) + 0.5)) / one.sum()
        assert mass == pytest.approx((14.5, 14.5), abs=0.3)
    assert not np.array_equal(first[0], first[1])


def test_every_shade_of_noise_is_equally_likely() -> None:
    images = noise(np.random.default_rng(1), 50)
    assert images.shape == (50, 784)
    counts, _ = np.histogram(images, bins=10, range=(0, 1))
    assert counts == pytest.approx(3920, rel=0.1)
