"""However a history was recorded, amended and disputed: the rows are those of a count of all permitted orders."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import msgspec
from hypothesis import HealthCheck, assume, given, settings

from domain.entry import Entry
from domain.history import holding
from domain.membership import Membership
from domain.membership_entries import MembershipEntry
from domain.membership_periods import steps
from domain.membership_rules import OUTSIDE
from domain.standing import Standing
from projections import periods
from projections.folding import Folding
from projections.standings import Seen, as_seen
from projections.tables import STILL, Row, hex_of
from tests.domain.test_membership_properties import LAST_DAY, brute_force
from tests.projections.amended_histories import Amended, amended_histories
from tests.projections.archive import Archive
from tests.projections.histories import SUBJECT, recorded

MOST = 6  # steps whose orders are counted


def counted(hold: tuple[Entry, ...]) -> dict[int, set[Standing]]:
    """For each day the standings that some permitted order leads to; nothing where none is legal."""
    walk = steps([e for e in hold if isinstance(e, MembershipEntry)])
    assume(len(walk) <= MOST)
    days = {day: set(standings) for day, standings in brute_force(walk).items()} if walk else {}
    assume(days or not walk)
    return days


def rows_of(it: Amended, upto: int | None = None) -> list[Row]:
    told = [recorded(entry, 10 * n) for n, entry in enumerate(it.entries[:upto], 1)]
    return list(Folding(periods.projection).digest(hex_of(SUBJECT), told).changed[periods.PERIOD].values())


def seen_on(rows: list[Row], day: int, known: int) -> set[Seen]:
    found = {Seen(*row[8:13]) for row in rows if row[1] <= known < row[3] and row[6] <= day < row[7]}
    return found or {as_seen(OUTSIDE)}


@given(amended_histories())
def test_what_holds_is_what_was_meant(it: Amended) -> None:
    held = {e.originator_version: e for e in holding(it.entries)}
    assert held.keys() == {e.originator_version for e in it.hold}
    for meant in it.hold:
        found = held[meant.originator_version]
        assert (type(found), found.occurred, getattr(found, "of", 0)) == (
            type(meant), meant.occurred, getattr(meant, "of", 0),
        )  # fmt: skip


@given(amended_histories())
def test_the_rows_of_an_amended_history_are_those_of_all_permitted_orders(it: Amended) -> None:
    days = counted(it.hold)
    rows = rows_of(it)
    for day in range(1, LAST_DAY + 3):
        standings = {as_seen(standing) for standing in days.get(day, {OUTSIDE})}
        expected = standings if len(standings) == 1 else standings - {as_seen(OUTSIDE)}
        assert seen_on(rows, day, STILL - 1) == expected


@given(amended_histories())
def test_what_was_known_before_an_amendment_is_untouched_by_it(it: Amended) -> None:
    rows = rows_of(it)
    for n in range(1, len(it.entries)):
        then = rows_of(it, n)
        for day in range(1, LAST_DAY + 3):
            assert seen_on(rows, day, 10 * n) == seen_on(then, day, STILL - 1)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(it=amended_histories())
def test_the_roster_of_an_amended_history_is_that_of_all_permitted_orders(archive: Archive, it: Amended) -> None:
    days = counted(it.hold)
    of, who = archive.organisation(f"Coalition {uuid4()}"), archive.organisation(f"Organisation {uuid4()}")
    archive.record(*(retold(entry, of, who) for entry in it.entries))
    for day in range(1, LAST_DAY + 3):
        standings = {as_seen(standing) for standing in days.get(day, {OUTSIDE})}
        inside = {(seen.role, seen.standing) for seen in standings if seen.inside}
        rows = archive.roster(of, date.fromordinal(day).isoformat()).rows
        found = {pair for row in rows for pair in row.possible or [(row.role, row.standing)]}
        assert found == inside
        certainty = "certain" if all(seen.inside for seen in standings) else "possible"
        assert [row.certainty for row in rows] == [certainty] * bool(inside)


def retold(entry: Entry, of: UUID, who: UUID) -> Entry:
    """The same entry in a history of its own."""
    pair = {"coalition_id": of, "organisation_id": who} if isinstance(entry, MembershipEntry) else {}
    own = {"originator_id": Membership.id_of(of, who), "command_id": uuid4()}
    return msgspec.structs.replace(entry, **own, **pair)
