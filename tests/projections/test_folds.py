"""The folds of all projections, in memory: one history, however it is cut into portions, gives the same rows."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from domain.chronicle import Recorded
from domain.history import holding
from domain.membership_entries import MembershipEntry
from domain.membership_periods import periods as domain_periods
from domain.membership_rules import OUTSIDE
from projections import periods
from projections.comparing import Table, stepwise
from projections.everything import EVERYTHING
from projections.folding import Folding
from projections.kept import Placed
from projections.standings import Known, after_one_more, as_seen, is_plain, whole
from projections.tables import STILL, Projection, hex_of
from tests.projections.histories import SUBJECT, histories
from tests.projections.work_histories import work_histories

ID = hex_of(SUBJECT)
PERIODS = periods.projection
any_histories = st.one_of(histories(), work_histories())


def folded(projection: Projection, entries: Sequence[Recorded]) -> tuple[Table, ...]:
    return Folding(projection).digest(ID, entries).changed


@given(any_histories)
def test_entry_by_entry_or_all_at_once_gives_the_same_rows(history: list[Recorded]) -> None:
    for projection in EVERYTHING:
        assert list(folded(projection, history)) == stepwise(projection, ID, history)


@given(any_histories)
def test_no_entry_of_a_possible_history_is_parked(history: list[Recorded]) -> None:
    for projection in EVERYTHING:
        folding = Folding(projection)
        folding.digest(ID, history)
        assert folding.parked == []


@given(any_histories)
def test_what_was_known_before_an_entry_is_untouched_by_it(history: list[Recorded]) -> None:
    for projection in EVERYTHING:
        for n, of in enumerate(projection.tables):
            for until, last in enumerate(history, 1):
                if of.two_clocks:
                    then = folded(projection, history[:until])[n]
                    assert known_at(folded(projection, history)[n], last.position) == known_at(then, last.position)


def known_at(rows: Table, position: int) -> set[tuple[object, ...]]:
    return {(*row[:3], *row[4:]) for row in rows.values() if row[1] <= position < row[3]}


@given(histories())
def test_the_periods_are_those_of_the_domain_on_every_day(history: list[Recorded]) -> None:
    changes = [e for e in holding(tuple(each.entry for each in history)) if isinstance(e, MembershipEntry)]
    stretches = domain_periods(changes) if changes else []
    rows = [row for row in folded(PERIODS, history)[periods.PERIOD].values() if row[3] == STILL]
    for day in {edge for stretch in stretches for edge in (stretch.since, stretch.until - 1)} | {734000}:
        possible = {as_seen(s) for stretch in stretches if stretch.since <= day < stretch.until for s in stretch.states}
        found = {row[8:13] for row in rows if row[6] <= day < row[7]}
        assert found - {as_seen(OUTSIDE)} == possible - {as_seen(OUTSIDE)}, day
        assert as_seen(OUTSIDE) not in found or possible == {as_seen(OUTSIDE)}


@given(histories())
def test_one_more_change_is_as_good_as_the_whole_history(history: list[Recorded]) -> None:
    known, placed = Known(), list[Placed]()
    for recorded in history:
        entry = recorded.entry
        if not is_plain(entry) or not isinstance(entry, MembershipEntry):
            return
        placed.append(Placed(recorded.position, entry))
        quick = after_one_more(known, recorded.position, entry)
        known = whole(placed)
        assert quick is None or quick == known
