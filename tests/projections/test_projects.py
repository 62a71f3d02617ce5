"""Projects and programmes: how far indicators are on a day, as known when, and who sees them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.history import EntryCorrected, EntryStruck
from domain.programme import ProgrammeClosed, ProgrammeOpened
from domain.project import IndicatorReached, IndicatorSet, ProjectClosed, ProjectReported
from projections import programmes, projects
from projections.projects import Indicator
from projections.sight import ALL, LEAST, Sight
from tests.projections.archive import Archive


def indicators(archive: Archive, id: UUID, day: str, known: int | None = None) -> list[Indicator]:
    with archive.asked() as connection:
        facts = projects.facts(connection, id, known, sight=ALL)
        return projects.indicators(facts, date.fromisoformat(day))


def numbers(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def test_how_far_an_indicator_is_can_be_asked_on_any_day_and_as_known_at_any_moment(archive: Archive) -> None:
    of = archive.project("Grant")
    archive.add(IndicatorSet, of, "2012-01-01", baseline="1.5", target="20", measure="Ramps")
    archive.add(IndicatorReached, of, "2012-05-05", of=2, value="2.5", action_id=UUID(int=7))
    then = archive.chronicle.last_position()
    archive.add(IndicatorReached, of, "2012-03", of=2, value="4")
    (now,) = indicators(archive, of, "2013-01-01")
    assert (now.baseline, now.target, now.reached, now.possibly) == numbers("1.5", "20", "6.5", "6.5")
    (spring,) = indicators(archive, of, "2012-03-15")
    assert (spring.reached, spring.possibly) == numbers("0", "4")
    (before,) = indicators(archive, of, "2013-01-01", then)
    assert before.reached == Decimal("2.5")
    assert indicators(archive, of, "2011-01-01") == []
    with archive.asked() as connection:
        (fact,) = projects.of_action(connection, UUID(int=7), sight=ALL)
    assert (fact.project_id, fact.of, fact.value) == (of, 2, "2.5")


def test_a_corrected_indicator_keeps_what_was_reached(archive: Archive) -> None:
    of = archive.project("Grant")
    archive.add(IndicatorSet, of, "2012", target="20")
    archive.add(IndicatorReached, of, "2012", of=2, value="5")
    archive.add(IndicatorSet, of, "2012", target="30")
    archive.add(EntryCorrected, of, "2026", of=2, by=4, reason="wrong")
    ((_, _, _, baseline, target, reached, *_),) = indicators(archive, of, "2020-01-01")
    assert baseline is None
    assert (target, reached) == numbers("30", "5")


def test_projects_are_found_by_each_filter(archive: Archive) -> None:
    owner, donor, coalition = (
        archive.organisation("Owner"),
        archive.organisation("Donor"),
        archive.coalition("Coalition"),
    )
    one = archive.project(
        "One", "2012-02-03", organisation_id=owner, donor_id=donor, coalition_id=coalition, period="2012-03/2013-04",
        amount="100.00", currency="EUR",
    )  # fmt: skip
    other = archive.project("Other", "2015")
    archive.add(ProjectReported, one, "2013", period="2012")
    archive.add(ProjectClosed, other, "2016-05")
    with archive.asked() as connection:
        for asked, expected in (
            ({}, [other, one]), ({"organisation_id": owner}, [one]), ({"donor_id": donor}, [one]),
            ({"coalition_id": coalition}, [one]), ({"year": 2013}, [one]), ({"year": 2014}, []),
            ({"year": 2016}, [other]), ({"year": 2017}, []),
        ):  # fmt: skip
            assert [each.id for each in projects.find(connection, sight=ALL, **asked)] == expected
        found = projects.project(connection, one, sight=ALL)
        assert projects.works(connection, sight=ALL, coalition_id=coalition) == [one]
        assert projects.concerning(connection, owner) == {one}
    assert found
    assert (found.period, found.amount, found.currency, found.closed) == ("2012-03/2013-04", "100.00", "EUR", None)


def test_a_project_is_seen_by_whom_its_level_is_for(archive: Archive) -> None:
    public = archive.project("Public", confidentiality="public")
    narrow = archive.project("Narrow", confidentiality="organisation")
    archive.add(IndicatorSet, narrow, "2012", target="20")
    belongs = Sight(base="coalition", organisation=frozenset({narrow}))
    with archive.asked() as connection:
        for sight, expected in ((LEAST, {public}), (Sight(base="coalition"), {public}), (belongs, {public, narrow})):
            assert {each.id for each in projects.find(connection, sight=sight)} == expected
            assert bool(projects.project(connection, narrow, sight=sight)) == (narrow in expected)
            assert bool(projects.facts(connection, narrow, sight=sight)) == (narrow in expected)


def test_a_project_taken_back_is_not_there(archive: Archive) -> None:
    of = archive.project("Grant", confidentiality="public")
    opened = archive.chronicle.last_position()
    archive.add(EntryStruck, of, "2026", of=1, reason="mistyped")
    with archive.asked() as connection:
        assert projects.project(connection, of, sight=ALL) is None
        assert projects.project(connection, of, opened, sight=ALL)
        assert projects.project(connection, of, opened, sight=LEAST) is None


def test_a_programme_is_open_from_its_opening_to_its_end(archive: Archive) -> None:
    owner = archive.organisation("Owner")
    legal = archive.programme("Legal", "2012", organisation_id=owner, direction="legal")
    other = archive.programme("Other", "2011-05-05")
    archive.add(ProgrammeClosed, legal, "2014-06")
    last = archive.chronicle.last_position()
    archive.add(ProgrammeOpened, other, "2013", organisation_id=owner, direction="social")
    archive.add(EntryCorrected, other, "2026", of=1, by=2, reason="wrong")
    with archive.asked() as connection:
        found = {each.id: each for each in programmes.find(connection)}
        assert [each.id for each in programmes.find(connection, organisation_id=owner)] == [legal, other]
        assert [each.id for each in programmes.find(connection, last, organisation_id=owner)] == [legal]
        then = programmes.programme(connection, other, last)
        assert programmes.programme(connection, UUID(int=1)) is None
    assert then
    assert (then.direction, found[other].direction, found[legal].closed) == ("", "social", "2014-06")
    days = ("2011-06-06", "2012-06-06", "2013-06-06", "2014-06-06", "2015-01-01")
    opened = [found[legal].is_open(date.fromisoformat(day)) for day in days]
    assert opened == ["no", "possibly", "certainly", "possibly", "no"]
    assert found[other].is_open(date(2020, 1, 1)) == "certainly"
