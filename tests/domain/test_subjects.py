"""How an organisation can end, with regard to those into which it merges and those that merged into it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest

from domain.entry import Refused
from domain.organisation import Ended, Organisation, OrganisationDissolved, OrganisationMerged
from domain.subjects import check_end
from tests.scenario import told

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
