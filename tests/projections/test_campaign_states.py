"""However a campaign was recorded, amended and disputed: its states are those of a count of all permitted orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.campaign_course import LEADS_TO, MAY_FOLLOW, NONE, after, steps
from domain.campaign_entries import LIFE
from domain.clusters import Step
from domain.entry import Entry
from projections import campaigns
from projections.folding import Folding
from projections.tables import STILL, Row, hex_of
from tests.domain.test_membership_properties import LAST_DAY, days, fits, starts_by
from tests.projections.amended_histories import Amended, amended
from tests.projections.histories import RECORDED, SECRETARY, SUBJECT, recorded

BY_NAME = {kind.stored_name(): kind for kind in LIFE}
MOST = 5  # steps whose orders are counted


@st.composite
def lives(draw: st.DrawFn) -> Sequence[Entry]:
    """What may follow, the days then forgotten to some degree, in any order of recording."""
    state, day = NONE, 1
    told: list[dict[str, Any]] = []
    for version in range(1, draw(st.integers(1, MOST)) + 1):
        if not MAY_FOLLOW[state]:
            break
        name = draw(st.sampled_from(MAY_FOLLOW[state]))
        state, day = LEADS_TO[name], min(LAST_DAY, day + draw(st.integers(0, 3)))
        of = {"lead_id": UUID(int=5)} if name == "campaign.planned" else {}
        command = uuid5(SUBJECT, str(version))
        told.append({"kind": BY_NAME[name], "occurred": draw(days(day)), "command_id": command, **of})
    order = draw(st.permutations(told))
    return [made(n, **each) for n, each in enumerate(order, 1)]


def made(version: int, kind: type[Entry], **told: Any) -> Entry:
    place: dict[str, Any] = {"originator_id": SUBJECT, "originator_version": version}
    return kind(**place, recorded_by=SECRETARY, recorded_at=RECORDED, **told)


def orders(walk: Sequence[Step], taken: tuple[int, ...] = (), state: str = NONE) -> Iterator[tuple[int, ...]]:
    """Every legal order."""
    if len(taken) == len(walk):
        yield taken
    for i in range(len(walk)):
        then = None if i in taken else after(state, walk[i])
        if then is not None:
            yield from orders(walk, (*taken, i), then)


def counted(hold: Sequence[Entry]) -> dict[int, set[str]]:
    walk = steps(hold)
    found: dict[int, set[str]] = {}
    for order in orders(walk):
        for day in range(1, LAST_DAY + 3) if fits(walk, order, 0) else ():
            for n in range(len(order) + 1):
                if starts_by(walk, order[:n], day) and fits(walk, order[n:], day + 1):
                    state = LEADS_TO[str(walk[order[n - 1]].effect[0])] if n else NONE
                    found.setdefault(day, set()).add(state)
    return found


def rows_of(it: Amended, upto: int | None = None) -> list[Row]:
    told = [recorded(entry, 10 * n) for n, entry in enumerate(it.entries[:upto], 1)]
    return list(Folding(campaigns.projection).digest(hex_of(SUBJECT), told).changed[campaigns.STATE].values())


def seen_on(rows: list[Row], day: int, known: int) -> set[str]:
    return {row[6] for row in rows if row[1] <= known < row[3] and row[4] <= day < row[5]} or {NONE}


@given(amended(lives()))
def test_the_states_of_an_amended_campaign_are_those_of_all_permitted_orders(it: Amended) -> None:
    days = counted(it.hold)
    assume(days or not it.hold)
    rows = rows_of(it)
    for day in range(1, LAST_DAY + 3):
        assert seen_on(rows, day, STILL - 1) == days.get(day, {NONE})


@given(amended(lives()))
def test_what_was_known_of_a_campaign_is_untouched_by_what_is_told_later(it: Amended) -> None:
    rows = rows_of(it)
    for n in range(1, len(it.entries)):
        then = rows_of(it, n)
        for day in range(1, LAST_DAY + 3):
            assert seen_on(rows, day, 10 * n) == seen_on(then, day, STILL - 1)
