"""Whatever the dates leave open: all permitted orders are counted, and none is decided by the order of recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.appeals import DECISIONS
from domain.clusters import MAX, NoOrder, Step
from domain.dates import PartialDate
from domain.entry import Refused
from domain.legal_orders import is_legal
from domain.membership import Membership, in_legal_order, is_possible, may_follow, periods
from domain.membership_entries import BY_EVENT, MembershipEntry
from domain.membership_periods import content, course, steps
from domain.membership_rules import OUTSIDE, looks_the_same, rule
from domain.orders import followed_by
from domain.standing import Standing
from domain.walk import BOUND
from tests.scenario import COALITION, ORGANISATION, membership, told

LAST_DAY = 12
RESULTS = st.sampled_from(("upheld", "overturned", "partly"))
APPEALS = ("", "", "", "decision_appealed", "appeal_decided")
REACHES_ELSEWHERE = {"withdrawal_notified", "decision_appealed"}  # these change another step, or add one
ROLES, SCOPES = ("observer", "associate", "member"), (("all",), ("vote",))


def between(first: int, last: int) -> PartialDate:
    """0: the start is not known; after the last day: the end is not known."""
    return PartialDate(
        f"{first}..{last}",
        date.fromordinal(first) if first else None,
        date.fromordinal(last) if last <= LAST_DAY else None,
    )


def made(history: Membership, event: str, on: PartialDate, **fields: Any) -> MembershipEntry:
    of = {"coalition_id": COALITION, "organisation_id": ORGANISATION}
    return history.next(BY_EVENT[event], told(on), **of, **fields)


def numbered(changes: Sequence[tuple[str, PartialDate, dict[str, Any]]]) -> Membership:
    history = membership()
    for event, on, fields in changes:
        history = history.after(made(history, event, on, **fields))
    return history


@st.composite
def days(draw: st.DrawFn, around: int) -> PartialDate:
    width = st.sampled_from((0, 0, 1, 2, 4, LAST_DAY))
    return between(max(0, around - draw(width)), around + draw(width))


@st.composite
def fields_of(draw: st.DrawFn, event: str, day: int) -> dict[str, Any]:
    if event in ("role_changed", "readmitted"):
        return {"role": draw(st.sampled_from(ROLES))}
    if event in ("suspended", "scope_changed"):
        return {"scope": draw(st.sampled_from(SCOPES))}
    if event == "withdrawal_notified":
        return {"effective": draw(st.none() | days(min(LAST_DAY, day + draw(st.integers(0, 3)))))}
    if event == "organisation_merged":
        return {"successor_id": ORGANISATION}
    if event in ("dues_paid", "dues_waived"):
        money = {"amount": "50.00", "currency": "EUR"} if event == "dues_paid" else {}
        return {**money, "period": draw(days(day))}
    if event in ("decision_appealed", "appeal_decided", "delegate_replaced"):
        stays, result = draw(st.booleans()), draw(RESULTS)
        said: dict[str, dict[str, Any]] = {
            "decision_appealed": {"stays_effect": stays},
            "appeal_decided": {"result": result},
        }
        return {"of": 1, **said.get(event, {})}
    return {}


@st.composite
def histories(draw: st.DrawFn, longest: int = 5) -> Membership:
    """Mostly what may follow, now and then what may not; the days then forgotten to some degree."""
    standing, day = OUTSIDE, 1
    changes: list[tuple[str, PartialDate, dict[str, Any]]] = []
    for _ in range(draw(st.integers(1, longest))):
        likely = may_follow(standing) if draw(st.integers(0, 9)) else ()
        event = draw(st.sampled_from(likely or tuple(BY_EVENT)))
        decided = [n for n, (earlier, _, _) in enumerate(changes) if earlier in DECISIONS]
        appeal = draw(st.sampled_from(APPEALS)) if decided else ""
        event, of = (appeal, draw(st.sampled_from(decided))) if appeal else (event, 0)
        day = min(LAST_DAY, day + draw(st.integers(0, 3)))
        changes.append((event, draw(days(day)), {**draw(fields_of(event, day)), **({"of": of} if appeal else {})}))
        standing = numbered([changes[-1]]).changes[0].effect(standing)
    order = draw(st.permutations(range(len(changes))))
    return numbered([(event, on, in_order(fields, order)) for event, on, fields in (changes[n] for n in order)])


def in_order(fields: dict[str, Any], order: Sequence[int]) -> dict[str, Any]:
    """What speaks of another change by its place speaks of its version when they were recorded in this order."""
    return {**fields, "of": order.index(fields["of"]) + 1} if fields.get("of") in order else fields


def legal_orders(
    walk: Sequence[Step], taken: tuple[int, ...] = (), state: Standing = OUTSIDE
) -> Iterator[tuple[int, ...]]:
    if len(taken) == len(walk):
        yield taken
    for i in range(len(walk)):
        after = None if i in taken or (walk[i].needs >= 0 and walk[i].needs not in taken) else rule(state, walk[i])
        if after is not None:
            yield from legal_orders(walk, (*taken, i), after)


def fits(walk: Sequence[Step], order: Sequence[int], day: int) -> bool:
    """Whether these steps can be taken one after the other from that day on."""
    for i in order:
        day = max(day, walk[i].earliest)
        if day > walk[i].latest:
            return False
    return True


def starts_by(walk: Sequence[Step], order: Sequence[int], day: int) -> bool:
    return fits(walk, order, 0) and all(walk[i].earliest <= day for i in order)


Brute = dict[int, dict[Standing, set[int]]]


def brute_force(walk: Sequence[Step]) -> Brute:
    """For each day every standing that some legal order of all steps allows, with the steps that began it."""
    found: Brute = {}
    for order in legal_orders(walk):
        if fits(walk, order, 0):
            for day in range(LAST_DAY + 3):
                for n in range(len(order) + 1):
                    if starts_by(walk, order[:n], day) and fits(walk, order[n:], day + 1):
                        standing, by = follow(walk, order[:n])
                        found.setdefault(day, {}).setdefault(standing, set()).update(by)
    return found


def follow(walk: Sequence[Step], order: Sequence[int]) -> tuple[Standing, set[int]]:
    standing, by = OUTSIDE, set[int]()
    for i in order:
        after = rule(standing, walk[i])
        assert after is not None
        by = by if after.seen == standing.seen else {i}
        standing = after
    return standing, by


def on_day(changes: Sequence[MembershipEntry], day: int) -> dict[Standing, frozenset[int]]:
    for stretch in periods(changes):
        if stretch.since <= day < stretch.until:
            return stretch.states
    return {OUTSIDE: frozenset()}


@settings(max_examples=max(150, settings().max_examples), deadline=None)
@given(histories())
def test_every_permitted_order_is_counted_and_no_other(history: Membership) -> None:
    walk = steps(history.changes)
    assume(len(walk) <= 7)
    expected = brute_force(walk)
    assert is_possible(history.changes) == bool(expected)
    for day, standings in expected.items():
        found = on_day(history.changes, day)
        assert set(found) == set(standings)
        for standing, begun in found.items():
            assert begun <= standings[standing]
            assert {walk[i].effect for i in begun} == {walk[i].effect for i in standings[standing]}


@given(histories(longest=8), st.integers(0, 60), st.integers(1, 8))
def test_what_was_decided_to_be_legal_is_never_read_otherwise(history: Membership, bound: int, times: int) -> None:
    assume(is_legal(steps(history.changes), OUTSIDE, rule, bound))
    assert course(history.changes, (times * bound, bound)).is_legal


def test_eighty_changes_of_one_year_are_read_as_they_were_decided_and_more_exactly() -> None:
    tangled = eighty_of_one_year()
    assert is_possible(tangled.changes)
    exact, coarse = course(tangled.changes), course(tangled.changes, (BOUND,))
    assert exact.is_legal
    assert len(exact.stretches) > len(coarse.stretches)


def eighty_of_one_year() -> Membership:
    """Suspended, more and less, and reinstated in turn, each day forgotten by a fortnight or so."""
    random, turns = Random(4), (("suspended", "vote"), ("scope_changed", "all"), ("scope_changed", "vote"))
    changes: list[tuple[str, PartialDate, dict[str, Any]]] = [("joined", days_around(1, 0), {})]
    for n in range(79):
        event, scope = (*turns, ("reinstated", ""))[n % 4]
        fields = {"scope": (scope,)} if scope else {}
        changes.append((event, days_around(2 + n * 363 // 79, random.randint(0, 15)), fields))
    return numbered(changes)


def days_around(day: int, width: int) -> PartialDate:
    first, last = max(1, day - width), min(365, day + width)
    return PartialDate(f"{first}..{last}", date.fromordinal(first), date.fromordinal(last))


def told_of(history: Membership) -> list[tuple[int, int, dict[Standing, set[str]]]]:
    walk = steps(history.changes)
    return [
        (s.since, s.until, {standing: {walk[i].content for i in begun} for standing, begun in s.states.items()})
        for s in periods(history.changes)
    ]


@given(histories(longest=8), st.randoms(use_true_random=False))
def test_the_order_of_recording_decides_nothing(history: Membership, random: Any) -> None:
    changes = [(c.stored_name().removeprefix("membership."), c) for c in history.changes]
    random.shuffle(changes)
    other = membership(entries=tuple(c for _, c in changes))
    assert told_of(other) == told_of(history)
    assert [list(s.states) for s in periods(other.changes)] == [list(s.states) for s in periods(history.changes)]
    assert [content(c) for c in in_legal_order(other.changes)] == [content(c) for c in in_legal_order(history.changes)]


@given(histories(longest=8))
def test_a_legal_order_is_accepted_step_by_step(history: Membership) -> None:
    assume(is_possible(history.changes))
    growing = membership()
    for change in in_legal_order(history.changes):
        growing = growing.after(change)
        assert is_possible(growing.changes)


@given(histories(longest=8), st.sampled_from(sorted(BY_EVENT.keys() - REACHES_ELSEWHERE)), st.data())
def test_what_comes_after_all_others_follows_from_the_stretches_before_it(
    history: Membership, event: str, data: st.DataObject
) -> None:
    so_far, walk = course(history.changes), steps(history.changes)
    later = data.draw(fields_of(event, LAST_DAY))
    new = made(history, event, PartialDate("2030", date(2030, 1, 1), date(2030, 12, 31)), **later)
    assume(so_far.is_legal and len(so_far.stretches[-1].states) == 1 and all(step.latest < MAX for step in walk))
    assume(len(walk) == len(history.changes))
    expected = course((*history.changes, new))
    step = steps([new])[0]
    try:
        found = followed_by(so_far.stretches, len(walk), step, rule, looks_the_same)
    except NoOrder:
        assert not expected.is_legal
        return
    assert expected.is_legal
    assert found == expected.stretches


@settings(deadline=None)
@given(histories(longest=8), histories(longest=3))
def test_what_is_refused_names_a_state_that_does_not_allow_it_and_what_is_accepted_is_legal(
    history: Membership, more: Membership
) -> None:
    for new in more.changes:
        was_legal = is_possible(history.changes)
        fields = {
            n: getattr(new, n)
            for n in ("role", "scope", "effective", "successor_id", "of", "result", "amount", "currency", "period")
            if hasattr(new, n)
        }
        try:
            history = history.after(history.change(type(new), told(new.occurred), **fields))
            assert is_possible(history.changes) or not was_legal
        except Refused as refused:
            assert_tells(refused)


def assert_tells(refused: Refused) -> None:
    details = refused.details
    assert refused.code.startswith(("membership.", "entry.later_illegal"))
    assert {"event", "on", "state", "since", "allowed"} <= set(details)
    blamed = details.get("later", details["event"])
    is_of_fields = blamed in ("role_changed", "scope_changed") or refused.code == "membership.ends_before"
    may = blamed in details["allowed"] and not is_of_fields
    assert not may, refused
