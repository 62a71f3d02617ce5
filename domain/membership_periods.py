"""How an organisation stood to the coalition on which day, after all its changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from domain.appeals import DECISIONS
from domain.clusters import MAX, Blocked, Step, in_natural_order
from domain.dates import PartialDate
from domain.entry import Entry
from domain.legal_orders import blocked, is_legal, legal_order
from domain.membership_entries import DecisionAppealed, MembershipEntry, WithdrawalNotified, bounds, event_of
from domain.membership_rules import OUTSIDE, looks_the_same, read, rule
from domain.orders import Stretch, stretches
from domain.standing import Contested, Standing
from domain.walk import BOUND

READ = 6_000  # tried steps in one cluster, where a history is read more exactly than it is decided: some 15 ms
ONLY_ONE = ""  # where nothing else has the same bounds, no tie is to be broken
OF_THE_RECORD = {
    *Entry.words, "person", "email", "telephone", "variant", "recorded_by", "recorded_at", "command_id",
    "originator_id", "originator_version",
}  # fmt: skip


class Course(NamedTuple):
    """Stretches of days with their possible standings. If no order is legal, the natural order was read."""

    stretches: list[Stretch[Standing]]
    is_legal: bool


def course(changes: Sequence[MembershipEntry], bounds: tuple[int, ...] = (READ, BOUND)) -> Course:
    """With the bound by which legality was decided as the last: what was found legal then is read so."""
    walk = steps(changes)
    tried = (stretches(walk, OUTSIDE, rule, looks_the_same, bound) for bound in bounds)
    legal = next((found for found in tried if found), [])
    return Course(legal or stretches(walk, OUTSIDE, read, looks_the_same, bound=0), bool(legal) or not walk)


def periods(changes: Sequence[MembershipEntry]) -> list[Stretch[Standing]]:
    """Stretches of days with their possible standings. If no order is legal, the natural order is read."""
    return course(changes).stretches


def is_possible(changes: Sequence[MembershipEntry]) -> bool:
    return is_legal(steps(changes), OUTSIDE, rule)


def blocked_by(changes: Sequence[MembershipEntry]) -> Blocked[Standing] | None:
    """The change that cannot have happened in any order, by its place; None where some order is legal."""
    return blocked(steps(changes), OUTSIDE, rule)


def in_legal_order(changes: Sequence[MembershipEntry]) -> list[MembershipEntry]:
    """The changes in an order in which each was allowed when it came; the natural order if there is none."""
    walk = steps(changes)
    return [changes[i] for i in ordered(walk) if i < len(changes)]


def ordered(walk: Sequence[Step]) -> list[int]:
    """Indices in a legal order, or in the natural order if there is none."""
    order = legal_order(walk, OUTSIDE, rule)
    return in_natural_order(walk) if order is None else order


def steps(changes: Sequence[MembershipEntry]) -> list[Step]:
    """The changes as the walk sees them; a notice adds the day on which it takes effect. Step i is change i."""
    days = [bounds(change.occurred) for change in changes]
    notices = [
        (i, change)
        for i, change in enumerate(changes)
        if isinstance(change, WithdrawalNotified) and change.passes[0] < MAX
    ]
    met = Counter([*days, *(notice.passes for _, notice in notices)])
    appeals = Counter(change.of for change in changes if isinstance(change, DecisionAppealed))
    found = [
        _step(change, on, appeals[change.originator_version], content(change) if met[on] > 1 else ONLY_ONE)
        for on, change in zip(days, changes, strict=True)
    ]
    return found + [
        Step(*notice.passes, ("took_effect", *notice.passes), f"took_effect {content(notice)}", needs=i)
        for i, notice in notices
    ]


def _step(change: MembershipEntry, on: tuple[int, int], appeals: int, told: str) -> Step:
    """A decision that appeals speak of changes the standing as no other does, and is known by its version."""
    effect: tuple[Hashable, ...] = change.effect_key()
    if appeals and event_of(change) in DECISIONS:
        decision = Contested(change.originator_version, appeals)
        effect, told = (decision, *effect), f"{told} {decision.of}"
    return Step(*on, effect, told, change=change)


def content(change: MembershipEntry) -> str:
    """What an entry says of the world: orders what the dates leave open, whoever recorded it first."""
    kind = type(change)
    told = (v.text if isinstance(v, PartialDate) else v for v in _told(kind)(change))
    return f"{kind.stored_name()} {tuple(told)}"


@cache
def _told(kind: type[MembershipEntry]) -> Callable[[MembershipEntry], tuple[Any, ...]]:
    return attrgetter(*(field for field in kind.__struct_fields__ if field not in OF_THE_RECORD))
