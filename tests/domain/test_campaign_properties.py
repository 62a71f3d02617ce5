"""Whatever the dates leave open: the states of a campaign are those of all orders that the dates permit, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.campaign import LEADS_TO, MAY_FOLLOW, NONE, STATES, Campaign, state_on
from domain.campaign_entries import CampaignEntry, CampaignPlanned
from domain.dates import PartialDate
from domain.entry import Refused
from domain.membership_entries import bounds
from tests.campaign_scenario import KINDS, some
from tests.scenario import told

LAST_DAY = 9
LIFE = ("launched", "paused", "resumed", "concluded", "cancelled")


@st.composite
def lives(draw: st.DrawFn) -> Campaign:
    """A plan, then mostly what may follow; the days forgotten to some degree, recorded in any order."""
    state, day = NONE, 1
    told_of: list[tuple[str, PartialDate]] = []
    for n in range(draw(st.integers(1, 5))):
        likely = [name.removeprefix("campaign.") for name in MAY_FOLLOW[state]] if draw(st.integers(0, 5)) else []
        event = draw(st.sampled_from(likely or LIFE)) if n else "planned"
        day = min(LAST_DAY, day + draw(st.integers(0, 3)))
        told_of.append((event, draw(days(day))))
        state = LEADS_TO[f"campaign.{event}"]
    history = Campaign(id=some("Campaign"))
    for event, on in draw(st.permutations(told_of)):
        fields = {"lead_id": some("Lead")} if event == "planned" else {}
        history = history.after(history.next(KINDS[event], told(on), **fields))
    return history


@st.composite
def days(draw: st.DrawFn, around: int) -> PartialDate:
    width = st.sampled_from((0, 0, 1, 2, LAST_DAY))
    first, last = max(0, around - draw(width)), around + draw(width)
    earliest = date.fromordinal(first) if first else None
    return PartialDate(f"{first}..{last}", earliest, date.fromordinal(last) if last <= LAST_DAY else None)


def legal_orders(entries: Sequence[CampaignEntry]) -> Iterator[tuple[CampaignEntry, ...]]:
    for order in permutations(entries):
        state: str | None = NONE
        for e in order:
            state = LEADS_TO[e.stored_name()] if state and e.stored_name() in MAY_FOLLOW[state] else None
        if state and fits(order, 0):
            yield order


def fits(order: Sequence[CampaignEntry], day: int, by: int | None = None) -> bool:
    """Whether they can happen one after the other from that day on, and be over by another."""
    for e in order:
        first, last = bounds(e.occurred)
        day = max(day, first)
        if day > (last if by is None else min(by, last)):
            return False
    return True


def counted(orders: Sequence[tuple[CampaignEntry, ...]], day: int) -> set[str]:
    """The states in which it can be at the end of that day."""
    return {
        LEADS_TO[order[n - 1].stored_name()] if n else NONE
        for order in orders
        for n in range(len(order) + 1)
        if fits(order[:n], 0, by=day) and fits(order[n:], day + 1)
    }


def entries_of(history: Campaign) -> list[CampaignEntry]:
    return [e for e in history.entries if isinstance(e, CampaignEntry)]


def refusal(history: Campaign, before: Campaign) -> Refused | None:
    try:
        history.check_since(before, history.entries[before.version :])
    except Refused as no:
        return no
    return None


def is_refused(history: Campaign) -> bool:
    return refusal(history, Campaign(id=history.id)) is not None


@given(lives())
@settings(max_examples=300)
def test_it_is_refused_exactly_where_no_order_is_legal(history: Campaign) -> None:
    assert is_refused(history) == (not any(legal_orders(entries_of(history))))


@given(lives())
@settings(max_examples=200)
def test_the_states_of_a_day_are_those_of_all_orders(history: Campaign) -> None:
    orders = [*legal_orders(entries_of(history))]
    for day in range(1, LAST_DAY + 3) if orders else ():
        possible = counted(orders, day)
        wanted = [state for state in STATES if state in possible] or [NONE]
        assert state_on(history.entries, day) == wanted, day


@given(lives(), st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter(history: Campaign, random: object) -> None:
    shuffled = Campaign(id=history.id)
    for e in sorted(history.entries, key=lambda e: str(e.command_id)):
        fields = {"lead_id": some("Lead")} if isinstance(e, CampaignPlanned) else {}
        shuffled = shuffled.after(shuffled.next(type(e), told(e.occurred), **fields))
    assert is_refused(shuffled) == is_refused(history)
    for day in range(1, LAST_DAY + 3):
        assert state_on(shuffled.entries, day) == state_on(history.entries, day)


@given(lives(), st.integers(0, 4))
def test_a_refusal_names_the_state_that_does_not_allow_it(history: Campaign, n: int) -> None:
    before = Campaign(id=history.id, entries=history.entries[: n % len(history.entries)])
    if is_refused(before):
        return
    no = refusal(history, before)
    if no:
        blamed = no.details["later" if no.code == "campaign.later_change_illegal" else "event"]
        assert blamed not in no.details["allowed"]
        assert no.code == "campaign.plan_needed" or no.details["allowed"] == MAY_FOLLOW[no.details["state"]]
