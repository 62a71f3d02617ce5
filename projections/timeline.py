"""What happened, newest first? And what was recorded, by whom and when: one row an entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, or_, select, text, tuple_, union

from domain.action import ActionLogged
from domain.chronicle.forms import instant, stamp_of
from projections.kept import day
from projections.lines import BEGINS_WORK, LOGS, amended_table, line_table, mention_table
from projections.sight import LEAST, Sight, visible
from projections.two_clocks import known_at

TAKEN_BACK = ("undone", "undo")
OF_MEMBERSHIPS = "membership."
FEW = 8  # campaigns and projects, each sought by itself


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
    work_id: UUID | None  # the campaign or project that it belongs to
    level: str  # of confidentiality, its own; empty: that of its campaign or project
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
    *,
    sight: Sight = LEAST,
    works: Sequence[UUID] | None = None,
) -> list[Happening]:
    """Newest occurrence first, without what was taken back at once. `after` is the key of the last one seen.

    `works`: the campaigns and projects that belong to the coalition or organisation; alone, what belongs to them.
    """
    table = line_table.c
    question = _lines(known).where(visible(table.work_id, table.level, sight))
    for wanted in (
        _named(names),
        table.earliest <= until_day.toordinal() if until_day else None,
        tuple_(table.earliest, table.latest, table.position) < after if after else None,
        _not_taken_back(),
    ):
        question = question if wanted is None else question.where(wanted)
    by = ("earliest", "latest", "position")
    return _newest(connection, _about(question, coalition_id, organisation_id, works, in_time=True), by, limit)


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
    sight: Sight = LEAST,
    works: Sequence[UUID] | None = None,
) -> list[Happening]:
    """Everything that was recorded, newest first, in the order of recording. `before` is the last position seen."""
    table = line_table.c
    question = _lines(known).where(visible(table.work_id, table.level, sight))
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
    return _newest(
        connection, _about(question, coalition_id, organisation_id, works, in_time=False), ("position",), limit
    )


def contested(connection: Connection, subjects: Iterable[UUID], known: int | None = None) -> set[UUID]:
    """Those of them in whose history another source says something."""
    table = line_table.c
    question = select(table.subject).where(table.subject.in_(set(subjects)), table.variant == "alternative")
    question = question if known is None else question.where(table.position <= known)
    return set(connection.scalars(question.distinct()))


LINES = select(
    *(column for column in line_table.c if column.name not in ("amendment", "confidentiality")),
    amended_table.c.state,
    amended_table.c.amended_by,
)


def lines_at(
    connection: Connection, positions: Sequence[int], known: int | None = None, *, sight: Sight = LEAST
) -> dict[int, Happening]:
    """The entries at these positions."""
    table = line_table.c
    question = _lines(known).where(table.position.in_(positions), visible(table.work_id, table.level, sight))
    return {found.position: found for found in map(_happening, connection.execute(question))}


def mentioning(connection: Connection, id: UUID) -> list[UUID]:
    """The histories in which an entry names this organisation, campaign, programme or action."""
    line = line_table.c
    pairs = [
        select(line.subject).where(column == id, line.name.startswith(OF_MEMBERSHIPS))
        for column in (line.coalition_id, line.organisation_id)
    ]
    return list(connection.scalars(union(_mentioning(id), *pairs)))


def _mentioning(id: UUID) -> Select[tuple[UUID]]:
    return select(mention_table.c.subject).where(mention_table.c.named_id == id)


def begun_by(connection: Connection, account_id: UUID) -> frozenset[UUID]:
    """The campaigns and projects that somebody planned or opened here."""
    asked = select(line_table.c.subject).where(line_table.c.recorded_by == account_id, text(BEGINS_WORK))
    return frozenset(connection.scalars(asked))


def last_logged_by(connection: Connection, account_id: UUID, *, sight: Sight) -> int | None:
    """Where the last action stands that somebody logged and that was not taken out, if it is still to be seen."""
    table = line_table.c
    question = _lines(None).where(table.recorded_by == account_id, text(LOGS), _stands())
    question = question.where(visible(table.work_id, table.level, sight)).order_by(table.position.desc()).limit(1)
    found: int | None = connection.scalar(question)
    return found


def authors(connection: Connection) -> list[UUID]:
    """Everybody who recorded something: from each in the index straight to the next."""
    by = line_table.c.recorded_by
    first = select(by).order_by(by).limit(1)
    found = select(first.scalar_subquery().label("id")).cte("found", recursive=True)
    following = first.where(by > found.c.id).scalar_subquery()
    found = found.union_all(select(following).where(found.c.id.is_not(None)))
    return list(connection.scalars(select(found.c.id).where(found.c.id.is_not(None))))


def _not_taken_back() -> ColumnElement[bool]:
    return or_(amended_table.c.state.is_(None), amended_table.c.state.not_in(TAKEN_BACK))


def _stands() -> ColumnElement[bool]:
    return or_(amended_table.c.state.is_(None), amended_table.c.state.not_in((*TAKEN_BACK, "struck", "corrected")))


def _named(names: Sequence[str]) -> ColumnElement[bool] | None:
    return line_table.c.name.in_(names) if names else None


def _lines(known: int | None) -> Select[Any]:
    of_same = and_(amended_table.c.position == line_table.c.position, known_at(amended_table, known))
    question = LINES.join_from(line_table, amended_table, of_same, isouter=True)
    return question if known is None else question.where(line_table.c.position <= known)


def _about(
    question: Select[Any],
    coalition_id: UUID | None,
    organisation_id: UUID | None,
    works: Sequence[UUID] | None,
    *,
    in_time: bool,
) -> list[Select[Any]]:
    """One question an index: what concerns the coalition or organisation, what is said of itself, what belongs to its
    campaigns and projects, and the actions in which an organisation took part or that it was told of."""
    table = line_table.c
    of_works = [question.where(each) for each in _of_works(works, FEW if in_time else 1)]
    if coalition_id is None and organisation_id is None and works is not None:
        return of_works
    found = [question]
    for column, id in ((table.coalition_id, coalition_id), (table.organisation_id, organisation_id)):
        if id is not None:
            itself = and_(table.subject == id, or_(column.is_(None), column != id))
            found = [each.where(wanted) for each in found for wanted in (column == id, itself)]
    if organisation_id is not None and coalition_id is None:
        its_own = table.name == ActionLogged.stored_name(), table.subject.in_(_mentioning(organisation_id))
        found.append(question.where(*its_own))
    return [*found, *of_works]


def _of_works(works: Sequence[UUID] | None, few: int) -> list[ColumnElement[bool]]:
    """Few are sought each by itself; of many, whatever comes next is likely one of theirs."""
    its = line_table.c.work_id
    if works is None or len(works) > few:
        return [its.is_not(None) & case((its.is_not(None), its)).in_(works)] if works else []
    return [and_(its.is_not(None), its == work) for work in works]


def _newest(connection: Connection, parts: list[Select[Any]], by: tuple[str, ...], limit: int) -> list[Happening]:
    parts = [part.order_by(*(line_table.c[name].desc() for name in by)).limit(limit) for part in parts]
    if not parts:
        return []
    if len(parts) == 1:
        return [_happening(row) for row in connection.execute(parts[0])]
    together = union(*(select(*part.subquery().c) for part in parts)).subquery()
    question = select(*together.c).order_by(*(together.c[name].desc() for name in by)).limit(limit)
    return [_happening(row) for row in connection.execute(question)]


def _happening(row: Any) -> Happening:
    values = row._asdict()
    return Happening(**{**values, "recorded_at": instant(row.recorded_at)})
