"""Recording campaigns and programmes: each kind by its form, what follows, what is refused, what is amended."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from domain.action import Action, WebPage
from domain.dates import parse
from domain.entry import Told
from domain.kinds import OF_CAMPAIGNS
from projections import engine
from tests.webapp.conftest import Person
from tests.webapp.reading import id_of, words
from tests.webapp.test_life_forms import Form
from webapp.stores import Stores

SignedIn = Callable[..., Person]
CITY, TITLE = "Vilniaus savivaldybė", "Open budgets"
NEW: dict[str, str | list[str]] = {
    "title": TITLE, "lead": "Lygių galimybių plėtros centras", "lead_which": "new", "purpose": "People see it",
    "themes": ["social", "budget_transparency"], "regions": "Vilnius, Kaunas", "level": "local",
    "confidentiality": "coalition", "occurred": "2019", "launched": "May 2019", "stage": "adoption",
    "statement": "The council publishes its budget",
}  # fmt: skip


@pytest.fixture
def lead(signed_in: SignedIn) -> Person:
    return signed_in("lead")


@pytest.fixture
def campaign(lead: Person) -> str:
    """The address of a campaign that runs, with a decision-maker."""
    answer = Form(lead, "/campaigns", "new").send("save", "campaign.planned", **NEW)
    assert answer.status_code == 303, words(answer.text)
    page = answer.headers["Location"].partition("?")[0]
    named = {
        "occurred": "June 2019",
        "authority": CITY,
        "authority_which": "new",
        "ask": "Publish it",
        "influence": "high",
    }
    assert Form(lead, page).send("save", "campaign.decision_maker_named", **named).status_code == 303
    return page


def test_a_campaign_is_planned_launched_and_given_a_goal_in_one_touch(lead: Person, stores: Stores) -> None:
    form = Form(lead, "/campaigns", "new")
    assert "The campaign was launched" in form.reads_on("campaign.planned", **NEW)
    answers = [form.send("save", "campaign.planned", **NEW) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], words(answers[0].text)
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    id = UUID(answers[0].headers["Location"].partition("?")[0].rpartition("/")[2])
    kinds = [e.stored_name() for e in stores.chronicle.history(id)]
    assert kinds == ["campaign.planned", "campaign.launched", "campaign.goal_set"]
    page = words(lead.open(answers[0].headers["Location"]).text)
    assert "Open budgets Active · since: May 2019" in page
    assert "The council publishes its budget" in page


def test_a_campaign_needs_a_title_and_who_leads_it(lead: Person, stores: Stores) -> None:
    last = stores.chronicle.last_position()
    for wrong, field in (
        ({"title": ""}, "title"),
        ({"lead": ""}, "lead"),
        ({"themes": "weather"}, "themes"),
        ({"confidentiality": "everybody"}, "confidentiality"),
        ({"launched": "31.02.2020"}, "launched"),
        ({"launched": "2017", "occurred": "2019"}, "occurred"),
        ({"programme_id": "nothing"}, "programme_id"),
        ({"programme_id": str(UUID(int=5))}, "programme_id"),
    ):
        answer = Form(lead, "/campaigns", "new").send("save", "campaign.planned", **{**NEW, **wrong})
        assert answer.status_code in (404, 422), wrong
        assert f'id="{field}-error"' in answer.text or field == "occurred", (wrong, words(answer.text))
    assert stores.chronicle.last_position() == last


OF_A_CAMPAIGN = [
    ("decision_maker_named", {"authority": CITY, "ask": "Publish it", "influence": "medium"}, "Publish it"),
    ("stance_changed", {"authority_id": CITY, "stance": "opposed"}, "took a stance: opposed"),
    ("decision_maker_responded", {"authority_id": CITY, "response": "token"}, "responded: a token answer"),
    ("partner_joined", {"partner": "Transparency", "partner_which": "new", "role": "expert"}, "campaign: expert"),
    ("partner_left", {"partner_id": "Transparency", "occurred": "4 March 2021"}, "left the campaign"),
    ("promise_made", {"authority": CITY, "promise": "A page for all", "due": "2023"}, "A page for all"),
    ("promise_updated", {"of": "the promise", "progress": "partially_implemented"}, "A promise is kept in part"),
    ("outcome_recorded", {"change": "The budget is public", "stage": "adoption", "changed_by": CITY}, "The budget"),
    ("funding_received", {"donor": "Fund", "donor_which": "new", "amount": "12,50", "currency": "EUR"}, "12.50 EUR"),
    ("goal_set", {"stage": "monitoring", "statement": "It stays public"}, "It stays public"),
    ("retitled", {"title": "Budgets for all"}, "took the title “Budgets for all”"),
    ("confidentiality_changed", {"confidentiality": "public"}, "everybody who signs in"),
    ("paused", {"reason": "elections"}, "The campaign was paused: elections"),
    ("resumed", {"occurred": "5 March 2021"}, "The campaign was resumed"),
    ("concluded", {"occurred": "6 March 2021", "result": "achieved", "summary": "It is law"}, "reached): It is law"),
    ("evaluated", {"occurred": "7 March 2021", "summary": "Well done"}, "Well done"),
]  # fmt: skip


def test_every_kind_of_entry_is_recorded_once_and_shown(lead: Person, campaign: str, stores: Stores) -> None:
    for kind, typed, told in OF_A_CAMPAIGN:
        form = Form(lead, campaign)
        fields = {"occurred": "3 March 2021", **typed, **chosen(form, stores, typed)}
        assert "Nothing is stored yet" in form.reads_on(f"campaign.{kind}", **fields), kind
        answers = [form.send("save", f"campaign.{kind}", **fields) for _click in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303], (kind, words(answers[0].text))
        assert answers[0].headers["Location"] == answers[1].headers["Location"], kind
        position = answers[0].headers["Location"].partition("recorded=")[2]
        assert told in words(lead.open(f"/register/{position}").text), kind
    timeline, page = words(lead.open("/timeline").text), words(lead.open(campaign).text)
    for _kind, _typed, told in OF_A_CAMPAIGN:
        assert told in timeline
        assert told in page
    covered = {f"campaign.{kind}" for kind, _, _ in OF_A_CAMPAIGN}
    others = {"campaign.planned", "campaign.launched", "campaign.cancelled", "campaign.action_logged"}
    assert covered | others == {kind.stored_name() for kind in OF_CAMPAIGNS}


def chosen(form: Form, stores: Stores, typed: dict[str, str]) -> dict[str, str]:
    """What is chosen among what is recorded, by its number or id."""
    names = [name for name in typed if name in ("authority_id", "partner_id")]
    found = {name: str(id_of(stores, typed[name])) for name in names}
    if "of" in typed:
        page = form.send("choose", "campaign.promise_updated").text.partition('<select id="of"')[2]
        found["of"] = page.partition('value="')[2].partition('"')[0]
    return found


def test_before_it_is_saved_it_says_what_follows(lead: Person, campaign: str, stores: Stores) -> None:
    form = Form(lead, campaign)
    assert "From then on paused Today paused" in form.reads_on("campaign.paused", occurred="2020")
    city = str(id_of(stores, CITY))
    assert "Its stances 2020: ally" in form.reads_on(
        "campaign.stance_changed", occurred="2020", authority_id=city, stance="ally"
    )
    joined = {"partner": "Helpers", "partner_which": "new", "role": "partner"}
    told = form.reads_on("campaign.partner_joined", occurred="2020", **joined)
    assert "Partners then, on 31 December 2020 Helpers" in told
    early = form.reads_on("campaign.stance_changed", occurred="1999", authority_id=city, stance="ally")
    assert "before the campaign began" in early


def test_what_cannot_be_is_told_beside_its_field(lead: Person, campaign: str, stores: Stores) -> None:
    last = stores.chronicle.last_position()
    for kind, typed, field in (
        ("resumed", {}, ""),
        ("stance_changed", {"authority_id": str(UUID(int=9)), "stance": "ally"}, "authority_id"),
        ("stance_changed", {"authority_id": "", "stance": "ally"}, "authority_id"),
        ("promise_updated", {"of": "77", "progress": "started"}, "of"),
        ("funding_received", {"donor": CITY, "amount": "-5", "currency": "EUR"}, "amount"),
        ("goal_set", {"stage": "never", "statement": "x"}, "stage"),
        ("retitled", {"title": "a\x07b"}, "title"),
        ("outcome_recorded", {"change": "x" * 10_001, "stage": "adoption"}, "change"),
    ):
        answer = Form(lead, campaign).send("save", f"campaign.{kind}", **{"occurred": "2020", **typed})
        assert answer.status_code == 422, (kind, words(answer.text))
        assert not field or f'id="{field}-error"' in answer.text, (kind, words(answer.text))
    assert stores.chronicle.last_position() == last


def test_an_entry_is_undone_corrected_disputed_struck_and_loses_its_words(
    lead: Person, signed_in: SignedIn, campaign: str, stores: Stores
) -> None:
    stance = {"occurred": "2020", "authority_id": str(id_of(stores, CITY)), "stance": "ally"}
    positions = []
    for note in ("first", "second", "third"):
        answer = Form(lead, campaign).send("save", "campaign.stance_changed", **{**stance, "note": note})
        positions.append(int(answer.headers["Location"].partition("recorded=")[2]))
    undone, corrected, struck = positions
    assert lead.send(f"/register/{undone}/undo").status_code in (200, 303)
    assert "ally" in words(lead.open(f"/register/{corrected}/correct").text)

    right = {**stance, "stance": "opposed", "why_reason": "wrong", "note": "second"}
    amended(lead, f"/register/{corrected}/correct", right)
    told = {**stance, "stance": "champion", "source_title": "A paper", "why_reason": "other", "occurred": "2021"}
    amended(lead, f"/register/{struck}/dispute", told)
    amended(lead, f"/register/{struck}/strike", {"why_reason": "mistyped"})
    page = words(lead.open(campaign).text)
    assert "opposed" in page.partition("Promises")[0]
    assert "Struck out" in words(lead.open(f"/register/{struck}").text)


def amended(person: Person, address: str, fields: dict[str, str]) -> None:
    opened = person.open(address).text
    hidden = {name: hidden_value(opened, name) for name in ("command_id", "version")}
    answer = person.send(address, {**hidden, **fields, "do": "save"})
    assert answer.status_code == 303, words(answer.text)


def hidden_value(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_the_correction_of_a_plan_says_what_changes(lead: Person, campaign: str, stores: Stores) -> None:
    id = UUID(campaign.rpartition("/")[2])
    planned = stores.chronicle.recordings(id)[0]
    opened = lead.open(f"/register/{planned.position}/correct").text
    assert 'value="2019"' in opened
    assert words(opened).count("budgets") >= 1
    hidden = {name: hidden_value(opened, name) for name in ("command_id", "version")}
    fields = {**NEW, "occurred": "2018", "themes": ["justice"], "why_reason": "wrong"}
    del fields["launched"], fields["stage"], fields["statement"]
    preview = words(lead.send(f"/register/{planned.position}/correct", {**hidden, **fields, "do": "check"}).text)
    assert "not begun planned" in preview
    assert "social policy, transparent budgets justice" in preview
    answer = lead.send(f"/register/{planned.position}/correct", {**hidden, **fields, "do": "save"})
    assert answer.status_code == 303, words(answer.text)


def test_a_campaign_is_taken_back_with_one_touch(lead: Person, stores: Stores) -> None:
    answer = Form(lead, "/campaigns", "new").send("save", "campaign.planned", **NEW)
    page, _, position = answer.headers["Location"].partition("?recorded=")
    undone = lead.send(f"/register/{position}/undo")
    assert undone.headers["Location"] == "/campaigns", words(undone.text)
    assert lead.open(page).status_code == 404
    assert TITLE not in words(lead.open("/campaigns").text)


def test_an_action_is_corrected_with_all_that_it_says(lead: Person, campaign: str, stores: Stores) -> None:
    id, city = UUID(campaign.rpartition("/")[2]), id_of(stores, CITY)
    page = WebPage("A page", "https://example.org/a", parse("2020-05-05"))
    logged = Action(id=uuid4()).log(
        Told(occurred=parse("2020-05"), recorded_by=uuid4(), command_id=uuid4()),
        campaign_id=id, kind="training", title="A day of learning", by=(city,), participants=20, women=12,
        evidence=(page,), place="Kaunas",
    )  # fmt: skip
    position = stores.chronicle.record(logged)
    engine.keep_up(stores.chronicle, stores.reading)
    opened = lead.open(f"/register/{position}/correct").text
    for stands in ("A day of learning", "Kaunas", "A page | https://example.org/a | 5 May 2020", CITY, 'value="12"'):
        assert stands in opened
    fields = {
        "occurred": "June 2020", "kind": "training", "title": "Two days of learning", "by_1": CITY,
        "participants": "21", "women": "12", "evidence": "A page | https://example.org/a | 5 May 2020",
        "why_reason": "wrong",
    }  # fmt: skip
    amended(lead, f"/register/{position}/correct", fields)
    right = Action(id=logged.originator_id, entries=stores.chronicle.history(logged.originator_id)).logged
    assert right is not None
    assert (right.campaign_id, right.by, right.evidence, right.participants) == (id, (city,), (page,), 21)
    assert "Training: Two days of learning" in words(lead.open(campaign).text)


def test_who_was_second_sees_what_the_first_recorded(lead: Person, signed_in: SignedIn, campaign: str) -> None:
    first, second = Form(lead, campaign), Form(signed_in("administrator"), campaign)
    first.send("save", "campaign.paused", occurred="2020", reason="a flood")
    answer = second.send("save", "campaign.goal_set", occurred="2021", stage="agenda", statement="More")
    assert answer.status_code == 409
    assert "a flood" in words(answer.text.partition("Someone was first")[2])


def test_a_programme_is_opened_and_closed(lead: Person, stores: Stores) -> None:
    form = Form(lead, "/programmes", "new")
    typed = {"title": "Legal aid", "organisation": "Ąžuolas", "organisation_which": "new", "direction": "legal"}
    answers = [form.send("save", "programme.opened", **typed, occurred="2015") for _click in range(2)]
    assert answers[0].status_code == 303, words(answers[0].text)
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    page = answers[0].headers["Location"].partition("?")[0]
    assert "Legal aid" in words(lead.open("/programmes").text)
    assert Form(lead, page).send("save", "programme.closed", occurred="2010").status_code == 422
    assert Form(lead, page).send("save", "programme.closed", occurred="2020").status_code == 303
    assert "Closed 2020" in words(lead.open(page).text)
    of_it = words(lead.open(f"/organisations/{id_of(stores, 'Ąžuolas')}").text)
    assert "Legal aid" in of_it


def test_who_may_only_read_records_nothing(signed_in: SignedIn, campaign: str) -> None:
    auditor = signed_in("auditor")
    for page, change in (("/campaigns", "new"), (campaign, "life"), ("/programmes", "new")):
        assert 'id="change-form"' not in auditor.open(f"{page}?change={change}").text
    for address in ("/campaigns", f"{campaign}/changes", "/programmes"):
        assert auditor.send(address, event="campaign.paused").status_code == 404


def test_a_lead_amends_entries_of_campaigns_alone(lead: Person, ztok: UUID) -> None:
    for what in ("strike", "correct", "dispute", "prefer"):
        assert lead.open(f"/register/5/{what}").status_code == 404
    assert lead.send("/register/5/undo").status_code == 404
