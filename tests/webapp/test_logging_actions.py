"""Is an action logged once, with what was said of it, and does a form that is wrong keep what was typed?"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from domain import subjects
from domain.campaign_entries import DecisionMakerNamed, DecisionMakerResponded, PartnerJoined
from projections import engine
from tests.webapp.campaigns import Planned, log_form, logged, planned, registered, told
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.stores import Stores

LINK = re.compile(r'href="(/drafts/[^"]+)"')
SignedIn = Callable[..., Person]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def campaign(stores: Stores) -> Planned:
    return planned(stores)


@pytest.fixture
def lead(signed_in: SignedIn, campaign: Planned) -> Person:  # it is there when the page is opened
    return signed_in("lead")


class Form:
    """The log form on somebody's desk."""

    def __init__(self, person: Person, campaign: Planned, path: str = "/") -> None:
        self.person, self.path = person, "/actions" if path == "/" else f"{path}/actions"
        self.fields: dict[str, Any] = {**log_form(person.open(path).text), "campaign": str(campaign.id)}
        self.fields |= {"kind": "meeting", "occurred": "3 May 2019", "title": "Talk with the mayor"}

    def send(self, fragment: bool = False, **fields: Any) -> TestResponse:
        headers = {"HX-Request": "true"} if fragment else {}
        return self.person.send(self.path, {**self.fields, **fields}, headers=headers)


def test_an_action_is_logged_and_shown(lead: Person, campaign: Planned, stores: Stores) -> None:
    answer = Form(lead, campaign).send(fragment=True, participants="1 200", women="700", place="Dnipro")
    assert answer.status_code == 200, words(answer.text)
    assert "Logged. 3 May 2019" in words(answer.text)
    assert "Talk with the mayor" in words(answer.text)
    (entry,) = logged(stores)
    assert (entry.kind, entry.title, entry.occurred.text, entry.place) == (
        "meeting", "Talk with the mayor", "2019-05-03", "Dnipro",
    )  # fmt: skip
    assert (entry.participants, entry.women, entry.youth, entry.warnings) == (1200, 700, None, ())


def test_it_stands_on_top_of_the_timeline_of_its_campaign(lead: Person, campaign: Planned) -> None:
    path = f"/campaigns/{campaign.id}"
    answer = Form(lead, campaign, path).send()
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{path}?recorded=")
    page = lead.open(answer.headers["Location"])
    assert words(page.text).count("Talk with the mayor") == 2  # where it was logged, and in the timeline
    assert "Undo" in words(page.text)


@ON_SQLITE
def test_for_htmx_the_answer_is_the_new_line_and_a_form_for_another_like_it(lead: Person, campaign: Planned) -> None:
    answer = Form(lead, campaign, f"/campaigns/{campaign.id}").send(fragment=True, kind="letter", place="Dnipro")
    assert "<html" not in answer.text
    assert 'hx-target="#happened"' in answer.text
    assert "Log another like this" in answer.text
    assert 'name="kind" value="letter" checked' in answer.text
    assert 'value="Dnipro"' in answer.text
    assert 'name="title" value=""' in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", " ", "Write something here."),
        ("title", "x" * 10_000, "This is too long: 10000 characters, at most 300."),
        ("title", "Talk \u202ewith", "There is a character that is no text (U+202E)."),
        ("occurred", "the day after", "cannot be read as a date"),
        ("participants", "-3", "never below 0"),
        ("participants", "many", "is not a whole number"),
        ("women", "11", "11 are more than all participants (10)"),
        ("note", "x" * 10_001, "at most 10000"),
        ("link_1", "example.org", "it begins with “https://”"),
        ("by_other", "Nobody at all", "No organisation has a name like “Nobody at all”"),
        ("kind", "party", "“party”"),
    ],
)
@ON_SQLITE
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    lead: Person, campaign: Planned, stores: Stores, field: str, typed: str, said: str
) -> None:
    fields = {"participants": "10", "place": "Dnipro", field: typed}
    for is_fragment in (True, False):
        answer = Form(lead, campaign).send(fragment=is_fragment, **fields)
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert 'value="Dnipro"' in answer.text
    assert logged(stores) == []


