"""Who sees what of campaigns? What is not somebody's to see answers like what does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest

from domain.action import Action
from domain.confidentiality import LEVELS
from projections import engine
from tests.webapp.campaigns import Planned, planned, registered, told
from tests.webapp.conftest import Person
from webapp.accounts import Accounts
from webapp.stores import Stores
from webapp.teams import Teams

SignedIn = Callable[..., Person]
SEEN: dict[str, set[str]] = {
    "viewer": {"public"},
    "lead": {"public", "coalition"},
    "secretariat": {"public", "coalition"},
    "administrator": {"public", "coalition", "organisation"},
    "auditor": set(LEVELS),
}
VARIES = re.compile(r'name="csrf_token" value="[^"]*"|"X-CSRFToken": "[^"]*"')
LISTS = ("/", "/campaigns", "/timeline", "/register", "/campaigns?text=Secret+team", "/campaigns?state=active")


class Kept(NamedTuple):
    """A campaign of one level, the position of its plan and that of its action."""

    campaign: Planned
    plan: int
    action: int


@pytest.fixture
def kept(stores: Stores) -> dict[str, Kept]:
    return {level: keep(stores, level) for level in LEVELS}


def keep(stores: Stores, level: str) -> Kept:
    of = planned(stores, f"Secret {level}", confidentiality=level)
    plan = stores.chronicle.recordings(of.id)[0].position
    action = log(stores, of.id, f"Deed {level}")
    return Kept(of, plan, action)


def log(stores: Stores, campaign: UUID, title: str, **fields: object) -> int:
    action = Action(id=uuid4()).log(told("2020-05-01"), campaign_id=campaign, kind="meeting", title=title, **fields)
    position = stores.chronicle.record(action)
    engine.keep_up(stores.chronicle, stores.reading)
    return position


@pytest.mark.parametrize("role", SEEN)
def test_what_is_not_yours_to_see_is_not_there(role: str, signed_in: SignedIn, kept: dict[str, Kept]) -> None:
    person = signed_in(role)
    lists = {path: person.open(path).text for path in LISTS}
    for level, (campaign, plan, action) in kept.items():
        is_seen = level in SEEN[role]
        places = (f"/campaigns/{campaign.id}", f"/register/{plan}", f"/register/{action}")
        assert {person.open(path).status_code for path in places} == {200 if is_seen else 404}, level
        for path, text in lists.items():
            assert is_seen or (str(campaign.id) not in text and f"Deed {level}" not in text), (path, level)
        for id in (campaign.lead, campaign.authority):
            assert (str(campaign.id) in person.open(f"/organisations/{id}").text) is is_seen, level


@pytest.mark.parametrize("role", ["viewer", "lead"])
def test_a_hidden_campaign_answers_like_one_that_does_not_exist(
    role: str, signed_in: SignedIn, kept: dict[str, Kept]
) -> None:
    person = signed_in(role)
    ids = kept["team"].campaign.id, uuid4()
    hidden, nothing = (person.open(f"/campaigns/{id}") for id in ids)
    told = [VARIES.sub("", page.text.replace(str(id), "")) for page, id in zip((hidden, nothing), ids, strict=True)]
    assert (hidden.status_code, told[0]) == (nothing.status_code, told[1])
    assert set(hidden.headers.keys()) == set(nothing.headers.keys())


def test_counts_count_what_is_seen(signed_in: SignedIn, kept: dict[str, Kept]) -> None:
    for role, levels in SEEN.items():
        text = signed_in(role, f"{role}@example.org").open("/campaigns").text
        assert sum(str(each.campaign.id) in text for each in kept.values()) == len(levels), role


def test_an_entry_narrower_than_its_campaign_is_hidden_alone(
    signed_in: SignedIn, stores: Stores, kept: dict[str, Kept]
) -> None:
    public = kept["public"].campaign.id
    position = log(stores, public, "Quiet talk", confidentiality="team")
    lead = signed_in("lead")
    assert "Quiet talk" not in lead.open(f"/campaigns/{public}").text
    assert lead.open(f"/register/{position}").status_code == 404
    assert "Quiet talk" in signed_in("auditor").open(f"/campaigns/{public}").text


def test_who_belongs_to_the_lead_organisation_sees_what_it_keeps_to_itself(
    signed_in: SignedIn, stores: Stores, accounts: Accounts, kept: dict[str, Kept]
) -> None:
    lead = signed_in("lead", "ona@example.org")
    place = f"/campaigns/{kept['organisation'].campaign.id}"
    assert lead.open(place).status_code == 404
    accounts.change_organisation("ona@example.org", kept["organisation"].campaign.lead)
    assert lead.open(place).status_code == 200
    accounts.change_organisation("ona@example.org", registered(stores, "Another"))
    assert lead.open(place).status_code == 404


def test_a_team_sees_its_campaign_until_the_next_request_after_it_was_ended(
    signed_in: SignedIn, stores: Stores, accounts: Accounts, kept: dict[str, Kept]
) -> None:
    lead = signed_in("lead", "ona@example.org")
    ona, of, teams = accounts.by_email("ona@example.org").id, kept["team"].campaign.id, Teams(stores.accounts)
    teams.add(of, [ona, ona], by=ona)
    teams.add(of, [ona], by=ona)
    assert [each.account_id for each in teams.people(of)] == [ona]
    assert lead.open(f"/campaigns/{of}").status_code == 200
    teams.end(of, ona, by=ona)
    assert lead.open(f"/campaigns/{of}").status_code == 404
