"""Which campaigns are there, how did they stand on a day, and what was recorded of one, as known when?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    and_,
    or_,
    select,
    union,
)

from domain import campaign as rules
from domain.campaign_entries import ENTRIES, LIFE, CampaignEntry, CampaignPlanned, ConfidentialityChanged
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.history import holding
from projections.lines import line_table
from projections.months import days_of
from projections.remembering import dates, fact_columns, fact_of, hexed, memory, remember, told
from projections.sight import Sight, campaign_level, visible, within
from projections.standings import Beginning, begun_among
from projections.tables import Id, Projection, ReadTable, Rows, metadata
from projections.two_clocks import clock_columns, known_at, revise, without_clocks

PROFILE, STATE, FACT, LEVEL, MEMORY = 0, 1, 2, 3, 4

profile_table = Table(
    "campaign_profile",
    metadata,
    *clock_columns(),
    Column("lead_id", Id, nullable=False),
    Column("coalition_id", Id),
    Column("programme_id", Id),
    Column("themes", Text, nullable=False),  # ";social;gender;"
    Column("regions", Text, nullable=False),  # the same
    Column("level", Text, nullable=False),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("occurred", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
)
state_table = Table(
    "campaign_state",
    metadata,
    *clock_columns(),
    Column("from_day", Integer, nullable=False),
    Column("to_day", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Text),
    Column("begun_by", BigInteger),
)
fact_table = Table(
    "campaign_fact",
    metadata,
    *clock_columns(),
    *fact_columns(),
    Column("other_id", Id),
    Column("action_id", Id),
    Column("of", Integer),
    Column("code", Text),
    Column("significance", Text),
    Column("due", Text),
    Column("amount", Text),
    Column("currency", Text),
)
OTHERS = ("authority_id", "partner_id", "donor_id", "changed_by_id", "lead_id")
CODES = ("stance", "response", "role", "progress", "stage", "result", "influence")


def fold(rows: Rows, position: int, entry: Entry) -> None:
    history = told(rows, MEMORY, position, entry, CampaignEntry)
    if history is None:
        return
    entries, places = history.entries, history.places
    held = holding(entries)
    revise(rows, PROFILE, profile(held, places), position)
    revise(rows, STATE, list(stretches(held, places)), position)
    revise(rows, FACT, [fact(*each) for each in history.facts(CampaignEntry)], position)
    rows.put(LEVEL, (rows.subject,), (rows.subject, rules.confidentiality(entries)))


def profile(held: Sequence[Entry], places: dict[int, int]) -> list[tuple[Any, ...]]:
    planned = next((e for e in held if isinstance(e, CampaignPlanned)), None)
    if planned is None:
        return []
    named = (hexed(planned.lead_id), hexed(planned.coalition_id), hexed(planned.programme_id))
    listed = (several(planned.themes), several(planned.regions), planned.level)
    return [(*named, *listed, *dates(planned), places[planned.originator_version])]


def several(codes: Sequence[str]) -> str:
    return f";{';'.join(codes)};" if codes else ""


def stretches(held: Sequence[Entry], places: dict[int, int]) -> Iterator[tuple[Any, ...]]:
    life = [e for e in held if isinstance(e, LIFE)]
    beginnings = [Beginning(*dates(e), places[e.originator_version]) for e in life]
    for stretch in rules.states(life) if life else ():
        for state in (rules.NONE, *rules.STATES):
            if state in stretch.states:
                begun = begun_among([beginnings[i] for i in stretch.states[state]])
                yield stretch.since, stretch.until, state, *begun


def fact(position: int, e: Entry, drives: bool) -> tuple[Any, ...]:
    other = next((id for field in OTHERS if (id := getattr(e, field, None))), None)
    codes = ("confidentiality",) if isinstance(e, ConfidentialityChanged) else CODES
    code = next((code for field in codes if (code := getattr(e, field, None))), None)
    due = getattr(e, "due", None)
    return (
        *fact_of(position, e, drives),
        hexed(other),
        hexed(getattr(e, "action_id", None)),
        getattr(e, "of", None),
        code,
        getattr(e, "significance", None),
        due.text if due else None,
        getattr(e, "amount", None),
        getattr(e, "currency", None),
    )


def finish(rows: Rows) -> None:
    remember(rows, MEMORY)


projection = Projection(
    "campaigns",
    version=1,
    tables=(
        ReadTable(profile_table, keys=3, indexes=("(coalition_id)", "(lead_id)", "(programme_id)"), two_clocks=True),
        ReadTable(state_table, keys=3, two_clocks=True),
        ReadTable(fact_table, keys=3, indexes=("(other_id, kind)",), two_clocks=True),
        ReadTable(campaign_level, keys=1),
        memory("campaign"),
    ),
    kinds=(*ENTRIES, *AMENDMENTS),
    fold=fold,
    finish=finish,
)


# What people ask


class Campaign(NamedTuple):
    """A campaign on a day. Its title is among the words of the entry at `title_position`."""

    id: UUID
    lead_id: UUID
    coalition_id: UUID | None
    programme_id: UUID | None
    themes: tuple[str, ...]
    regions: tuple[str, ...]
    level: str  # of the authorities it aims at
    confidentiality: str  # as it is now
    earliest: int  # when it was planned
    latest: int
    occurred: str
    planned_position: int
    title_position: int
    states: tuple[str, ...]  # those that are possible on the day; before it was planned, none
    since: str | None  # where only one state is possible: its beginning, and the entry that began it
    begun_by: int | None


class Fact(NamedTuple):
    """An entry of a campaign's own history that was not taken out; its words are at its position."""

    campaign_id: UUID
    position: int
    version: int
    kind: str  # as in `stance_changed`
    earliest: int
    latest: int
    occurred: str
    drives: bool  # it is the preferred of two accounts
    other_id: UUID | None  # the authority, partner, donor, lead, or who brought about an outcome
    action_id: UUID | None
    of: int | None  # the version of the promise that it updates
    code: str | None  # the stance, response, role, progress, policy stage, result, influence or level it says
    significance: str | None
    due: str | None
    amount: str | None
    currency: str | None
    level: str  # of confidentiality, its own as it is now


