"""How does a fold remember the entries of its subject between two batches? Compactly, and without words of people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from domain import membership_entries
from domain.dates import PartialDate
from domain.entry import Entry, Variant
from domain.kinds import EVERY_KIND

KINDS: dict[str, type[Entry]] = {kind.stored_name(): kind for kind in EVERY_KIND}
NOBODY = UUID(int=0)
LAST_DAY = date.max.toordinal()


class Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    position: int
    version: int
    name: str
    occurred: PartialDate
    decided: PartialDate | None
    variant: Variant
    fields: dict[str, Any]


class Placed(msgspec.Struct, frozen=True, gc=False):
    """An entry and its position."""

    position: int
    entry: Entry


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(list[Kept]).decode


@cache
def of_kind(kind: type[Entry]) -> tuple[str, tuple[str, ...]]:
    """Its stored name, and what it says beyond every entry, but for its words and the pair of a membership."""
    pair = ("coalition_id", "organisation_id") if issubclass(kind, membership_entries.MembershipEntry) else ()
    shared = (*Entry.__struct_fields__, *pair)
    return kind.stored_name(), tuple(name for name in kind.__struct_fields__ if name not in (*shared, *kind.words))


def pack(placed: Sequence[Placed]) -> bytes:
    return encode([_kept(each.position, each.entry) for each in placed])


def _kept(position: int, entry: Entry) -> Kept:
    name, own = of_kind(type(entry))
    fields = {field: getattr(entry, field) for field in own}
    return Kept(position, entry.originator_version, name, entry.occurred, entry.decided, entry.variant, fields)


def unpack(packed: bytes, subject: UUID, **pair: UUID) -> list[Placed]:
    """The entries again; who recorded them when, and their words, are not in them."""
    return [Placed(kept.position, _entry(kept, subject, pair)) for kept in decode(packed)]


def _entry(kept: Kept, subject: UUID, pair: dict[str, UUID]) -> Entry:
    kind = KINDS[kept.name]
    told = {
        "originator_id": subject,
        "originator_version": kept.version,
        "occurred": kept.occurred,
        "decided": kept.decided,
        "variant": kept.variant,
        "recorded_by": NOBODY,
        "command_id": NOBODY,
    }
    return msgspec.convert({**told, **pair_of(kind, pair), **kept.fields}, kind, str_keys=False)


def pair_of(kind: type[Entry], pair: dict[str, UUID]) -> dict[str, UUID]:
    return pair if issubclass(kind, membership_entries.MembershipEntry) else {}


def day(ordinal: int) -> date | None:
    """The day of a bound; open ends have none."""
    return date.fromordinal(ordinal) if 0 < ordinal <= LAST_DAY else None
