"""Files of sources: each sealed in portions under a key of its own, and named by the SHA-256 of what is stored."""

from __future__ import annotations

import errno
import hmac
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Literal, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.chronicle.unavailable import ChronicleUnavailable, Reason
from domain.chronicle.vault import Key, SealBroken

PORTION, TAG, SALT, COUNTER, SECRET = 64 * 1024, 16, 32, 11, 32
HEXADECIMAL = frozenset("0123456789abcdef")
UNFINISHED = ".unfinished"
REASONS: dict[int | None, Reason] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "not_allowed",
}

State = Literal["sound", "missing", "altered"]


class FilesUnavailable(ChronicleUnavailable):
    """The folder of files cannot be read or written; nothing of the file is left in it."""


class Stored(NamedTuple):
    """`size` is that of the content, not of what is stored."""

    sha256: str
    size: int


class Files:
    """One folder. What lies in it never changes; a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: Key, content: Callable[[], Iterable[bytes]]) -> Stored:
        """`content` is asked for twice. Under the same key it is the same file again: so a damaged one is mended."""
        salt, size = salt_of(key, content())
        with told_apart():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self.folder / f".{secrets.token_hex(16)}{UNFINISHED}"
            try:
                name = written(unfinished, sealed(key, salt, content()))
                unfinished.replace(self.folder / name)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            settle(self.folder)
        return Stored(name, size)

    def state(self, name: str) -> State:
        """Is what is stored what was stored?"""
        found = sha256()
        try:
            with told_apart(), self.path(name).open("rb") as file:
                for portion in portions(file, PORTION):
                    found.update(portion)
        except FilesUnavailable as unavailable:
            if isinstance(unavailable.__cause__, (FileNotFoundError, IsADirectoryError)):
                return "missing"
            raise
        return "sound" if found.hexdigest() == name else "altered"

    def content(self, key: Key, name: str) -> Iterator[bytes]:
        """Portion by portion; SealBroken where it is not what was sealed, or ends too early."""
        with told_apart(), self.path(name).open("rb") as file:
            yield from opened(key, file)

    def remove(self, name: str) -> None:
        with told_apart():
            self.path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Of all whole files."""
        with told_apart():
            return sorted(path.name for path in self._all() if is_name(path.name))

    def sweep(self, known: Iterable[str], older_than: float) -> int:
        """Take out what was begun and never finished, and what nobody knows, if it is so many seconds old."""
        kept, before = set(known), time.time() - older_than
        with told_apart():
            left = [path for path in self._all() if path.name not in kept and path.stat().st_mtime < before]
            for path in left:
                path.unlink(missing_ok=True)
        return len(left)

    def path(self, name: str) -> Path:
        if not is_name(name):
            raise SealBroken(f"{name!a} is no name of a file")
        return self.folder / name

    def _all(self) -> Iterator[Path]:
        with suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                if is_name(path.name) or path.name.endswith(UNFINISHED):
                    yield path


def is_name(text: str) -> bool:
    return len(text) == 64 and HEXADECIMAL.issuperset(text)


def salt_of(key: Key, content: Iterable[bytes]) -> tuple[bytes, int]:
    """Made from the content, so that no two contents are ever sealed with the same key and counter; and its size."""
    found, size = hmac.new(derived(key, b"salt"), digestmod=sha256), 0
    for portion in content:
        found.update(portion)
        size += len(portion)
    return found.digest(), size


def sealed(key: Key, salt: bytes, content: Iterable[bytes]) -> Iterator[bytes]:
    """The STREAM construction: each portion with its number, the last one marked, so that none can be taken away."""
    cipher = AESGCM(derived(key, b"content", salt))
    yield salt
    for number, (portion, is_last) in enumerate(evenly(content)):
        yield cipher.encrypt(nonce(number, is_last), portion, None)


def opened(key: Key, file: IO[bytes]) -> Iterator[bytes]:
    cipher = AESGCM(derived(key, b"content", file.read(SALT)))
    portion, number = file.read(PORTION + TAG), 0
    while True:
        following = file.read(PORTION + TAG)
        try:
            yield cipher.decrypt(nonce(number, not following), portion, None)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the file is not what was sealed") from error
        if not following:
            return
        portion, number = following, number + 1


def nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(COUNTER, "big") + bytes([is_last])


def derived(key: Key, purpose: bytes, salt: bytes | None = None) -> bytes:
    """A key for one purpose alone, bound to the id of the one that it comes from."""
    info = b"kronika/file/v1\n" + purpose + b"\n" + key.id.bytes
    return HKDF(SHA256(), SECRET, salt, info).derive(key.secret)


def evenly(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """In portions of one size; the last, marked so, is what is left, and the only one that may be empty."""
    held = bytearray()
    for portion in content:
        held += portion
        while len(held) > PORTION:
            yield bytes(held[:PORTION]), False
            del held[:PORTION]
    yield bytes(held), True


def portions(file: IO[bytes], size: int = PORTION) -> Iterator[bytes]:
    while portion := file.read(size):
        yield portion


def written(path: Path, content: Iterable[bytes]) -> str:
    """The SHA-256 of what is then on the disk."""
    found = sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for portion in content:
            file.write(portion)
            found.update(portion)
        file.flush()
        os.fsync(file.fileno())
    return found.hexdigest()


def settle(folder: Path) -> None:
    """The name of a new file is on the disk, too."""
    opened_folder = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened_folder)
    finally:
        os.close(opened_folder)


@contextmanager
def told_apart() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FilesUnavailable(REASONS.get(error.errno, "gone"), str(error.strerror)) from error