@ON_SQLITE
def test_numbers_that_nobody_counted_stay_open(lead: Person, campaign: Planned, stores: Stores) -> None:
    Form(lead, campaign).send(fragment=True, women="12")
    (entry,) = logged(stores)
    assert (entry.participants, entry.women, entry.youth) == (None, 12, None)


@ON_SQLITE
def test_ten_thousand_characters_of_note_are_kept(lead: Person, campaign: Planned, stores: Stores) -> None:
    Form(lead, campaign).send(fragment=True, note="п" * 10_000)
    assert logged(stores)[0].note == "п" * 10_000


@ON_SQLITE
def test_an_imprecise_date_is_kept_as_it_was_meant(lead: Person, campaign: Planned, stores: Stores) -> None:
    form = Form(lead, campaign)
    looked = form.send(fragment=True, do="preview", occurred="summer 2019", title="")
    assert "some day from 1 June 2019 to 31 August 2019" in words(looked.text)
    assert logged(stores) == []
    form.send(fragment=True, occurred="summer 2019")
    assert logged(stores)[0].occurred.text == "2019-22"


def test_the_same_form_sent_twice_is_stored_once_and_answered_alike(
    lead: Person, campaign: Planned, stores: Stores
) -> None:
    form = Form(lead, campaign)
    answers = [form.send() for _ in range(3)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(logged(stores)) == 1


def test_a_form_sent_at_once_from_many_tabs_is_stored_once(
    app: Flask, lead: Person, campaign: Planned, stores: Stores
) -> None:
    form = Form(lead, campaign)
    fields = {**form.fields, "csrf_token": lead.token(), f"response_{campaign.authority}": "commitment"}
    cookies = {name: lead.client.get_cookie(name) for name in ("kronika", "kronika-form")}

    def send() -> int:
        client = app.test_client()
        for name, cookie in cookies.items():
            assert cookie
            client.set_cookie(name, cookie.value)
        return client.post("/actions", data=fields).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = [each.result() for each in [pool.submit(send) for _ in range(12)]]
    assert set(statuses) == {303}
    assert len(logged(stores)) == 1
    assert len(stores.chronicle.named("campaign.decision_maker_responded")) == 1


@ON_SQLITE
def test_a_form_that_was_logged_and_changed_since_is_another_one(
    lead: Person, campaign: Planned, stores: Stores
) -> None:
    form = Form(lead, campaign)
    form.send(fragment=True)
    answer = form.send(fragment=True, title="Talk with her deputy")
    assert answer.status_code == 409
    assert "This form was logged already" in words(answer.text)
    assert 'value="Talk with her deputy"' in answer.text
    assert len(logged(stores)) == 1
    again = {**form.fields, **log_form(answer.text), "title": "Talk with her deputy"}
    assert lead.send("/actions", again).status_code == 303
    assert [entry.title for entry in logged(stores)] == ["Talk with the mayor", "Talk with her deputy"]


@ON_SQLITE
def test_another_response_makes_it_another_form(lead: Person, campaign: Planned, stores: Stores) -> None:
    form, response = Form(lead, campaign), f"response_{campaign.authority}"
    answers = [form.send(False, **{response: code}) for code in ("commitment", "commitment", "token")]
    assert [answer.status_code for answer in answers] == [303, 303, 409]
    assert len(stores.chronicle.named("campaign.decision_maker_responded")) == 1


def test_what_two_tabs_log_alike_is_asked_about_and_a_second_press_records_it(
    lead: Person, campaign: Planned, stores: Stores
) -> None:
    first, second = Form(lead, campaign), Form(lead, campaign)
    first.send(fragment=True)
    answer = second.send(fragment=True, title="talk with  the MAYOR")
    assert answer.status_code == 409
    assert "This looks the same as what is logged already" in words(answer.text)
    assert len(logged(stores)) == 1
    again = {**second.fields, **log_form(answer.text)}
    assert lead.send("/actions", again).status_code == 303
    assert len(logged(stores)) == 2


@ON_SQLITE
def test_another_day_kind_or_campaign_is_not_the_same(lead: Person, campaign: Planned, stores: Stores) -> None:
    other = planned(stores, "Clean air")
    Form(lead, campaign).send(fragment=True)
    for fields in ({"occurred": "4 May 2019"}, {"kind": "letter"}, {"campaign": str(other.id)}):
        assert Form(lead, campaign).send(fragment=True, **fields).status_code == 200
    assert len(logged(stores)) == 4


@ON_SQLITE
@pytest.mark.parametrize(
    ("on", "concern", "said"),
    [("2018", "before_campaign", "before the campaign began"), ("2021", "after_campaign", "after the campaign ended")],
)
def test_a_date_outside_the_campaign_is_said_allowed_and_kept(
    lead: Person, stores: Stores, on: str, concern: str, said: str
) -> None:
    ended = planned(stores, "Clean air", ends="2020-06-01")
    answer = Form(lead, ended).send(fragment=True, occurred=on)
    assert answer.status_code == 200
    assert f"Kept with the entry: {said}" in words(answer.text)
    assert logged(stores)[0].warnings == (concern,)


def test_who_was_not_a_member_on_that_day_is_said_allowed_and_kept(lead: Person, stores: Stores) -> None:
    coalition = registered(stores, "A coalition", kind="coalition")
    of_coalition = planned(stores, "Clean air", coalition_id=coalition)
    answer = Form(lead, of_coalition).send(fragment=True)
    assert "by who was not a member on that day" in words(answer.text)
    assert logged(stores)[0].warnings == ("not_a_member",)


def test_the_response_of_a_decision_maker_is_recorded_with_it_and_undone_with_it(
    lead: Person, campaign: Planned, stores: Stores
) -> None:
    answer = Form(lead, campaign).send(fragment=True, **{f"response_{campaign.authority}": "commitment"})
    assert "Undo all 2 entries" in words(answer.text)
    (entry,) = logged(stores)
    assert entry.decision_makers == (campaign.authority,)
    responses = [e for e in stores.chronicle.history(campaign.id) if isinstance(e, DecisionMakerResponded)]
    assert [(e.response, e.action_id) for e in responses] == [("commitment", entry.originator_id)]
    position = stores.chronicle.named("campaign.action_logged")[0].position
    assert lead.send(f"/register/{position}/undo").status_code == 303
    assert "Talk with the mayor" not in words(lead.open(f"/campaigns/{campaign.id}").text)


@ON_SQLITE
def test_to_whom_it_was_addressed_is_kept_where_no_response_is_known(
    lead: Person, campaign: Planned, stores: Stores
) -> None:
    Form(lead, campaign).send(fragment=True, **{f"response_{campaign.authority}": "approached"})
    assert logged(stores)[0].decision_makers == (campaign.authority,)
    assert stores.chronicle.named("campaign.decision_maker_responded") == []


def test_the_next_form_begins_with_kind_place_and_organisations_of_the_last_one(
    lead: Person, signed_in: SignedIn, campaign: Planned, stores: Stores
) -> None:
    other = registered(stores, "Partner of ours")
    engine.keep_up(stores.chronicle, stores.reading)
    Form(lead, campaign).send(kind="training", place="Dnipro", by=[str(campaign.lead)], by_other="Partner of ours")
    page = lead.open(f"/campaigns/{campaign.id}")
    assert 'name="kind" value="training" checked' in page.text
    assert 'name="place" type="text" value="Dnipro"' in page.text
    assert f'name="by" value="{other}" checked' in page.text
    others = signed_in("secretariat").open(f"/campaigns/{campaign.id}")
    assert 'name="kind" value="meeting" checked' in others.text
    assert 'value="Dnipro"' not in others.text


@ON_SQLITE
def test_links_are_evidence_with_title_and_day_of_access(lead: Person, campaign: Planned, stores: Stores) -> None:
    fields = {"link_1": "https://example.org/a", "link_title_1": "The news", "link_accessed_1": "5 May 2019"}
    Form(lead, campaign).send(fragment=True, **fields)
    (page,) = logged(stores)[0].evidence
    assert (page.title, page.link, page.accessed and page.accessed.text) == (
        "The news", "https://example.org/a", "2019-05-05",
    )  # fmt: skip


@ON_SQLITE
def test_a_name_that_fits_several_organisations_is_asked_about(lead: Person, campaign: Planned, stores: Stores) -> None:
    near = registered(stores, "Centre of Dnipro")
    engine.keep_up(stores.chronicle, stores.reading)
    answer = Form(lead, campaign).send(fragment=True, by_other="Centre of Dnepro")
    assert answer.status_code == 422
    assert "Centre of Dnipro" in words(answer.text)
    assert Form(lead, campaign).send(fragment=True, by_other="Centre of Dnepro", by=str(near)).status_code == 200
    assert logged(stores)[0].by == (near,)


@ON_SQLITE
def test_it_can_be_for_fewer_eyes_than_its_campaign_but_for_those_of_its_author(
    signed_in: SignedIn, campaign: Planned, stores: Stores
) -> None:
    administrator = signed_in("administrator")
    refused = Form(administrator, campaign).send(fragment=True, confidentiality="team")
    assert refused.status_code == 422
    assert "You would not see this entry yourself" in words(refused.text)
    assert logged(stores) == []
    assert Form(administrator, campaign).send(fragment=True, confidentiality="organisation").status_code == 200
    assert logged(stores)[0].confidentiality == "organisation"
    assert "Talk with the mayor" not in signed_in("lead").open(f"/campaigns/{campaign.id}").text


@pytest.mark.parametrize(("role", "status"), [("administrator", 303), ("secretariat", 303), ("viewer", 404)])
@ON_SQLITE
def test_who_may_log(signed_in: SignedIn, lead: Person, campaign: Planned, role: str, status: int) -> None:
    fields = Form(lead, campaign).fields
    assert "log-form" not in signed_in("auditor").open("/").text
    own = {name: text for name, text in fields.items() if name not in ("csrf_token", "whose")}
    assert signed_in(role).send("/actions", own).status_code == status


def test_a_campaign_that_is_not_yours_to_see_is_none(lead: Person, campaign: Planned, stores: Stores) -> None:
    hidden = planned(stores, "In secret", confidentiality="team")
    form = Form(lead, campaign)
    assert "In secret" not in lead.open("/").text
    assert form.send(campaign=str(hidden.id)).status_code == 404
    assert lead.send(f"/campaigns/{hidden.id}/actions", form.fields).status_code == 404
    assert logged(stores) == []


def test_what_was_typed_is_offered_again_as_a_draft_until_it_is_logged(lead: Person, campaign: Planned) -> None:
    path = f"/campaigns/{campaign.id}"
    form = Form(lead, campaign, path)
    lead.send("/drafts", {**form.fields, "form_key": path, "title": "Half a tho"}, headers={"HX-Request": "true"})
    page = lead.open(path)
    assert "You began this on" in words(page.text)
    resumed = lead.open(LINK.findall(page.text)[0])
    opened = lead.open(resumed.headers["Location"])
    assert 'name="title" value="Half a tho"' in opened.text
    assert log_form(opened.text)["command_id"] == form.fields["command_id"]
    form.send(title="Half a thought")
    assert "You began this on" not in words(lead.open(path).text)


@ON_SQLITE
def test_partners_and_decision_makers_that_are_not_yours_to_see_are_not_offered(
    lead: Person, campaign: Planned, stores: Stores
) -> None:
    partner, minister = registered(stores, "Partner in danger"), registered(stores, "Minister of secrets")
    history = subjects.campaign(stores.chronicle, campaign.id)
    joined = history.change(PartnerJoined, told("2019-03-01"), partner_id=partner, confidentiality="team")
    of_team = {"authority_id": minister, "confidentiality": "team"}
    named = history.after(joined).change(DecisionMakerNamed, told("2019-03-01"), **of_team)
    stores.chronicle.record(joined, named)
    engine.keep_up(stores.chronicle, stores.reading)
    page = lead.open(f"/campaigns/{campaign.id}")
    assert "Municipality of Open budgets" in page.text
    assert "Partner in danger" not in page.text
    assert "Minister of secrets" not in page.text
    Form(lead, campaign).send(fragment=True, **{f"response_{minister}": "commitment"})
    assert logged(stores)[0].decision_makers == ()
