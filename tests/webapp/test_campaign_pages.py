"""What pages of campaigns and programmes tell: the list and its filters, how each stood on a day, who may know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.action import Action
from domain.campaign import Campaign
from domain.campaign_entries import (
    CampaignEntry,
    FundingReceived,
    GoalSet,
    OutcomeRecorded,
    PartnerJoined,
    PartnerLeft,
    PromiseMade,
    PromiseUpdated,
    StanceChanged,
)
from domain.dates import parse
from domain.programme import Programme, ProgrammeOpened
from projections import engine
from tests.webapp.campaigns import Planned, planned, registered, told
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.stores import Stores

SignedIn = Callable[..., Person]
ENTRY = 'class="entry"'


class Story:
    """A campaign, and what happens in it."""

    def __init__(self, stores: Stores, **fields: Any) -> None:
        self.stores, self.of = stores, planned(stores, **fields)
        self.address = f"/campaigns/{self.of.id}"

    def adds(self, kind: type[CampaignEntry], on: str, **fields: Any) -> CampaignEntry:
        campaign = Campaign(id=self.of.id, entries=self.stores.chronicle.history(self.of.id))
        new = campaign.change(kind, told(on), **fields)
        self.stores.chronicle.record(new)
        engine.keep_up(self.stores.chronicle, self.stores.reading)
        return new

    def logs(self, number: int, year: int, **fields: Any) -> None:
        actions = [
            Action(id=uuid4()).log(
                told(f"{year}-03-{n % 28 + 1:02d}"),
                campaign_id=self.of.id,
                kind="meeting",
                title=f"Meeting {n}",
                **fields,
            )
            for n in range(number)
        ]
        self.stores.chronicle.record(*actions)
        engine.keep_up(self.stores.chronicle, self.stores.reading)


@pytest.fixture
def auditor(signed_in: SignedIn) -> Person:
    return signed_in("auditor")


def test_an_empty_list_says_what_it_is_for_and_offers_the_first_step(signed_in: SignedIn) -> None:
    page = words(signed_in("lead").open("/campaigns").text)
    assert "No campaign is recorded yet" in page
    assert "First step: plan one" in page
    assert "First step" not in words(signed_in("auditor").open("/campaigns").text)


def test_campaigns_are_filtered_by_the_address(auditor: Person, stores: Stores) -> None:
    one = planned(stores, "Žalias miestas", themes=("environment",), regions=("Vilnius",), level="local")
    other = planned(stores, "Open budgets", themes=("social", "anti_corruption"), ends="2021")
    partner = registered(stores, "Helpers")
    history = Campaign(id=other.id, entries=stores.chronicle.history(other.id))
    stores.chronicle.record(history.change(PartnerJoined, told("2020"), partner_id=partner))
    engine.keep_up(stores.chronicle, stores.reading)
    assert shown(auditor, "") == {one.id, other.id}
    for query, expected in (
        ("theme=environment", {one.id}),
        ("theme=anti_corruption", {other.id}),
        ("region=Vilnius", {one.id}),
        ("level=local", {one.id}),
        ("state=active", {one.id}),
        ("state=concluded", {other.id}),
        ("state=concluded&on=2020-01-01", set()),
        ("year=2022", {one.id}),
        ("year=1999", set()),
        ("year=soon", set()),
        ("q=zalias", {one.id}),
        ("q=BUDGETS", {other.id}),
        (f"organisation={partner}", {other.id}),
        (f"organisation={one.lead}", {one.id}),
        ("organisation=nobody", set()),
        (f"programme={uuid4()}", set()),
    ):
        assert shown(auditor, query) == expected, query
    counts = words(auditor.open("/campaigns").text)
    assert "Active: 1 Concluded: 1" in counts


def shown(person: Person, query: str) -> set[UUID]:
    page = person.open(f"/campaigns?{query}")
    assert page.status_code == 200
    links = page.text.partition('<ul class="shelf campaigns">')[2].partition("</ul>")[0].split('href="/campaigns/')[1:]
    return {UUID(link[:36]) for link in links}


def test_a_page_says_how_it_stands_and_why(auditor: Person, stores: Stores) -> None:
    story = Story(stores, ends="2022-05-05")
    story.adds(GoalSet, "2019-03", stage="adoption", statement="Publish <the> budget")
    page = words(auditor.open(story.address).text)
    assert "Concluded · since: 5 May 2022" in page
    assert "recorded by an import ( Entry" in page
    assert "Publish <the> budget" in page
    assert "Active · since: 1 February 2019" in words(auditor.open(f"{story.address}?on=2020-01-01").text)
    assert "Not begun" in words(auditor.open(f"{story.address}?on=1999-01-01").text)


def test_stances_move_through_time_and_what_was_known_stays(auditor: Person, stores: Stores) -> None:
    story = Story(stores)
    story.adds(StanceChanged, "2019-06-01", authority_id=story.of.authority, stance="opposed")
    story.adds(StanceChanged, "2021-06-01", authority_id=story.of.authority, stance="ally")
    before = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    assert cell(auditor, story, "2020-01-01") == "opposed:"
    assert cell(auditor, story, "2022-01-01") == "ally:"
    story.adds(StanceChanged, "2019-12-01", authority_id=story.of.authority, stance="undecided")
    assert cell(auditor, story, "2020-01-01") == "undecided:"
    assert cell(auditor, story, "2020-01-01", known=before) == "opposed:"
    assert 'on=2021-06-01#makers"' in auditor.open(f"{story.address}?on=2020-01-01").text


def cell(person: Person, story: Story, on: str, **query: str) -> str:
    """Under which stance the decision-maker stands in the power map."""
    known = "".join(f"&{name}={value}" for name, value in query.items())
    page = person.open(f"{story.address}?on={on}{known}")
    assert page.status_code == 200, words(page.text)
    row = page.text.partition('<table class="power')[2].partition("</table>")[0]
    return row.partition('data-label="')[2].partition('"')[0]


def test_promises_tell_their_progress_and_when_they_are_late(auditor: Person, stores: Stores) -> None:
    story = Story(stores)
    made = story.adds(
        PromiseMade, "2019-05-01", authority_id=story.of.authority, promise="A public page", due=parse("2019-12")
    )
    assert "nothing is known of its progress late" in promises(auditor, story, "2020-06-01")
    story.adds(PromiseUpdated, "2020-03-01", of=made.originator_version, progress="started")
    story.adds(PromiseUpdated, "2021-03-01", of=made.originator_version, progress="implemented")
    assert "started late" in promises(auditor, story, "2020-06-01")
    kept = promises(auditor, story, "2022-01-01")
    assert "kept · " in kept
    assert "late" not in kept
    assert "A public page" not in promises(auditor, story, "2019-04-01")


def promises(person: Person, story: Story, on: str) -> str:
    return words(person.open(f"{story.address}?on={on}").text).partition("Promises")[2].partition("Outcomes")[0]


def test_partners_outcomes_and_funding_stand_on_the_page(auditor: Person, stores: Stores) -> None:
    story = Story(stores)
    partner, donor = registered(stores, "Helpers"), registered(stores, "A fund")
    story.adds(PartnerJoined, "2019-04-01", partner_id=partner, role="expert")
    story.adds(PartnerLeft, "2020-04-01", partner_id=partner)
    story.adds(FundingReceived, "2019-05", donor_id=donor, amount="100.00", currency="EUR")
    story.adds(
        OutcomeRecorded, "2020-05", stage="adoption", change="It is public", changed_by_id=story.of.authority,
        contribution="We asked", confirmed_by="A journalist",
    )  # fmt: skip
    then = words(auditor.open(f"{story.address}?on=2019-06-01").text)
    now = words(auditor.open(story.address).text)
    assert "Helpers : expert" in then.partition("Partners")[2]
    assert "It has no partner on this day" in now
    assert "A fund : 100.00 EUR , May 2019" in now
    for told_of_it in (
        "It is public",
        "changed by: Municipality",
        "Our contribution: We asked",
        "Confirmed by: A jour",
    ):
        assert told_of_it in now
        assert told_of_it not in then


def test_older_entries_come_as_one_asks_for_them(auditor: Person, stores: Stores) -> None:
    story = Story(stores)
    story.logs(120, 2020)
    page = auditor.open(story.address).text
    seen = page.count(ENTRY)
    while older := page.partition('id="older"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&"):
        page = auditor.open(older, HX_Request="true").text
        assert "<html" not in page
        seen += page.count(ENTRY)
    assert seen == 120 + 3
    assert auditor.open(f"{story.address}?after=nonsense").status_code == 200


def test_who_may_not_know_of_a_campaign_finds_nothing(signed_in: SignedIn, stores: Stores) -> None:
    story = Story(stores, title="Hidden thing")
    viewer, lead = signed_in("viewer"), signed_in("lead")
    assert viewer.open(story.address).status_code == 404
    assert "Hidden thing" not in viewer.open("/campaigns").text
    assert story.address not in viewer.open(f"/organisations/{story.of.lead}").text
    assert "“Hidden thing”" not in words(viewer.open("/timeline").text)
    assert lead.open(story.address).status_code == 200
    team = Story(stores, title="Of the team", confidentiality="team")
    assert lead.open(team.address).status_code == 404
    assert lead.send(f"{team.address}/changes", event="campaign.paused").status_code == 404
    assert signed_in("auditor").open(team.address).status_code == 200
    public = Story(stores, title="For everybody", confidentiality="public")
    assert viewer.open(public.address).status_code == 200


def test_a_title_whose_words_were_removed_reads_as_such(signed_in: SignedIn, stores: Stores) -> None:
    story = Story(stores, title="Names somebody")
    secretary = signed_in("secretariat")
    position = stores.chronicle.recordings(story.of.id)[0].position
    address = f"/register/{position}/remove-words"
    command = secretary.open(address).text.partition('name="command_id" value="')[2].partition('"')[0]
    answer = secretary.send(address, {"command_id": command, "reason": "mistake", "sure": "yes"})
    assert answer.status_code == 303, words(answer.text)
    for page in (story.address, "/campaigns", "/timeline"):
        read = words(secretary.open(page).text)
        assert "Names somebody" not in read.replace("of Names somebody", "")
        assert "campaign without a title" in read


def test_members_of_the_coalition_on_the_day_have_their_part(auditor: Person, stores: Stores, ztok: UUID) -> None:
    story = Story(stores, coalition_id=ztok)
    page = auditor.open(f"{story.address}/members?on=2020-01-01")
    assert page.status_code == 200
    assert page.text.count('scope="row"') > 5
    assert auditor.open(f"{Story(stores, title='Alone').address}/members").status_code == 404
    assert "Members of" in auditor.open(story.address).text


def test_what_happens_in_a_campaign_stands_in_the_timeline_of_its_coalition_and_its_lead(
    auditor: Person, stores: Stores, ztok: UUID
) -> None:
    story = Story(stores, coalition_id=ztok)
    story.logs(2, 2020)
    Story(stores, title="Elsewhere").logs(1, 2021)
    for query in (f"coalition={ztok}", f"organisation={story.of.lead}"):
        page = words(auditor.open(f"/timeline?{query}&kind=campaign.action_logged").text)
        assert page.count("Meeting: Meeting") == 2
    page = auditor.open(f"/register?subject={ztok}&kind=campaign.action_logged").text
    assert page.count("Meeting: Meeting") == 2
    assert "Meeting: Meeting 1" in words(auditor.open(f"/organisations/{story.of.lead}").text)


def test_a_programme_tells_what_it_did_by_year(auditor: Person, stores: Stores) -> None:
    owner = registered(stores, "Socium")
    programme = Programme(id=uuid4())
    opened = {"organisation_id": owner, "direction": "medical", "title": "Health first", "purpose": "Care"}
    stores.chronicle.record(programme.change(ProgrammeOpened, told("2010"), **opened))
    story = Story(stores, programme_id=programme.id)
    story.logs(3, 2020, participants=10)
    story.logs(2, 2021)
    story.adds(OutcomeRecorded, "2021-05", stage="adoption", change="A clinic opened")
    page = words(auditor.open(f"/programmes/{programme.id}").text)
    assert "2021 2 actions meeting: 2 A clinic opened" in page
    assert "2020 3 actions · 30 participants" in page
    assert "Open budgets" in page
    of_it = words(auditor.open(f"/organisations/{owner}").text)
    assert "Programmes Health first medical" in of_it
    assert "Open budgets" in words(auditor.open(f"/organisations/{story.of.lead}").text)
    assert auditor.open(f"/programmes/{uuid4()}").status_code == 404


def test_what_is_no_campaign_is_not_found(auditor: Person, stores: Stores) -> None:
    story: Planned = planned(stores)
    for address in (uuid4(), story.lead):
        assert auditor.open(f"/campaigns/{address}").status_code == 404
    assert auditor.open(f"/campaigns/{story.id}?known=1999-01-01").status_code == 404
