"""The definition of what appeals do: a standing is what the changes lead to, told again without the decisions that have
no effect at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import appeals
from domain.clusters import Step, in_natural_order
from domain.dates import PartialDate
from domain.membership import Membership, is_possible, may_follow
from domain.membership_entries import (
    AppealDecided,
    DecisionAppealed,
    Enters,
    Leaves,
    MembershipEntry,
    event_of,
)
from domain.membership_periods import course, steps
from domain.membership_rules import ENDS, OF_APPEALS, OF_DUES, OUTSIDE, read, rule
from domain.standing import Contested, Standing
from tests.domain.test_membership import every_change
from tests.domain.test_membership_properties import fields_of, made
from tests.scenario import membership

TURNS = ("", "", "", "", "decision_appealed", "decision_appealed", "decision_appealed", "appeal_decided")


def on(day: int) -> PartialDate:
    return PartialDate(str(day), date.fromordinal(day), date.fromordinal(day))


@st.composite
def told_day_by_day(draw: st.DrawFn) -> Membership:
    """Each change was possible when it came; a notice takes effect on a day on which nothing else happens."""
    it = membership()
    for n, turn in enumerate(draw(st.lists(st.sampled_from(TURNS), min_size=6, max_size=18)), 1):
        decided = [c.originator_version for c in it.changes if event_of(c) in appeals.DECISIONS]
        may = [*may_follow(standings(it)[-1]), *ENDS[: n // 12], *OF_DUES]
        likely = [*may, *[event for event in may if event in appeals.DECISIONS] * 3]
        event = turn if turn and decided else draw(st.sampled_from(likely))
        fields = draw(fields_of(event, n))
        if "of" in fields:
            fields["of"] = draw(st.sampled_from(decided[-3:]))
        if "effective" in fields:
            fields["effective"] = draw(st.none() | st.integers(n, n + 4).map(lambda m: on(2 * m)))
        grown = it.after(made(it, event, on(2 * n), **fields))
        it = grown if is_possible(grown.changes) else it
    return it


def standings(it: Membership) -> list[Standing]:
    """At the beginning, and after each step."""
    found = [OUTSIDE]
    for step in in_order(it):
        after = rule(found[-1], step)
        assert after is not None
        found.append(after)
    return found


def in_order(it: Membership) -> list[Step]:
    walk = steps(it.changes)
    return [walk[i] for i in in_natural_order(walk)]


def retold(told: Sequence[Step]) -> Standing:
    standing, out = OUTSIDE, without_effect(told)
    for step in told:
        change = step.change
        if isinstance(change, DecisionAppealed | AppealDecided):
            continue
        if not isinstance(change, MembershipEntry):
            standing = rule(standing, step) or standing
        elif change.originator_version not in out:
            alone = Step(0, 0, change.effect_key(), change=change)
            standing = rule(standing, alone) or though_impossible(standing, change)
    return standing


def without_effect(told: Sequence[Step]) -> set[int]:
    """Versions of the decisions that have no effect after these steps."""
    out: set[int] = set()
    for change in (step.change for step in told):
        if isinstance(change, DecisionAppealed) and change.stays_effect:
            out.add(change.of)
        elif isinstance(change, AppealDecided):
            out = out | {change.of} if change.result == "overturned" else out - {change.of}
    return out


def though_impossible(now: Standing, change: Any) -> Standing:
    """What is left of a change which, in this telling, meets somebody to whom it could not have happened."""
    if isinstance(change, Enters):
        return Standing("in", change.role, was_in=True)
    if isinstance(change, Leaves):
        return Standing("former", was_in=True)
    event = event_of(change)
    if event in ("reinstated", "suspension_expired"):
        return now._replace(scope=None)
    return of_who_is_in(now, event, change) if now.place == "in" else now


def of_who_is_in(now: Standing, event: str, change: Any) -> Standing:
    if event == "role_changed":
        keeps = now.scope if change.role != "observer" else None
        return now._replace(role=change.role, scope=keeps, in_arrears=now.in_arrears and change.role == "member")
    if event == "renewal_missed":
        return now._replace(in_arrears=now.role == "member")
    if event == "suspended":
        return now if now.role == "observer" else now._replace(scope=change.scope)
    return change.effect(now) if event in ("renewed", "withdrawal_notified", "withdrawal_revoked") else now


@settings(max_examples=max(250, settings().max_examples), deadline=None)
@given(told_day_by_day())
def test_a_standing_is_what_the_changes_lead_to_without_the_decisions_that_have_no_effect(it: Membership) -> None:
    walk = in_order(it)
    for n, standing in enumerate(standings(it)):
        assert appeals.plain(standing) == retold(walk[:n])
    assert course(it.changes).is_legal


@given(told_day_by_day())
def test_what_is_decided_leaves_nothing_to_remember(it: Membership) -> None:
    for appealed in [c for c in it.changes if isinstance(c, DecisionAppealed)]:
        upheld = made(it, "appeal_decided", on(100), of=appealed.of, result="upheld")
        grown = it.after(upheld)
        it = grown if is_possible(grown.changes) else it
    last = standings(it)[-1]
    assert last == appeals.plain(last)


def test_told_again_what_was_possible_means_what_it_always_means() -> None:
    walk = [steps([c])[0] for c in every_change() if event_of(c) not in OF_APPEALS]
    met, todo = {OUTSIDE}, [OUTSIDE]
    while todo:
        standing = todo.pop()
        beside_an_appeal = standing._replace(contested=(Contested(99, 1),))
        for step in walk:
            after = rule(standing, step)
            assert after is None or appeals.plain(read(beside_an_appeal, step)) == after
            if after and after not in met:
                met.add(after)
                todo.append(after)
    assert len(met) > 20
