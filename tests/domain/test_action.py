"""What may be said of an action, and whose it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.action import MOST_PEOPLE, Action, ActionLogged, WebPage
from domain.concerns import strangers
from domain.dates import parse
from domain.entry import Refused
from domain.membership import Membership
from tests.campaign_scenario import some
from tests.scenario import given, happened, told


def log(on: str = "2018-05-04", **fields: Any) -> ActionLogged:
    said = {name: fields.pop(name) for name in ("note", "variant") if name in fields}
    fields = {"campaign_id": some("Campaign"), "kind": "meeting", **fields}
    return Action(id=Action.id_of(uuid4())).log(told(on, **said), **fields)


def no_to(**fields: Any) -> Refused:
    with pytest.raises(Refused) as no:
        log(**fields)
    return no.value


def test_one_form_logs_one_action() -> None:
    command = uuid4()
    assert Action.id_of(command) == Action.id_of(command) != Action.id_of(uuid4())


def test_an_action_is_logged_with_what_is_known_of_it() -> None:
    page = WebPage("Report", "https://example.org/report", parse("2018-05-05"))
    new = log(by=(some("Heron"),), participants=30, women=20, youth=15, title="Round table", evidence=(page,))
    action = Action(id=new.originator_id).after(new)
    assert action.logged == new
    assert (new.participants, new.women, new.youth) == (30, 20, 15)


def test_no_number_follows_from_another() -> None:
    assert (log(women=20).participants, log(participants=20).women, log(participants=0).participants) == (None, None, 0)


@pytest.mark.parametrize("field", ["participants", "women", "youth"])
@pytest.mark.parametrize("number", [-1, MOST_PEOPLE + 1])
def test_a_number_of_people_is_neither_negative_nor_beyond_measure(field: str, number: int) -> None:
    no = no_to(**{field: number})
    assert (no.code, no.details["field"]) == ("action.no_number_of_people", field)


@pytest.mark.parametrize("field", ["women", "youth"])
def test_a_part_is_not_more_than_all(field: str) -> None:
    no = no_to(participants=5, **{field: 6})
    assert (no.code, no.details) == ("action.part_exceeds_all", {"field": field, "part": 6, "all": 5})
    assert log(participants=5, women=5, youth=5).women == 5


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"title": "a" * 10_001}, "title"), ({"place": "\u202eKyiv"}, "place"), ({"media": "\x07"}, "media"),
     ({"evidence": (WebPage(title="\u202e"),)}, "evidence"), ({"note": "\ud800"}, "note")],
)  # fmt: skip
def test_words_that_are_too_long_or_cannot_be_shown_are_refused(fields: dict[str, Any], field: str) -> None:
    assert no_to(**fields).details["field"] == field


def test_an_action_is_logged_once() -> None:
    new = log()
    action = Action(id=new.originator_id).after(new)
    with pytest.raises(Refused) as no:
        action.log(told("2019"), campaign_id=new.campaign_id, kind="letter")
    assert no.value.code == "action.only_once"
    assert (no.value.details["state"], no.value.details["since"]) == ("logged", "2018-05-04")


def test_another_source_may_tell_of_it_and_be_preferred() -> None:
    new = log(participants=30)
    action = Action(id=new.originator_id).after(new)
    other = action.log(told("2018-05-04", variant="alternative"), campaign_id=new.campaign_id, kind="meeting")
    action = action.after(other)
    assert action.logged == new
    action = action.after(action.prefer(told("2026"), 2, (1,)))
    assert action.logged == other


def test_it_does_not_begin_with_what_only_another_source_says() -> None:
    assert no_to(variant="alternative").code == "entry.only_alternative"


def test_what_was_struck_was_not_logged() -> None:
    new = log()
    action = Action(id=new.originator_id).after(new)
    assert action.after(action.strike(told("2026"), 1, "mistyped")).logged is None


# Who was no member


JOINED, LEFT = happened("2012-05", "joined"), happened("2015", "withdrew")


@pytest.mark.parametrize(
    ("on", "is_stranger"),
    [("2012-04-30", True), ("2012", False), ("2012-05", False), ("2013", False), ("2015-06", False), ("2016", True),
     ("2015-12-31/2016-02", False), ("XXXX", False), ("../2012-04", True)],
)  # fmt: skip
def test_who_was_certainly_in_on_no_possible_day_is_a_stranger(on: str, is_stranger: bool) -> None:
    membership = given(JOINED, LEFT).after
    assert bool(strangers([membership], parse(on))) == is_stranger


def test_whoever_is_in_in_whatever_role_or_standing_is_no_stranger() -> None:
    suspended = given(JOINED, happened("2013", "suspended")).after
    observer = given(happened("2012-05", "observer_admitted")).after
    applicant = given(happened("2012-05", "applied")).after
    on = parse("2014")
    assert strangers([suspended, observer], on) == ()
    assert strangers([applicant], on) == (applicant.organisation_id,)


def test_whoever_never_had_to_do_with_the_coalition_is_a_stranger() -> None:
    nobody = Membership(id=UUID(int=5), coalition_id=UUID(int=6), organisation_id=UUID(int=7))
    assert strangers([nobody], parse("2014")) == (UUID(int=7),)
