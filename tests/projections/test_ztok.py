"""The roster of a real coalition on the days that its own page speaks of."""

from __future__ import annotations

from datetime import date

import pytest

from projections import organisations
from projections.roster import as_json
from tests.projections import ztok
from tests.projections.archive import Archive

TODAY = "2026-11-22"


@pytest.mark.parametrize(
    ("on", "members", "in_good_standing", "suspended"),
    [("2013-01-01", 8, 7, 1), ("2016-06-01", 8, 7, 1), ("2018-06-01", 8, 8, 0), (TODAY, 9, 9, 0)],
)
def test_members_are_counted_by_standing(
    archive: Archive, on: str, members: int, in_good_standing: int, suspended: int
) -> None:
    roster = archive.roster(ztok.told(archive), on)
    assert (roster.members, roster.in_good_standing, roster.suspended) == (members, in_good_standing, suspended)


def test_the_institute_is_certainly_in_and_possibly_back(archive: Archive) -> None:
    roster = archive.roster(ztok.told(archive), "2017-06-01")
    (institute,) = [row for row in as_json(roster)["rows"] if row["organisation"] == ztok.INSTITUTE]
    assert institute == {
        "organisation": ztok.INSTITUTE,
        "role": "member",
        "standing": None,
        "certainty": "certain",
        "since": None,
        "scope": None,
        "possible": [{"role": "member", "standing": "good"}, {"role": "member", "standing": "suspended"}],
    }
    assert roster.counts == {"members": 8, "in_good_standing": 7, "suspended": 0, "observers": 0, "possible": 1}


def test_a_group_is_possibly_a_member_in_the_month_of_its_admission(archive: Archive) -> None:
    roster = archive.roster(ztok.told(archive), "2020-05-15")
    (group,) = [row for row in roster.rows if row.organisation == ztok.DIVERSITY]
    assert (group.certainty, group.role, group.standing) == ("possible", None, "good")
    assert ("member", "good") in group.possible


def test_today_it_has_the_nine_members_of_its_page(archive: Archive) -> None:
    of = ztok.told(archive)
    assert [row.organisation for row in archive.roster(of, TODAY).rows] == ztok.TODAY
    assert {row.certainty for row in archive.roster(of, TODAY).rows} == {"certain"}


def test_nobody_is_in_before_the_preparation(archive: Archive) -> None:
    assert archive.roster(ztok.told(archive), "2011-05-31").rows == ()


def test_it_is_found_by_its_old_and_its_new_name(archive: Archive) -> None:
    of = ztok.told(archive)
    with archive.asked() as connection:
        for name in (ztok.FIRST_NAME, f" {ztok.NAME.upper()} "):
            assert [(found.id, found.called_now) for found in organisations.find(connection, name)] == [(of, ztok.NAME)]


def test_it_was_called_by_its_first_name_before_it_was_renamed(archive: Archive) -> None:
    of = ztok.told(archive)
    with archive.asked() as connection:
        assert organisations.names_on(connection, [of], date(2014, 12, 3)) == {of: ztok.FIRST_NAME}
        assert organisations.names_on(connection, [of], date(2014, 12, 4)) == {of: ztok.NAME}
