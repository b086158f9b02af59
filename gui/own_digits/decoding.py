"""PNG and JPEG files as images, with limits of time and memory that hold whatever a file says.

Only what the image itself is made of gets to the decoder: a text of some kilobytes may unpack to gigabytes, and each
scan of a progressive JPEG costs as much as a whole image.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from model.storage.reading import FileError, opened_file

LARGEST_FILE = 64_000_000  # bytes: no camera's JPEG is as large
TOO_LARGE, NO_IMAGE = "is too large: {:,.0f} MB, and 64 are read.", "is no PNG or JPEG image."
MOST_PIXELS = 30_000_000  # what a telephone's camera makes
MOST_BYTES = 120_000_000  # of an image once it is unpacked
SMALLEST = 8  # pixels of an image's longer side
LOOKED_AT = 600  # pixels: larger images are scaled down to this
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"  # how they begin
KEPT_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
SAMPLES_A_PIXEL = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by the colour type of a PNG
MOST_SCANS = 24  # of a progressive JPEG: programs make some ten
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]", re.DOTALL)  # of a segment; the others stand within a scan's data


class ImageError(FileError):
    """An image that cannot be used; the message is a sentence for the user."""


def decoded(path: Path) -> QImage:
    """The image of a file, turned as it was held, and scaled down if it is large.

    Raises ImageError, with what is wrong.
    """
    content, kind = _content(path)
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoTransform(True)  # a telephone notes how it was held
    size = reader.size()
    if not size.isValid():
        raise ImageError("is a damaged image.")
    if max(size.width(), size.height()) < SMALLEST:
        raise ImageError(f"is too small: a digit needs {SMALLEST} pixels at least.")
    if size.width() * size.height() > MOST_PIXELS:
        pixels = f"{size.width():,} × {size.height():,} pixels"
        raise ImageError(f"is too large: {pixels}. Cut the digit out of it, or make it smaller.")
    if max(size.width(), size.height()) > LOOKED_AT:
        scaled = size.scaled(QSize(LOOKED_AT, LOOKED_AT), Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(scaled.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise ImageError("is a damaged image.")
    return image


def _content(path: Path) -> tuple[bytes, bytes]:
    """What a decoder has to see of a file, and which one."""
    try:
        with opened_file(path, LARGEST_FILE, TOO_LARGE, NO_IMAGE) as file:
            content = file.read()
    except FileError as error:
        raise ImageError(str(error)) from None
    if not content:
        raise ImageError("is empty: it has no bytes at all.")
    if content.startswith(PNG):
        return _essential_chunks(content), b"png"
    if content.startswith(JPEG):
        return _image_segments(content), b"jpeg"
    raise ImageError(NO_IMAGE)


def _essential_chunks(png: bytes) -> bytes:
    """The chunks (ISO/IEC 15948) without which there is no image: a text or a colour profile may unpack to anything."""
    kept = [PNG]
    for name, start, end in _chunks(png):
        if name == b"IHDR" and end - start >= 12 + 13:
            width, height = (int.from_bytes(png[start + k : start + k + 4], "big") for k in (8, 12))
            depth, color = png[start + 16], png[start + 17]
            if width * height * SAMPLES_A_PIXEL.get(color, 4) * max(1, depth // 8) > MOST_BYTES:
                pixels = f"{width:,} × {height:,} pixels of {depth} bits"
                raise ImageError(f"is too large: {pixels}. Cut the digit out of it, or make it smaller.")
        if name in KEPT_CHUNKS:
            kept.append(png[start:end])
    return b"".join(kept)


def _chunks(png: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each."""
    start = len(PNG)
    while start + 8 <= len(png):
        end = start + 12 + int.from_bytes(png[start : start + 4], "big")
        yield png[start + 4 : start + 8], start, end
        start = end


def _image_segments(jpeg: bytes) -> bytes:
    """Up to the end of the image (ITU-T T.81): what a telephone appends behind that is none of our business.

    Qt fills in grey what is missing, and says nothing: so an image without an end is damaged.
    """
    place, scans = 2, 0
    while marker := MARKER.search(jpeg, place):
        kind = marker[0][1]
        if kind == END_OF_IMAGE:
            return jpeg[: marker.end()]
        scans += kind == START_OF_SCAN
        if scans > MOST_SCANS:
            raise ImageError(f"has more than {MOST_SCANS} scans, which no camera makes.")
        # behind the head of a scan comes its data, without any of these markers
        place = marker.end() + int.from_bytes(jpeg[marker.end() : marker.end() + 2], "big")
    raise ImageError("is a damaged image.")
