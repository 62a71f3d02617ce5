"""The timeline and the register: one row an entry, newest first, page after page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.campaign_entries import DecisionMakerNamed, DecisionMakerResponded, GoalSet
from domain.coalition import OfficeTaken, UmbrellaJoined
from domain.confidentiality import LEVELS, narrower
from domain.history import EntryCorrected, EntryStruck, VariantPreferred
from domain.membership import Membership
from domain.organisation import OrganisationMerged, OrganisationRenamed
from domain.programme import ProgrammeClosed
from projections import timeline
from projections.sight import ALL, LEAST, Sight, campaign_level, project_level
from projections.timeline import Happening
from tests.projections import ztok
from tests.projections.archive import SECRETARY, Archive
from tests.projections.random_archive import filled


def told(archive: Archive, **asked: Any) -> list[Happening]:
    with archive.asked() as connection:
        return timeline.timeline(connection, **{"sight": ALL, **asked})


def registered(archive: Archive, **asked: Any) -> list[Happening]:
    with archive.asked() as connection:
        return timeline.register(connection, **{"sight": ALL, **asked})


def test_what_happened_last_comes_first_whenever_it_was_recorded(archive: Archive) -> None:
    of, who, _ = archive.member()
    archive.changed("2015", "withdrew", of, who)
    archive.changed("2013-05", "suspended", of, who)
    assert [each.occurred for each in told(archive, organisation_id=who)] == ["2015", "2013-05", "2012-01-01", "XXXX"]


def test_page_after_page_gives_every_line_once(archive: Archive) -> None:
    of = ztok.told(archive)
    everything = [each.position for each in told(archive, coalition_id=of, limit=1000)]
    pages, after = list[int](), None
    while page := told(archive, coalition_id=of, after=after, limit=4):
        pages += [each.position for each in page]
        after = page[-1].key
    assert pages == everything
    assert len(set(pages)) == len(pages) > 20


def test_a_coalitions_own_name_is_on_its_timeline(archive: Archive) -> None:
    of = ztok.told(archive)
    names = {each.name for each in told(archive, coalition_id=of, limit=1000)}
    assert {"organisation.registered", "coalition.renamed", "coalition.founded", "membership.joined"} <= names


def test_an_entry_taken_back_at_once_is_left_out_and_stays_in_the_register(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2013", "suspended", of, who)
    archive.add(EntryStruck, subject, "2026-11-22", of=2, reason="mistyped")
    assert [each.name for each in told(archive, coalition_id=of, organisation_id=who)] == ["membership.joined"]
    struck, suspended = registered(archive, subject=subject)[:2]
    assert (suspended.state, suspended.taken_out_by, struck.state) == ("undone", struck.position, "undo")
    assert (struck.coalition_id, struck.organisation_id) == (of, who)


def test_a_correction_taken_back_at_once_is_left_out_with_what_it_said(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2013", "suspended", of, who)
    archive.changed("2014", "suspended", of, who)
    archive.add(EntryCorrected, subject, "2026-11-22", of=2, by=3, reason="wrong")
    archive.add(EntryStruck, subject, "2026-11-22", of=4, reason="mistyped")
    assert [each.occurred for each in told(archive, coalition_id=of, organisation_id=who)] == ["2013", "2012-01-01"]
    states = [each.state for each in registered(archive, subject=subject)]
    assert states == ["undo", "undone", "undone", None, None]
    assert len(registered(archive, subject=subject, with_taken_back=False)) == 2


def test_an_undo_that_was_taken_back_leaves_the_entry_as_it_was(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2013", "suspended", of, who)
    archive.add(EntryStruck, subject, "2026-11-22", of=2, reason="mistyped")
    archive.add(EntryStruck, subject, "2026-11-22", of=3, reason="mistyped")
    assert [each.occurred for each in told(archive, coalition_id=of, organisation_id=who)] == ["2013", "2012-01-01"]


def test_the_correction_of_an_account_stands_where_that_stood(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2011-12-31", "joined", of, who, variant="alternative")
    archive.add(VariantPreferred, subject, "2026-11-22", of=2, instead_of=(1,))
    archive.changed("2011-12-30", "joined", of, who, variant="alternative")
    archive.add(EntryCorrected, subject, "2026-11-22", of=2, by=4, reason="wrong")
    lines = {each.occurred: each.state for each in told(archive, names=("membership.joined",))}
    assert lines == {"2012-01-01": "set_aside", "2011-12-31": "corrected", "2011-12-30": "preferred"}


def test_a_struck_entry_stays_and_says_by_which(archive: Archive) -> None:
    of, who, subject = archive.member()
    suspended = archive.changed("2013", "suspended", of, who)
    struck = archive.add(EntryStruck, subject, "2026-11-22", of=2, reason="wrong")
    (line,) = [each for each in told(archive, organisation_id=who) if each.name == "membership.suspended"]
    assert (line.position, line.state, line.taken_out_by) == (suspended, "struck", struck)


def test_a_strike_that_was_struck_out_leaves_the_entry_as_it_was(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2013", "suspended", of, who)
    first = archive.add(EntryStruck, subject, "2026-11-22", of=2, reason="wrong")
    archive.add(EntryStruck, subject, "2026-11-22", of=3, reason="wrong")
    for known, state in ((None, None), (first, "struck"), (first - 1, None)):
        (line,) = [each for each in told(archive, known=known) if each.name == "membership.suspended"]
        assert line.state == state


def test_a_corrected_entry_names_its_correction(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2013", "suspended", of, who)
    archive.changed("2014", "suspended", of, who)
    by = archive.add(EntryCorrected, subject, "2026-11-22", of=2, by=3, reason="wrong")
    lines = {each.occurred: each for each in told(archive, names=("membership.suspended",))}
    assert {on: (line.state, line.taken_out_by) for on, line in lines.items()} == {
        "2013": ("corrected", by),
        "2014": (None, None),
    }


def test_of_two_accounts_the_preferred_one_is_marked(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2011-12-31", "joined", of, who, variant="alternative")
    archive.add(VariantPreferred, subject, "2026-11-22", of=2, instead_of=(1,))
    lines = {each.occurred: each for each in told(archive, names=("membership.joined",))}
    assert {on: line.state for on, line in lines.items()} == {"2012-01-01": "set_aside", "2011-12-31": "preferred"}


def test_when_the_preferred_account_is_struck_the_other_one_stands_as_it_was_recorded(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2011-12-31", "joined", of, who, variant="alternative")
    preferred = archive.add(VariantPreferred, subject, "2026-11-22", of=2, instead_of=(1,))
    archive.changed("2011-12-30", "joined", of, who, variant="alternative")
    again = archive.add(VariantPreferred, subject, "2026-11-22", of=4, instead_of=(2,))
    archive.add(EntryStruck, subject, "2026-11-22", of=4, reason="wrong")
    then = {each.occurred: each.state for each in told(archive, names=("membership.joined",), known=again)}
    assert then == {"2012-01-01": "set_aside", "2011-12-31": "set_aside", "2011-12-30": "preferred"}
    lines = {each.occurred: each for each in told(archive, names=("membership.joined",))}
    states = {on: line.state for on, line in lines.items()}
    assert states == {"2012-01-01": "set_aside", "2011-12-31": "preferred", "2011-12-30": "struck"}
    assert lines["2011-12-31"].amended_by == preferred
    archive.add(EntryStruck, subject, "2026-11-22", of=2, reason="wrong")
    states = {each.occurred: each.state for each in told(archive, names=("membership.joined",))}
    assert states == {"2012-01-01": None, "2011-12-31": "struck", "2011-12-30": "struck"}


def test_nothing_later_than_the_day_is_told(archive: Archive) -> None:
    of = ztok.told(archive)
    lines = told(archive, coalition_id=of, until_day=date(2012, 1, 1), limit=1000)
    assert max(each.earliest for each in lines) == date(2011, 6, 20).toordinal()


def test_the_register_is_in_the_order_of_recording(archive: Archive) -> None:
    ztok.told(archive)
    last = archive.chronicle.last_position()
    assert [each.position for each in registered(archive, limit=1000)] == list(range(last, 0, -1))
    assert [each.position for each in registered(archive, before=11, limit=3)] == [10, 9, 8]


def test_the_register_is_filtered_by_author_day_and_kind(archive: Archive) -> None:
    of = ztok.told(archive)
    whole = registered(archive, author=SECRETARY, limit=1000)
    assert registered(archive, author=UUID(int=99)) == []
    first, final = whole[-1].recorded_at, whole[0].recorded_at
    assert len(registered(archive, since=first, until=final, limit=1000)) == len(whole)
    assert registered(archive, since=final + timedelta(seconds=1)) == []
    joined = registered(archive, coalition_id=of, names=("membership.joined",))
    assert {each.name for each in joined} == {"membership.joined"}
    assert len(joined) == len(ztok.FOUNDERS)


def test_authors_are_those_who_recorded(archive: Archive) -> None:
    with archive.asked() as connection:
        assert timeline.authors(connection) == []
    archive.member()
    other = archive.organisation("Other", recorded_by=UUID(int=2))
    archive.add(OrganisationRenamed, other, "2020", called="Another", recorded_by=UUID(int=4))
    with archive.asked() as connection:
        assert timeline.authors(connection) == [UUID(int=2), SECRETARY, UUID(int=4)]
        assert timeline.lines_at(connection, [1])[1].name == "organisation.registered"


def test_every_history_that_speaks_of_an_organisation_is_found_by_it(archive: Archive) -> None:
    front, roof = archive.coalition("Front"), archive.coalition("Roof")
    centre, forum, club = (archive.organisation(called) for called in ("Centre", "Forum", "Club"))
    archive.changed("2012", "joined", front, centre)
    archive.changed("2012", "joined", front, forum, variant="alternative")
    archive.add(UmbrellaJoined, front, "2013", umbrella_id=roof)
    archive.add(OfficeTaken, roof, "2013", office="chair", holder_id=centre)
    archive.add(OrganisationMerged, forum, "2014", successor_id=club)
    in_front = {Membership.id_of(front, who) for who in (centre, forum)}
    with archive.asked() as connection:
        found = {id: set(timeline.mentioning(connection, id)) for id in (front, roof, centre, forum, club)}
    assert found == {
        front: in_front, roof: {front}, centre: {Membership.id_of(front, centre), roof},
        forum: {Membership.id_of(front, forum)}, club: {forum},
    }  # fmt: skip


def test_every_history_that_speaks_of_a_campaign_programme_or_action_is_found_by_it(archive: Archive) -> None:
    lead, mayor, member = (archive.organisation(called) for called in ("Lead", "Mayor", "Member"))
    direction = archive.programme("Direction", organisation_id=lead)
    of = archive.campaign("Ramps", lead_id=lead, programme_id=direction)
    action = archive.logged(of, "2012", by=(lead, member), decision_makers=(mayor,))
    archive.add(DecisionMakerNamed, of, "2012", authority_id=mayor)
    archive.add(DecisionMakerResponded, of, "2012", authority_id=mayor, response="token", action_id=action)
    expected = {lead: {direction, of, action}, mayor: {of, action}, member: {action}, direction: {of}, of: {action}}
    with archive.asked() as connection:
        assert {id: set(timeline.mentioning(connection, id)) for id in expected} == expected
        assert timeline.mentioning(connection, action) == [of]


# Campaigns and projects


def test_what_belongs_to_campaigns_is_told_alone_or_beside_what_concerns_an_organisation(archive: Archive) -> None:
    lead, member, mayor = (archive.organisation(called) for called in ("Lead", "Member", "Mayor"))
    of = archive.campaign("Ramps", "2012", lead_id=lead)
    archive.add(DecisionMakerNamed, of, "2013", authority_id=mayor)
    archive.logged(of, "2014", by=(lead, member))
    archive.logged(archive.campaign("Other", "2015"), "2016")
    its = ["campaign.action_logged", "campaign.decision_maker_named", "campaign.planned"]
    registered_too = [*its, "organisation.registered"]
    assert [each.name for each in told(archive, works=[of])] == its
    assert [each.name for each in told(archive, works=[of], organisation_id=lead)] == registered_too
    assert [each.name for each in told(archive, organisation_id=lead)] == [its[0], its[2], registered_too[3]]
    assert [each.name for each in told(archive, organisation_id=member)] == [its[0], registered_too[3]]
    assert [each.name for each in told(archive, organisation_id=mayor)] == [its[1], registered_too[3]]
    assert told(archive, works=[]) == registered(archive, works=[]) == []
    many = [of, *(UUID(int=n) for n in range(timeline.FEW))]
    assert [each.name for each in told(archive, works=many)] == its
    assert {each.work_id for each in registered(archive, works=many)} == {of}


def test_entries_of_a_programme_are_those_of_its_organisation(archive: Archive) -> None:
    owner = archive.organisation("Owner")
    archive.add(ProgrammeClosed, archive.programme("Legal", organisation_id=owner), "2014")
    names = [each.name for each in told(archive, organisation_id=owner, sight=LEAST)]
    assert names == ["programme.closed", "programme.opened", "organisation.registered"]


def test_a_correction_to_a_narrower_level_hides_what_it_corrected(archive: Archive) -> None:
    of = archive.campaign("Ramps", confidentiality="public")
    archive.add(GoalSet, of, "2012", stage="agenda")
    assert len(registered(archive, subject=of, sight=LEAST)) == 2
    archive.add(GoalSet, of, "2012", stage="agenda", confidentiality="team")
    archive.add(EntryCorrected, of, "2026", of=2, by=3, reason="wrong")
    assert [each.version for each in registered(archive, subject=of, sight=LEAST)] == [1]
    assert [each.level for each in registered(archive, subject=of)] == ["team", "team", "team", ""]
    archive.add(EntryStruck, of, "2026", of=4, reason="wrong")
    assert [each.version for each in registered(archive, subject=of, sight=LEAST)] == [2, 1]
    assert [each.level for each in registered(archive, subject=of)] == ["team", "team", "team", "", ""]


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_told_that_is_not_to_be_seen(archive: Archive, seed: int) -> None:
    filled(archive, seed, 100)
    everything = {each.position: each for each in registered(archive, limit=10_000)}
    works = sorted({each.work_id for each in everything.values() if each.work_id})
    with archive.asked() as connection:
        rows = [row for of in (campaign_level, project_level) for row in connection.execute(select(of))]
    level: dict[UUID | None, str] = dict(rows)
    assert {*level} == {*works}
    for n, base in enumerate((*LEVELS, "public")):
        sight = Sight(base=base, organisation=frozenset(works[:n]), team=frozenset(works[n:][:n]))
        for known in (None, len(everything) // 2):
            seen = {
                at
                for at, each in everything.items()
                if (known is None or at <= known)
                and sight.clears(each.work_id, narrower(level.get(each.work_id, ""), each.level))
            }
            assert len(seen) < (known or len(everything)) or base == "team"
            asked = {"sight": sight, "known": known, "limit": 10_000}
            assert {each.position for each in registered(archive, **asked)} == seen
            found = {each.position for each in told(archive, **asked)}
            taken_back = {each.position for each in registered(archive, **asked) if each.state in timeline.TAKEN_BACK}
            assert found == seen - taken_back
            with archive.asked() as connection:
                assert {*timeline.lines_at(connection, [*everything], known, sight=sight)} == seen


def test_the_last_action_that_somebody_logged_is_found(archive: Archive) -> None:
    of = archive.campaign("Ramps", confidentiality="public")
    archive.logged(of, "2014")
    first = archive.chronicle.last_position()
    second = archive.logged(of, "2012", confidentiality="team")
    last = archive.chronicle.last_position()

    def found(sight: Sight) -> int | None:
        with archive.asked() as connection:
            assert timeline.last_logged_by(connection, UUID(int=99), sight=sight) is None
            return timeline.last_logged_by(connection, SECRETARY, sight=sight)

    assert (found(ALL), found(LEAST)) == (last, first)
    archive.add(EntryStruck, second, "2026", of=1, reason="mistyped")
    assert found(ALL) == first
