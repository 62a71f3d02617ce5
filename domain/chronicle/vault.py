"""The keys of sealed words: minted ahead, wrapped by a key that is never beside them, erased for ever."""

from __future__ import annotations

import hmac
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag

from domain.chronicle.key_files import (
    KEY,
    Ring,
    WrongKeyFile,
    alone_with,
    fingerprint,
    is_unsettled,
    make_key_file,
    make_next,
    settle,
)
from domain.chronicle.keys import KeptKey, OtherWrapping, WrappedKey, keys_at
from domain.chronicle.unavailable import Conflict

NONCE = 12
FIRST_BATCH, LARGEST_BATCH = 8, 256
TRIES = 5  # the key file may be replaced while it is read
MARKS = UUID("5d2c1f0e-8a5b-4c39-9a64-0f3f3d1f6b7a")  # the key that is never erased: of marks, not of words


T = TypeVar("T", bound=tuple[Any, ...])


class SealBroken(Exception):
    """A seal does not open, or its key is missing without having been erased: somebody changed what is stored."""


class Key(NamedTuple):
    id: UUID
    secret: bytes


class Erased(NamedTuple):
    """The fence where a key was."""

    id: UUID
    reason: str
    is_final: bool = False  # the key file that wrapped it was destroyed since: no old copy of the vault opens it


class Vault:
    """Safe to use from many threads and processes; what was erased elsewhere is erased here at once."""

    def __init__(self, url: str, key_file: Path) -> None:
        self._key_file, self._ring = key_file, Ring(key_file)
        self._marks = b""
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
        is_used = keys.wrapped_by() is not None
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
        found = {key.id: self._opened(key) for key in self._with_known(partial(self._keys.find, wanted))}
        return {id: found.get(id) or SealBroken("the key is missing and was not erased") for id in wanted}

    def erase(self, id: UUID, reason: str) -> bool:
        """True if it was there. No other key will ever take its place."""
        if id == MARKS:
            raise ValueError("the key of marks is no key of words")
        return self._keys.erase(id, reason, time.time_ns() // 1000)

    def check(self, batch: int = 1000) -> Iterator[tuple[UUID | str, SealBroken]]:
        """Every key that does not unwrap, whatever lies in its place."""
        last: Any = None
        while keys := self._with_known(partial(self._keys.as_they_lie, last, batch)):
            for id, *rest in keys:
                if (known := id_of(id)) is None:
                    yield ascii(id), SealBroken("its id is none")
                elif isinstance(opened := self._opened(WrappedKey(known, *rest)), SealBroken):
                    yield known, opened
            last = keys[-1][0]

    def copied(self) -> Iterator[KeptKey]:
        """Keys and fences, all as they are at one moment, still wrapped."""
        return self._keys.every()

    def take_over(self, keys: Iterable[KeptKey]) -> None:
        """What a copy of this vault holds and it does not; a fence stays or comes, whichever side has it."""
        self._keys.take_over(keys)

    def has_wrapped(self, key: KeptKey) -> bool:
        """By this key file, or by none that is needed any more."""
        return key.wrapped is None or key.wrapped_by in self._ring

    def mark(self, id: UUID) -> UUID:
        """Another id, the same each time, that nobody can compute without this vault."""
        self._marks = self._marks or self._mark_key().secret
        return UUID(bytes=hmac.digest(self._marks, id.bytes, "sha256")[:16], version=5)

    def rotate(self) -> int:
        """Wraps every key by a new key file and destroys the old one; how many there are.

        Broken off anywhere, either file opens all of them; `settle` ends it.
        """
        with alone_with(self._key_file) as path:
            settle(path, self._keys.wrapped_by)
            successor = fingerprint(make_next(path))
            self._ring.load()
            done = self._keys.rewrap(lambda key: self._wrapped(self._found(key), successor))
            settle(path, self._keys.wrapped_by)
        self._ring.load()
        return done

    def settle(self) -> None:
        """Ends a change of key files that was broken off."""
        if is_unsettled(self._key_file):
            with alone_with(self._key_file) as path:
                settle(path, self._keys.wrapped_by)
            self._ring.load()

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
        count = max(wanted, self._batch)
        self._ready.extend(self._added([Key(UUID(bytes=os.urandom(16)), os.urandom(KEY)) for _ in range(count)]))
        self._batch = min(2 * self._batch, LARGEST_BATCH)

    def _added(self, keys: list[Key]) -> list[Key]:
        """New keys are not wrapped by another key file than those that are there."""
        for _ in range(TRIES):
            try:
                self._keys.add([self._wrapped(key) for key in keys])
                return keys
            except OtherWrapping as other:
                self._ring.use(other.by)
        raise WrongKeyFile("the keys of this vault were wrapped by another key file")

    def _mark_key(self) -> Key:
        """Made when it is first needed, by whoever is first."""
        if not self._keys.find([MARKS]):
            with suppress(Conflict):
                self._added([Key(MARKS, os.urandom(KEY))])
        (found,) = self._with_known(partial(self._keys.find, [MARKS]))
        return self._found(found)

    def _found(self, wrapped: WrappedKey) -> Key:
        opened = self._opened(wrapped)
        if isinstance(opened, Key):
            return opened
        raise SealBroken(f"key {wrapped.id}: {opened if isinstance(opened, SealBroken) else 'erased'}")

    def _wrapped(self, key: Key, by: bytes = b"") -> WrappedKey:
        nonce, by = os.urandom(NONCE), by or self._ring.current
        return WrappedKey(key.id, nonce + self._ring.cipher(by).encrypt(nonce, key.secret, bound(key.id)), by)

    def _with_known(self, ask: Callable[[], list[T]]) -> list[T]:
        """Wrapped keys; once more if the key file was replaced since it was read."""
        found = ask()
        for _ in range(TRIES):
            if all(wrapped is None or by in self._ring for _, wrapped, by, *_ in found):
                break
            self._ring.load()
            found = ask()
        return found

    def _opened(self, key: WrappedKey) -> Key | Erased | SealBroken:
        if key.wrapped is None:
            return Erased(key.id, str(key.reason), key.wrapped_by != self._ring.current)
        if key.wrapped_by not in self._ring:
            return SealBroken("the key was wrapped by another key file")
        cipher = self._ring.cipher(key.wrapped_by)
        try:
            return Key(key.id, cipher.decrypt(key.wrapped[:NONCE], key.wrapped[NONCE:], bound(key.id)))
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
