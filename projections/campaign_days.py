"""What did a campaign say on a day: stances, influence, partners, promises, its goal? All that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.campaign_course import LEADS_TO, NO_PARTNER, after, read
from domain.clusters import Rule, Step
from domain.orders import stretches
from domain.walk import BOUND
from projections.campaigns import Fact

UNSAID = ""
PARTNER = LEADS_TO["campaign.partner_joined"]


class Possible(NamedTuple):
    """One of the things that are possible on a day, and the entries of which one began it. Certain if it is alone."""

    code: str
    begun_by: tuple[Fact, ...]

    @property
    def since(self) -> str | None:
        """As it was recorded, if that is one date."""
        texts = {fact.occurred for fact in self.begun_by}
        return texts.pop() if len(texts) == 1 else None


class DecisionMaker(NamedTuple):
    authority_id: UUID
    stance: tuple[Possible, ...]
    influence: tuple[Possible, ...]
    named: tuple[Fact, ...]  # what is asked of it is among the words of these, the last in the end
    responses: tuple[Fact, ...]


class Partner(NamedTuple):
    """Possibly a partner on the day; `role` as it joined."""

    partner_id: UUID
    certain: bool
    roles: tuple[Possible, ...]


class Promise(NamedTuple):
    made: Fact
    progress: tuple[Possible, ...]
    updates: tuple[Fact, ...]


def by_then(facts: Iterable[Fact], on: date, *kinds: str) -> list[Fact]:
    """What had happened by the day, certainly or possibly, in the order given."""
    return [each for each in facts if each.drives and each.kind in kinds and each.earliest <= on.toordinal()]


def certain(fact: Fact, on: date) -> bool:
    """Whether it had certainly happened by the day."""
    return fact.latest <= on.toordinal()


def decision_makers(facts: Sequence[Fact], on: date) -> list[DecisionMaker]:
    """The power map of a day: who was named by then, certainly or possibly, in the order of naming."""
    named = by_then(facts, on, "decision_maker_named")
    stances, responses = of_kind(facts, "stance_changed"), by_then(facts, on, "decision_maker_responded")
    influence = [each for each in of_kind(facts, "decision_maker_named") if each.code]
    return [
        DecisionMaker(
            id,
            said_last([each for each in stances if each.other_id == id], on),
            said_last([each for each in influence if each.other_id == id], on),
            tuple(each for each in named if each.other_id == id),
            tuple(each for each in responses if each.other_id == id),
        )
        for id in dict.fromkeys(each.other_id for each in named)
        if id
    ]


def partners(facts: Sequence[Fact], on: date) -> list[Partner]:
    """In the order of joining."""
    changes = of_kind(facts, "partner_joined", "partner_left")
    found = []
    for id in dict.fromkeys(each.other_id for each in changes):
        of_it = [each for each in changes if each.other_id == id]
        steps = [step(each, f"campaign.{each.kind}") for each in of_it]
        states = on_day(steps, on, NO_PARTNER, after) or on_day(steps, on, NO_PARTNER, read, bound=0)
        if id and PARTNER in states:
            joined = [of_it[i] for i in sorted(states[PARTNER])]
            found.append(Partner(id, len(states) == 1, among(joined)))
    return found


def promises(facts: Sequence[Fact], on: date) -> list[Promise]:
    """Those that were made by the day, certainly or possibly. Without an update nothing is said of its progress."""
    updates = of_kind(facts, "promise_updated")
    found = []
    for made in by_then(facts, on, "promise_made"):
        of_it = [each for each in updates if each.of == made.version]
        found.append(Promise(made, said_last(of_it, on), tuple(by_then(of_it, on, "promise_updated"))))
    return found


def goals(facts: Sequence[Fact], on: date) -> tuple[Fact, ...]:
    """The goal that was set last; several where their order is not certain."""
    goals = of_kind(facts, "goal_set")
    states = on_day([step(each, str(each.version)) for each in goals], on, UNSAID, _said)
    return tuple(each for each in goals if str(each.version) in states)


def said_last(facts: Sequence[Fact], on: date) -> tuple[Possible, ...]:
    """What may have been said last by the day, of things that may be said in any order; at first nothing."""
    states = on_day([step(each, each.code or UNSAID) for each in facts], on, UNSAID, _said)
    return tuple(Possible(code, tuple(facts[i] for i in sorted(begun))) for code, begun in sorted(states.items()))


def among(facts: Sequence[Fact]) -> tuple[Possible, ...]:
    codes = sorted({each.code or UNSAID for each in facts})
    return tuple(Possible(code, tuple(each for each in facts if (each.code or UNSAID) == code)) for code in codes)


def of_kind(facts: Iterable[Fact], *kinds: str) -> list[Fact]:
    return [each for each in facts if each.drives and each.kind in kinds]


def step(fact: Fact, effect: str) -> Step:
    return Step(fact.earliest, fact.latest, (effect,), f"{fact.kind} {fact.occurred} {fact.code}")


def on_day(
    steps: Sequence[Step], on: date, start: str, rule: Rule[str], bound: int = BOUND
) -> dict[str, frozenset[int]]:
    """The possible states and of each the steps of which one began it; empty where no order is legal."""
    found = stretches(steps, start, rule, _same, bound)
    if steps and not found:
        return {}
    day = on.toordinal()
    return next((each.states for each in found if each.since <= day < each.until), {start: frozenset()})


def _same(before: str, later: str) -> bool:
    return before == later


def _said(_state: str, step: Step) -> str:
    return str(step.effect[0])
