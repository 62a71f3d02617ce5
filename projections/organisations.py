"""Which organisations are there, what were they called when, and which one does somebody mean?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    Uuid,
    false,
    func,
    select,
    tuple_,
)

from domain.clusters import MAX, MIN
from domain.coalition import ENTRIES as COALITION_ENTRIES
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.history import Amendment, holding
from domain.membership_entries import bounds
from domain.organisation import ENTRIES, Organisation, OrganisationMerged, OrganisationRegistered, OrganisationSameAs
from projections.kept import Placed, day, pack, unpack
from projections.letters import composed, sort_key
from projections.letters import fold as folded
from projections.tables import STILL, Projection, ReadTable, Rows, metadata
from projections.two_clocks import clock_columns, known_at, revise

NAME, STATE, ORGANISATION = 0, 1, 2
IN_ORDER = "(is_last, known_to, sort_key, subject)"
BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")

name_table = Table(
    "organisation_name",
    metadata,
    *clock_columns(),
    Column("place", Integer, nullable=False),  # in the order of days
    Column("called", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("since", Text),
    Column("position", BigInteger, nullable=False),
    Column("is_last", Boolean, nullable=False),
    Column("composed", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("sort_key", BYTEWISE, nullable=False),
    sqlite_with_rowid=False,
)
state_table = Table(
    "organisation_state",
    metadata,
    *clock_columns(),
    Column("kind", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("founded", Text),
    Column("is_coalition", Boolean, nullable=False),
    Column("ended", Text),  # merged or dissolved
    Column("ended_on", Text),
    Column("ended_earliest", Integer),
    Column("ended_latest", Integer),
    Column("ended_by", BigInteger),
    Column("successor_id", Uuid),
    Column("same_as", Text),
)
organisation_table = Table(
    "organisation",
    metadata,
    Column("subject", Uuid, nullable=False),
    Column("remembered", LargeBinary, nullable=False),
)


def fold(rows: Rows, position: int, entry: Entry) -> None:
    entries: list[Placed] | None = rows.memory
    if entries is None:
        packed = rows.held[ORGANISATION].get((rows.subject,))
        if packed is None and isinstance(entry, Amendment):
            return  # it amends another kind of history
        entries = unpack(packed[1], UUID(rows.subject)) if packed else []
    rows.memory = entries
    entries.append(Placed(position, entry))
    organisation = Organisation(id=UUID(rows.subject), entries=tuple(placed.entry for placed in entries))
    places = {placed.entry.originator_version: placed.position for placed in entries}
    revise(rows, NAME, name_facts(organisation, places), position)
    revise(rows, STATE, [state_fact(organisation, places)], position)


def name_facts(organisation: Organisation, places: dict[int, int]) -> list[tuple[Any, ...]]:
    names = organisation.names
    return [
        (
            place,
            named.called,
            getattr(named.by, "language", ""),
            *(bounds(named.since) if named.since else (MIN, MIN)),
            named.since.text if named.since else None,
            places[named.by.originator_version],
            place == len(names) - 1,
            composed(named.called),
            folded(named.called),
            sort_key(named.called),
        )
        for place, named in enumerate(names)
    ]


def state_fact(organisation: Organisation, places: dict[int, int]) -> tuple[Any, ...]:
    held = holding(organisation.entries)
    first = next((e for e in held if isinstance(e, OrganisationRegistered)), None)
    same = ";".join(sorted({e.other_id.hex for e in held if isinstance(e, OrganisationSameAs)}))
    kind = (first.kind, first.country, first.region) if first else ("", "", "")
    founded = first.founded.text if first and first.founded else None
    return *kind, founded, organisation.is_coalition, *end_of(organisation, places), same or None


def end_of(organisation: Organisation, places: dict[int, int]) -> tuple[Any, ...]:
    end = organisation.ended
    if end is None:
        return (None,) * 6
    successor = end.successor_id.hex if isinstance(end, OrganisationMerged) else None
    how = end.stored_name().removeprefix("organisation.")
    return how, end.occurred.text, *bounds(end.occurred), places[end.originator_version], successor


def finish(rows: Rows) -> None:
    if rows.memory is not None:
        rows.put(ORGANISATION, (rows.subject,), (rows.subject, pack(rows.memory)))


projection = Projection(
    "organisations",
    version=3,
    tables=(
        ReadTable(
            name_table, keys=3, indexes=("(composed)", "(is_last, known_to, sort_key, subject)"), two_clocks=True
        ),
        ReadTable(state_table, keys=3, indexes=("(is_coalition, known_to)",), two_clocks=True),
        ReadTable(organisation_table, keys=1),
    ),
    kinds=(*ENTRIES, *COALITION_ENTRIES, *AMENDMENTS),
    fold=fold,
    finish=finish,
)


# What people ask


class Found(NamedTuple):
    id: UUID
    called_now: str
    is_coalition: bool


class Name(NamedTuple):
    """A name and the day of its beginning; the first holds from the beginning."""

    called: str
    language: str
    since: str | None
    earliest: date | None
    latest: date | None
    position: int


class State(NamedTuple):
    """What is known of an organisation beside its names."""

    kind: str
    country: str
    region: str
    founded: str | None
    is_coalition: bool
    ended: str | None
    ended_on: str | None
    ended_by: int | None
    successor_id: UUID | None
    same_as: tuple[UUID, ...]


def find(connection: Connection, name: str) -> list[Found]:
    """Those that are or were called exactly so, case and spaces aside."""
    return _found(connection, name_table.c.composed == composed(name))


def find_without_marks(connection: Connection, name: str) -> list[Found]:
    """Those that are or were called so, if one types without marks."""
    wanted = folded(name)
    return _found(connection, name_table.c.folded == wanted) if wanted else []


def search(connection: Connection, text: str, limit: int = 50) -> list[Found]:
    """Those with a name that has the text in it, marks and letters of one alphabet aside."""
    wanted = folded(text)
    if not wanted:
        return []
    return _found(connection, name_table.c.folded.contains(wanted, autoescape=True))[:limit]


def having(connection: Connection, ids: Select[tuple[UUID]], text: str, known: int | None = None) -> set[UUID]:
    """Those of them that had such a name at any time."""
    like = name_table.c.folded.contains(folded(text), autoescape=True)
    of_these = name_table.c.subject.in_(ids) & like & known_at(name_table, known)
    return set(connection.scalars(select(name_table.c.subject).where(of_these)))


def nearest(connection: Connection, name: str, limit: int = 3) -> list[Found]:
    """Those whose names are most like it."""
    wanted, likeness = folded(name)[:300], dict[UUID, float]()
    for id, each in connection.execute(select(name_table.c.subject, name_table.c.folded).where(now(name_table))):
        likeness[id] = max(likeness.get(id, 0.0), alike(wanted, each))
    best = sorted((id for id in likeness if likeness[id] > LIKE), key=lambda id: (-likeness[id], str(id)))[:limit]
    by_id = {found.id: found for found in _found(connection, name_table.c.subject.in_(best))}
    return [by_id[id] for id in best]


LIKE = 0.6
COMMON_WORDS = """
    alliance asociacija association asotsiatsiia centras center centre coalition federation fond fondas fondu foundation
    fund group initiative institutas institute koalicija network of organisation organization sajunga soiuz spilka the
    tsentr union
