"""What does a row say, however it is written? Organisations by id, defaults filled in: equal meanings are one row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import fields

from domain.dates import PartialDate
from domain.entry import Decision, Entry, Source
from domain.history import Amendment, holding, taken_out
from domain.membership_entries import MembershipEntry
from domain.organisation import OrganisationRegistered
from domain.removal import removals
from projections.letters import composed
from webapp import parts
from webapp.events import EVENTS, NAME_OF, OF_SUBJECT, Column
from webapp.schemas import Change, successors

IMPORTED = UUID("6f1d4a52-0c0e-5d53-9a3c-2b8f7a1e4c90")  # never changes: it tells that a row was imported before
OF_EVERY_ROW = ("decided", "note", "source", "initiative", "decision", "variant")

Meaning = str
Ids = Mapping[str, UUID]  # by the name as it is written


def of_change(change: Change, ids: Ids) -> Meaning:
    """`ids` need not hold each name: one that it does not hold stands for itself."""
    said: dict[str, Any] = {column: _named(name, ids) for column, name in _subject(change)}
    for column, meaning in change.kind.columns.items():
        told = _told_names(change, column, meaning, ids) if meaning.names_organisation else getattr(change, column)
        said[column] = told or _default(change.kind.kind, meaning.field)
    if change.kind.kind is OrganisationRegistered:
        said["called"] = composed(change.organisation)
    return _written(change.event, change.date, {**said, **_of_every_row(change)})


def of_entry(entry: Entry, is_preferred: bool) -> Meaning:
    """Of an entry for which there is a kind of row. What a row cannot say is left out."""
    event = EVENTS[NAME_OF[type(entry)]]
    said: dict[str, Any] = {column: getattr(entry, meaning.field) for column, meaning in event.columns.items()}
    if isinstance(entry, MembershipEntry):
        said |= {"coalition": entry.coalition_id, "organisation": entry.organisation_id}
    else:
        said[event.subject] = entry.originator_id
    if isinstance(entry, OrganisationRegistered):
        said["called"] = composed(entry.called)
    variant = "preferred" if is_preferred else "alternative"
    return _written(NAME_OF[type(entry)], entry.occurred, {**said, **_of_every_row(entry), "variant": variant})


def of_history(entries: tuple[Entry, ...]) -> Iterator[Meaning]:
    """Of each account that stands."""
    out, holds = taken_out(entries), {e.originator_version for e in holding(entries)}
    for e in entries:
        if type(e) in NAME_OF and not isinstance(e, Amendment) and e.originator_version not in out:
            yield of_entry(e, e.originator_version in holds)


def of_wordless(entries: tuple[Entry, ...]) -> Iterator[Meaning]:
    """Of each account that stands and whose words were removed, what is left, as `without_words` leaves it of a row."""
    gone = removals(entries).keys() - taken_out(entries)
    for e in entries:
        if e.originator_version in gone and type(e) in NAME_OF:
            yield without_words(of_entry(e, e.variant == "preferred"))


def without_words(meaning: Meaning) -> Meaning:
    """What no removal of words takes away. Which account is preferred may have changed since."""
    told = json.loads(meaning)
    words = EVENTS[told["event"]].kind.words
    columns = EVENTS[told["event"]].columns
    typed = {*words, *(column for column, meant in columns.items() if meant.field in words), "variant"}
    return json.dumps({column: cell for column, cell in told.items() if column not in typed}, sort_keys=True)


def command_of(meaning: Meaning) -> UUID:
    return uuid5(IMPORTED, meaning)


def names_of_organisations(change: Change) -> list[str]:
    """Each that the row speaks of; not a name that it gives."""
    told = [name for _, name in _subject(change)]
    for column, meaning in change.kind.columns.items():
        if meaning.names_organisation:
            told += _parts(change, column, meaning)
    return told


def _subject(change: Change) -> list[tuple[str, str]]:
    return [(column, getattr(change, column)) for column in sorted(OF_SUBJECT[change.kind.subject])]


def _parts(change: Change, column: str, meaning: Column) -> tuple[str, ...]:
    if meaning.field == "into":
        return successors(change)
    name = getattr(change, column)
    return (name,) if name else ()


def _told_names(change: Change, column: str, meaning: Column, ids: Ids) -> Any:
    named = [_named(name, ids) for name in _parts(change, column, meaning)]
    return named if meaning.field == "into" else next(iter(named), None)


def _named(name: str, ids: Ids) -> str:
    return ids[name].hex if name in ids else composed(name)


@cache
def _default(kind: type[Entry], field: str) -> Any:
    return next((f.default for f in fields(kind) if f.name == field and isinstance(f.default, str | tuple)), None)


def _of_every_row(told: Change | Entry) -> dict[str, Any]:
    return {column: getattr(told, column) for column in OF_EVERY_ROW}


def _written(event: str, date: PartialDate, said: Mapping[str, Any]) -> Meaning:
    cells = {"event": event, "date": date.text} | {column: _plain(value) for column, value in said.items()}
    told = {column: value for column, value in cells.items() if value}
    return json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case PartialDate():
            return value.text
        case Source():
            return parts.write_source(value)
        case Decision():
            return parts.write_decision(value)
        case UUID():
            return value.hex
        case str() | None:
            return value
        case Iterable():
            return [_plain(part) for part in value]
    raise TypeError(type(value))
