"""An organisation: its names through time, its end, and records that are the same."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from domain.dates import parse
from domain.entry import Entry, Refused
from domain.organisation import (
    ContactAdded,
    ContactRemoved,
    Organisation,
    OrganisationDissolved,
    OrganisationMerged,
    OrganisationRenamed,
    OrganisationSameAs,
    OrganisationSplit,
)
from tests.scenario import told

ID, OTHER = UUID(int=7), UUID(int=8)


def centre() -> Organisation:
    new = Organisation(id=ID)
    return new.after(new.register(told("2024"), "Centre", language="en"))


def after(organisation: Organisation, kind: type[Entry], on: str, /, **fields: Any) -> Organisation:
    said = {name: fields.pop(name) for name in ("variant",) if name in fields}
    return organisation.after(organisation.change(kind, told(on, **said), **fields))


def renamed(of: Organisation, on: str, called: str) -> Organisation:
    return after(of, OrganisationRenamed, on, called=called)


def refused(act: Any, *args: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as no:
        act(*args, **fields)
    assert isinstance(no.value, Refused)
    return no.value


def met(no: Refused) -> tuple[Any, ...]:
    return tuple(no.details[name] for name in ("event", "on", "state", "since", "allowed"))


def test_names_follow_one_another_by_when_they_were_given() -> None:
    of = renamed(renamed(centre(), "2017", "Institute"), "2012-05", "Forum")
    assert [named.called for named in of.names] == ["Centre", "Forum", "Institute"]
    assert [named.since and named.since.text for named in of.names] == [None, "2012-05", "2017"]


def test_names_of_one_day_do_not_follow_the_order_of_recording() -> None:
    orders = {
        tuple(named.called for named in renamed(renamed(centre(), "2012", first), "2012", second).names)
        for first, second in permutations(("Forum", "Institute"))
    }
    assert len(orders) == 1


def test_a_rename_to_the_same_name_is_refused() -> None:
    no = refused(renamed, renamed(centre(), "2012", "Forum"), "2014", " Forum ")
    assert (no.code, no.details["called"]) == ("organisation.same_name", "Forum")
    assert met(no) == ("organisation.renamed", "2014", "Forum", "2012", ())


def test_the_first_name_holds_since_the_founding_or_since_there_is_a_record_of_it() -> None:
    assert met(refused(renamed, centre(), "2026", "Centre"))[2:4] == ("Centre", "2024")
    founded = Organisation(id=ID)
    founded = founded.after(founded.register(told("2024"), "Centre", founded=parse("1998")))
    assert met(refused(renamed, founded, "2026", "Centre"))[2:4] == ("Centre", "1998")


def test_a_back_dated_rename_may_not_make_a_later_one_say_nothing() -> None:
    assert refused(renamed, renamed(centre(), "2014", "Forum"), "2012", "Forum").details["on"] == "2014"


def test_an_old_name_can_come_back() -> None:
    assert renamed(renamed(centre(), "2012", "Forum"), "2014", "Centre").names[-1].called == "Centre"


def test_an_alternative_name_is_kept_and_not_used() -> None:
    of = after(centre(), OrganisationRenamed, "2012", called="Forum", variant="alternative")
    assert [named.called for named in of.names] == ["Centre"]


@pytest.mark.parametrize(("kind", "state"), [(OrganisationMerged, "merged"), (OrganisationDissolved, "dissolved")])
def test_nothing_happens_after_the_end(kind: type[Entry], state: str) -> None:
    fields = {"successor_id": OTHER} if kind is OrganisationMerged else {}
    of = after(centre(), kind, "2015", **fields)
    assert of.ended is of.entries[-1]
    no = refused(renamed, of, "2016", "Forum")
    assert no.code == "organisation.gone"
    assert no.details == {
        "event": "organisation.renamed", "on": "2016", "state": state, "since": "2015", "allowed": (), "version": 3,
    }  # fmt: skip
    assert refused(after, of, OrganisationDissolved, "2014").code == "organisation.gone"
    assert renamed(of, "2015", "Forum").version == 3


def test_an_end_is_refused_when_something_happened_after_it() -> None:
    no = refused(after, renamed(centre(), "2016", "Forum"), OrganisationDissolved, "2015")
    assert (no.code, no.details["on"]) == ("organisation.gone", "2016")


def test_an_organisation_that_ended_long_ago_can_be_registered_today_and_joined_with_its_other_record() -> None:
    of = after(centre(), OrganisationDissolved, "2015")
    assert after(of, OrganisationSameAs, "2024", other_id=OTHER).version == 3


def test_an_organisation_is_not_merged_into_itself() -> None:
    assert refused(after, centre(), OrganisationMerged, "2015", successor_id=ID).code == "organisation.into_itself"
    no = refused(after, renamed(centre(), "2012", "Forum"), OrganisationSameAs, "2015", other_id=ID)
    assert (no.code, met(no)) == (
        "organisation.into_itself", ("organisation.same_as", "2015", "Forum", "2012", ()),
    )  # fmt: skip


def test_an_organisation_that_was_split_lives_on() -> None:
    assert renamed(after(centre(), OrganisationSplit, "2012", into=(OTHER,)), "2013", "Forum").ended is None


def test_only_what_is_registered_changes_and_only_once_it_is_registered() -> None:
    assert refused(renamed, Organisation(id=ID), "2013", "Forum").code == "organisation.unknown"
    no = refused(renamed(centre(), "2012", "Forum").register, told("2013"), "Centre")
    assert (no.code, met(no)) == (
        "organisation.already_registered", ("organisation.registered", "2013", "Forum", "2012", ()),
    )  # fmt: skip


def test_a_mistaken_registration_can_be_struck_while_nothing_stands_on_it() -> None:
    assert centre().strike(told("2024"), 1, "mistyped").of == 1
    assert refused(renamed(centre(), "2013", "Forum").strike, told("2024"), 1, "wrong").code == "organisation.unknown"


def test_a_struck_end_leaves_it_alive() -> None:
    of = after(centre(), OrganisationDissolved, "2015")
    of = of.after(of.strike(told("2024"), 2, "wrong"))
    assert of.ended is None
    assert renamed(of, "2016", "Forum").version == 4


def test_a_contact_is_removed_once_and_after_it_was_added() -> None:
    of = after(centre(), ContactAdded, "2012", person="Ada", email="ada@example.org")
    assert refused(after, of, ContactRemoved, "2011", of=2).code == "organisation.no_such_contact"
    assert refused(after, of, ContactRemoved, "2013", of=1).code == "organisation.no_such_contact"
    of = after(of, ContactRemoved, "2013", of=2)
    assert of.version == 3
    assert refused(after, of, ContactRemoved, "2014", of=2).code == "organisation.no_such_contact"


def test_a_contact_that_was_corrected_since_can_be_removed() -> None:
    of = after(centre(), ContactAdded, "2012", person="Ada")
    right = of.next(ContactAdded, told("2012-05"), person="Ada")
    of = of.after(*of.correct(told("2024"), 2, right, "wrong"))
    assert after(of, ContactRemoved, "2013", of=3).version == 5


def test_a_contact_whose_removal_is_recorded_is_not_struck() -> None:
    of = after(after(centre(), ContactAdded, "2012", person="Ada"), ContactRemoved, "2013", of=2)
    no = refused(of.strike, told("2024"), 2, "wrong")
    assert (no.code, no.details["version"]) == ("organisation.no_such_contact", 3)
