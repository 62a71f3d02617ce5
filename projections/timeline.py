"""What happened, newest first? And what was recorded, by whom and when: one row an entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    and_,
    or_,
    select,
    text,
    tuple_,
    union,
    union_all,
)

from domain.chronicle.forms import instant, stamp_of
from domain.coalition import ENTRIES as COALITION_ENTRIES
from domain.coalition import CoalitionEntry
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.history import (
    UNDO_WITHIN,
    Amendment,
    EntryCorrected,
    EntryStruck,
    VariantPreferred,
    holding,
    in_force,
    taken_out,
)
from domain.membership_entries import ENTRIES as MEMBERSHIP_ENTRIES
from domain.membership_entries import MembershipEntry, bounds
from domain.organisation import ENTRIES as ORGANISATION_ENTRIES
from domain.removal import WordsRemoved
from projections.kept import NOBODY, Placed, day, pack, unpack
from projections.tables import Id, Projection, ReadTable, Row, Rows, hex_of, metadata
from projections.two_clocks import clock_columns, known_at, revise

LINE, AMENDED = 0, 1
NAMES_ANOTHER = "name IN ('organisation.merged', 'organisation.split', 'organisation.same_as')"  # whom, no column says
TAKEN_BACK = ("undone", "undo")

line_table = Table(
    "timeline",
    metadata,
    Column("position", BigInteger, nullable=False),
    Column("subject", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("coalition_id", Id),
    Column("organisation_id", Id),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("occurred", Text, nullable=False),
    Column("decided", Text),
    Column("recorded_at", BigInteger, nullable=False),  # microseconds since 1970
    Column("recorded_by", Id, nullable=False),
    Column("variant", Text, nullable=False),
    Column("amendment", LargeBinary),
)
amended_table = Table(
    "timeline_amended",
    metadata,
    *clock_columns(),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # struck, corrected, undone, undo, set_aside, preferred
    Column("amended_by", BigInteger, nullable=False),
)


class Line(NamedTuple):
    """A row of the timeline as the fold writes it."""

    position: int
    subject: str
    version: int
    name: str
    coalition_id: str | None
    organisation_id: str | None
    earliest: int
    latest: int
    occurred: str
    decided: str | None
    recorded_at: int
    recorded_by: str
    variant: str
    amendment: bytes | None


def fold(rows: Rows, position: int, entry: Entry) -> None:
    earliest, latest = bounds(entry.occurred)
    is_amendment = isinstance(entry, Amendment)
    line = Line(
        position,
        rows.subject,
        entry.originator_version,
        entry.stored_name(),
        *concerns(rows, entry),
        earliest,
        latest,
        entry.occurred.text,
        entry.decided.text if entry.decided else None,
        stamp_of(entry.recorded_at),
        hex_of(entry.recorded_by),
        entry.variant,
        pack([Placed(position, entry)]) if is_amendment else None,
    )
    rows.put(LINE, (position,), line)
    if is_amendment:
        lines = [Line._make(row) for row in sorted(rows.held[LINE].values())]
        revise(rows, AMENDED, amended(lines), position)


def concerns(rows: Rows, entry: Entry) -> tuple[str | None, str | None]:
    """The coalition and the organisation that it is about."""
    if isinstance(entry, MembershipEntry):
        return hex_of(entry.coalition_id), hex_of(entry.organisation_id)
    if isinstance(entry, CoalitionEntry):
        other: UUID | None = getattr(entry, "umbrella_id", None) or getattr(entry, "holder_id", None)
        return rows.subject, hex_of(other) if other else None
    if isinstance(entry, Amendment) and rows.held[LINE]:
        first: Row = min(rows.held[LINE].values())
        return first[4], first[5]
    return None, rows.subject


def amended(lines: Sequence[Line]) -> list[tuple[int, str, int]]:
    """What became of each entry that another one amends: its position, its state, and what brought it there."""
    entries = tuple(light(line) for line in lines)
    place = {line.version: line for line in lines}
    out, held = taken_out(entries), holding(entries)
    forced = in_force(entries)
    found: dict[int, tuple[str, int]] = {}
    for amendment in (e for e in entries if isinstance(e, Amendment)):
        by = place[amendment.originator_version]
        is_out = amendment not in forced if isinstance(amendment, VariantPreferred) else by.version in out
        for version, state in effects(amendment, by, place, is_out):
            if version in place:
                found[place[version].position] = state, by.position
    drives = {place[e.originator_version].position for e in held}
    for correction in (e for e in entries if isinstance(e, EntryCorrected) and e.originator_version not in out):
        right = place.get(correction.by)
        if right is None:
            continue
        if (right.variant == "alternative") == (right.position in drives):  # it stands where the one stood before it
            state = "preferred" if right.position in drives else "set_aside"
            found.setdefault(right.position, (state, place[correction.originator_version].position))
    return [(at, state, by) for at, (state, by) in sorted(found.items()) if still(state, at, drives)]


def still(state: str, position: int, drives: set[int]) -> bool:
    """Whether a later amendment did not turn it round again."""
    return {"set_aside": position not in drives, "preferred": position in drives}.get(state, True)


def effects(amendment: Amendment, by: Line, place: dict[int, Line], is_out: bool) -> list[tuple[int, str]]:
    match amendment:
        case EntryCorrected():
            return [(amendment.by, "struck")] if is_out else [(amendment.of, "corrected")]
        case _ if is_out:
            return []
        case WordsRemoved():
            return []
        case VariantPreferred():
            return [(amendment.of, "preferred"), *((version, "set_aside") for version in amendment.instead_of)]
        case EntryStruck():
            if is_undo(amendment, by, place):
                return [*undone(amendment.of, place), (amendment.originator_version, "undo")]
            return [(amendment.of, "struck")]


def undone(version: int, place: dict[int, Line]) -> list[tuple[int, str]]:
    """The entry, and the right content that was recorded with it if it was a correction."""
    amendment = light(place[version]) if version in place else None
    content = [amendment.by] if isinstance(amendment, EntryCorrected) else []
    return [(each, "undone") for each in (*content, version)]


def is_undo(struck: EntryStruck, by: Line, place: dict[int, Line]) -> bool:
    """Taken back by its author while the ink was wet."""
    of = place.get(struck.of)
    if of is None or struck.reason != "mistyped" or of.recorded_by != by.recorded_by:
        return False
    return timedelta(microseconds=by.recorded_at - of.recorded_at) <= UNDO_WITHIN


def light(line: Line) -> Entry:
    """Enough of an entry to tell which of them hold."""
    if line.amendment:
        return unpack(line.amendment, UUID(line.subject))[0].entry
    return Entry(
        originator_id=NOBODY,
        originator_version=line.version,
        occurred=None,  # type: ignore[arg-type]  # which entries hold does not depend on their days
        recorded_by=NOBODY,
        command_id=NOBODY,
        variant=line.variant,  # type: ignore[arg-type]  # it was a Variant when it was written
    )


projection = Projection(
    "timeline",
    version=2,
    tables=(
        ReadTable(
            line_table,
            keys=1,
            indexes=(
                "(subject)",
                "(recorded_at)",
                "(earliest, latest, position)",
                "(coalition_id, earliest, latest, position)",
                "(organisation_id, earliest, latest, position)",
                f"(subject) WHERE {NAMES_ANOTHER}",
            ),
        ),
        ReadTable(amended_table, keys=3, indexes=("(position)",), two_clocks=True),
    ),
    kinds=(*MEMBERSHIP_ENTRIES, *ORGANISATION_ENTRIES, *COALITION_ENTRIES, *AMENDMENTS),
    fold=fold,
    looks_back_at=AMENDMENTS,
)


# What people ask


class Happening(NamedTuple):
    """An entry where it stands in time. Its words are in the chronicle, at its position."""

    position: int
    subject: UUID
    version: int
    name: str
    coalition_id: UUID | None
    organisation_id: UUID | None
    earliest: int
    latest: int
    occurred: str
    decided: str | None
    recorded_at: datetime
    recorded_by: UUID
    variant: str
    state: str | None  # struck, corrected, undone, undo, set_aside, preferred; None: it stands as it was recorded
    amended_by: int | None

    @property
    def key(self) -> tuple[int, int, int]:
        """Where the next page of the timeline goes on: `after`."""
        return self.earliest, self.latest, self.position

    @property
    def first_day(self) -> date | None:
        return day(self.earliest)

    @property
    def last_day(self) -> date | None:
        return day(self.latest)

    @property
    def taken_out_by(self) -> int | None:
        return self.amended_by if self.state in ("struck", "corrected", "undone") else None


def timeline(
    connection: Connection,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    names: Sequence[str] = (),
    known: int | None = None,
    until_day: date | None = None,
    after: tuple[int, int, int] | None = None,
    limit: int = 50,
) -> list[Happening]:
    """Newest occurrence first, without what was taken back at once. `after` is the key of the last one seen."""
    table = line_table.c
    question = _lines(known)
    for wanted in (
        _named(names),
        table.earliest <= until_day.toordinal() if until_day else None,
        tuple_(table.earliest, table.latest, table.position) < after if after else None,
        _not_taken_back(),
    ):
        question = question if wanted is None else question.where(wanted)
    by = ("earliest", "latest", "position")
    return _newest(connection, _about(question, coalition_id, organisation_id), by, limit)


def register(
    connection: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    author: UUID | None = None,
    names: Sequence[str] = (),
    subject: UUID | None = None,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    known: int | None = None,
    before: int | None = None,
    limit: int = 50,
    with_taken_back: bool = True,
) -> list[Happening]:
    """Everything that was recorded, newest first, in the order of recording. `before` is the last position seen."""
    table = line_table.c
    question = _lines(known)
    for wanted in (
        _named(names),
        table.recorded_at >= stamp_of(since) if since else None,
        table.recorded_at <= stamp_of(until) if until else None,
        table.recorded_by == author if author else None,
        table.subject == subject if subject else None,
        table.position < before if before is not None else None,
        None if with_taken_back else _not_taken_back(),
    ):
        question = question if wanted is None else question.where(wanted)
    return _newest(connection, _about(question, coalition_id, organisation_id), ("position",), limit)


def contested(connection: Connection, subjects: Iterable[UUID], known: int | None = None) -> set[UUID]:
    """Those of them in whose history another source says something."""
    table = line_table.c
    question = select(table.subject).where(table.subject.in_(set(subjects)), table.variant == "alternative")
    question = question if known is None else question.where(table.position <= known)
    return set(connection.scalars(question.distinct()))


LINES = select(
    *(column for column in line_table.c if column.name != "amendment"),
    amended_table.c.state,
    amended_table.c.amended_by,
)


def lines_at(connection: Connection, positions: Sequence[int], known: int | None = None) -> dict[int, Happening]:
    """The entries at these positions."""
    question = _lines(known).where(line_table.c.position.in_(positions))
    return {found.position: found for found in map(_happening, connection.execute(question))}


def mentioning(connection: Connection, organisation_id: UUID) -> list[UUID]:
    """The histories that may speak of an organisation: its memberships, and whoever names it. Also some that do not."""
    table = line_table.c
    is_about = table.organisation_id == organisation_id, table.coalition_id == organisation_id, text(NAMES_ANOTHER)
    return list(connection.scalars(union(*(select(table.subject).where(each) for each in is_about))))


def authors(connection: Connection) -> list[UUID]:
    """Everybody who recorded something."""
    return list(connection.scalars(select(line_table.c.recorded_by).distinct().order_by(line_table.c.recorded_by)))


def _not_taken_back() -> ColumnElement[bool]:
    return or_(amended_table.c.state.is_(None), amended_table.c.state.not_in(TAKEN_BACK))


def _named(names: Sequence[str]) -> ColumnElement[bool] | None:
    return line_table.c.name.in_(names) if names else None


def _lines(known: int | None) -> Select[Any]:
    of_same = and_(amended_table.c.position == line_table.c.position, known_at(amended_table, known))
    question = LINES.join_from(line_table, amended_table, of_same, isouter=True)
    return question if known is None else question.where(line_table.c.position <= known)


def _about(question: Select[Any], coalition_id: UUID | None, organisation_id: UUID | None) -> list[Select[Any]]:
    """One question an index: what concerns the coalition or organisation, and what is said of itself."""
    table = line_table.c
    found = [question]
    for column, id in ((table.coalition_id, coalition_id), (table.organisation_id, organisation_id)):
        if id is not None:
            itself = and_(table.subject == id, or_(column.is_(None), column != id))
            found = [each.where(wanted) for each in found for wanted in (column == id, itself)]
    return found


def _newest(connection: Connection, parts: list[Select[Any]], by: tuple[str, ...], limit: int) -> list[Happening]:
    parts = [part.order_by(*(line_table.c[name].desc() for name in by)).limit(limit) for part in parts]
    if len(parts) == 1:
        return [_happening(row) for row in connection.execute(parts[0])]
    together = union_all(*(select(*part.subquery().c) for part in parts)).subquery()
    question = select(*together.c).order_by(*(together.c[name].desc() for name in by)).limit(limit)
    return [_happening(row) for row in connection.execute(question)]


def _happening(row: Any) -> Happening:
    values = row._asdict()
    return Happening(**{**values, "recorded_at": instant(row.recorded_at)})
