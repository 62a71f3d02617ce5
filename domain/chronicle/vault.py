"""The keys of sealed words: minted ahead, wrapped by a key that is never beside them, erased for ever."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.chronicle.keys import WrappedKey, keys_at
from domain.chronicle.unavailable import VaultUnavailable, told_apart

NONCE, KEY = 12, 32
FIRST_BATCH, LARGEST_BATCH = 8, 256
LOWEST = UUID(int=0)
KEY_FILE_BEGINS = "kronika-key-v1 "


class SealBroken(Exception):
    """A seal does not open, or its key is missing without having been erased: somebody changed what is stored."""


class WrongKeyFile(Exception):
    """The key file is unreadable, or not the one that wrapped the keys of this vault."""


class Key(NamedTuple):
    id: UUID
    secret: bytes


class Erased(NamedTuple):
    """The fence where a key was."""

    id: UUID
    reason: str


class Vault:
    """Safe to use from many threads and processes; what was erased elsewhere is erased here at once."""

    def __init__(self, url: str, key_file: Path) -> None:
        self._wrapping = read_key(key_file)
        self._cipher = AESGCM(self._wrapping)
        self._wrapped_by = fingerprint(self._wrapping)
        self._keys = keys_at(url)
        self._ready: deque[Key] = deque()
        self._batch = FIRST_BATCH
        self._lock = threading.Lock()
        self._owner = os.getpid()

    @classmethod
    def create(cls, url: str, key_file: Path) -> Self:
        """Makes what is missing of key file and tables; what is there stays, and no second key file beside its keys."""
        keys = keys_at(url)
        keys.create_tables()
        is_used = bool(keys.after(LOWEST, 1))
        keys.close()
        if is_used and not key_file.exists():
            raise WrongKeyFile(f"the vault holds keys, and {key_file}, which opens them, is missing")
        make_key_file(key_file)
        return cls(url, key_file)

    def take(self) -> Key:
        """A key for one entry, durable before it is handed out, and handed out once."""
        with self._lock:
            self._only_own()
            if not self._ready:
                self._mint_ahead(1)
            return self._ready.popleft()

    def reserve(self, count: int) -> None:
        """Mint what is missing for `count` entries, in one transaction."""
        with self._lock:
            self._only_own()
            if count > len(self._ready):
                self._mint_ahead(count - len(self._ready))

    def find(self, ids: Iterable[UUID]) -> dict[UUID, Key | Erased | SealBroken]:
        """Keys, fences, and for what is neither the alarm; one question to the vault for all of them."""
        wanted = tuple(dict.fromkeys(ids))
        if not wanted:
            return {}
        found = {key.id: self._opened(key) for key in self._keys.find(wanted)}
        return {id: found.get(id) or SealBroken("the key is missing and was not erased") for id in wanted}

    def erase(self, id: UUID, reason: str) -> bool:
        """True if it was there. No other key will ever take its place."""
        return self._keys.erase(id, reason, time.time_ns() // 1000)

    def check(self, batch: int = 1000) -> Iterator[tuple[UUID | str, SealBroken]]:
        """Every key that does not unwrap, whatever lies in its place."""
        last: Any = None
        while keys := self._keys.as_they_lie(last, batch):
            for id, *rest in keys:
                if (known := id_of(id)) is None:
                    yield ascii(id), SealBroken("its id is none")
                elif isinstance(opened := self._opened(WrappedKey(known, *rest)), SealBroken):
                    yield known, opened
            last = keys[-1][0]

    def missing_guards(self) -> list[str]:
        """What should keep the fences, and is not there."""
        return self._keys.missing_guards()

    def close(self) -> None:
        self._keys.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _only_own(self) -> None:
        """Keys minted before a fork belong to the parent."""
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._ready.clear()

    def _mint_ahead(self, wanted: int) -> None:
        """Few at first: a command that records one entry needs no more."""
        if self._batch == FIRST_BATCH:
            self._right_key_file()
        self._mint(max(wanted, self._batch))
        self._batch = min(2 * self._batch, LARGEST_BATCH)

    def _right_key_file(self) -> None:
        """New keys are not wrapped by another key file than those that are there."""
        if any(key.wrapped_by != self._wrapped_by for key in self._keys.after(LOWEST, 1)):
            raise WrongKeyFile("the keys of this vault were wrapped by another key file")

    def _mint(self, count: int) -> None:
        keys = [Key(UUID(bytes=os.urandom(16)), os.urandom(KEY)) for _ in range(count)]
        self._keys.add(self._wrapped(key) for key in keys)
        self._ready.extend(keys)

    def _wrapped(self, key: Key) -> WrappedKey:
        nonce = os.urandom(NONCE)
        return WrappedKey(key.id, nonce + self._cipher.encrypt(nonce, key.secret, bound(key.id)), self._wrapped_by)

    def _opened(self, key: WrappedKey) -> Key | Erased | SealBroken:
        if key.wrapped is None:
            return Erased(key.id, str(key.reason))
        if key.wrapped_by != self._wrapped_by:
            return SealBroken("the key was wrapped by another key file")
        try:
            return Key(key.id, self._cipher.decrypt(key.wrapped[:NONCE], key.wrapped[NONCE:], bound(key.id)))
        except (InvalidTag, ValueError, TypeError):
            return SealBroken("the key does not unwrap")


def id_of(id: Any) -> UUID | None:
    if isinstance(id, UUID):
        return id
    try:
        known = UUID(id)
    except (ValueError, TypeError, AttributeError):
        return None
    return known if known.hex == id else None


def bound(id: UUID) -> bytes:
    return b"kronika/key/v1\n" + id.bytes


def fingerprint(secret: bytes) -> bytes:
    return sha256(b"kronika/wrapping/v1\n" + secret).digest()[:8]


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
        raise WrongKeyFile(f"{path}: {error}") from error
    if not text.startswith(KEY_FILE_BEGINS) or len(secret) != KEY:
        raise WrongKeyFile(f"{path} does not hold a key of Kronika")
    return secret
