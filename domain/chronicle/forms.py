"""What each kind of entry looks like when stored: its words, its version, and how older versions are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from domain.entry import Entry

OWN_FIELDS = ("v", "salt", "sealed")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Content = dict[str, Any]
Upcasts = Mapping[tuple[str, int], Callable[[Content], Content]]

UPCASTS: Upcasts = {}  # (stored name, older version) -> the content in the next version; words may be missing


class UnknownName(Exception):
    """An entry of a kind that this program does not know; names are never imported as code."""


class NewerForm(Exception):
    """An entry was written by a newer program than this one."""

    def __init__(self, name: str, stored: int, known: int) -> None:
        super().__init__(f"{name} is stored in version {stored}; this program knows {known}")
        self.name, self.stored, self.known = name, stored, known


class Misplaced(Exception):
    """The content of a row belongs to another entry than its columns say."""


class Form:
    """How one kind of entry is encoded and decoded."""

    def __init__(self, kind: type[Entry], upcasts: Upcasts = UPCASTS) -> None:
        self.kind, self.name, self.version = kind, kind.stored_name(), kind.version_of_form
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        if taken := set(OWN_FIELDS) & set(fields):
            raise TypeError(f"{self.name} may not name a field {sorted(taken)}")
        self.empty = {word: emptiness(fields[word]) for word in kind.words}
        words = msgspec.defstruct(
            "Words", [(word, fields[word].type, self.empty[word]) for word in kind.words], frozen=True
        )
        self.decode: Callable[[bytes], Entry] = msgspec.json.Decoder(kind).decode
        self.decode_words: Callable[[bytes], msgspec.Struct] = msgspec.json.Decoder(words).decode
        self._upcasts = upcasts

    def words_of(self, entry: Entry) -> Content:
        """Those that are not empty."""
        said = {word: getattr(entry, word) for word in self.empty}
        return {word: value for word, value in said.items() if value != self.empty[word]}

    def with_words(self, entry: Entry, opened: bytes) -> Entry:
        return msgspec.structs.replace(entry, **msgspec.structs.asdict(self.decode_words(opened)))

    def read(self, version: int, state: bytes, words: bytes | None) -> Entry:
        if version == self.version:
            return self.with_words(self.decode(state), words) if words else self.decode(state)
        if version > self.version:
            raise NewerForm(self.name, version, self.version)
        return self._upcast(version, state, words)

    def _upcast(self, version: int, state: bytes, words: bytes | None) -> Entry:
        content: Content = msgspec.json.decode(state)
        if words:
            content.update(msgspec.json.decode(words))
        for older in range(version, self.version):
            content = self._upcasts[self.name, older](content)
        return msgspec.convert(content, self.kind)


def emptiness(field: msgspec.structs.FieldInfo) -> Any:
    """What stands in the place of words that are sealed."""
    if field.default is not msgspec.NODEFAULT:
        return field.default
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    if field.type is str:
        return ""
    raise TypeError(f"the words {field.name!r} need a default that stands in their place when they are sealed")


def forms(kinds: Iterable[type[Entry]], upcasts: Upcasts = UPCASTS) -> dict[str, Form]:
    known: dict[str, Form] = {}
    for kind in kinds:
        form = Form(kind, upcasts)
        if known.setdefault(form.name, form).kind is not kind:
            raise TypeError(f"two kinds of entry are stored as {form.name}")
    return known


def instant(stamp: int) -> datetime:
    return EPOCH + timedelta(microseconds=stamp)


def stamp_of(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND
