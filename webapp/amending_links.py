"""What the rest of its history has to do with an entry: what amends it, and what it amends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask_babel import gettext
from sqlalchemy import Connection

from domain.entry import Entry
from domain.history import EntryCorrected, EntryStruck, VariantPreferred, taken_out
from domain.removal import WordsRemoved
from projections.timeline import Happening
from webapp.amending_accounts import history_of
from webapp.entry_lines import EntryLine, lines_at


class Relation(NamedTuple):
    """Another entry and what it has to do with this one; `holds` is False where that was taken back again."""

    label: str
    line: EntryLine
    holds: bool


def relations(connection: Connection, happening: Happening) -> list[Relation]:
    history = history_of(happening.subject)
    places = {recorded.originator_version: recorded.position for recorded in history}
    entries = tuple(recorded.entry for recorded in history)
    out = taken_out(entries)
    found = list(dict.fromkeys(_related(entries, happening.version)))
    lines = {line.position: line for line in lines_at(connection, [places[version] for _, version, _ in found])}
    return [Relation(label, lines[places[version]], by not in out) for label, version, by in found]


def _related(entries: Sequence[Entry], version: int) -> Iterator[tuple[str, int, int]]:
    """How it is related, to which version, by which amendment."""
    for e in entries:
        by = e.originator_version
        match e:
            case EntryStruck():
                yield from _pair(version, e.of, by, gettext("Struck out by"), gettext("Strikes out"), by)
            case WordsRemoved():
                yield from _pair(
                    version, e.of, by, gettext("Its words were removed by"), gettext("Removes words of"), by
                )
            case VariantPreferred():
                yield from _pair(version, e.of, by, gettext("Preferred by"), gettext("Prefers"), by)
            case EntryCorrected():
                yield from _pair(version, e.of, e.by, gettext("Corrected by"), gettext("Corrects"), by)
                yield from _pair(version, e.of, by, gettext("The correction was recorded by"), gettext("Corrects"), by)


def _pair(version: int, of: int, other: int, passive: str, active: str, by: int) -> Iterator[tuple[str, int, int]]:
    """Told from either side."""
    if version == of:
        yield passive, other, by
    elif version == other:
        yield active, of, by
