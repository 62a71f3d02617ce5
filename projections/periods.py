"""How does each organisation stand to each coalition, from which day to which, as known between which positions?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Table,
    Text,
    select,
)

from domain.clusters import MAX
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.membership_entries import ENTRIES, MembershipEntry
from domain.standing import Standing
from projections import ends
from projections.coalitions import Life, spans
from projections.kept import Placed, day, pack, unpack
from projections.standings import Fact, Known, Span, after_one_more, is_plain, whole
from projections.tables import STILL, Id, Key, Projection, ReadTable, Row, Rows, hex_of, metadata
from projections.two_clocks import clock_columns, close, known_at, open_rows, revise

PERIOD, MEMBERSHIP, END = 0, 1, 2
ENDED = f"WHERE to_day < {MAX}"
COUNTED = "(known_to, to_day, from_day, known_from, coalition_id, subject, inside, role, standing, surely_inside)"

period = Table(
    "period",
    metadata,
    *clock_columns(),
    Column("coalition_id", Id, nullable=False),
    Column("organisation_id", Id, nullable=False),
    Column("from_day", Integer, nullable=False),
    Column("to_day", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("role", Text),
    Column("standing", Text, nullable=False),
    Column("scope", Text),
    Column("inside", Boolean, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("surely_inside", Boolean, nullable=False),
    Column("since", Text),
    Column("begun_by", BigInteger),
    sqlite_with_rowid=False,
)
membership = Table(
    "membership",
    metadata,
    Column("subject", Id, nullable=False),
    Column("coalition_id", Id, nullable=False),
    Column("organisation_id", Id, nullable=False),
    Column("is_legal", Boolean, nullable=False),
    Column("remembered", LargeBinary, nullable=False),
)


class Remembered(msgspec.Struct, array_like=True):
    """What the fold needs to go on with a membership."""

    last: Standing | None
    reach: int
    entries: bytes


class Memory:
    """A membership between two entries."""

    __slots__ = ("entries", "is_plain", "keys", "known", "names_ends", "pair")

    def __init__(self, pair: tuple[str, str], entries: list[Placed], known: Known, keys: list[list[Key]]) -> None:
        self.pair, self.entries, self.known, self.keys = pair, entries, known, keys
        self.is_plain = all(is_plain(placed.entry) for placed in entries)
        self.names_ends = any(ends.said_by(placed.entry) for placed in entries)


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Remembered).decode


def fold(rows: Rows, position: int, entry: Entry) -> None:
    memory: Memory | None = rows.memory or recalled(rows)
    if memory is None:
        if not isinstance(entry, MembershipEntry):
            return  # it amends another kind of history
        memory = Memory((hex_of(entry.coalition_id), hex_of(entry.organisation_id)), [], Known(), [])
    rows.memory = memory
    memory.entries.append(Placed(position, entry))
    memory.is_plain = memory.is_plain and is_plain(entry)
    known = (
        after_one_more(memory.known, position, entry)
        if memory.is_plain and isinstance(entry, MembershipEntry)
        else None
    )
    known = known or whole(memory.entries)
    if known.spans is not memory.known.spans:
        rewrite(rows, memory, known.spans, position)
    memory.known = known
    memory.names_ends = memory.names_ends or ends.said_by(entry) is not None
    if memory.names_ends:
        revise(rows, END, ends.facts(memory.pair, memory.entries), position)


def rewrite(rows: Rows, memory: Memory, spans: Sequence[Span], position: int) -> None:
    """A stretch that is still believed keeps its rows; all rows of another are closed together, or opened together."""
    old = memory.known.spans
    first = agreeing(old, spans)
    gone = dict(zip(old[first:], memory.keys[first:], strict=True))
    keys = memory.keys[:first]
    n = 0
    for span in spans[first:]:
        held = gone.pop(span, None)
        if held is None:
            held = [(rows.subject, position, n + i) for i in range(len(span.facts))]
            n += len(held)
            for key, fact in zip(held, span.facts, strict=True):
                rows.put(PERIOD, key, (*key, STILL, *memory.pair, span.since, span.until, *fact))
        keys.append(held)
    for key in chain.from_iterable(gone.values()):
        close(rows, PERIOD, rows.held[PERIOD][key], position)
    memory.keys = keys


def agreeing(old: Sequence[Span], new: Sequence[Span]) -> int:
    """How many stretches from the beginning on are the same."""
    count = 0
    for a, b in zip(old, new, strict=False):
        if a is not b and a != b:
            break
        count += 1
    return count


def recalled(rows: Rows) -> Memory | None:
    row = rows.held[MEMBERSHIP].get((rows.subject,))
    if row is None:
        return None
    _, coalition_id, organisation_id, is_legal, packed = row
    remembered = decode(packed)
    pair = {"coalition_id": UUID(coalition_id), "organisation_id": UUID(organisation_id)}
    stored = spans_of(open_rows(rows, PERIOD))
    keys = [[row[:3] for row in of] for _, of in stored]
    known = Known(tuple(span for span, _ in stored), remembered.last, remembered.reach, bool(is_legal))
    return Memory((coalition_id, organisation_id), unpack(remembered.entries, UUID(rows.subject), **pair), known, keys)


def spans_of(stored: list[Row]) -> list[tuple[Span, list[Row]]]:
    days: dict[tuple[int, int], list[Row]] = {}
    for row in sorted(stored, key=itemgetter(6, 2)):
        days.setdefault((row[6], row[7]), []).append(row)
    return [(Span(*span, tuple(Fact(*row[8:]) for row in rows)), rows) for span, rows in days.items()]


def finish(rows: Rows) -> None:
    memory: Memory | None = rows.memory
    if memory is None:
        return
    known = memory.known
    remembered = encode(Remembered(known.last, known.reach, pack(memory.entries)))
    rows.put(MEMBERSHIP, (rows.subject,), (rows.subject, *memory.pair, known.is_legal, remembered))


projection = Projection(
    "periods",
    version=3,
    tables=(
        ReadTable(
            period,
            keys=3,
            indexes=(
                f"(subject, from_day) {ENDED}",
                "(coalition_id, known_to)",
                "(organisation_id, known_to)",
                COUNTED,
            ),
            two_clocks=True,
        ),
        ReadTable(membership, keys=1, indexes=("(coalition_id, subject, organisation_id)",)),
        ends.read_table,
    ),
    kinds=(*ENTRIES, *AMENDMENTS),
    fold=fold,
    finish=finish,
)


# What people ask


class Band(NamedTuple):
    """Days with one possible standing. None: since the coalition began, or still so."""

    since: date | None
    until: date | None
    place: str
    role: str | None
    standing: str
    scope: str | None
    certain: bool
    surely_inside: bool
    since_text: str | None
    begun_by: int | None

    @property
    def inside(self) -> bool:
        return self.place == "in"


class Ribbon(NamedTuple):
    coalition_id: UUID
    organisation_id: UUID
    bands: tuple[Band, ...]


PAIR = period.c.coalition_id, period.c.organisation_id
SHOWN = tuple(period.c[name] for name in (*Band._fields[2:8], "since", "begun_by"))


def bands(connection: Connection, coalition_id: UUID, known: int | None = None) -> list[Ribbon]:
    """A ribbon for each organisation that ever had to do with the coalition, cut to the days of its life."""
    return _ribbons(connection, period.c.coalition_id == coalition_id, known)


def of_organisation(connection: Connection, organisation_id: UUID, known: int | None = None) -> list[Ribbon]:
    """The same, a ribbon for each coalition."""
    return _ribbons(connection, period.c.organisation_id == organisation_id, known)


def _ribbons(connection: Connection, of: ColumnElement[bool], known: int | None) -> list[Ribbon]:
    question = select(*PAIR, period.c.from_day, period.c.to_day, *SHOWN)
    question = question.where(of, known_at(period, known), period.c.place != "none")
    rows = connection.execute(question.order_by(*PAIR, period.c.from_day, period.c.n)).all()
    by_pair = [(pair, list(of_pair)) for pair, of_pair in groupby(rows, itemgetter(0, 1))]
    lives = spans(connection, {coalition_id for (coalition_id, _), _ in by_pair}, known)
    found = [Ribbon(one, other, cut(of_pair, lives[one])) for (one, other), of_pair in by_pair]
    return sorted((ribbon for ribbon in found if ribbon.bands), key=lambda ribbon: ribbon.bands[0].since or date.min)


def cut(rows: Iterable[Any], life: Life) -> tuple[Band, ...]:
    """Each with its first and last day in front."""
    first, end = life
    return tuple(
        Band(
            day(max(since, first)),
            day(min(until, end)),
            place,
            role,
            standing,
            scope,
            bool(certain),
            bool(sure),
            *begun,
        )
        for _, _, since, until, place, role, standing, scope, certain, sure, *begun in rows
        if until > first and since < end
    )
