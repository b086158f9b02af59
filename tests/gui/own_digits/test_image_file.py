"""Images of digits, made with Qt's own painter and writers, in all the ways that people have them."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QImageIOHandler, QImageWriter, QPainter, QPen, QTransform

from gui.own_digits.decoding import ImageError
from gui.own_digits.image_file import digit_of, digits_in, label_of
from model.network import Network
from model.storage.own_digits import OwnDigit

BLACK, WHITE = QColor("black"), QColor("white")


def seven(paper: QColor, ink: QColor, width: int = 300, height: int = 400, pen: float = 34) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(paper)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(width / 300, height / 400)
    painter.setPen(QPen(ink, pen, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline([QPointF(70, 90), QPointF(220, 90), QPointF(130, 320)])
    painter.end()
    return image


def test_black_on_white_and_white_on_black_are_the_same(tmp_path: Path, trained: Network) -> None:
    seven(WHITE, BLACK).save(str(tmp_path / "black.png"))
    seven(BLACK, WHITE).save(str(tmp_path / "white.png"))
    black, white = digit_of(tmp_path / "black.png"), digit_of(tmp_path / "white.png")
    assert np.abs(black - white).max() < 0.02
    assert trained.predict_digit(black).argmax() == 7


@pytest.mark.parametrize("ink", [BLACK, WHITE, QColor("blue")])
def test_paper_may_be_transparent(tmp_path: Path, ink: QColor) -> None:
    seven(WHITE, BLACK).save(str(tmp_path / "opaque.png"))
    seven(QColor(0, 0, 0, 0), ink).save(str(tmp_path / "clear.png"))
    assert np.abs(digit_of(tmp_path / "clear.png") - digit_of(tmp_path / "opaque.png")).max() < 0.02


@pytest.mark.parametrize(("paper", "ink"), [("#d8d2c4", "#30406a"), ("#203020", "#c0d0c0"), ("#ffffff", "#909090")])
def test_jpegs_of_grey_ink_on_grey_paper_are_read(tmp_path: Path, trained: Network, paper: str, ink: str) -> None:
    path = tmp_path / "photo.jpg"
    assert seven(QColor(paper), QColor(ink)).convertToFormat(QImage.Format.Format_RGB32).save(str(path), quality=60)
    digit = digit_of(path)
    assert trained.predict_digit(digit).argmax() == 7
    assert digit[:, :3].max() == digit[:, -3:].max() == 0  # the grain of the paper is no ink


def test_shadows_are_no_ink(tmp_path: Path, trained: Network) -> None:
    image = seven(WHITE, BLACK).convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(400, -1)[:, :300]
    shaded = (pixels * np.linspace(1, 0.75, 400)[:, None]).astype(np.uint8)
    path = tmp_path / "photo.png"
    QImage(shaded.tobytes(), 300, 400, 300, QImage.Format.Format_Grayscale8).save(str(path))
    seven(WHITE, BLACK).save(str(tmp_path / "even.png"))
    assert np.abs(digit_of(path) - digit_of(tmp_path / "even.png")).max() < 0.1


def test_a_large_photograph_gives_the_same_as_a_small_one(tmp_path: Path) -> None:
    seven(WHITE, BLACK, 3000, 4000).save(str(tmp_path / "large.png"))
    seven(WHITE, BLACK).save(str(tmp_path / "small.png"))
    assert np.abs(digit_of(tmp_path / "large.png") - digit_of(tmp_path / "small.png")).max() < 0.1


def test_an_image_of_28_by_28_is_taken_as_it_is(tmp_path: Path) -> None:
    pixels = np.zeros((28, 28), np.uint8)
    pixels[3:9, 5:8] = np.random.default_rng(0).integers(1, 256, (6, 3))
    QImage(pixels.tobytes(), 28, 28, 28, QImage.Format.Format_Grayscale8).save(str(tmp_path / "digit.png"))
    assert OwnDigit.of(digit_of(tmp_path / "digit.png")).pixels == pixels.tobytes()


@pytest.mark.parametrize(
    ("name", "label"),
    [("7.png", 7), ("7-b.png", 7), ("3 (2).jpg", 3), ("0_first.png", 0), ("IMG_2041.jpg", None), ("12.png", None),
     ("3rd.png", None), ("5/photo.jpg", 5), ("55/photo.jpg", None)],
)  # fmt: skip
def test_the_name_or_the_folder_says_what_it_is(name: str, label: int | None) -> None:
    assert label_of(Path("digits") / name) == label


def write_header_of_enormous_png(path: Path) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(QImage(1, 1, QImage.Format.Format_Grayscale8))
    data = bytearray(buffer.data().data())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    path.write_bytes(data)


def test_a_photograph_is_turned_as_the_camera_was_held(tmp_path: Path) -> None:
    seven(WHITE, BLACK).save(str(tmp_path / "upright.jpg"))
    lying = seven(WHITE, BLACK).transformed(QTransform().rotate(-90))
    writer = QImageWriter(str(tmp_path / "turned.jpg"))
    writer.setTransformation(QImageIOHandler.Transformation.TransformationRotate90)
    assert writer.write(lying)
    assert np.abs(digit_of(tmp_path / "turned.jpg") - digit_of(tmp_path / "upright.jpg")).max() < 0.1


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_photograph_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "cut.jpg"
    seven(WHITE, BLACK).save(str(path))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(ImageError, match="damaged"):
        digit_of(path)


def test_what_a_telephone_appends_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "moving.jpg"
    seven(WHITE, BLACK).save(str(path))
    before = digit_of(path)
    for seed in range(10):
        film = np.random.default_rng(seed).bytes(200_000) + b"\xff\xda"
        (tmp_path / "film.jpg").write_bytes(path.read_bytes() + film)
        assert np.array_equal(digit_of(tmp_path / "film.jpg"), before)


@pytest.mark.parametrize(("name", "length"), [("7.png", 20), ("7.jpg", 30)])
def test_a_file_that_was_cut_in_its_head_is_damaged(tmp_path: Path, name: str, length: int) -> None:
    seven(WHITE, BLACK).save(str(tmp_path / name))
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:length])
    with pytest.raises(ImageError, match="damaged"):
        digit_of(tmp_path / name)


def test_a_dark_speck_does_not_hide_pale_ink(tmp_path: Path) -> None:
    image = seven(QColor("#d0d0d0"), QColor("#808080"))
    image.save(str(tmp_path / "clean.png"))
    painter = QPainter(image)
    painter.fillRect(150, 200, 4, 4, BLACK)
    painter.end()
    image.save(str(tmp_path / "speck.png"))
    assert np.abs(digit_of(tmp_path / "speck.png") - digit_of(tmp_path / "clean.png")).mean() < 0.01


@pytest.mark.parametrize("size", [(3000, 2), (2, 3000)])
def test_a_strip_is_an_image(tmp_path: Path, size: tuple[int, int]) -> None:
    image = QImage(*size, QImage.Format.Format_Grayscale8)
    image.fill(255)
    image.save(str(tmp_path / "strip.png"))
    with pytest.raises(ImageError, match="no ink"):
        digit_of(tmp_path / "strip.png")


def test_bad_files_are_reported_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no image at all")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    seven(WHITE, WHITE).save(str(tmp_path / "blank.png"))
    seven(WHITE, BLACK).save(str(tmp_path / "whole.png"))
    seven(WHITE, BLACK).save(str(tmp_path / "map.bmp"))
    seven(WHITE, BLACK, 3, 4).save(str(tmp_path / "tiny.png"))
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:300])
    write_header_of_enormous_png(tmp_path / "enormous.png")
    expected = {
        "text.png": "is no PNG or JPEG image",
        "empty.png": "is empty: it has no bytes at all",
        "folder.png": "is no PNG or JPEG image",
        "missing.png": "There is no file",
        "map.bmp": "is no PNG or JPEG image",
        "blank.png": "has no ink that stands out",
        "tiny.png": "is too small",
        "cut.png": "is a damaged image",
        "enormous.png": "is too large: 60,000 × 60,000 pixels",
    }
    for name, sentence in expected.items():
        with pytest.raises(ImageError) as caught:
            digits_in(tmp_path / name)
        assert sentence in str(caught.value)
        assert name in str(caught.value)
        assert str(caught.value).endswith("Choose another file.")
