"""Ends in a file: of coalitions, into what is gone, in a circle; and what else cannot have been."""

from __future__ import annotations

import pytest

from tests.webapp.files import HEADER, counts_on, errors, imported, planned, told, written
from webapp.stores import Stores

FOUNDED = "2005,founded,Club,,"


def file(*rows: str) -> bytes:
    return written(*rows, header=f"{HEADER},new_name")


@pytest.mark.parametrize("end", ["organisation_dissolved,,Club,", "organisation_merged,,Club,Union"])
def test_a_coalition_that_ends_as_an_organisation_keeps_no_member(stores: Stores, end: str) -> None:
    imported(stores, file(FOUNDED, "2011,joined,Club,A,", f"2012-01-01,{end}"))
    assert counts_on(stores, "Club", "2011-12-31")["members"] == 1
    assert counts_on(stores, "Club", "2013-01-01")["members"] == 0
    assert told(planned(stores, file("2014,joined,Club,B,"))) == [(2, "date", "membership.after_coalition")]


def test_a_member_may_end_after_its_coalition(stores: Stores) -> None:
    rows = (FOUNDED, "2011,joined,Club,A,", "2012-01-01,dissolved,Club,,", "2014,organisation_dissolved,,A,")
    assert told(planned(stores, file(*rows))) == []


def test_nobody_merges_into_what_is_gone_by_then(stores: Stores) -> None:
    rows = ("2009,organisation_dissolved,,B,", "2012,organisation_merged,,A,B")
    (error,) = errors(planned(stores, file(*rows)))
    assert (error["row"], error["column"], error["code"]) == (3, "new_name", "organisation.successor_gone")
    assert (error["state"], error["on"], error["allowed"]) == ("dissolved", "2009", [])
    imported(stores, file(rows[0]))
    assert told(planned(stores, file(rows[1]))) == [(2, "new_name", "organisation.successor_gone")]


def test_nobody_merges_back(stores: Stores) -> None:
    rows = ("2012,organisation_merged,,A,B", "2013,organisation_merged,,B,A")
    assert told(planned(stores, file(*rows))) == [(3, "new_name", "organisation.successor_gone")]
    (error,) = errors(planned(stores, file("2012,organisation_merged,,B,A", rows[0])))
    assert (error["column"], error["code"]) == ("new_name", "organisation.merged_in_a_circle")
    imported(stores, file(rows[0]))
    assert told(planned(stores, file(rows[1]))) == [(2, "new_name", "organisation.successor_gone")]


def test_nobody_ends_before_another_merges_into_it(stores: Stores) -> None:
    imported(stores, file("2012,organisation_merged,,A,B"))
    (error,) = errors(planned(stores, file("2010,organisation_dissolved,,B,")))
    assert (error["column"], error["code"]) == ("date", "organisation.joined_by_merger_later")
    assert told(planned(stores, file("2012-05,organisation_dissolved,,B,"))) == []


def test_a_chain_of_mergers_is_taken(stores: Stores) -> None:
    rows = ("2012,organisation_merged,,A,B", "2013,organisation_merged,,B,C", "2014,organisation_dissolved,,C,")
    assert told(planned(stores, file(*rows))) == []


def test_a_coalition_is_not_joined_by_itself(stores: Stores) -> None:
    plan = planned(stores, file(FOUNDED, "2011,joined,Club,Club,", "2015,organisation_dissolved,,Club,"))
    (error,) = errors(plan)
    assert (error["row"], error["code"]) == (3, "membership.of_itself")
    assert (error["state"], error["on"], error["allowed"]) == ("none", "2005", [])


def test_a_founding_before_the_preparation_is_refused(stores: Stores) -> None:
    (error,) = errors(planned(stores, file("2011,founded,Club,,", "2012,preparation,Club,,")))
    assert (error["row"], error["column"], error["code"]) == (3, "date", "coalition.prepared_after_founding")
    assert (error["state"], error["on"]) == ("founded", "2011")


@pytest.mark.parametrize(
    ("row", "code", "state", "on"),
    [
        ("2014,withdrawal_notified,Club,A,,2013", "membership.ends_before", "member, good", "2011"),
        ("2004,joined,Club,B,,", "membership.before_coalition", "none", "2005"),
        ("2021,withdrew,Club,A,,", "membership.after_coalition", "member, good", "2020"),
        ("2013,readmitted,Club,B,,", "membership.never_in", "none", "2005"),
        ("2013,founded,Club,,,", "coalition.only_once", "founded", "2005"),
        ("2013,organisation_renamed,,A,A2,", "organisation.same_name", "A2", "2012"),
        ("2013,organisation_merged,,A,A,", "organisation.into_itself", "A2", "2012"),
    ],
)
def test_each_refusal_tells_state_and_date(stores: Stores, row: str, code: str, state: str, on: str) -> None:
    header = f"{HEADER},new_name,until"
    rows = ("2020,dissolved,Club,,,", "2011,joined,Club,A,,", "2012,organisation_renamed,,A,A2,")
    found = errors(planned(stores, written(f"{FOUNDED},", *rows, row, header=header)))
    assert [(e["row"], e["code"], e["state"], e["on"]) for e in found] == [(6, code, state, on)]
    assert found[0]["reason"]
    assert "…" not in found[0]["reason"]


def test_a_coalition_does_not_end_before_what_is_recorded_of_its_members(stores: Stores) -> None:
    imported(stores, file(FOUNDED, "2011,joined,Club,A,", "2014,suspended,Club,A,"))
    assert told(planned(stores, file("2013,dissolved,Club,,"))) == [(2, "date", "coalition.members_after")]
    assert told(planned(stores, file("2013,organisation_dissolved,,Club,"))) == [(2, "date", "coalition.members_after")]
    assert told(planned(stores, file("2014,dissolved,Club,,"))) == []


def test_a_circle_of_umbrellas_is_the_fault_of_the_row_that_closes_it(stores: Stores) -> None:
    first = ("2005,founded,Union,,", FOUNDED, "2012,joined_umbrella,Club,Union,", "2013,joined_umbrella,Union,Roof,")
    closing = "2014,joined_umbrella,Roof,Club,"
    problem = (2, "organisation", "coalition.umbrella_circle")
    assert told(planned(stores, file(closing, "2005,founded,Roof,,", *first))) == [problem]
    imported(stores, file("2005,founded,Roof,,", *first))
    assert told(planned(stores, file(closing))) == [problem]
    assert told(planned(stores, file("2014,left_umbrella,Club,Union,", "2014,joined_umbrella,Union,Club,"))) == []
