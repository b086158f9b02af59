"""Files that were altered: as a disk, a transfer or somebody with an intention would do it.

Each mutation takes a file's bytes and a source of randomness, and returns other bytes. Those that know what a file
consists of leave all around their change intact, checksums too, so that it comes as far as possible.
"""

import io
import json
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

Mutation = Callable[[bytes, Random], bytes]

NUMBERS = (0, -1, 1, 2, 3, 7, 255, 256, 784, 1000, 4097, 65536, 10**6, 2**31 - 1, 2**31, 2**32, 2**53, 2**63, 10**30)
FLOATS = (np.nan, np.inf, -np.inf, -0.0, 0.5, 1.5, -1e-9, 1e-320, 1e16, 1e38, 3e38, 1e308, -1e308)
TEXTS = (
    "",
    " ",
    "\0",
    "a\nb",
    "\ud800",
    "\udcff.py",
    "\u202e",
    '"""',
    "\\",
    "$x",
    "%s",
    "../../x",
    "x" * 70_000,
    "sigmoid",
)
KINDS = (
    "<f4",
    "<f8",
    "<f2",
    ">f4",
    ">f8",
    "<c16",
    "|O",
    "|V8",
    "<U9",
    "|S9",
    "<i8",
    "|b1",
    "<M8[s]",
    "<U999999",
    "<f16",
)
LONG = 100_000  # as many values as nobody has
LARGEST_TEXT = 10_000_000  # bytes, or it takes longer to make than to read


def anything(random: Random, depth: int = 2) -> Any:
    """A value of JSON, of those that programs stumble over."""
    simple = (None, True, False, *NUMBERS, *FLOATS, *TEXTS, 0.1, "1", "NaN")
    if depth and random.random() < 0.3:
        inner = [anything(random, depth - 1) for _ in range(random.randrange(4))]
        return random.choice((inner, {str(k): each for k, each in enumerate(inner)}, inner * random.choice((1, 2000))))
    return random.choice(simple)


# Bytes


def truncate(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def flip(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 5, 50))):
        if changed:
            changed[_place(changed, random)] ^= 1 << random.randrange(8)
    return bytes(changed)


def overwrite(content: bytes, random: Random) -> bytes:
    place, size = _place(content, random), random.choice((1, 2, 4, 8))
    number = random.choice((*NUMBERS, random.getrandbits(64))) % 2 ** (8 * size)
    return content[:place] + number.to_bytes(size, random.choice(("little", "big"))) + content[place + size :]


def splice(content: bytes, random: Random) -> bytes:
    """A piece of it to another place, or twice, or away, or zeros."""
    first, last = sorted(random.randrange(len(content) + 1) for _ in range(2))
    last = min(last, first + random.choice((10, 1000, len(content))))
    place = random.randrange(len(content) + 1)
    piece = content[first:last]
    return random.choice(
        (
            content[:place] + piece + content[place:],
            content[:first] + content[last:],
            content[:first] + bytes(last - first) + content[last:],
            content[:place] + piece + content[place + len(piece) :],
            content + piece,
            piece,
        )
    )


def _place(content: bytes | bytearray, random: Random) -> int:
    """Anywhere, or among what comes first or last, where heads and directories are."""
    length = max(1, len(content))
    near = random.randrange(min(length, 200))
    return random.choice((random.randrange(length), near, length - 1 - near)) % length


# Archives and the arrays in them


def alter_archive(content: bytes, random: Random) -> bytes:
    """Members that are missing, renamed, double, packed in other ways, or immense."""
    members = list(_members(content).items())
    k = random.randrange(len(members))
    name, array = members[k]
    what = random.randrange(8)
    if what == 0:
        del members[k]
    elif what == 1:
        members[k] = random.choice((members[0][0], name.upper(), "", "../x.npy", "x" * 9000, "weights_9.npy")), array
    elif what == 2:
        members.append((name, random.choice(members)[1]))
    elif what == 3:
        members += [(f"{number}.npy", b"") for number in range(random.choice((1, 300, 2000)))]
    elif what == 4:
        members[k] = name, array + bytes(random.choice((1, 1000, 50_000_000)))
    elif what == 5:
        members[k] = name, array[: random.randrange(len(array) + 1)]
    elif what == 6:
        members[k] = name, random.choice(members)[1]
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return _zipped(members, random.choices(methods, (5, 4, 1, 1))[0])


def alter_directory(content: bytes, random: Random) -> bytes:
    """A field of a member's entry, of its head, or of the end of the archive."""
    signature, size = random.choice(((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)))
    places = [found.start() for found in re.finditer(re.escape(signature), content)]
    if not places:
        return flip(content, random)
    place, width = random.choice(places) + random.randrange(4, size, 2), random.choice((1, 2, 4))
    number = random.choice((*NUMBERS, 8, 12, 14, 20, 45, 63, 99, random.getrandbits(32))) % 2 ** (8 * width)
    return content[:place] + number.to_bytes(width, "little") + content[place + width :]


