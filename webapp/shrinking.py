"""A photograph as large as pages and prints need it: smaller than cameras make it, upright, of the same colours."""

from __future__ import annotations

import io
import struct
from threading import Lock
from typing import IO

from PIL import Image, ImageOps

LONGEST, QUALITY = 2048, 85
SHRUNK = {"image/jpeg": "JPEG", "image/webp": "WEBP"}  # PNG is what screens and scanners make: its letters stay sharp
UNREADABLE = (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError)
_one_at_a_time = Lock()  # a large one takes hundreds of megabytes while it is read

Image.MAX_IMAGE_PIXELS = None  # how many there may be is known before from the file's own head


def shrunk(file: IO[bytes], mimetype: str, width: int, height: int) -> bytes | None:
    """None where it is small enough, or can only be kept as it is."""
    if max(width, height) <= LONGEST or mimetype not in SHRUNK:
        return None
    file.seek(0)
    try:
        with _one_at_a_time, Image.open(file, formats=[SHRUNK[mimetype]]) as image:
            return None if getattr(image, "is_animated", False) else _smaller(image, SHRUNK[mimetype])
    except UNREADABLE:
        return None


def _smaller(image: Image.Image, form: str) -> bytes:
    colours = image.info.get("icc_profile", b"")
    image.draft("RGB", (LONGEST, LONGEST))  # JPEG is read smaller to begin with
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    stored = io.BytesIO()
    upright.info.clear()
    upright.save(stored, form, quality=QUALITY, exif=b"", icc_profile=colours)
    return stored.getvalue()
