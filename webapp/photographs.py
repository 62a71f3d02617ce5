"""A picture without what it tells of its place, its camera and its author; its pixels are not touched."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

LENGTH = 64 * 1024
ORIENTATION = 0x0112
TURNED = range(2, 9)
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # others belong to the pixels
KEPT_OF_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs sPLT hIST cICP acTL fcTL fdAT".split()
)
KEPT_OF_WEBP = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
PLACE_AND_MORE = 0x0C  # in the flags of WebP: EXIF and XMP

Part = bytes | tuple[int, int]  # new bytes, or from where to where they are those of the file


class NoPicture(Exception):
    """It cannot be read to its end."""


class Picture(NamedTuple):
    width: int
    height: int
    parts: list[Part]

    def content(self, file: IO[bytes]) -> Iterator[bytes]:
        for part in self.parts:
            yield from [part] if isinstance(part, bytes) else between(file, *part)


def between(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    while start < end:
        portion = exactly(file, min(LENGTH, end - start))
        start += len(portion)
        yield portion


def exactly(file: IO[bytes], count: int) -> bytes:
    found = file.read(count)
    if len(found) != count:
        raise NoPicture("it ends too early")
    return found


def jpeg(file: IO[bytes]) -> Picture:
    file.seek(2)
    width, height, turned, parts = 0, 0, 1, list[Part]()
    while True:
        start = file.tell()
        marker = marker_of(file)
        if marker == 0xD9:
            return Picture(width, height, [b"\xff\xd8", *orientation(turned), *parts, b"\xff\xd9"])
        length = struct.unpack(">H", exactly(file, 2))[0] - 2
        content = exactly(file, max(0, length))
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = two_numbers(content[1:5], ">HH")
        if marker == 0xE1 and content.startswith(b"Exif\0\0"):
            turned = orientation_of(content[6:])
        end = after_pixels(file) if marker == 0xDA else file.tell()
        if stays(marker, content):
            parts.append((start, end))
        file.seek(end)


def marker_of(file: IO[bytes]) -> int:
    if exactly(file, 1) != b"\xff":
        raise NoPicture("no marker")
    while (found := exactly(file, 1)[0]) == 0xFF:
        pass
    return found


def stays(marker: int, content: bytes) -> bool:
    """Remarks and what programs wrote go; how colours are to be read stays."""
    if marker == 0xE2:
        return content.startswith(b"ICC_PROFILE\0")
    return marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def after_pixels(file: IO[bytes]) -> int:
    """Where the next marker is."""
    held, at = b"", file.tell()
    while portion := file.read(LENGTH):
        held += portion
        if found := NEXT_MARKER.search(held):
            return at + found.start()
        at += len(held) - 1
        held = held[-1:]
    raise NoPicture("it ends too early")


def orientation_of(exif: bytes) -> int:
    """How the camera was held; 1 is upright."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    try:
        if order is None:
            return 1
        (first,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, first)
        for n in range(count):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", exif, first + 2 + 12 * n)
            if tag == ORIENTATION:
                return int(value)
    except struct.error:
        return 1
    return 1


def orientation(turned: int) -> list[Part]:
    """All that is left of EXIF, or the picture would lie on its side."""
    if turned not in TURNED:
        return []
    exif = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
    return [b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif]


def png(file: IO[bytes]) -> Picture:
    file.seek(8)
    width, height, parts = 0, 0, list[Part]([(0, 8)])
    while True:
        start = file.tell()
        length, kind = struct.unpack(">I4s", exactly(file, 8))
        if kind == b"IHDR":
            width, height = two_numbers(exactly(file, 8), ">II")
        end = start + 12 + length
        file.seek(end - 4)
        exactly(file, 4)
        if kind in KEPT_OF_PNG:
            parts.append((start, end))
        if kind == b"IEND":
            return Picture(width, height, parts)


def webp(file: IO[bytes]) -> Picture:
    file.seek(4)
    (size,) = struct.unpack("<I", exactly(file, 4))
    width, height, parts, kept, at = 0, 0, list[Part](), 4, 12
    while at < size + 8:
        file.seek(at)
        kind, length = struct.unpack("<4sI", exactly(file, 8))
        end = at + 8 + length + length % 2
        file.seek(end - 1)
        exactly(file, 1)
        file.seek(at + 8)
        if kind in KEPT_OF_WEBP:
            head = exactly(file, min(length, 10))
            width, height = (width, height) if width else pixels_of_webp(kind, head)
            parts += without_flags(at, end, head[0]) if kind == b"VP8X" and head else [(at, end)]
            kept += end - at
        at = end
    return Picture(width, height, [b"RIFF" + struct.pack("<I", kept) + b"WEBP", *parts])


def without_flags(start: int, end: int, flags: int) -> list[Part]:
    return [(start, start + 8), bytes([flags & ~PLACE_AND_MORE]), (start + 9, end)]


def pixels_of_webp(kind: bytes, head: bytes) -> tuple[int, int]:
    if len(head) < 10 and kind in (b"VP8X", b"VP8 "):
        raise NoPicture("its head is too short")
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8 ":
        width, height = two_numbers(head[6:10], "<HH")
        return width & 0x3FFF, height & 0x3FFF
    bits = int.from_bytes(head[1:5], "little")
    return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1) if kind == b"VP8L" else (0, 0)


def two_numbers(content: bytes, form: str) -> tuple[int, int]:
    try:
        first, second = struct.unpack(form, content)
    except struct.error as error:
        raise NoPicture("its head is too short") from error
    return first, second


READERS: dict[str, Callable[[IO[bytes]], Picture]] = {"image/jpeg": jpeg, "image/png": png, "image/webp": webp}
