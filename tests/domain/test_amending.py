"""What one touch amends, and all that other histories build upon it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import amending
from domain.amending import Striking
from domain.chronicle import Chronicle
from domain.coalition import Dissolved, Founded, Prepared, UmbrellaJoined, UmbrellaLeft
from domain.history import EntryStruck
from domain.membership_entries import Joined, Readmitted, Suspended, Withdrew
from domain.organisation import (
    Organisation,
    OrganisationDissolved,
    OrganisationMerged,
    OrganisationRenamed,
    OrganisationSameAs,
)
from tests.domain.registers import OTHER_SECRETARY, Register, refused, right
from tests.scenario import told


def coalition_of(register: Register, *members: str) -> dict[str, int]:
    """A coalition founded in 2011 which these joined then: the positions of their entries."""
    register.founded("Front")
    register.registered(*members)
    return {each: register.changed("2011-06-20", "joined", "Front", each) for each in members}


# Undo


def test_an_entry_is_undone_by_its_author(register: Register) -> None:
    coalition_of(register, "Centre")
    suspended = register.changed("2012", "suspended", "Front", "Centre")
    register.tell(register.undone(suspended))
    assert register.stands("Front", "Centre", "2013-01-01") == {"member, good"}
    struck = register.membership("Front", "Centre").entries[-1]
    assert isinstance(struck, EntryStruck)
    assert struck.reason == "mistyped"


def test_nobody_else_undoes_it_and_nobody_after_a_quarter_of_an_hour(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    assert refused(register.undone, joined, by=OTHER_SECRETARY).code == "undo.not_yours"
    assert refused(register.undone, joined, after=timedelta(minutes=16)).code == "undo.too_late"
    assert refused(register.undone, 1_000).code == "entry.not_there"


def test_what_is_undone_is_not_undone_again(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    register.tell(register.undone(joined))
    assert refused(register.undone, joined).code == "entry.superseded"


def test_an_undoing_can_be_undone(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    register.tell(register.undone(register.tell(register.undone(joined))))
    assert register.stands("Front", "Centre", "2013-01-01") == {"member, good"}


def test_what_was_corrected_since_is_not_undone(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    correction = register.tell(register.corrected(joined, "2011-07-01", Joined, role="member"))
    no = refused(register.undone, joined)
    assert no.code == "undo.built_upon"
    assert (no.details["event"], no.details["position"]) == ("entry.corrected", correction + 1)


def test_what_a_later_entry_needs_is_not_undone(register: Register) -> None:
    coalition_of(register, "Centre")
    suspended = register.changed("2012", "suspended", "Front", "Centre")
    reinstated = register.changed("2013", "reinstated", "Front", "Centre")
    no = refused(register.undone, suspended)
    assert (no.code, no.details["event"], no.details["on"]) == ("undo.built_upon", "reinstated", "2013")
    assert no.details["position"] == reinstated


def test_a_correction_is_undone_as_a_whole(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    content = register.tell(register.corrected(joined, "2012-07-01", Joined, role="member"))
    for position in (content, content + 1):
        assert len(register.undone(position).entries) == 1
    register.tell(register.undone(content))
    assert register.stands("Front", "Centre", "2012-01-01") == {"member, good"}


def test_what_one_touch_recorded_is_undone_together(register: Register) -> None:
    register.founded("Front")
    new = Organisation(id=register.id("Centre"))
    registered = new.register(told("XXXX"), "Centre")
    joined = register.change("2011-06-20", "joined", "Front", "Centre")
    position = register.tell(amending.record(register.records, registered, joined))
    assert [r.position for r in amending.recorded_together(register.chronicle, position)] == [position, position + 1]
    undone = register.undone(position + 1)
    assert {e.originator_id for e in undone.entries} == {registered.originator_id, joined.originator_id}
    register.tell(undone)
    assert register.stands("Front", "Centre", "2012-01-01") == {"none"}


@pytest.mark.parametrize("relies", ["membership", "name", "umbrella", "same record"])
def test_a_registration_is_not_undone_when_others_rely_on_it(register: Register, relies: str) -> None:
    register.founded("Front")
    register.registered("Forum", "Centre")
    registered = register.chronicle.last_position()
    match relies:
        case "membership":
            on_it = register.changed("2012", "applied", "Front", "Centre")
        case "name":
            on_it = register.happened("2012", OrganisationRenamed, "Centre", called="New Centre")
        case "umbrella":
            on_it = register.happened("2012", UmbrellaJoined, "Front", umbrella_id=register.id("Centre"))
        case _:
            on_it = register.happened("2012", OrganisationSameAs, "Forum", other_id=register.id("Centre"))
    no = refused(register.undone, registered)
    assert (no.code, no.details["position"], no.details["on"]) == ("undo.built_upon", on_it, "2012")
    assert no.details["why"] == "organisation.registration_needed"
    assert refused(register.struck, registered).code == "organisation.registration_needed"


def test_a_registration_that_nobody_relies_on_is_undone(register: Register) -> None:
    register.registered("Centre")
    register.tell(register.undone(register.chronicle.last_position()))
    assert register.organisation("Centre").names == []


# Ends of organisations


def merger(register: Register) -> int:
    coalition_of(register, "Centre", "Forum")
    register.founded("Other front", "2010")
    register.changed("2011", "joined", "Other front", "Centre")
    return register.happened("2015", OrganisationMerged, "Centre", successor_id=register.id("Forum"))


def merged_on(register: Register, day: str) -> list[set[str]]:
    return [register.stands(coalition, "Centre", day) for coalition in ("Front", "Other front")]


def test_the_end_of_an_organisation_is_recorded_in_each_of_its_memberships(register: Register) -> None:
    merger(register)
    assert merged_on(register, "2016-01-01") == [{"merged"}, {"merged"}]
    assert register.stands("Front", "Forum", "2016-01-01") == {"member, good"}


@pytest.mark.parametrize("how", ["undone", "struck"])
def test_with_an_end_go_the_ends_in_its_memberships(register: Register, how: str) -> None:
    position = merger(register)
    amended = getattr(register, how)(position)
    assert len(amended.entries) == len(amended.after) == 3
    again = register.tell(amended)
    assert merged_on(register, "2016-01-01") == [{"member, good"}, {"member, good"}]
    register.tell(register.undone(again))
    assert merged_on(register, "2016-01-01") == [{"merged"}, {"merged"}]


def test_an_end_in_one_membership_is_undone_with_the_organisation_and_not_struck_alone(register: Register) -> None:
    position = merger(register)
    no = refused(register.struck, position + 1)
    assert (no.code, no.details["position"]) == ("membership.end_of_organisation", position)
    assert len(register.undone(position + 1).entries) == 3


def test_a_corrected_end_is_corrected_in_its_memberships(register: Register) -> None:
    position = merger(register)
    register.tell(register.corrected(position, "2018", OrganisationMerged, successor_id=register.id("Forum")))
    assert merged_on(register, "2016-01-01") == [{"member, good"}, {"member, good"}]
    assert merged_on(register, "2019-01-01") == [{"merged"}, {"merged"}]
    last = register.chronicle.last_position()
    register.tell(register.corrected(last - 5, "2018", OrganisationDissolved))
    assert merged_on(register, "2019-01-01") == [{"dissolved"}, {"dissolved"}]


def test_which_account_of_an_end_is_preferred_is_so_in_its_memberships(register: Register) -> None:
    position = merger(register)
    other = register.happened("2017", OrganisationDissolved, "Centre", variant="alternative")
    assert merged_on(register, "2019-01-01") == [{"merged"}, {"merged"}]
    register.tell(register.preferred(other))
    assert merged_on(register, "2016-06-01") == [{"member, good"}, {"member, good"}]
    assert merged_on(register, "2019-01-01") == [{"dissolved"}, {"dissolved"}]
    register.tell(register.preferred(position))
    assert merged_on(register, "2016-06-01") == [{"merged"}, {"merged"}]


def test_an_end_before_a_later_change_in_a_membership_is_refused_and_names_it(register: Register) -> None:
    coalition_of(register, "Centre", "Forum")
    suspended = register.changed("2014", "suspended", "Front", "Centre")
    no = refused(register.happened, "2013", OrganisationDissolved, "Centre")
    assert (no.code, no.details["later"], no.details["position"]) == (
        "membership.later_change_illegal", "suspended", suspended,
    )  # fmt: skip


def test_who_joins_later_than_it_ended_is_refused_and_who_joined_before_ends_too(register: Register) -> None:
    coalition_of(register, "Forum")
    register.registered("Centre")
    register.happened("2015", OrganisationMerged, "Centre", successor_id=register.id("Forum"))
    assert refused(register.changed, "2016", "joined", "Front", "Centre").code == "membership.gone"
    position = register.changed("2012", "joined", "Front", "Centre")
    assert register.stands("Front", "Centre", "2016-01-01") == {"merged"}
    register.tell(register.undone(position))
    register.tell(amending.record(register.records, register.change("2012", "joined", "Front", "Centre")))
    assert register.stands("Front", "Centre", "2016-01-01") == {"merged"}


def test_the_end_of_a_membership_that_never_was_goes_with_its_last_change(register: Register) -> None:
    position = coalition_of(register, "Centre")["Centre"]
    register.happened("2015", OrganisationDissolved, "Centre")
    register.tell(register.struck(position))
    assert register.stands("Front", "Centre", "2016-01-01") == {"none"}


def test_a_merger_into_who_is_gone_and_into_oneself_is_refused(register: Register) -> None:
    position = merger(register)
    register.registered("Club")
    register.happened("2012", OrganisationDissolved, "Club")
    club, centre = register.id("Club"), register.id("Centre")
    no = refused(register.corrected, position, "2015", OrganisationMerged, successor_id=club)
    assert no.code == "organisation.successor_gone"
    no = refused(register.corrected, position, "2015", OrganisationMerged, successor_id=centre)
    assert no.code == "organisation.into_itself"
    no = refused(register.corrected, position, "2015", OrganisationMerged, successor_id=register.id("Nobody"))
    assert no.code == "organisation.unknown"


def test_an_end_corrected_to_before_another_merged_into_it_is_refused(register: Register) -> None:
    coalition_of(register, "Centre", "Forum", "Club")
    position = register.happened("2016", OrganisationMerged, "Forum", successor_id=register.id("Club"))
    register.happened("2015", OrganisationMerged, "Centre", successor_id=register.id("Forum"))
    no = refused(register.corrected, position, "2014", OrganisationDissolved)
    assert no.code == "organisation.joined_by_merger_later"


# Strike and correct, alone and together


def test_a_correction_that_makes_a_later_change_illegal_names_it_and_both_go_together(register: Register) -> None:
    coalition_of(register, "Centre")
    suspended = register.changed("2012", "suspended", "Front", "Centre")
    reinstated = register.changed("2013", "reinstated", "Front", "Centre")
    no = refused(register.corrected, suspended, "2014", Suspended)
    assert (no.code, no.details["later"], no.details["position"]) == (
        "membership.later_change_illegal", "reinstated", reinstated,
    )  # fmt: skip
    register.tell(register.corrected(suspended, "2014", Suspended, Striking(reinstated)))
    assert register.stands("Front", "Centre", "2015-01-01") == {"member, suspended"}


def test_a_striking_out_that_makes_a_later_change_illegal_names_it_and_both_go_together(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    withdrew = register.changed("2012", "withdrew", "Front", "Centre")
    no = refused(register.struck, joined)
    assert (no.code, no.details["event"], no.details["position"]) == ("entry.later_illegal", "withdrew", withdrew)
    register.tell(register.struck(joined, Striking(withdrew)))
    assert register.stands("Front", "Centre", "2015-01-01") == {"none"}


def test_the_dates_of_two_entries_are_exchanged_together(register: Register) -> None:
    coalition_of(register, "Centre")
    withdrew = register.changed("2013", "withdrew", "Front", "Centre")
    again = register.changed("2014", "readmitted", "Front", "Centre")
    assert refused(register.corrected, withdrew, "2015", Withdrew).details["position"] == again
    later = right(again, "2016", Readmitted, role="observer")
    register.tell(register.corrected(withdrew, "2015", Withdrew, later))
    assert register.stands("Front", "Centre", "2014-06-01") == {"member, good"}
    assert register.stands("Front", "Centre", "2017-01-01") == {"observer"}


def test_wrong_content_is_the_fault_of_who_types_it(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    no = refused(register.corrected, joined, "2010", Joined, role="member")
    assert no.code == "membership.before_coalition"
    assert "position" not in no.details


def test_what_is_superseded_and_what_amends_is_not_corrected(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    struck = register.tell(register.struck(joined))
    assert refused(register.corrected, joined, "2012", Joined, role="member").code == "entry.superseded"
    assert refused(register.corrected, struck, "2012", Joined, role="member").code == "entry.only_struck"


def test_the_first_entry_has_the_command_of_the_form_and_all_have_one_each(register: Register) -> None:
    position = merger(register)
    said = register.today()
    amended = amending.correct(register.records, position, said, OrganisationDissolved, told("2018"), {}, "wrong")
    assert amended.entries[0].command_id == said.command_id
    assert len({e.command_id for e in amended.entries}) == len(amended.entries) == 6


def test_before_and_after_are_told_of_each_touched_history(register: Register) -> None:
    amended = register.struck(merger(register))
    front = register.membership("Front", "Centre")
    assert amended.before[front.id].entries == front.entries
    assert amended.after[front.id].entries[: front.version] == front.entries
    assert amended.after[front.id].version == front.version + 1


# Conflicting accounts


def test_another_account_is_preferred_and_the_first_one_again(register: Register) -> None:
    coalition_of(register, "Centre")
    suspended = register.changed("2012", "suspended", "Front", "Centre")
    other = register.changed("2013", "suspended", "Front", "Centre", variant="alternative")
    assert register.stands("Front", "Centre", "2012-12-31") == {"member, suspended"}
    register.tell(register.preferred(other))
    assert register.stands("Front", "Centre", "2012-12-31") == {"member, good"}
    register.tell(register.preferred(suspended))
    assert register.stands("Front", "Centre", "2012-12-31") == {"member, suspended"}


def test_where_nothing_is_in_conflict_nothing_is_preferred(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    assert refused(register.preferred, joined).code == "entry.nothing_in_conflict"
    alone = register.changed("2013", "suspended", "Front", "Centre", variant="alternative")
    assert refused(register.preferred, alone).code == "entry.nothing_in_conflict"


def test_what_another_history_says_is_not_set_aside(register: Register) -> None:
    joined = coalition_of(register, "Centre", "Forum")
    register.changed("2012", "suspended", "Front", "Centre")
    other = register.changed("2013", "suspended", "Front", "Centre", variant="alternative")
    assert refused(register.preferred, other, joined["Forum"]).code == "entry.not_there"


def test_an_account_stands_beside_the_one_that_is_nearest_in_time(register: Register) -> None:
    coalition_of(register, "Centre")
    register.changed("2012", "suspended", "Front", "Centre")
    register.changed("2013", "reinstated", "Front", "Centre")
    register.changed("2016", "suspended", "Front", "Centre")
    register.changed("2015", "suspended", "Front", "Centre", variant="alternative")
    of = register.membership("Front", "Centre")
    assert amending.accounts(of, 5) == amending.accounts(of, 4) == (4, 5)
    assert amending.accounts(of, 2) == (2,)


def test_an_account_that_was_preferred_since_is_not_undone(register: Register) -> None:
    coalition_of(register, "Centre")
    register.changed("2012", "suspended", "Front", "Centre")
    other = register.changed("2013", "suspended", "Front", "Centre", variant="alternative")
    register.tell(register.preferred(other))
    no = refused(register.undone, other)
    assert (no.code, no.details["event"]) == ("undo.built_upon", "entry.variant_preferred")


# The life of a coalition


def test_a_founding_is_not_struck_while_somebody_is_in(register: Register) -> None:
    founded = register.founded("Front")
    register.registered("Centre", "Forum")
    joined = register.changed("2012", "joined", "Front", "Centre")
    register.changed("2013", "applied", "Front", "Forum")
    no = refused(register.struck, founded)
    assert (no.code, no.details["count"], no.details["who"]) == ("coalition.founding_needed", 2, ["Centre", "Forum"])
    assert (no.details["position"], no.details["on"]) == (joined, "2012")


def test_a_founding_nobody_relies_on_is_struck(register: Register) -> None:
    register.tell(register.struck(register.founded("Front")))
    assert register.organisation("Front").begins is None


def test_a_founding_that_a_preparation_precedes_is_struck(register: Register) -> None:
    founded = register.founded("Front")
    register.happened("2010", Prepared, "Front")
    register.registered("Centre")
    register.changed("2012", "joined", "Front", "Centre")
    register.tell(register.struck(founded))
    assert register.organisation("Front").begins == told("2010").occurred


def test_a_founding_is_not_corrected_to_after_its_first_member_but_with_it(register: Register) -> None:
    founded = register.founded("Front")
    register.registered("Centre")
    joined = register.changed("2012", "joined", "Front", "Centre")
    no = refused(register.corrected, founded, "2014", Founded)
    assert (no.code, no.details["position"], no.details["since"]) == ("coalition.members_before", joined, "2014")
    register.tell(register.corrected(founded, "2014", Founded, right(joined, "2014", Joined, role="member")))
    assert register.stands("Front", "Centre", "2015-01-01") == {"member, good"}


@pytest.mark.parametrize("end", [Dissolved, OrganisationDissolved])
def test_a_coalition_does_not_end_before_a_change_of_its_members(register: Register, end: type[Dissolved]) -> None:
    coalition_of(register, "Centre", "Forum")
    suspended = register.changed("2014", "suspended", "Front", "Centre")
    no = refused(register.happened, "2013", end, "Front")
    assert (no.code, no.details["event"], no.details["position"]) == (
        "coalition.members_after", "membership.suspended", suspended,
    )  # fmt: skip
    dissolved = register.happened("2015", end, "Front")
    assert refused(register.corrected, dissolved, "2013", end).details["position"] == suspended
    register.tell(register.corrected(dissolved, "2014", end))


def circle(register: Register, *links: str) -> None:
    """ "A under B 2012-2014": joined then, and left then."""
    for link in links:
        who, _, umbrella, days = link.split()
        for each in (who, umbrella):
            if not register.organisation(each).entries:
                register.founded(each, "2000")
        since, _, until = days.partition("-")
        register.happened(since, UmbrellaJoined, who, umbrella_id=register.id(umbrella))
        if until:
            register.happened(until, UmbrellaLeft, who, umbrella_id=register.id(umbrella))


def test_a_circle_of_umbrellas_is_refused_over_however_many_steps(register: Register) -> None:
    circle(register, "A under B 2012", "B under C 2013")
    no = refused(circle, register, "C under A 2014")
    assert (no.code, no.details["on"], no.details["who"]) == ("coalition.umbrella_circle", "2014", ["A", "B"])
    circle(register, "C under D 2014")
    assert refused(circle, register, "D under B 2015").code == "coalition.umbrella_circle"


def test_umbrellas_at_different_times_are_no_circle(register: Register) -> None:
    circle(register, "A under B 2012-2013", "B under A 2013", "A under C 2012")
    left = register.chronicle.last_position()
    assert register.organisation("A").version == 5
    assert left


def test_a_leaving_between_two_umbrellas_is_not_struck(register: Register) -> None:
    circle(register, "A under B 2012-2013")
    left = register.chronicle.last_position()
    circle(register, "B under A 2014")
    no = refused(register.struck, left)
    assert no.code == "coalition.umbrella_circle"


def test_a_correction_does_not_close_a_circle(register: Register) -> None:
    circle(register, "A under B 2012", "C under A 2014")
    joined = register.chronicle.last_position()
    circle(register, "B under D 2013")
    b = register.id("B")
    register.tell(register.corrected(joined, "2014", UmbrellaJoined, umbrella_id=b))
    of_b = register.chronicle.last_position()
    assert of_b
    no = refused(circle, register, "D under C 2015")
    assert no.code == "coalition.umbrella_circle"


# The sequence


def test_nothing_is_recorded_before_it_is_told(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    last = register.chronicle.last_position()
    register.struck(joined)
    assert register.chronicle.last_position() == last


def test_who_amends_second_is_told_that_somebody_was_first(register: Register) -> None:
    joined = coalition_of(register, "Centre")["Centre"]
    one, two = register.struck(joined), register.corrected(joined, "2012", Joined, role="member")
    register.tell(one)
    assert refused(register.tell, two).code == "chronicle.someone_was_first"


def test_a_touch_ends_where_another_author_or_instant_begins(register: Register) -> None:
    chronicle: Chronicle = register.chronicle
    coalition_of(register, "Centre", "Forum")
    for position in range(1, chronicle.last_position() + 1):
        assert len(amending.recorded_together(chronicle, position)) == 1
