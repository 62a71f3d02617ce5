"""What is counted without naming anybody is what the roster has, of any coalition, day and moment."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from domain.coalition import Dissolved
from projections.roster import SHOWS
from projections.tallies import tallies
from tests.projections.archive import Archive
from tests.projections.random_archive import filled


@pytest.mark.parametrize("seed", range(3))
def test_the_numbers_are_those_of_the_roster(archive: Archive, seed: int) -> None:
    coalitions, _ = filled(archive, seed)
    random, last = Random(seed), archive.chronicle.last_position()
    for _ in range(30):
        known = random.choice((None, random.randint(1, last)))
        on = date.fromordinal(random.randint(date(2010, 6, 1).toordinal(), date(2017, 6, 1).toordinal()))
        with archive.asked() as connection:
            found = tallies(connection, coalitions, on, known)
        assert found == {of: archive.roster(of, on.isoformat(), known).numbers for of in coalitions}


def test_several_possible_standings_are_one_organisation(archive: Archive) -> None:
    of, _, _ = archive.member()
    watching = archive.organisation("Watching")
    archive.changed("2012", "observer_admitted", of, watching)
    archive.changed("2013", "suspended", of, archive.organisation("Member"))
    with archive.asked() as connection:
        found = tallies(connection, [of], date(2013, 6, 1))[of]
        early = tallies(connection, [of], date(2012, 6, 1))[of]
    assert found == {"members": 1, "good": 0, "suspended": 0, "observers": 1, "possible": 0, "uncertain": 1}
    assert early == {"members": 1, "good": 1, "suspended": 0, "observers": 0, "possible": 1, "uncertain": 0}


def test_a_coalition_without_members_or_after_its_end_has_none(archive: Archive) -> None:
    of, _, _ = archive.member()
    empty = archive.coalition("Empty")
    archive.add(Dissolved, of, "2015-05-05")
    with archive.asked() as connection:
        before, after = (tallies(connection, [of, empty], date(2015, 5, n)) for n in (4, 5))
    assert (before[of]["members"], before[empty]) == (1, dict.fromkeys(SHOWS, 0))
    assert after == dict.fromkeys((of, empty), dict.fromkeys(SHOWS, 0))
