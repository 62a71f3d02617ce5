"""What was done, by campaign and day, and how many took part? One row an action; nobody is counted who was not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    func,
    or_,
    select,
    tuple_,
)

from domain.action import ActionLogged
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.membership_entries import bounds
from projections import campaigns
from projections.lines import line_table
from projections.months import days_of, month_of, year_of
from projections.remembering import memory, remember, told
from projections.sight import Sight, visible
from projections.tables import Id, Projection, ReadTable, Rows, hex_of, metadata
from projections.two_clocks import clock_columns, known_at, revise

ACTION, MEMORY = 0, 1

action_table = Table(
    "action_logged",
    metadata,
    *clock_columns(),
    Column("position", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("campaign_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("occurred", Text, nullable=False),
    Column("year", Integer),  # in which it lies wholly
    Column("month", Integer),
    Column("acting", Text, nullable=False),  # ids of organisations, 32 digits each, in the order told
    Column("decision_makers", Text, nullable=False),
    Column("participants", Integer),
    Column("women", Integer),
    Column("youth", Integer),
    Column("level", Text, nullable=False),
)


def fold(rows: Rows, position: int, entry: Entry) -> None:
    history = told(rows, MEMORY, position, entry, ActionLogged)
    if history is not None:
        driving = [(at, e) for at, e, drives in history.facts(ActionLogged) if drives and isinstance(e, ActionLogged)]
        revise(rows, ACTION, [fact(*each) for each in driving[:1]], position)


def fact(position: int, e: ActionLogged) -> tuple[Any, ...]:
    days = bounds(e.occurred)
    dated = (*days, e.occurred.text, year_of(*days), month_of(*days))
    named = ("".join(map(hex_of, e.by)), "".join(map(hex_of, e.decision_makers)))
    people = (e.participants, e.women, e.youth)
    return position, e.originator_version, hex_of(e.campaign_id), e.kind, *dated, *named, *people, e.confidentiality


def finish(rows: Rows) -> None:
    remember(rows, MEMORY)


projection = Projection(
    "actions",
    version=1,
    tables=(
        ReadTable(action_table, keys=3, indexes=("(campaign_id, earliest, latest, position)",), two_clocks=True),
        memory("action"),
    ),
    kinds=(ActionLogged, *AMENDMENTS),
    fold=fold,
    finish=finish,
)


# What people ask


class Logged(NamedTuple):
    """An action as it holds; its words are at its position. People that nobody counted are None."""

    id: UUID
    position: int
    version: int
    campaign_id: UUID
    kind: str
    earliest: int
    latest: int
    occurred: str
    by: tuple[UUID, ...]
    decision_makers: tuple[UUID, ...]
    participants: int | None
    women: int | None
    youth: int | None
    level: str  # of confidentiality, its own; empty: that of its campaign

    @property
    def key(self) -> tuple[int, int, int]:
        """Where the next page goes on: `after`."""
        return self.earliest, self.latest, self.position


class People(NamedTuple):
    """How many people took part in actions where they were counted, and in how many actions nobody counted them."""

    counted: int = 0
    uncounted: int = 0

    def plus(self, other: People) -> People:
        return People(self.counted + other.counted, self.uncounted + other.uncounted)


class Counted(NamedTuple):
    """Actions of one kind in one month."""

    kind: str
    year: int | None
    month: int | None
    actions: int
    participants: People
    women: People
    youth: People


def of_campaign(
    connection: Connection,
    campaign_id: UUID,
    known: int | None = None,
    after: tuple[int, int, int] | None = None,
    limit: int = 50,
    *,
    sight: Sight,
) -> list[Logged]:
    """Newest first. `after` is the key of the last one seen."""
    return find(connection, known, after, limit, sight=sight, campaign_id=campaign_id)


def find(
    connection: Connection,
    known: int | None = None,
    after: tuple[int, int, int] | None = None,
    limit: int = 50,
    *,
    sight: Sight,
    campaign_id: UUID | None = None,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
    kind: str = "",
    year: int | None = None,
) -> list[Logged]:
    """Newest first. `organisation_id`: by whom they were; where that was not told, the lead of the campaign. `year`:
    possibly in it."""
    table = action_table.c
    question = _some(known, sight, campaign_id, coalition_id, organisation_id, programme_id, year, _columns(known))
    if kind:
        question = question.where(table.kind == kind)
    if after:
        question = question.where(tuple_(table.earliest, table.latest, table.position) < after)
    by = (table.earliest.desc(), table.latest.desc(), table.position.desc())
    return [_logged(row) for row in connection.execute(question.order_by(*by).limit(limit))]


def some(connection: Connection, ids: Iterable[UUID], known: int | None = None, *, sight: Sight) -> dict[UUID, Logged]:
    """Those of them that are there and to be seen."""
    question = _some(known, sight, columns=_columns(known)).where(action_table.c.subject.in_(list(ids)))
    return {each.id: each for each in map(_logged, connection.execute(question))}


def action(connection: Connection, id: UUID, known: int | None = None, *, sight: Sight) -> Logged | None:
    return some(connection, [id], known, sight=sight).get(id)


def counted(
    connection: Connection,
    known: int | None = None,
    *,
    sight: Sight,
    campaign_id: UUID | None = None,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
    year: int | None = None,
) -> list[Counted]:
    """By kind and month. An action counts in a month, or year, only if its date lies wholly in it; `month` and `year`
    are None for those that are not dated that exactly. Of a year asked for, those that possibly lie in it are there
    too, with `year` None. An action counts for an organisation that it was by; where that was not told, for the lead
    of its campaign."""
    table = action_table.c
    key = (table.kind, table.year, table.month)
    sums = [each for name in PEOPLE for each in (func.sum(table[name]), func.count(table[name]))]
    of = (campaign_id, coalition_id, organisation_id, programme_id, year)
    question = _some(known, sight, *of, columns=(*key, func.count(), *sums)).group_by(*key).order_by(*key)
    return [_counted(*row) for row in connection.execute(question)]


PEOPLE = ("participants", "women", "youth")


def _counted(kind: str, year: int | None, month: int | None, actions: int, *sums: int | None) -> Counted:
    people = (People(int(sums[n] or 0), actions - int(sums[n + 1] or 0)) for n in range(0, len(sums), 2))
    return Counted(kind, year, month, actions, *people)


def together(counted: Sequence[Counted]) -> Counted:
    """All of them in one, of no kind and no month."""
    whole = Counted("", None, None, 0, People(), People(), People())
    for each in counted:
        people = (one.plus(other) for one, other in zip(whole[4:], each[4:], strict=True))
        whole = Counted("", None, None, whole.actions + each.actions, *people)
    return whole


LIGHT = tuple(action_table.c[name] for name in ("subject", "position", "version", "campaign_id", "kind"))
REST = tuple(action_table.c[name] for name in ("earliest", "latest", "occurred", "acting", "decision_makers", *PEOPLE))


def _columns(known: int | None) -> tuple[Any, ...]:
    return *LIGHT, *REST, _level(known)


def _level(known: int | None) -> Column[Any]:
    """What is known now says its level as it is now; of what was believed before, the timeline knows it."""
    return action_table.c.level if known is None else line_table.c.level


def _some(
    known: int | None,
    sight: Sight,
    campaign_id: UUID | None = None,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
    year: int | None = None,
    columns: Sequence[Any] = (),
) -> Select[Any]:
    table = action_table.c
    question = select(*columns).select_from(action_table).where(known_at(action_table, known))
    if known is not None:
        question = question.join(line_table, line_table.c.position == table.position)
    its_campaigns = campaigns.chosen(known, sight=sight, coalition_id=coalition_id, programme_id=programme_id)
    first, last = days_of(year) if year else (0, 0)
    for wanted in (
        visible(table.campaign_id, _level(known), sight),
        table.campaign_id == campaign_id if campaign_id else None,
        table.campaign_id.in_(its_campaigns) if coalition_id or programme_id else None,
        _by(organisation_id, known, sight) if organisation_id else None,
        or_(table.year == year, table.year.is_(None) & (table.earliest <= last) & (table.latest >= first))
        if year
        else None,
    ):
        question = question if wanted is None else question.where(wanted)
    return question


def _by(organisation_id: UUID, known: int | None, sight: Sight) -> ColumnElement[bool]:
    table = action_table.c
    led = campaigns.chosen(known, sight=sight, lead_id=organisation_id)
    return or_(table.acting.contains(hex_of(organisation_id)), (table.acting == "") & table.campaign_id.in_(led))


def _logged(row: Any) -> Logged:
    *front, acting, asked, participants, women, youth, level = row
    return Logged._make((*front, _ids(acting), _ids(asked), participants, women, youth, level))


def _ids(text: str) -> tuple[UUID, ...]:
    return tuple(UUID(text[at : at + 32]) for at in range(0, len(text), 32))
