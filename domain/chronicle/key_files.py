"""The key file that wraps the keys of a vault: made, read, and replaced so that one that opens it is always there."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.chronicle.unavailable import VaultUnavailable, told_apart
from domain.refused import Refused

KEY = 32
NO_KEY = "does not hold a key of Kronika"
KEY_FILE_BEGINS = "kronika-key-v1 "
NEXT, REPLACED = ".next", ".replaced"  # beside the key file while it is being replaced, and at no other time


class WrongKeyFile(Exception):
    """The key file is unreadable, or not the one that wrapped the keys of this vault."""


class Ring:
    """The secrets that are at hand: that of the key file, and of its successor while it is being replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.load()

    def load(self) -> None:
        path = self._path.resolve()
        secrets = []
        with suppress(WrongKeyFile):
            secrets.append(read_key(beside(path, NEXT)))
        secrets.append(read_key(path))
        self._ciphers = {fingerprint(secret): AESGCM(secret) for secret in secrets}
        self.current = fingerprint(secrets[-1])

    def __contains__(self, wrapped_by: object) -> bool:
        return wrapped_by in self._ciphers

    def cipher(self, wrapped_by: bytes) -> AESGCM:
        return self._ciphers[wrapped_by]

    def use(self, wrapped_by: bytes) -> None:
        """To wrap with, from now on, if it is at hand."""
        if wrapped_by not in self._ciphers:
            self.load()
        if wrapped_by in self._ciphers:
            self.current = wrapped_by


def fingerprint(secret: bytes) -> bytes:
    return sha256(b"kronika/wrapping/v1\n" + secret).digest()[:8]


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def make_key_file(path: Path) -> None:
    """Only its owner may read it. Without it no sealed word can be read again: keep a copy apart."""
    try:
        with told_apart(VaultUnavailable):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except VaultUnavailable as refused:
        if isinstance(refused.__cause__, FileExistsError):
            return
        raise
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(f"{KEY_FILE_BEGINS}{os.urandom(KEY).hex()}\n")
        opened.flush()
        os.fsync(opened.fileno())


def read_key(path: Path) -> bytes:
    try:
        text = path.read_text(encoding="ascii").strip()
        secret = bytes.fromhex(text.removeprefix(KEY_FILE_BEGINS))
    except OSError as error:
        raise WrongKeyFile(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise WrongKeyFile(f"{path} {NO_KEY}") from error
    if not text.startswith(KEY_FILE_BEGINS) or len(secret) != KEY:
        raise WrongKeyFile(f"{path} {NO_KEY}")
    return secret


@contextmanager
def alone_with(path: Path) -> Iterator[Path]:
    """The file itself, where no other process replaces it meanwhile."""
    path = path.resolve()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("key_file.rotating") from error
        yield path
    finally:
        os.close(folder)


def make_next(path: Path) -> bytes:
    """The secret of the successor, which lies durably beside the key file for whoever may read that."""
    successor, owner = beside(path, NEXT), path.stat()
    make_key_file(successor)
    os.chown(successor, owner.st_uid, owner.st_gid)
    successor.chmod(owner.st_mode & 0o777)
    sync_folder(path)
    return read_key(successor)


def is_unsettled(path: Path) -> bool:
    return any(beside(path.resolve(), ending).exists() for ending in (NEXT, REPLACED))


def settle(path: Path, in_use: Callable[[], bytes | None]) -> None:
    """Ends a replacing that was broken off: whichever file the vault's keys are wrapped by stays, alone."""
    successor, replaced = beside(path, NEXT), beside(path, REPLACED)
    if successor.exists():
        if is_of(successor, in_use()):
            put_in_place(path)
        else:
            destroy(successor, path)
    if replaced.exists() and in_use() in (None, fingerprint(read_key(path))):
        destroy(replaced, path)


def is_of(path: Path, wrapped_by: bytes | None) -> bool:
    try:
        return fingerprint(read_key(path)) == wrapped_by
    except WrongKeyFile:
        return False  # broken off while it was written: it never wrapped anything


def put_in_place(path: Path) -> None:
    """The old file keeps a name until it is destroyed; at no moment is there no key file."""
    replaced = beside(path, REPLACED)
    replaced.unlink(missing_ok=True)
    replaced.hardlink_to(path)
    sync_folder(path)
    beside(path, NEXT).replace(path)
    sync_folder(path)
    destroy(replaced, path)


def destroy(path: Path, kept: Path) -> None:
    """Overwritten, then removed; only its name, where it is still the file that is kept."""
    if not path.samefile(kept):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    path.unlink()
    sync_folder(path)


def sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