def find(
    connection: Connection,
    on: date,
    known: int | None = None,
    *,
    sight: Sight,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
    theme: str = "",
    region: str = "",
    level: str = "",
    state: str = "",
    year: int | None = None,
) -> list[Campaign]:
    """Those that were possibly planned by that day, the last planned first. `organisation_id`: the lead, or a partner
    at any time. `state`: possibly so on that day. `year`: possibly planned or under way in some part of it."""
    of = chosen(
        known, sight=sight, coalition_id=coalition_id, organisation_id=organisation_id, programme_id=programme_id,
        theme=theme, region=region, level=level, year=year,
    )  # fmt: skip
    found = [each for each in _campaigns(connection, of, on, known) if set(each.states) - {rules.NONE}]
    return [each for each in found if not state or state in each.states]


def campaign(connection: Connection, id: UUID, on: date, known: int | None = None, *, sight: Sight) -> Campaign | None:
    """None where it is not there, was not known then, or is not to be seen."""
    of = chosen(known, sight=sight).where(profile_table.c.subject == id)
    return next(iter(_campaigns(connection, of, on, known)), None)


def some(
    connection: Connection, ids: Iterable[UUID], on: date, known: int | None = None, *, sight: Sight
) -> dict[UUID, Campaign]:
    of = chosen(known, sight=sight).where(profile_table.c.subject.in_(list(ids)))
    return {each.id: each for each in _campaigns(connection, of, on, known)}


def works(
    connection: Connection,
    known: int | None = None,
    *,
    sight: Sight,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
) -> list[UUID]:
    """The ids of the campaigns of a coalition, of an organisation that leads or joined them, of a programme."""
    of = chosen(
        known, sight=sight, coalition_id=coalition_id, organisation_id=organisation_id, programme_id=programme_id
    )
    return list(connection.scalars(of))


def concerning(connection: Connection, organisation_id: UUID) -> frozenset[UUID]:
    """The campaigns that an organisation leads, or joined at any time: whose members see what is for organisations."""
    return frozenset(connection.scalars(_of_organisation(organisation_id, None)))


def facts(
    connection: Connection,
    campaign_id: UUID,
    known: int | None = None,
    *,
    sight: Sight,
    kinds: Sequence[str] = (),
) -> list[Fact]:
    """Of one campaign, in the order of days."""
    return _facts(
        connection, chosen(known, sight=sight).where(profile_table.c.subject == campaign_id), known, sight, kinds
    )


def facts_of(
    connection: Connection,
    kinds: Sequence[str],
    known: int | None = None,
    *,
    sight: Sight,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
) -> dict[UUID, list[Fact]]:
    """By campaign: outcomes, promises, whatever kinds are asked for, each in the order of days."""
    of = chosen(
        known, sight=sight, coalition_id=coalition_id, organisation_id=organisation_id, programme_id=programme_id
    )
    found: dict[UUID, list[Fact]] = {}
    for each in _facts(connection, of, known, sight, kinds):
        found.setdefault(each.campaign_id, []).append(each)
    return found