def alter_header(content: bytes, random: Random) -> bytes:
    """What a member says of its array."""
    members = _members(content)
    name = random.choice(list(members))
    array = members[name]
    start, end = 10, 10 + int.from_bytes(array[8:10], "little")
    text = array[start:end].decode("latin-1")
    what = random.randrange(6)
    if what == 0:
        text = re.sub(r"'descr': '[^']*'", f"'descr': '{random.choice(KINDS)}'", text)
    elif what == 1:
        text = text.replace("False", random.choice(("True", "1", "None", "[]")))
    elif what == 2:
        numbers = ", ".join(str(random.choice(NUMBERS)) for _ in range(random.randrange(5)))
        text = re.sub(r"\([^)]*\)", lambda _: f"({numbers})", text)
    elif what == 3:
        text = re.sub(r"\d+(?=[,)])", lambda _: str(random.choice(NUMBERS)), text, count=1)
    elif what == 4:
        text = random.choice(("(" * 3000, "[" * 9000 + "]" * 9000, "{}", "", "{'descr': '<f4'}", "\xff" * 50, text * 2))
    else:
        text = flip(text.encode("latin-1"), random).decode("latin-1")
    members[name] = array[:8] + struct.pack("<H", len(text) % 65536) + text.encode("latin-1") + array[end:]
    return _zipped(list(members.items()))


def alter_array(content: bytes, random: Random) -> bytes:
    """Numbers in an array, its kind, its shape, or the JSON in it."""
    with np.load(io.BytesIO(content)) as found:
        arrays: dict[str, Any] = dict(found)
    name = random.choice([*arrays, *(["settings"] * 5 if "settings" in arrays else [])])
    if arrays[name].dtype.kind == "U":
        arrays[name] = np.array(alter_json(str(arrays[name]).encode(), random).decode("utf-8", "replace"))
    else:
        arrays[name] = _altered(arrays[name], random)
    result = io.BytesIO()
    with np.errstate(all="ignore"):
        random.choice((np.savez, np.savez, np.savez_compressed))(result, **arrays)
    return result.getvalue()


def _altered(array: Any, random: Random) -> Any:
    what, changed = random.randrange(8), np.array(array)
    with np.errstate(all="ignore"):
        if what <= 2 and changed.size:
            place = random.randrange(changed.size)
            value = random.choice(FLOATS if changed.dtype.kind == "f" else NUMBERS)
            new = np.array(value).astype(changed.dtype) if abs(value) < 2**63 or value != value else changed.max()
            changed.reshape(-1)[place] = new
        elif what == 3:
            return changed.astype(random.choice(("<f4", "<f8", "<f2", ">f8", "<i8", "|u1", "|b1", "<U20", "<c16")))
        elif what == 4 and changed.ndim:
            return np.concatenate([changed] * random.choice((2, 3, 3000 if changed.nbytes < 10_000 else 4)))
        elif what == 5 and changed.ndim:
            return changed[random.choice((slice(0), slice(1), slice(None, -1), slice(None, None, -1)))]
        elif what == 6:
            return np.asfortranarray(changed) if random.random() < 0.5 else changed.T
        elif what == 7:
            return np.array(random.choice((0, 1.5, [1], "text", [[1]], True, np.zeros((0, 784)))))
    return changed


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    result = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),
        zipfile.ZipFile(result, "w", compression, compresslevel=1) as archive,
    ):
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return result.getvalue()


# Settings, and pictures


def alter_json(content: bytes, random: Random) -> bytes:
    """A value anywhere in it, or its text."""
    values = json.loads(content)
    for _ in range(random.choice((1, 1, 1, 3))):
        holder, key = _somewhere(values, random)
        what = random.randrange(5)
        if what == 0 and isinstance(holder[key], list) and len(holder[key]) < 2000:
            holder[key] = holder[key] * random.choice((2, LONG // max(1, len(holder[key]))))
        elif what == 1 and isinstance(holder, dict):
            del holder[key]
            if not values:
                break
        else:
            holder[key] = anything(random)
    return json.dumps(values, ensure_ascii=random.random() < 0.5).encode("utf-8", "replace")[:LARGEST_TEXT]


def _somewhere(values: Any, random: Random) -> tuple[Any, Any]:
    """A value within others: what holds it, and where."""
    while True:
        key = random.choice(list(values)) if isinstance(values, dict) else random.randrange(len(values))
        inner = values[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.4:
            return values, key
        values = inner


def alter_chunk(content: bytes, random: Random) -> bytes:
    """A chunk of a PNG with other content, and the checksum that it should have then."""
    chunks, place = [], 8
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        chunks.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + size]))
        place += 12 + size
    k = random.randrange(len(chunks))
    kind, data = chunks[k]
    change = random.choice((truncate, flip, overwrite, splice)) if data else truncate
    chunks[k] = (
        random.choice((kind, b"tEXt", b"PLTE", b"tRNS", b"iCCP")) if random.random() < 0.2 else kind,
        change(data, random),
    )
    if random.random() < 0.3:
        chunks.insert(k, random.choice(chunks))
    written = (
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )
    return content[:8] + b"".join(written)


OF_BYTES: tuple[Mutation, ...] = (truncate, flip, overwrite, splice)
OF_ARRAYS: tuple[Mutation, ...] = (*OF_BYTES, alter_archive, alter_directory, alter_header, alter_array, alter_array)
OF_LARGE_ARRAYS: tuple[Mutation, ...] = (*OF_BYTES, alter_directory)
OF_SETTINGS: tuple[Mutation, ...] = (*OF_BYTES, alter_json, alter_json)
OF_PNG: tuple[Mutation, ...] = (*OF_BYTES, alter_chunk)
