"""Which projects does a donor pay, and how far are their indicators, as known when?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Integer, Select, Table, Text, select

from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.history import holding
from domain.membership_entries import bounds
from domain.project import ENTRIES, ProjectClosed, ProjectEntry, ProjectOpened
from projections.months import days_of
from projections.remembering import dates, fact_columns, fact_of, hexed, memory, remember, told
from projections.sight import Sight, project_level, within
from projections.tables import Id, Projection, ReadTable, Rows, hex_of, metadata
from projections.two_clocks import clock_columns, known_at, revise, without_clocks

PROJECT, FACT, LEVEL, MEMORY = 0, 1, 2, 3

project_table = Table(
    "project_state",
    metadata,
    *clock_columns(),
    Column("organisation_id", Id, nullable=False),
    Column("donor_id", Id),
    Column("coalition_id", Id),
    Column("period_earliest", Integer),
    Column("period_latest", Integer),
    Column("period", Text),
    Column("amount", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("occurred", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("closed_earliest", Integer),
    Column("closed_latest", Integer),
    Column("closed", Text),
    Column("closed_by", BigInteger),
)
fact_table = Table(
    "project_fact",
    metadata,
    *clock_columns(),
    *fact_columns(),
    Column("of", Integer),
    Column("action_id", Id),
    Column("value", Text),
    Column("baseline", Text),
    Column("target", Text),
    Column("period", Text),
)


def fold(rows: Rows, position: int, entry: Entry) -> None:
    history = told(rows, MEMORY, position, entry, ProjectEntry)
    if history is None:
        return
    held = holding(history.entries)
    opened = next((e for e in held if isinstance(e, ProjectOpened)), None)
    revise(rows, PROJECT, [profile(opened, held, history.places)] if opened else [], position)
    revise(rows, FACT, [fact(*each) for each in history.facts(ProjectEntry)], position)
    rows.put(LEVEL, (rows.subject,), (rows.subject, opened.confidentiality if opened else "team"))


def profile(opened: ProjectOpened, held: Sequence[Entry], places: dict[int, int]) -> tuple[Any, ...]:
    closed = next((e for e in held if isinstance(e, ProjectClosed)), None)
    return (
        hex_of(opened.organisation_id),
        hexed(opened.donor_id),
        hexed(opened.coalition_id),
        *(bounds(opened.period) if opened.period else (None, None)),
        opened.period.text if opened.period else None,
        opened.amount,
        opened.currency,
        *dates(opened),
        places[opened.originator_version],
        *((*dates(closed), places[closed.originator_version]) if closed else (None,) * 4),
    )


def fact(position: int, e: Entry, drives: bool) -> tuple[Any, ...]:
    period = getattr(e, "period", None)
    return (
        *fact_of(position, e, drives),
        getattr(e, "of", None),
        hexed(getattr(e, "action_id", None)),
        *(getattr(e, name, None) for name in ("value", "baseline", "target")),
        period.text if period else None,
    )


def finish(rows: Rows) -> None:
    remember(rows, MEMORY)


projection = Projection(
    "projects",
    version=1,
    tables=(
        ReadTable(project_table, keys=3, indexes=("(organisation_id)", "(coalition_id)"), two_clocks=True),
        ReadTable(fact_table, keys=3, indexes=("(action_id)",), two_clocks=True),
        ReadTable(project_level, keys=1),
        memory("project"),
    ),
    kinds=(*ENTRIES, *AMENDMENTS),
    fold=fold,
    finish=finish,
)


# What people ask


class Project(NamedTuple):
    """Its title and grant number are among the words of the entry at `position`."""

    id: UUID
    organisation_id: UUID
    donor_id: UUID | None
    coalition_id: UUID | None
    period_earliest: int | None
    period_latest: int | None
    period: str | None
    amount: str
    currency: str
    earliest: int
    latest: int
    occurred: str
    position: int
    closed_earliest: int | None
    closed_latest: int | None
    closed: str | None
    closed_by: int | None
    confidentiality: str  # as it is now


class Fact(NamedTuple):
    """An entry of a project that was not taken out; its words are at its position."""

    project_id: UUID
    position: int
    version: int
    kind: str  # as in `indicator_reached`
    earliest: int
    latest: int
    occurred: str
    drives: bool  # it is the preferred of two accounts
    of: int | None  # the version of the indicator that was reached
    action_id: UUID | None
    value: str | None
    baseline: str | None
    target: str | None
    period: str | None


class Indicator(NamedTuple):
    """Its measure and unit are among the words of the entry at `position`."""

    version: int
    position: int
    occurred: str
    baseline: Decimal | None
    target: Decimal | None
    reached: Decimal  # what was certainly added by the day
    possibly: Decimal  # and with what was possibly added by then
    by: tuple[Fact, ...]  # what was added, in the order of days


def find(
    connection: Connection,
    known: int | None = None,
    *,
    sight: Sight,
    organisation_id: UUID | None = None,
    coalition_id: UUID | None = None,
    donor_id: UUID | None = None,
    year: int | None = None,
) -> list[Project]:
    """The last opened first. `year`: its period, or what lies between its beginning and its end, reaches into it."""
    table = project_table.c
    question = _all(known, sight)
    for wanted in (
        table.organisation_id == organisation_id if organisation_id else None,
        table.coalition_id == coalition_id if coalition_id else None,
        table.donor_id == donor_id if donor_id else None,
    ):
        question = question if wanted is None else question.where(wanted)
    found = [Project(*row) for row in connection.execute(question)]
    return [each for each in found if not year or reaches_into(each, year)]


def reaches_into(project: Project, year: int) -> bool:
    first, last = days_of(year)
    if project.period_earliest is not None and project.period_latest is not None:
        return project.period_earliest <= last and project.period_latest >= first
    return project.earliest <= last and (project.closed_latest is None or project.closed_latest >= first)


def project(connection: Connection, id: UUID, known: int | None = None, *, sight: Sight) -> Project | None:
    """None where it is not there, was not known then, or is not to be seen."""
    return some(connection, [id], known, sight=sight).get(id)


def some(connection: Connection, ids: Iterable[UUID], known: int | None = None, *, sight: Sight) -> dict[UUID, Project]:
    rows = connection.execute(_all(known, sight).where(project_table.c.subject.in_(list(ids))))
    return {row.subject: Project(*row) for row in rows}


def works(
    connection: Connection,
    known: int | None = None,
    *,
    sight: Sight,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> list[UUID]:
    """Their ids, as the timeline asks for them."""
    found = find(connection, known, sight=sight, coalition_id=coalition_id, organisation_id=organisation_id)
    return [each.id for each in found]


def concerning(connection: Connection, organisation_id: UUID) -> frozenset[UUID]:
    """The projects of an organisation: whose members see what is for organisations."""
    table = project_table.c
    its_own = (table.organisation_id == organisation_id) & known_at(project_table, None)
    return frozenset(connection.scalars(select(table.subject).where(its_own)))


def facts(connection: Connection, project_id: UUID, known: int | None = None, *, sight: Sight) -> list[Fact]:
    """Of one project, in the order of days."""
    return _facts(connection, fact_table.c.subject == project_id, known, sight)


def of_action(connection: Connection, action_id: UUID, known: int | None = None, *, sight: Sight) -> list[Fact]:
    """Which indicators it counts for."""
    return _facts(connection, fact_table.c.action_id == action_id, known, sight)


def indicators(facts: Sequence[Fact], on: date) -> list[Indicator]:
    """How far they are on a day; those that were set, certainly or possibly, by then."""
    day = on.toordinal()
    driving = [each for each in facts if each.drives and each.earliest <= day]
    added = [each for each in driving if each.kind == "indicator_reached"]
    return [
        indicator(each, [one for one in added if one.of == each.version], day)
        for each in driving
        if each.kind == "indicator_set"
    ]


def indicator(set_: Fact, by: Sequence[Fact], day: int) -> Indicator:
    reached = sum((Decimal(each.value or 0) for each in by if each.latest <= day), Decimal())
    possibly = sum((Decimal(each.value or 0) for each in by), Decimal())
    baseline, target = (Decimal(text) if text else None for text in (set_.baseline, set_.target))
    return Indicator(set_.version, set_.position, set_.occurred, baseline, target, reached, possibly, tuple(by))


def _all(known: int | None, sight: Sight) -> Select[Any]:
    table = project_table.c
    question = select(*without_clocks(project_table), project_level.c.level)
    question = question.join_from(project_table, project_level, project_level.c.subject == table.subject)
    question = question.where(known_at(project_table, known), within(table.subject, project_level.c.level, sight))
    return question.order_by(table.earliest.desc(), table.latest.desc(), table.position.desc())


def _facts(connection: Connection, of: Any, known: int | None, sight: Sight) -> list[Fact]:
    table = fact_table.c
    question = select(*without_clocks(fact_table)).join_from(
        fact_table, project_level, project_level.c.subject == table.subject
    )
    question = question.where(of, known_at(fact_table, known), within(table.subject, project_level.c.level, sight))
    return [Fact(*row) for row in connection.execute(question.order_by(table.earliest, table.latest, table.position))]
