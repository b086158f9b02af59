from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.trick.scribble_card import COUNT, ScribbleCard
from gui.trick.scribbles import noise, scribble
from gui.trick.trick_page import TrickPage
from model.dataset import Dataset
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import click

Find = Callable[[str], QWidget]


@pytest.fixture
def card(qtbot: QtBot, empty_page: TrickPage) -> ScribbleCard:
    qtbot.waitUntil(lambda: len(empty_page.scribbles._bars.kinds) > 0)
    return empty_page.scribbles


def confidences(network: Network, images: np.ndarray) -> np.ndarray:
    return network.predict(images.reshape(len(images), 784)).max(axis=1)


def test_each_kind_has_its_mean_and_its_share(card: ScribbleCard, network: Network, digits: Dataset) -> None:
    test_digits, scribbles, pixels = card._bars.kinds
    assert [kind.kind for kind in card._bars.kinds] == ["test digits", "scribbles", "pictures of noise"]
    for kind, images in ((scribbles, np.array(card._scribbles)), (pixels, card._noise)):
        expected = confidences(network, images)
        assert len(expected) == COUNT
        assert kind.mean == pytest.approx(expected.mean())
        assert kind.sure == sum(each >= 0.9 for each in expected.tolist())
    assert np.isin(test_digits.confidences.round(4), confidences(network, digits.test_images).round(4)).all()
    assert test_digits.mean > scribbles.mean


def test_the_lesson_is_computed(card: ScribbleCard, find: Find, network: Network) -> None:
    sure = int((confidences(network, np.array(card._scribbles)) >= 0.9).sum())
    assert 0 < sure < COUNT
    assert find("scribbleLabel").text().endswith(f"at least 90 % sure of {sure} of 200 scribbles.")


def test_a_picture_of_the_gallery_has_its_answer_and_goes_on_the_pad(
    card: ScribbleCard, find: Find, network: Network
) -> None:
    picture = find("scribble2")
    assert np.array_equal(picture.digit, card._scribbles[2])
    answer = network.predict_digit(picture.digit)
    assert picture.text() == f"{answer.argmax()}  ·  {100 * answer.max():.0f} %"
    click(picture)
    assert np.array_equal(find("drawingPad").digit, card._scribbles[2])
    find("scribble3").setFocus()
    QTest.keyClick(find("scribble3"), Qt.Key.Key_Space)
    assert np.array_equal(find("drawingPad").digit, card._scribbles[3])


def test_others_are_shown_until_the_first_come_again(card: ScribbleCard, find: Find) -> None:
    visible = sum(not picture.isHidden() for picture in card._gallery._pictures)
    assert visible >= 8
    shown = set()
    for _ in range(-(-COUNT // visible)):
        shown |= {id(picture.digit) for picture in card._gallery._pictures[:visible]}
        click(find("otherScribblesButton"))
    assert shown == {id(each) for each in card._scribbles}


def test_a_larger_window_shows_more_of_them(qtbot: QtBot, card: ScribbleCard, find: Find) -> None:
    before = sum(picture.isVisible() for picture in card._gallery._pictures)
    find("closerLook").resize(1500, 1200)
    qtbot.waitUntil(lambda: sum(picture.isVisible() for picture in card._gallery._pictures) > before)
    for picture in card._gallery._pictures:
        assert not picture.isVisible() or card._gallery.rect().contains(picture.geometry())


def test_it_follows_the_frame_on_the_screen(qtbot: QtBot, window: MainWindow, card: ScribbleCard, find: Find) -> None:
    untrained = Network.initialize()
    window.playhead.show_apart(Frame(Progress(), untrained))
    qtbot.waitUntil(lambda: "sure of 0 of 200" in find("scribbleLabel").text())
    assert card._bars.kinds[1].mean == pytest.approx(confidences(untrained, np.array(card._scribbles)).mean())


def test_the_same_network_is_asked_once(page: TrickPage, qtbot: QtBot, window: MainWindow, find: Find) -> None:
    qtbot.waitUntil(lambda: len(page.scribbles._bars.kinds) > 0)
    kinds = page.scribbles._bars.kinds
    click(find("clearDrawingButton"))
    qtbot.waitUntil(lambda: find("answerBeforeLabel").text() == "")
    assert page.scribbles._bars.kinds is kinds


def test_scribbles_are_the_same_in_every_program_and_like_drawings(qtbot: QtBot) -> None:
    first, again = ([scribble(random) for _ in range(20)] for random in map(np.random.default_rng, (1, 1)))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one, other)
        assert one.shape == (28, 28)
        assert one.max() > 0.9
        mass = (one.sum(axis=0) @ (np.arange(28) + 0.5), one.sum(axis=1) @ (np.arange(28) + 0.5)) / one.sum()
        assert mass == pytest.approx((14.5, 14.5), abs=0.3)
    assert not np.array_equal(first[0], first[1])


def test_every_shade_of_noise_is_equally_likely() -> None:
    images = noise(np.random.default_rng(1), 50)
    assert images.shape == (50, 784)
    counts, _ = np.histogram(images, bins=10, range=(0, 1))
    assert counts == pytest.approx(3920, rel=0.1)


def test_before_there_are_scribbles_none_can_be_chosen(qtbot: QtBot) -> None:
    card = ScribbleCard()
    qtbot.addWidget(card)
    with qtbot.assertNotEmitted(card.digit_made):
        click(card._gallery._pictures[0])
        click(card._others)
