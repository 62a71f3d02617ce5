"""How do the parts of a backup lie in one file, so that it is whole or not there, and every altered byte is seen?"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from struct import error as StructError  # noqa: N812  # the module's own name for it says nothing
from typing import IO, Any, Literal, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as DeflateError  # noqa: N812  # the module's own name for it says nothing

import msgspec

from domain.chronicle.files import settle
from domain.refused import Refused

FORMAT = 1
CONTENTS = "manifest.json"
DIGEST = 64  # hexadecimal digits at the end of the file, over everything before them
CHUNK = 1 << 20
UNREADABLE = (
    BadZipFile, DeflateError, EOFError, KeyError, NotImplementedError, OSError, OverflowError, RuntimeError,
    StructError, ValueError,
)  # fmt: skip
T = TypeVar("T")


class Part(msgspec.Struct, frozen=True):
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a backup. `schema` is that of the database it was made from, `root` that over all its entries."""

    kronika_backup: int = FORMAT
    kind: Literal["register", "vault"]
    made_at: datetime
    program: str
    database: str
    schema: str
    last_position: int
    root: str
    counts: dict[str, int]
    parts: dict[str, Part] = {}


class Writer:
    """Adds one part after the other."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive, self._parts = archive, dict[str, Part]()

    def lines(self, name: str, rows: Iterable[Any]) -> int:
        """A line of JSON for each; how many there were."""
        encode, count = msgspec.json.Encoder().encode, 0
        with self._part(name, ZIP_DEFLATED) as write:
            for count, row in enumerate(rows, 1):  # noqa: B007  # counted for who asks afterwards
                write(encode(row) + b"\n")
        return count

    def copy(self, name: str, source: IO[bytes]) -> None:
        """As it is: what is sealed cannot be made smaller."""
        with self._part(name, ZIP_STORED) as write:
            while chunk := source.read(CHUNK):
                write(chunk)

    def manifest(self, manifest: Manifest) -> None:
        told = msgspec.structs.replace(manifest, parts=dict(self._parts))
        self._archive.writestr(CONTENTS, msgspec.json.format(msgspec.json.encode(told)))

    @contextmanager
    def _part(self, name: str, method: int) -> Iterator[Callable[[bytes], object]]:
        digest, size = sha256(), 0
        info = ZipInfo(name)
        info.compress_type, info.external_attr = method, 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as out:

            def write(chunk: bytes) -> None:
                nonlocal size
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)

            yield write
        self._parts[name] = Part(digest.hexdigest(), size)


class Reader:
    """A file that is what was written, byte for byte."""

    def __init__(self, name: str, archive: ZipFile, manifest: Manifest) -> None:
        self.name, self._archive, self.manifest = name, archive, manifest

    def lines(self, name: str, of: type[T]) -> Iterator[T]:
        decode = msgspec.json.Decoder(of).decode
        with self._archive.open(name) as lines:
            yield from map(decode, lines)

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)

    def within(self, folder: str) -> list[str]:
        return [name for name in self.manifest.parts if name.startswith(f"{folder}/")]


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new file, for its owner alone. The last that is written is the manifest."""
    with new_file(path) as out:
        digesting = _Digesting(out)
        with ZipFile(digesting, "w") as archive:
            archive.comment = bytes(DIGEST)
            yield Writer(archive)
        out.seek(-DIGEST, os.SEEK_END)
        out.write(digesting.digest.hexdigest().encode())


class _Digesting:
    """A stream that cannot go back, so that what was written stays as it was digested, but for the last bytes."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._held, self.digest = out, b"", sha256()

    def write(self, chunk: bytes, /) -> int:
        held = self._held + bytes(chunk)
        self.digest.update(held[:-DIGEST])
        self._held = held[-DIGEST:]
        return self._out.write(chunk)

    def flush(self) -> None:
        self._out.flush()

    def close(self) -> None:
        """Whoever opened it closes it."""


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """There when it is whole, and then for good; never in the place of another."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    _refuse_in_place_of(path)
    try:
        with _opener(unfinished) as out:
            _refuse_another(path, out)
            try:
                out.truncate()
                yield out
                out.flush()
                os.fsync(out.fileno())
                _refuse_in_place_of(path)
                unfinished.rename(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
        settle(path.parent)
    except OSError as error:
        if error.filename not in (None, str(unfinished)):
            raise
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _opener(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w+b")


def _refuse_another(path: Path, out: IO[bytes]) -> None:
    """What was left of a backup that was killed is written anew; one that is being written is not."""
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise Refused("backup.being_written", file=str(path)) from held


def _refuse_in_place_of(path: Path) -> None:
    if path.exists():
        raise Refused("backup.file_there", file=str(path))


@contextmanager
def opened(path: Path, kind: Literal["register", "vault"]) -> Iterator[Reader]:
    """Refused, with what ails it, unless it is whole and of this kind."""
    with path.open("rb") as file:
        intact = _is_intact(file)
        try:
            with ZipFile(file) as archive:
                manifest = _manifest(archive, path)
                if not intact:
                    raise Refused("backup.altered", file=str(path), part=_altered(archive, manifest))
                if manifest.kind != kind:
                    raise Refused("backup.other_kind", file=str(path))
                yield Reader(str(path), archive, manifest)
        except UNREADABLE as error:
            if intact:
                raise
            raise Refused("backup.cut_short", file=str(path)) from error


def _is_intact(file: IO[bytes]) -> bool:
    size, digest = os.fstat(file.fileno()).st_size, sha256()
    rest = max(0, size - DIGEST)
    while rest and (chunk := file.read(min(CHUNK, rest))):
        digest.update(chunk)
        rest -= len(chunk)
    told = file.read()
    file.seek(0)
    return told == digest.hexdigest().encode()


def _manifest(archive: ZipFile, path: Path) -> Manifest:
    content = archive.read(CONTENTS)
    try:
        form = msgspec.json.decode(content, type=dict[str, Any])["kronika_backup"]
        if form > FORMAT:
            raise Refused("backup.newer_form", file=str(path), found=str(form), known=str(FORMAT))
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.MsgspecError, TypeError) as error:
        raise Refused("backup.altered", file=str(path), part=CONTENTS) from error


def _altered(archive: ZipFile, manifest: Manifest) -> str:
    """The first part that is not what it was; else what holds the parts together."""
    return next((name for name, part in manifest.parts.items() if not _is_same(archive, name, part)), CONTENTS)


def _is_same(archive: ZipFile, name: str, part: Part) -> bool:
    digest = sha256()
    try:
        with archive.open(name) as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
    except UNREADABLE:
        return False
    return digest.hexdigest() == part.sha256