def chosen(
    known: int | None,
    *,
    sight: Sight,
    coalition_id: UUID | None = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
    theme: str = "",
    region: str = "",
    level: str = "",
    year: int | None = None,
    lead_id: UUID | None = None,
) -> Select[tuple[UUID]]:
    """The ids of campaigns, as a part of other questions."""
    table = profile_table.c
    seen = select(campaign_level.c.subject).where(within(campaign_level.c.subject, campaign_level.c.level, sight))
    conditions = (
        known_at(profile_table, known),
        None if sight.sees_all else table.subject.in_(seen),
        table.coalition_id == coalition_id if coalition_id else None,
        table.lead_id == lead_id if lead_id else None,
        table.programme_id == programme_id if programme_id else None,
        table.subject.in_(_of_organisation(organisation_id, known)) if organisation_id else None,
        table.themes.contains(f";{theme};", autoescape=True) if theme else None,
        table.regions.contains(f";{region};", autoescape=True) if region else None,
        table.level == level if level else None,
        table.subject.in_(_under_way(year, known)) if year else None,
    )
    return select(table.subject).where(*(each for each in conditions if each is not None))


def _of_organisation(id: UUID, known: int | None) -> Select[tuple[UUID]]:
    led = select(profile_table.c.subject).where(profile_table.c.lead_id == id, known_at(profile_table, known))
    joined = select(fact_table.c.subject).where(
        fact_table.c.other_id == id, fact_table.c.kind == "partner_joined", known_at(fact_table, known)
    )
    return select(union(led, joined).subquery().c.subject)


def _under_way(year: int, known: int | None) -> Select[tuple[UUID]]:
    table, (first, last) = state_table.c, days_of(year)
    overlaps = (table.from_day <= last) & (table.to_day > first)
    begins = table.from_day.between(first, last)
    is_so = or_(table.state.in_(rules.OPEN) & overlaps, table.state.not_in((rules.NONE, *rules.OPEN)) & begins)
    return select(table.subject).where(is_so, known_at(state_table, known))


def _campaigns(connection: Connection, of: Select[tuple[UUID]], on: date, known: int | None) -> list[Campaign]:
    day, table, state = on.toordinal(), profile_table.c, state_table.c
    on_day = (state.from_day <= day) & (state.to_day > day) & known_at(state_table, known)
    question = (
        select(
            *without_clocks(profile_table),
            campaign_level.c.level.label("confidentiality"), state.state, state.since, state.begun_by,
        )
        .join_from(profile_table, campaign_level, campaign_level.c.subject == table.subject)
        .join(state_table, and_(state.subject == table.subject, on_day), isouter=True)
        .where(table.subject.in_(of), known_at(profile_table, known))
        .order_by(table.earliest.desc(), table.latest.desc(), table.position.desc(), state.known_from, state.n)
    )  # fmt: skip
    rows: dict[UUID, list[Any]] = {}
    for row in connection.execute(question):
        rows.setdefault(row.subject, []).append(row)
    titles = _titles(connection, of, day, known)
    return [_campaign(found, titles.get(id, found[0].position)) for id, found in rows.items()]


def _campaign(rows: list[Any], title_position: int) -> Campaign:
    first, *more = rows
    states = {row.state for row in rows if row.state}
    return Campaign(
        id=first.subject,
        lead_id=first.lead_id,
        coalition_id=first.coalition_id,
        programme_id=first.programme_id,
        themes=_listed(first.themes),
        regions=_listed(first.regions),
        level=first.level,
        confidentiality=first.confidentiality,
        earliest=first.earliest,
        latest=first.latest,
        occurred=first.occurred,
        planned_position=first.position,
        title_position=title_position,
        states=tuple(state for state in (rules.NONE, *rules.STATES) if state in states) or (rules.NONE,),
        since=None if more else first.since,
        begun_by=None if more else first.begun_by,
    )


def _listed(codes: str) -> tuple[str, ...]:
    return tuple(code for code in codes.split(";") if code)


def _titles(connection: Connection, of: Select[tuple[UUID]], day: int, known: int | None) -> dict[UUID, int]:
    """Where the title stands that each had on the day; later ones stand later."""
    table = fact_table.c
    question = select(table.subject, table.position).where(
        table.kind == "retitled",
        table.drives,
        table.earliest <= day,
        known_at(fact_table, known),
        table.subject.in_(of),
    )
    rows = connection.execute(question.order_by(table.earliest, table.latest, table.position))
    return {row[0]: row[1] for row in rows}


FACT_COLUMNS = tuple(fact_table.c[name] for name in Fact._fields[1:-1])


def _facts(
    connection: Connection, of: Select[tuple[UUID]], known: int | None, sight: Sight, kinds: Sequence[str]
) -> list[Fact]:
    table, line = fact_table.c, line_table.c
    question = (
        select(table.subject, *FACT_COLUMNS, line.level)
        .join_from(fact_table, line_table, line.position == table.position)
        .where(table.subject.in_(of), known_at(fact_table, known), visible(line.work_id, line.level, sight))
        .order_by(table.earliest, table.latest, table.position)
    )
    question = question.where(table.kind.in_(kinds)) if kinds else question
    return [Fact._make(row) for row in connection.execute(question)]
