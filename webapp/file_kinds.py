"""Which files are taken, known by their content; what of them is stored, and under which name."""

from __future__ import annotations

import codecs
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from domain.chronicle.files import portions
from domain.refused import Refused, quoted
from webapp.photographs import READERS, NoPicture, Picture
from webapp.shrinking import shrunk

CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
LARGEST_FILE = 25 * 1024 * 1024
MOST_PIXELS = 100_000_000
MOST_PARTS = 5_000
LONGEST_NAME = 150
TAIL = 22 + 65_535  # where the directory of a ZIP is announced
NOT_IN_NAMES = dict.fromkeys(map(ord, '<>:"|?*'), "_")
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


class Kind(NamedTuple):
    mimetype: str
    endings: tuple[str, ...]


PDF = Kind("application/pdf", (".pdf",))
TEXT = Kind("text/plain", (".txt", ".csv", ".tsv", ".md", ".eml", ".srt", ".json", ".log"))
BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", Kind("image/jpeg", (".jpg", ".jpeg"))),
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", (".png",))),
)
WEBP = Kind("image/webp", (".webp",))
OFFICE_PARTS = {
    "word/document.xml": Kind(OFFICE + "wordprocessingml.document", (".docx",)),
    "xl/workbook.xml": Kind(OFFICE + "spreadsheetml.sheet", (".xlsx",)),
    "ppt/presentation.xml": Kind(OFFICE + "presentationml.presentation", (".pptx",)),
}
ODF_KINDS = {
    ODF + "text": Kind(ODF + "text", (".odt",)),
    ODF + "spreadsheet": Kind(ODF + "spreadsheet", (".ods",)),
    ODF + "presentation": Kind(ODF + "presentation", (".odp",)),
}


class Checked(NamedTuple):
    """A file that is taken. `content` can be asked for as often as needed."""

    name: str
    mimetype: str
    content: Callable[[], Iterator[bytes]]


def checked(file: IO[bytes], called: str) -> Checked:
    """Refused if it is too large, empty, or not of a kind that is taken."""
    size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise Refused("attachment.too_large", file=quoted(called), most=LARGEST_FILE // 1024**2)
    if size == 0:
        raise Refused("attachment.empty", file=quoted(called))
    kind = kind_of(file)
    if kind is None:
        raise Refused("attachment.kind", file=quoted(called))
    picture = picture_in(file, kind, called)
    smaller = shrunk(file, kind.mimetype, picture.width, picture.height) if picture else None
    return Checked(
        cleaned(called, kind), kind.mimetype, lambda: iter([smaller]) if smaller else content_of(file, picture)
    )


def content_of(file: IO[bytes], picture: Picture | None) -> Iterator[bytes]:
    if picture:
        return picture.content(file)
    file.seek(0)
    return portions(file)


def picture_in(file: IO[bytes], kind: Kind, called: str) -> Picture | None:
    if kind.mimetype not in READERS:
        return None
    try:
        picture = READERS[kind.mimetype](file)
    except NoPicture as error:
        raise Refused("attachment.damaged", file=quoted(called)) from error
    if not 0 < picture.width * picture.height <= MOST_PIXELS:
        raise Refused("attachment.too_many_pixels", file=quoted(called), most=MOST_PIXELS // 1_000_000)
    return picture


def kind_of(file: IO[bytes]) -> Kind | None:
    file.seek(0)
    head = file.read(16)
    for beginning, kind in BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"PK\x03\x04"):
        return document_in(file)
    return TEXT if is_text(file) else None


def document_in(file: IO[bytes]) -> Kind | None:
    """A document of an office program; an archive of anything else, or with programs in it, is none."""
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22 or struct.unpack_from("<H", tail, end + 10)[0] > MOST_PARTS:
        return None
    try:
        with zipfile.ZipFile(file) as parts:
            return document_of(parts)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, OSError, EOFError):
        return None


def document_of(parts: zipfile.ZipFile) -> Kind | None:
    names = {part.filename for part in parts.infolist()}
    if any(PurePosixPath(name).name.lower().startswith("vbaproject") for name in names):
        return None
    if "mimetype" in names and parts.getinfo("mimetype").file_size < 100:
        return ODF_KINDS.get(parts.read("mimetype").decode("ascii", "replace").strip())
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)


def is_text(file: IO[bytes]) -> bool:
    """UTF-8, without control characters, and no program for a shell."""
    file.seek(0)
    read, is_first = codecs.getincrementaldecoder("utf-8-sig")(), True
    try:
        for portion in portions(file):
            text = read.decode(portion)
            if CONTROL.search(text) or (is_first and text.startswith("#!")):
                return False
            is_first = False
        read.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def cleaned(called: str, kind: Kind) -> str:
    """A name without a folder, without what cannot be seen, with an ending that says what it is."""
    last = unicodedata.normalize("NFC", called.replace("\\", "/").rpartition("/")[2])
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in UNSEEN).translate(NOT_IN_NAMES)
    name = " ".join(seen.split()).strip(". ") or "file"
    ending = next((ending for ending in kind.endings if name.lower().endswith(ending)), "")
    stem = name[: len(name) - len(ending)] if ending else name
    return (stem[:LONGEST_NAME].rstrip(". ") or "file") + (name[-len(ending) :] if ending else kind.endings[0])
