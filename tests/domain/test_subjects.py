"""What belongs together: an organisation's end and its memberships."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest

from domain.entry import Refused
from domain.organisation import Ended, Organisation, OrganisationDissolved, OrganisationMerged
from domain.subjects import check_end, with_end, with_ends
from tests.scenario import ORGANISATION, decide, given, happened, membership, possible_on, told

JOINED = happened("2011-06-20", "joined")


def merged(on: str) -> Organisation:
    of = Organisation(id=ORGANISATION)
    of = of.after(of.register(told("2024"), "Centre"))
    return of.after(of.change(OrganisationMerged, told(on), successor_id=UUID(int=8)))


def test_a_membership_recorded_after_the_merger_ends_with_it() -> None:
    change = decide(membership(), JOINED)
    after = membership().after(*with_end(merged("2015"), membership(), change))
    assert after.version == 2
    assert possible_on(after, "2014-12-31") == {"member, good"}
    assert possible_on(after, "2016-01-01") == {"merged"}


def test_who_merged_away_does_not_join_afterwards() -> None:
    with pytest.raises(Refused) as no:
        with_end(merged("2010"), membership(), decide(membership(), JOINED))
    assert no.value.code == "membership.gone"
    assert (no.value.details["state"], no.value.details["since"]) == ("merged", "2010")


def test_a_membership_of_an_organisation_that_goes_on_is_one_entry() -> None:
    change = decide(membership(), JOINED)
    alive = Organisation(id=ORGANISATION)
    assert with_end(alive.after(alive.register(told("2024"), "Centre")), membership(), change) == (change,)


def test_the_end_of_an_organisation_is_told_to_each_of_its_memberships() -> None:
    ended = merged("2015").ended
    assert ended
    entries = with_ends(ended, [given(JOINED).before, membership()])
    assert [e.stored_name() for e in entries] == [
        "organisation.merged", "membership.organisation_merged", "membership.organisation_merged",
    ]  # fmt: skip
    assert len({e.command_id for e in entries}) == 3


def test_an_end_that_a_membership_does_not_allow_is_refused() -> None:
    ended = merged("2010").ended
    assert ended
    with pytest.raises(Refused) as no:
        with_ends(ended, [given(JOINED).before])
    assert (no.value.code, no.value.details["later"]) == ("membership.later_change_illegal", "joined")


A, B, C = UUID(int=11), UUID(int=12), UUID(int=13)


def ending(id: UUID, on: str, into: UUID | None = None) -> Ended:
    of = Organisation(id=id)
    of = of.after(of.register(told("2024"), f"Organisation {id.int}"))
    if into:
        return of.change(OrganisationMerged, told(on), successor_id=into)
    return of.change(OrganisationDissolved, told(on))


def check(ended: Ended, *others: Ended, merged_into_it: Iterable[Ended] = ()) -> None:
    check_end(ended, {other.originator_id: other for other in others}.get, merged_into_it)


def no_to(ended: Ended, *others: Ended, merged_into_it: Iterable[Ended] = ()) -> tuple[str, str, str]:
    with pytest.raises(Refused) as no:
        check(ended, *others, merged_into_it=merged_into_it)
    assert {"event", "on", "allowed"} <= set(no.value.details)
    return no.value.code, no.value.details["state"], no.value.details["since"]


def test_nobody_merges_into_what_is_gone_by_then() -> None:
    merger = ending(A, "2012", into=B)
    assert no_to(merger, ending(B, "2009")) == ("organisation.successor_gone", "dissolved", "2009")
    assert no_to(merger, ending(B, "2011", into=C)) == ("organisation.successor_gone", "merged", "2011")
    check(merger, ending(B, "2012-06"))
    check(merger, ending(B, "2014", into=C), ending(C, "2015"))


def test_mergers_do_not_lead_back_to_where_they_began() -> None:
    merger = ending(A, "2012", into=B)
    assert no_to(merger, ending(B, "2013", into=A))[0] == "organisation.merged_in_a_circle"
    around = ending(B, "2012", into=C), ending(C, "2012", into=A)
    assert no_to(merger, *around) == ("organisation.merged_in_a_circle", "merged", "2012")


def test_a_circle_elsewhere_ends_the_search() -> None:
    check(ending(A, "2012", into=B), ending(B, "2012", into=C), ending(C, "2012", into=B))


def test_an_organisation_does_not_end_before_another_merges_into_it() -> None:
    later = ending(B, "2014", into=A)
    code, state, since = no_to(ending(A, "2012"), merged_into_it=[later])
    assert (code, state, since) == ("organisation.joined_by_merger_later", "dissolved", "2012")
    check(ending(A, "2014-05"), merged_into_it=[later])
