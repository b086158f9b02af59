"""Images that were made to take time or memory; what they cost is bounded by what is said of them."""

import os
import struct
import sys
import zlib
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QImageWriter

from gui.own_digits.decoding import LARGEST_FILE, MOST_BYTES, ImageError, decoded

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *others: bytes, depth: int = 8, color: int = 0) -> bytes:
    """A white image, with other chunks before its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    pixels = zlib.compress((b"\0" + b"\xff" * width) * height) if width * height < 10**6 else b""
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(others) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_texts_that_unpack_to_gigabytes_never_get_to_the_decoder(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(7_000_000), 9)
    texts = [chunk(b"zTXt", b"Comment\0\0" + bomb), chunk(b"iCCP", b"profile\0\0" + bomb)]
    path = tmp_path / "7.png"
    path.write_bytes(png(20, 20, *(50 * texts)))
    image = decoded(path)
    assert (image.width(), image.height(), image.pixelColor(3, 3).lightness()) == (20, 20, 255)
    assert image.textKeys() == []


def test_a_deep_image_may_have_fewer_pixels(tmp_path: Path) -> None:
    path = tmp_path / "7.png"
    side = 4000  # 16 megapixels of 8 bytes
    assert 8 * side**2 > MOST_BYTES
    path.write_bytes(png(side, side, depth=16, color=6))
    with pytest.raises(ImageError, match=r"4,000 × 4,000 pixels of 16 bits"):
        decoded(path)


def test_more_scans_than_any_program_makes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "7.jpg"
    image = QImage(64, 64, QImage.Format.Format_RGB888)
    image.fill(0xFF336699)
    writer = QImageWriter(str(path), b"jpeg")
    writer.setProgressiveScanWrite(True)
    assert writer.write(image)
    assert decoded(path).width() == 64
    content = path.read_bytes()
    last = content.rindex(b"\xff\xda")
    path.write_bytes(content[:last] + 100 * content[last:-2] + content[-2:])
    with pytest.raises(ImageError, match="scans, which no camera makes"):
        decoded(path)


def test_a_file_with_a_hole_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "7.jpg"
    image = QImage(64, 64, QImage.Format.Format_RGB888)
    image.fill(0xFF336699)
    assert image.save(str(path))
    os.truncate(path, 3 * 10**9)
    with pytest.raises(ImageError, match=rf"3,000 MB, and {LARGEST_FILE // 10**6} are read"):
        decoded(path)


@posix
def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "7.png")
    with pytest.raises(ImageError, match="is no PNG or JPEG image"):
        decoded(tmp_path / "7.png")


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFFFFF, 10**6])
def test_a_chunk_that_is_longer_than_its_file_ends_it(tmp_path: Path, length: int) -> None:
    content = bytearray(png(20, 20))
    content[33:37] = struct.pack(">I", length)  # of the pixels
    (tmp_path / "7.png").write_bytes(content)
    with pytest.raises(ImageError, match="damaged"):
        decoded(tmp_path / "7.png")
