"""Whoever asks about a day as known at a moment gets what the history says, however it was recorded."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain.clusters import MAX
from domain.coalition import Dissolved
from domain.entry import Entry
from domain.membership import Membership
from domain.organisation import OrganisationDissolved, OrganisationMerged
from projections import periods
from projections.coalitions import span
from projections.on_day import on_day
from projections.replaying import replay_subject
from tests.projections.archive import Archive
from tests.projections.random_archive import filled


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_of_a_day_are_those_of_the_replayed_history(archive: Archive, seed: int) -> None:
    coalitions, members = filled(archive, seed)
    random, last = Random(seed), archive.chronicle.last_position()
    with archive.asked() as connection:
        for _ in range(60):
            of, known = random.choice(coalitions), random.choice((None, random.randint(1, last)))
            on = date.fromordinal(random.randint(date(2010, 6, 1).toordinal(), date(2017, 6, 1).toordinal()))
            found = {
                (row.organisation_id, row.place, row.role, row.standing) for row in on_day(connection, of, on, known)
            }
            expected = {
                (who, *row[8:11])
                for who in members
                for row in replay_subject(archive.chronicle, periods.projection, Membership.id_of(of, who), known)[
                    "period"
                ]
                if row[3] > last and row[6] <= on.toordinal() < row[7]
            }
            assert found == expected


@pytest.mark.parametrize("seed", range(2))
def test_ribbons_and_roster_agree_on_every_day(archive: Archive, seed: int) -> None:
    coalitions, _ = filled(archive, seed)
    for of in coalitions:
        for year in range(2010, 2018):
            on = date(year, 7, 1)
            roster = archive.roster(of, on.isoformat())
            with archive.asked() as connection:
                ribbons = periods.bands(connection, of)
            inside = {
                ribbon.organisation_id
                for ribbon in ribbons
                for band in ribbon.bands
                if covers(band, on) and band.inside
            }
            assert {row.organisation_id for row in roster.rows} == inside


def covers(band: periods.Band, on: date) -> bool:
    return (band.since is None or band.since <= on) and (band.until is None or on < band.until)


def test_a_ribbon_begins_with_the_coalition(archive: Archive) -> None:
    of, who = archive.coalition("Coalition", "2012-03-04"), archive.organisation("Member")
    archive.changed("../2013-01-01", "joined", of, who)
    with archive.asked() as connection:
        (ribbon,) = periods.bands(connection, of)
        assert [(band.since, band.until, band.certain) for band in ribbon.bands] == [
            (date(2012, 3, 4), date(2013, 1, 1), False),
            (date(2013, 1, 1), None, True),
        ]
        assert [each.coalition_id for each in periods.of_organisation(connection, who)] == [of]
        assert span(connection, of).since == date(2012, 3, 4)


def test_a_notice_ends_a_membership_on_its_day(archive: Archive) -> None:
    of, who = archive.coalition("Coalition"), archive.organisation("Member")
    archive.changed("2012-01-01", "joined", of, who)
    archive.changed("2013-01-01", "withdrawal_notified", of, who, effective="2013-12-31")
    with archive.asked() as connection:
        (ribbon,) = periods.bands(connection, of)
    assert [(band.standing, band.since_text, band.begun_by) for band in ribbon.bands] == [
        ("good", "2012-01-01", 4),
        ("leaving", "2013-01-01", 5),
        ("former", "2013-12-31", 5),
    ]


def test_what_several_entries_may_have_begun_names_no_one_of_them(archive: Archive) -> None:
    of, who = archive.coalition("Coalition"), archive.organisation("Member")
    archive.changed("2012-01-01", "joined", of, who)
    archive.changed("2013", "suspended", of, who)
    archive.changed("2013-06", "reinstated", of, who)
    archive.changed("2013", "renewed", of, who)
    rows = archive.roster(of, "2014-01-01").rows
    assert [(row.standing, row.since, row.begun_by) for row in rows] == [("good", "2013-06", 6)]


def test_nobody_is_in_after_the_dissolution(archive: Archive) -> None:
    of, who = archive.coalition("Coalition"), archive.organisation("Member")
    archive.changed("2012-01-01", "joined", of, who)
    archive.add(Dissolved, of, "2015-05-05")
    assert [row.since for row in archive.roster(of, "2015-05-04").rows] == ["2012-01-01"]
    assert archive.roster(of, "2015-05-05").rows == ()


@pytest.mark.parametrize(
    ("kind", "fields"), [(OrganisationDissolved, {}), (OrganisationMerged, {"successor_id": UUID(int=9)})]
)
def test_nobody_is_in_what_ended_as_an_organisation(
    archive: Archive, kind: type[Entry], fields: dict[str, Any]
) -> None:
    of, who = archive.coalition("Coalition"), archive.organisation("Member")
    archive.changed("2012-01-01", "joined", of, who)
    ended = archive.add(kind, of, "2015-05-05", **fields)
    assert [row.since for row in archive.roster(of, "2015-05-04").rows] == ["2012-01-01"]
    assert archive.roster(of, "2015-05-05").rows == ()
    assert len(archive.roster(of, "2015-05-05", ended - 1).rows) == 1
    with archive.asked() as connection:
        (ribbon,) = periods.bands(connection, of)
        assert ribbon.bands[-1].until == span(connection, of).until == date(2015, 5, 5)


def test_the_first_of_two_ends_of_a_coalition_counts(archive: Archive) -> None:
    of = archive.coalition("Coalition")
    archive.add(Dissolved, of, "2015-05-05")
    archive.add(OrganisationDissolved, of, "2016-01-01")
    with archive.asked() as connection:
        assert span(connection, of).until == date(2015, 5, 5)


def test_a_roster_as_known_before_an_entry_does_not_show_it(archive: Archive) -> None:
    of, who = archive.coalition("Coalition"), archive.organisation("Member")
    joined = archive.changed("2012-01-01", "joined", of, who)
    left = archive.changed("2013-01-01", "withdrew", of, who)
    assert [archive.roster(of, "2014-01-01", known).members for known in (joined - 1, joined, left, None)] == [
        0,
        1,
        0,
        0,
    ]


def test_an_open_end_is_beyond_every_day() -> None:
    assert date.max.toordinal() < MAX
