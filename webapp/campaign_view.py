"""What the page of a campaign tells: why it stands as it does, its goal, who decides, promises, outcomes, partners."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from domain.chronicle import Recorded
from domain.entry import Entry
from projections import actions, campaigns
from projections import campaign_days as days
from projections.campaign_days import Possible
from projections.campaigns import Campaign, Fact
from projections.kept import day
from projections.roster import roster
from webapp import labels, labels_of_campaigns
from webapp.at_moment import known
from webapp.dates import worded
from webapp.entry_lines import author, recorded_at
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.roster_lines import roster_lines
from webapp.sight import sight

MOST_ACTIONS = 5_000
STEPS = ("stance_changed", "decision_maker_named")


class Why(NamedTuple):
    """The entry by which it stands as it does."""

    position: int
    author: str
    words: str


class Told(NamedTuple):
    """An entry on this page: when, what it says in codes and in words, and where it stands."""

    on: str
    code: str
    words: str
    position: int
    entry: Entry
    withheld: str


class DecisionMaker(NamedTuple):
    id: UUID
    name: str
    person: str
    ask: Told
    stance: str
    stance_code: str  # empty where several are possible, or none is known
    since: str
    influence: str
    influence_code: str
    stances: Sequence[Told]
    responses: Sequence[Told]


class Promise(NamedTuple):
    made: Told
    name: str
    id: UUID | None
    due: str
    is_late: bool
    progress: str
    code: str
    updates: Sequence[Told]


class View(msgspec.Struct, frozen=True, kw_only=True):
    purpose: Told
    goals: Sequence[Told]
    decision_makers: Sequence[DecisionMaker]
    power: Sequence[tuple[str, Sequence[tuple[str, Sequence[DecisionMaker]]]]]
    stances: Sequence[str]
    earlier: str  # the day of the last change of the power map before this one, as an address has it
    later: str
    promises: Sequence[Promise]
    outcomes: Sequence[tuple[Told, str, UUID | None]]
    partners: Sequence[tuple[UUID, str, str, bool]]
    funding: Sequence[tuple[Told, str, UUID | None]]
    evaluations: Sequence[Told]


def why(of: Campaign) -> Why | None:
    if of.begun_by is None:
        return None
    entry = recorded_at([of.begun_by])[of.begun_by].entry
    told = getattr(entry, "reason", "") or getattr(entry, "summary", "")
    return Why(of.begun_by, author(entry.recorded_by), str(told))


def view(of: Campaign, facts: Sequence[Fact], names: Names) -> View:
    on = at().on
    told = Telling(days.by_then(facts, on, *SHOWN), of.planned_position)
    makers = [decision_maker(each, told, names) for each in days.decision_makers(facts, on)]
    earlier, later = steps(facts)
    return View(
        purpose=told.at(of.planned_position),
        goals=[told.of(each) for each in days.goals(facts, on)],
        decision_makers=makers,
        power=power(makers),
        stances=[labels.stance(code) for code in reversed(STANCES)] + [str(gettext("stance not known"))],
        earlier=earlier,
        later=later,
        promises=[promise(each, told, names) for each in days.promises(facts, on)],
        outcomes=[named(each, told, names) for each in reversed(days.by_then(facts, on, "outcome_recorded"))],
        partners=[
            (each.partner_id, names.on(each.partner_id, on), said(each.roles, labels.partner_role), each.certain)
            for each in days.partners(facts, on)
        ],
        funding=[named(each, told, names) for each in days.by_then(facts, on, "funding_received")],
        evaluations=[told.of(each) for each in days.by_then(facts, on, "evaluated")],
    )


SHOWN = (
    "goal_set", "decision_maker_named", "stance_changed", "decision_maker_responded", "promise_made",
    "promise_updated", "outcome_recorded", "funding_received", "evaluated",
)  # fmt: skip
STANCES = tuple(labels_of_campaigns.STANCES)
INFLUENCES = (*labels_of_campaigns.INFLUENCES, "")


class Telling:
    """Entries with their words, read from the chronicle at once."""

    def __init__(self, facts: Iterable[Fact], *positions: int) -> None:
        self._recorded: Mapping[int, Recorded] = recorded_at([*positions, *(each.position for each in facts)])

    def of(self, fact: Fact) -> Told:
        return self.at(fact.position, fact.code or "")

    def at(self, position: int, code: str = "") -> Told:
        recorded = self._recorded[position]
        entry = recorded.entry
        words = next((str(text) for name in WORDS if (text := getattr(entry, name, ""))), "")
        on = worded(entry.occurred.text, shown_language())
        return Told(on, code, words, position, entry, recorded.words_removed or "")


WORDS = ("statement", "ask", "promise", "change", "summary", "purpose")


def decision_maker(of: days.DecisionMaker, told: Telling, names: Names) -> DecisionMaker:
    ask = told.of(of.named[-1])
    stance, influence = alone(of.stance), alone(of.influence)
    begun = {each.position: each for possible in of.stance for each in possible.begun_by}
    since = of.stance[0].since if len(of.stance) == 1 else None
    return DecisionMaker(
        id=of.authority_id,
        name=names.on(of.authority_id, at().on),
        person=str(getattr(ask.entry, "person", "")),
        ask=ask,
        stance=said(of.stance, labels.stance) or str(gettext("stance not known")),
        stance_code=stance,
        since=worded(since, shown_language()) if since else "",
        influence=said(of.influence, labels.influence),
        influence_code=influence,
        stances=[told.of(each) for each in begun.values()],
        responses=[told.of(each) for each in reversed(of.responses)],
    )


def alone(possible: Sequence[Possible]) -> str:
    return possible[0].code if len(possible) == 1 else ""


def said(possible: Sequence[Possible], label: Any) -> str:
    """In words; all that is possible, where more than one thing is."""
    words = [label(each.code) if each.code else gettext("nothing recorded") for each in possible]
    if len(words) < 2:
        return words[0] if words and possible[0].code else ""
    return str(gettext("possibly: %(states)s", states=", ".join(words)))


def power(makers: Sequence[DecisionMaker]) -> list[tuple[str, list[tuple[str, list[DecisionMaker]]]]]:
    """Influence by stance: who stands where. Only rows in which somebody stands."""
    cells: dict[tuple[str, str], list[DecisionMaker]] = defaultdict(list)
    for each in makers:
        cells[each.influence_code, each.stance_code].append(each)
    columns = [(code, labels.stance(code)) for code in reversed(STANCES)] + [("", str(gettext("stance not known")))]
    return [
        (
            labels.influence(influence) or str(gettext("influence not known")),
            [(label, cells[influence, stance]) for stance, label in columns],
        )
        for influence in INFLUENCES
        if any(cells[influence, stance] for stance, _ in columns)
    ]


def steps(facts: Sequence[Fact]) -> tuple[str, str]:
    """The days before and after this one on which the power map changed."""
    found = {day(each.latest) for each in facts if each.drives and each.kind in STEPS}
    changes = sorted(each for each in found if each and each <= at().today)
    earlier = [each for each in changes if each < at().on]
    later = [each for each in changes if each > at().on]
    return (earlier[-1].isoformat() if earlier else "", later[0].isoformat() if later else "")


def promise(of: days.Promise, told: Telling, names: Names) -> Promise:
    code, due = alone(of.progress), getattr(told.of(of.made).entry, "due", None)
    is_over = bool(due and due.latest and due.latest < at().on)
    return Promise(
        made=told.of(of.made),
        name=names.on(of.made.other_id, at().on) if of.made.other_id else "",
        id=of.made.other_id,
        due=worded(due.text, shown_language()) if due else "",
        is_late=is_over and code not in ("implemented", "broken"),
        progress=said(of.progress, labels.progress) or str(gettext("nothing is known of its progress")),
        code=code,
        updates=[told.of(each) for each in reversed(of.updates)],
    )


def named(fact: Fact, told: Telling, names: Names) -> tuple[Told, str, UUID | None]:
    return told.of(fact), names.on(fact.other_id, at().on) if fact.other_id else "", fact.other_id


class Member(NamedTuple):
    id: UUID
    name: str
    standing: str
    parts: Sequence[str]


def members(connection: Connection, of: Campaign) -> list[Member]:
    """Who was in its coalition on the day, those with a part in the campaign first."""
    if of.coalition_id is None:
        return []
    rows = roster(connection, of.coalition_id, at().on, known(), shown_language()).rows
    parts = parts_of(connection, of)
    found = [
        Member(row.id, row.name, ", ".join(filter(None, (row.role, row.standing, *row.possible))), parts[row.id])
        for row in roster_lines((row._replace(begun_by=None) for row in rows), {})
    ]
    return sorted(found, key=lambda each: not each.parts)


def parts_of(connection: Connection, of: Campaign) -> dict[UUID, list[str]]:
    """By organisation: that it leads, is a partner, did something by that day."""
    found: dict[UUID, list[str]] = defaultdict(list)
    found[of.lead_id].append(gettext("leads it"))
    facts = campaigns.facts(connection, of.id, known(), sight=sight(), kinds=PARTNERSHIPS)
    for each in days.partners(facts, at().on):
        found[each.partner_id].append(said(each.roles, labels.partner_role) or gettext("partner"))
    logged = actions.of_campaign(connection, of.id, known(), limit=MOST_ACTIONS, sight=sight())
    acted = Counter(id for each in logged if each.earliest <= at().on.toordinal() for id in each.by)
    for id, number in acted.items():
        found[id].append(ngettext("%(num)s action", "%(num)s actions", number))
    return found


PARTNERSHIPS = ("partner_joined", "partner_left")
