"""Entry to stored bytes and back: the allow-list of names, salt, sealed words, and that it can be read again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import Mapper

from domain.chronicle.forms import UPCASTS, Form, Misplaced, UnknownName, Upcasts, forms, instant
from domain.chronicle.vault import NONCE, Erased, Key, SealBroken, Vault
from domain.entry import Entry, Refused
from domain.kinds import EVERY_KIND

KINDS = EVERY_KIND
SALT = 16
UNREADABLE = (msgspec.MsgspecError, UnicodeError, ValueError, TypeError, OverflowError, RecursionError)


class Sealed(msgspec.Struct, frozen=True):
    key: UUID
    box: bytes


class Head(msgspec.Struct, frozen=True):
    """What a stored state begins with."""

    v: int
    salt: str
    sealed: Sealed | None = None


class Row(NamedTuple):
    """An entry as it lies in the database; `stamp` is recorded_at in microseconds since 1970."""

    position: int
    originator_id: UUID
    originator_version: int
    name: str
    stamp: int
    state: bytes
    leaf: bytes


class Fresh(NamedTuple):
    """An entry about to be stored."""

    originator_id: UUID
    originator_version: int
    name: str
    state: bytes


class Recorded(msgspec.Struct, frozen=True):
    """An entry in its place. One that cannot be read has a `problem` instead, which `entry` raises."""

    row: Row
    content: Entry | Exception
    sealed_by: UUID | None = None
    words_removed: str | None = None  # why, if they were

    @property
    def entry(self) -> Entry:
        if isinstance(self.content, Exception):
            raise self.content
        return self.content

    @property
    def problem(self) -> Exception | None:
        return self.content if isinstance(self.content, Exception) else None

    @property
    def position(self) -> int:
        return self.row.position

    @property
    def originator_id(self) -> UUID:
        return self.row.originator_id

    @property
    def originator_version(self) -> int:
        return self.row.originator_version

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def recorded_at(self) -> datetime:
        return instant(self.row.stamp)

    @property
    def state(self) -> bytes:
        return self.row.state

    @property
    def leaf(self) -> bytes:
        return self.row.leaf


Found = Mapping[UUID, Key | Erased | SealBroken]
NO_KEYS: Found = {}
read_head = msgspec.json.Decoder(Head).decode


class EntryMapper(Mapper[UUID]):
    """Knows how entries of the given kinds are stored."""

    def __init__(self, vault: Vault, kinds: Iterable[type[Entry]] = KINDS, upcasts: Upcasts = UPCASTS) -> None:
        self.vault = vault
        self.forms = forms(kinds, upcasts)
        self._encode = msgspec.json.Encoder().encode

    def form(self, name: str) -> Form:
        try:
            return self.forms[name]
        except KeyError:
            raise UnknownName(name) from None

    def has_words(self, entry: Entry) -> bool:
        return bool(self.form(entry.stored_name()).words_of(entry))

    def fresh(self, entry: Entry, recorded_at: datetime) -> Fresh:
        """Refuses what could not be read back."""
        form = self.form(entry.stored_name())
        if form.kind is not type(entry):
            raise UnknownName(f"{type(entry).__qualname__} is not the kind stored as {form.name}")
        stamped = msgspec.structs.replace(entry, recorded_at=recorded_at)
        try:
            state, key = self._state(form, stamped)
            read = self._entry(form, state, key)
        except UNREADABLE as error:
            raise unreadable(entry, str(error)) from error
        if read != stamped:
            raise unreadable(entry, "a field is not of its type")
        return Fresh(entry.originator_id, entry.originator_version, form.name, state)

    def _state(self, form: Form, entry: Entry) -> tuple[bytes, Key | None]:
        head, key = b'{"v":%d,"salt":"%s"' % (form.version, os.urandom(SALT).hex().encode()), None
        if words := form.words_of(entry):
            key = self.vault.take()
            box = seal(key, form.name, entry.originator_id, entry.originator_version, self._encode(words))
            head += b',"sealed":' + self._encode(Sealed(key.id, box))
            entry = msgspec.structs.replace(entry, **form.empty)
        return head + b"," + self._encode(entry)[1:], key

    def _entry(self, form: Form, state: bytes, key: Key | None) -> Entry:
        head = read_head(state)
        entry = form.read(head.v, state, None)
        if head.sealed is None or key is None:
            return entry
        return form.with_words(
            entry, unsealed(key, head.sealed, form.name, entry.originator_id, entry.originator_version)
        )

    def read(self, rows: Sequence[Row], words: bool = True) -> list[Recorded]:
        """One question to the vault for all of them, or none if the words are to stay sealed."""
        heads = [head_of(row) for row in rows]
        keys = self.vault.find(sealed_by(heads)) if words else NO_KEYS
        return [self._recorded(row, head, keys if words else None) for row, head in zip(rows, heads, strict=True)]

    def _recorded(self, row: Row, head: Head | Exception, keys: Found | None) -> Recorded:
        if isinstance(head, Exception):
            return Recorded(row, head)
        sealed = head.sealed
        key = keys[sealed.key] if sealed and keys is not None else None
        try:
            entry = self._content(row, head, key)
        except Exception as problem:  # noqa: BLE001  # whatever ails one entry, the others go on
            return Recorded(row, problem, sealed.key if sealed else None)
        removed = key.reason if isinstance(key, Erased) else None
        return Recorded(row, entry, sealed.key if sealed else None, removed)

    def _content(self, row: Row, head: Head, key: Key | Erased | SealBroken | None) -> Entry:
        if isinstance(key, SealBroken):
            raise key
        form = self.form(row.name)
        opened = None
        if head.sealed and isinstance(key, Key):
            opened = unsealed(key, head.sealed, row.name, row.originator_id, row.originator_version)
        entry = form.read(head.v, row.state, opened)
        if entry.originator_version != row.originator_version or entry.originator_id != row.originator_id:
            raise Misplaced(f"{entry.originator_id} version {entry.originator_version}")
        return entry


def head_of(row: Row) -> Head | Exception:
    try:
        return read_head(row.state)
    except UNREADABLE as problem:
        return problem


def sealed_by(heads: Iterable[Head | Exception]) -> Iterator[UUID]:
    return (head.sealed.key for head in heads if isinstance(head, Head) and head.sealed)


def bound(key: UUID, name: str, id: UUID, version: int) -> bytes:
    """Ciphertext moved to another entry, or another key, does not open."""
    return f"{name}\n{id}\n{version}\nwords\n{key}".encode()


def seal(key: Key, name: str, id: UUID, version: int, words: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key.secret).encrypt(nonce, words, bound(key.id, name, id, version))


def unsealed(key: Key, sealed: Sealed, name: str, id: UUID, version: int) -> bytes:
    try:
        return AESGCM(key.secret).decrypt(sealed.box[:NONCE], sealed.box[NONCE:], bound(key.id, name, id, version))
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal does not open") from error


def unreadable(entry: Entry, why: str) -> Refused:
    return Refused("entry.unreadable", name=entry.stored_name(), why=why)