"""
COMMON = frozenset(COMMON_WORDS.split())  # folded; that two names share them makes them no more alike


def alike(wanted: str, other: str) -> float:
    """Of the words that are their own the likeness must be as great as of the whole."""
    whole = likeness_of(wanted, other)
    return whole if whole > LIKE and likeness_of(own_words(wanted), own_words(other)) > LIKE else 0.0


def own_words(name: str) -> str:
    words = name.split()
    return " ".join(word for word in words if word not in COMMON) or name


def likeness_of(wanted: str, other: str) -> float:
    matcher = SequenceMatcher(None, wanted, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() > LIKE and matcher.quick_ratio() > LIKE else 0.0


def everyone(connection: Connection, known: int | None = None) -> list[Found]:
    """All organisations, by their present names."""
    is_last = name_table.c.is_last
    question = _with_state(known).where(is_last, known_at(name_table, known)).order_by(name_table.c.sort_key)
    return [Found(row.subject, row.called, bool(row.is_coalition)) for row in connection.execute(question)]


def listed(
    connection: Connection, text: str = "", known: int | None = None, after: UUID | None = None, limit: int = 100
) -> list[Found]:
    """Those after one of them, in the order of all alphabets together; of a text, those with a name that has it."""
    table = name_table.c
    question = _with_state(known).where(*_present(text, known)).order_by(table.sort_key, table.subject)
    if after:
        last = select(table.sort_key).where(table.subject == after, *_present("", known))
        question = question.where(tuple_(table.sort_key, table.subject) > (connection.scalar(last) or "", after))
    rows = connection.execute(question.limit(limit))
    return [Found(row.subject, row.called, bool(row.is_coalition)) for row in rows]


def how_many(connection: Connection, text: str = "", known: int | None = None) -> int:
    """In the whole list."""
    return connection.scalar(select(func.count()).select_from(name_table).where(*_present(text, known))) or 0


def _present(text: str, known: int | None) -> Iterator[ColumnElement[bool]]:
    """Last names; of a text, of those that ever had a name with it."""
    yield from (name_table.c.is_last, known_at(name_table, known))
    if text:
        wanted = folded(text)
        has_it = name_table.c.folded.contains(wanted, autoescape=True) if wanted else false()
        had_it = select(name_table.c.subject).where(has_it, known_at(name_table, known)).correlate(None)
        yield name_table.c.subject.in_(had_it)


def coalitions(connection: Connection, on: date | None = None, known: int | None = None) -> list[Found]:
    """Those that have members, by their names on that day."""
    ids = select(state_table.c.subject).where(state_table.c.is_coalition, known_at(state_table, known))
    return by_name([Found(id, called, True) for id, called in names_on(connection, ids, on, known).items()])


def names_on(
    connection: Connection, ids: Iterable[UUID] | Select[tuple[UUID]], on: date | None = None, known: int | None = None
) -> dict[UUID, str]:
    """What each was called on a day; the present name where the day of a renaming is not known. None: the last name."""
    return {id: called for id, (called, _) in sorted_names_on(connection, ids, on, known).items()}


def sorted_names_on(
    connection: Connection, ids: Iterable[UUID] | Select[tuple[UUID]], on: date | None = None, known: int | None = None
) -> dict[UUID, tuple[str, str]]:
    """The same, each with the key by which a list in several languages is sorted."""
    last = on.toordinal() if on else MAX
    table = name_table.c
    question = select(table.subject, table.called, table.sort_key).where(
        table.subject.in_(ids if isinstance(ids, Select) else list(ids)),
        known_at(name_table, known),
        table.earliest <= last,
    )
    rows = connection.execute(question.order_by(table.subject, table.place))
    return {id: (called, key) for id, called, key in rows.all()}


def names_of(connection: Connection, id: UUID, known: int | None = None) -> list[Name]:
    """All its names in the order of days."""
    return names_of_each(connection, [id], known)[id]


def names_of_each(connection: Connection, ids: Iterable[UUID], known: int | None = None) -> dict[UUID, list[Name]]:
    """The same of several."""
    found: dict[UUID, list[Name]] = {id: [] for id in ids}
    question = select(name_table).where(name_table.c.subject.in_(list(found)), known_at(name_table, known))
    for r in sorted(connection.execute(question), key=attrgetter("place")):
        name = Name(r.called, r.language, r.since, day(r.earliest), day(r.latest), r.position)
        found[r.subject].append(name)
    return found


def state(connection: Connection, id: UUID, known: int | None = None) -> State | None:
    question = select(state_table).where(state_table.c.subject == id, known_at(state_table, known))
    row = connection.execute(question).one_or_none()
    if row is None:
        return None
    same = tuple(UUID(each) for each in (row.same_as or "").split(";") if each)
    end = row.ended, row.ended_on, row.ended_by, row.successor_id
    return State(row.kind, row.country, row.region, row.founded, bool(row.is_coalition), *end, same)


def ends(connection: Connection, ids: Iterable[UUID], known: int | None = None) -> dict[UUID, int]:
    """Of those that merged away or were dissolved: the day by which they are certainly gone."""
    table = state_table.c
    of_these = table.subject.in_(list(ids)) & table.ended_latest.is_not(None)
    question = select(table.subject, table.ended_latest).where(of_these, known_at(state_table, known))
    return {row.subject: row.ended_latest for row in connection.execute(question)}


def merged_into(connection: Connection, id: UUID) -> list[UUID]:
    """Those that ended in this one."""
    question = select(state_table.c.subject).where(state_table.c.successor_id == id, now(state_table))
    return list(connection.scalars(question))


def joined_to(connection: Connection, id: UUID, known: int | None = None) -> list[UUID]:
    """Those whose own records say that they are the same as this one."""
    says_so = state_table.c.same_as.contains(id.hex)
    question = select(state_table.c.subject).where(says_so, known_at(state_table, known))
    return list(connection.scalars(question.order_by(state_table.c.subject)))


def joined_among(
    connection: Connection, ids: Select[tuple[UUID]], known: int | None = None
) -> dict[UUID, frozenset[UUID]]:
    """Which of these say that they are the same as another record, and that other one; both ways round."""
    table = state_table.c
    says_so = table.same_as.is_not(None) & table.subject.in_(ids)
    found: dict[UUID, frozenset[UUID]] = {}
    for row in connection.execute(select(table.subject, table.same_as).where(says_so, known_at(state_table, known))):
        for other in map(UUID, row.same_as.split(";")):
            for one, beside in ((row.subject, other), (other, row.subject)):
                found[one] = found.get(one, frozenset()) | {beside}
    return found


def now(table: Table) -> ColumnElement[bool]:
    return table.c.known_to == STILL


def _with_state(known: int | None) -> Any:
    of_same = (state_table.c.subject == name_table.c.subject) & known_at(state_table, known)
    return select(name_table.c.subject, name_table.c.called, state_table.c.is_coalition).join(state_table, of_same)


def _found(connection: Connection, of: ColumnElement[bool]) -> list[Found]:
    ids = set(connection.scalars(select(name_table.c.subject).where(of, now(name_table))))
    if not ids:
        return []
    question = _with_state(None).where(name_table.c.subject.in_(ids), now(name_table), name_table.c.is_last)
    rows = connection.execute(question.order_by(name_table.c.sort_key))
    return [Found(row.subject, row.called, bool(row.is_coalition)) for row in rows]


def by_name(found: Sequence[Found], language: str = "") -> list[Found]:
    """In the order of the reader's alphabet."""
    return sorted(found, key=lambda each: sort_key(each.called_now, language))
