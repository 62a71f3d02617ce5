"""Recording a change of membership: what was understood, what is refused, and what happens when someone was first."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from domain.dates import parse
from domain.entry import Decision, Source
from domain.membership import Membership
from domain.membership_entries import MembershipEntry, Suspended
from tests.webapp.changing import CENTRE, SUSPENSION, Desk, desk
from tests.webapp.conftest import Person
from tests.webapp.reading import figures, id_of, open_form, row_of, words
from webapp.stores import Stores

__all__ = ["desk"]  # a fixture
SignedIn = Callable[..., Person]


def test_a_check_shows_what_was_understood_and_stores_nothing(desk: Desk, stores: Stores) -> None:
    last = stores.chronicle.last_position()
    page = words(desk.send("check", **SUSPENSION).text)
    assert "Understood 5 April 2024" in page
    assert "From then on member, suspended (voting) Today member, suspended (voting)" in page
    assert desk.reads_on("preview", **SUSPENSION) in page
    assert stores.chronicle.last_position() == last


def test_an_imprecise_date_is_told_with_its_days(desk: Desk) -> None:
    assert "some day from 1 January 2017 to 31 December 2017" in desk.reads_on(
        "preview", **{**SUSPENSION, "occurred": "2017"}
    )


def test_a_check_says_what_would_be_refused_and_what_is_allowed_instead(desk: Desk) -> None:
    page = desk.reads_on("preview", event="reinstated", occurred="5 April 2024")
    assert "Not suspended on 5 April 2024 (member, full rights since 20 June 2011)" in page
    assert "Possible now: change of role, suspension" in page


def test_while_somebody_types_what_is_missing_is_not_yet_wrong(desk: Desk) -> None:
    assert desk.reads_on("preview", event="suspended", occurred="", scope="all") == ""
    assert "cannot be read" in desk.reads_on("preview", event="suspended", occurred="blah", scope="all")


def test_a_recorded_suspension_stands_in_the_roster(desk: Desk, ztok: UUID, centre: UUID) -> None:
    answer = desk.send("save", **SUSPENSION, initiative="coalition", decision_body="Board", decision_minutes="7")
    assert answer.status_code == 303
    page = desk.person.open(answer.headers["Location"])
    assert "suspended (voting) 5 April 2024 unpaid dues, decision of the coalition, Board, minutes 7" in row_of(
        page, centre
    )
    assert figures(page)["suspended"] == 1
    assert f"Recorded. 5 April 2024: {CENTRE} was suspended" in words(page.text)
    assert f'id="m-{centre}" class="just-recorded"' in page.text


def test_a_review_that_is_due_stands_on_the_desk(desk: Desk) -> None:
    desk.send("save", **SUSPENSION, until="tomorrow")
    assert f"review of a suspension: {CENTRE}" in words(desk.person.open("/").text)
    reinstated = Desk(desk.person, desk.coalition, desk.hidden["organisation_id"])
    reinstated.send("save", event="reinstated", occurred="today")
    assert "review of a suspension" not in words(desk.person.open("/").text).replace("review of a suspension ends", "")


def test_everything_that_was_typed_is_recorded(desk: Desk, stores: Stores) -> None:
    typed = {
        "decided": "March 2024",
        "until": "2030-01-01",
        "source_title": "Protocol",
        "source_link": "https://example.org/p",
    }
    desk.send("save", **SUSPENSION, **typed, note="a\nb", decision_item="3", decision_body="Board; council")
    entry = stores.chronicle.at([stores.chronicle.last_position()])[stores.chronicle.last_position()].entry
    assert isinstance(entry, Suspended)
    assert (entry.occurred.text, entry.decided and entry.decided.text) == ("2024-04-05", "2024-03")
    assert entry.review_by == parse("2030-01-01")
    assert (entry.scope, entry.reason, entry.note) == (("vote",), "unpaid_dues", "a\nb")
    assert entry.source == Source(title="Protocol", link="https://example.org/p")
    assert entry.decision == Decision(body="Board; council", item="3")


def test_a_double_click_stores_one_entry(desk: Desk, stores: Stores) -> None:
    first = desk.send("save", **SUSPENSION)
    last = stores.chronicle.last_position()
    assert desk.send("save", **SUSPENSION).headers["Location"] == first.headers["Location"]
    assert stores.chronicle.last_position() == last


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    page = desk.send(
        "save", event="suspended", occurred="the day", scope="vote", reason="security", note="words of mine"
    )
    assert page.status_code == 422
    assert 'value="the day"' in page.text
    assert "words of mine" in page.text
    assert 'id="occurred-error"' in page.text
    assert '<a href="#occurred">' in page.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("note", "x" * 10_001),
        ("occurred", "x" * 10_000),
        ("decision_body", "a\x07b"),
        ("source_link", "javascript:alert(1)"),
        ("until", "31 February 2030"),
        ("reason", "none of these"),
        ("scope", ""),
        ("initiative", "nobody"),
    ],
)
def test_what_cannot_be_stored_is_told_and_nothing_is_stored(
    desk: Desk, stores: Stores, field: str, typed: str
) -> None:
    last = stores.chronicle.last_position()
    page = desk.send("save", **{**SUSPENSION, field: typed})
    assert page.status_code == 422
    assert "Please look at this again" in page.text
    assert stores.chronicle.last_position() == last


def test_a_change_of_what_happened_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.send("choose", **{**SUSPENSION, "event": "lapsed", "occurred": "spring 2024"})
    assert page.status_code == 200
    assert 'value="spring 2024"' in page.text
    assert "condition_ended" in page.text


def test_who_was_second_sees_what_the_first_recorded_and_goes_on_or_not(
    signed_in: SignedIn, desk: Desk, ztok: UUID, centre: UUID, stores: Stores
) -> None:
    second = Desk(signed_in("administrator"), ztok, centre)
    desk.send("save", **SUSPENSION)
    renewed = {"event": "renewed", "occurred": "1 May 2024"}
    answer = second.send("save", **renewed)
    assert answer.status_code == 409
    assert f"5 April 2024: {CENTRE} was suspended" in words(answer.text)
    assert 'value="1 May 2024"' in answer.text
    assert "Record it all the same" in answer.text
    again = open_form(answer)
    assert (
        second.person.send(f"/coalitions/{ztok}/changes", {**again, "do": "save", **renewed}, csrf=False).status_code
        == 303
    )


def test_who_was_second_reads_what_is_not_possible_any_more(
    signed_in: SignedIn, desk: Desk, ztok: UUID, centre: UUID
) -> None:
    second = Desk(signed_in("administrator"), ztok, centre)
    desk.send("save", **SUSPENSION)
    answer = second.send("save", **{**SUSPENSION, "occurred": "1 May 2024"})
    assert answer.status_code == 409
    assert "Record it all the same" not in answer.text
    assert "Already suspended since 5 April 2024" in words(answer.text)


@pytest.mark.parametrize(
    ("steps"),
    [
        ("suspended", "scope_changed", "reinstatement_requested", "suspension_confirmed", "reinstated", "renewed"),
        ("suspended", "suspension_expired", "renewal_missed", "renewed", "role_changed"),
        (
            "withdrawal_notified",
            "withdrawal_revoked",
            "withdrew",
            "applied",
            "application_rejected",
            "readmitted",
            "lapsed",
        ),
        ("expelled", "applied", "application_withdrawn", "readmitted"),
    ],
)
def test_every_change_can_be_recorded(
    desk: Desk, stores: Stores, ztok: UUID, centre: UUID, steps: tuple[str, ...]
) -> None:
    for month, event in enumerate(steps, 1):
        one = Desk(desk.person, ztok, centre)
        typed = {"scope": "office", "role": "associate", "reason": "other"} | (
            {"scope": "all"} if event == "suspended" else {}
        )
        answer = one.send("save", event=event, occurred=f"{month}.{month}.2024", **typed)
        assert answer.status_code == 303, words(answer.text)
    recorded = stores.chronicle.at([stores.chronicle.last_position()])[stores.chronicle.last_position()].entry
    assert recorded.stored_name() == f"membership.{steps[-1]}"


def test_an_organisation_is_chosen_by_any_of_its_names(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    desk = Desk(signed_in("secretariat"), ztok, "new")
    name = "lygių teisių  ir socialinės plėtros CENTRAS"
    answer = desk.send("save", event="readmitted", organisation_name=name, role="member", occurred="2020")
    assert answer.status_code == 303
    assert f'id="m-{id_of(stores, name)}" class="just-recorded"' in desk.person.open(answer.headers["Location"]).text


def test_a_new_organisation_needs_a_yes(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    desk = Desk(signed_in("secretariat"), ztok, "new")
    typed = {"event": "joined", "organisation_name": "Psichikos perspektyvos", "role": "associate", "occurred": "2020"}
    asked = desk.send("save", **typed)
    assert asked.status_code == 422
    assert "Psichikos sveikatos perspektyvos" in words(asked.text).partition("Which organisation is it?")[2]
    last = stores.chronicle.last_position()
    for _click in range(2):
        assert desk.send("save", **typed, organisation_name_which="new").status_code == 303
    assert stores.chronicle.last_position() == last + 2
    entry = stores.chronicle.at([last + 2])[last + 2].entry
    assert isinstance(entry, MembershipEntry)
    assert entry.organisation_id == id_of(stores, "Psichikos perspektyvos")


def test_one_of_the_near_names_can_be_meant(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    desk = Desk(signed_in("secretariat"), ztok, "new")
    meant = id_of(stores, "Psichikos sveikatos perspektyvos")
    typed = {"event": "renewed", "organisation_name": "Psichikos perspektyvos", "occurred": "2020"}
    answer = desk.send("save", **typed, organisation_name_which=str(meant))
    assert f'id="m-{meant}" class="just-recorded"' in desk.person.open(answer.headers["Location"]).text
    other = Desk(desk.person, ztok, "new")
    assert other.send("save", **typed, organisation_name_which=str(uuid4())).status_code == 422


@pytest.mark.parametrize("name", ["x" * 10_000, "a\x00b", " ", "Žmogaus teisių koalicija"])
def test_a_name_that_cannot_be_is_told(signed_in: SignedIn, ztok: UUID, stores: Stores, name: str) -> None:
    desk = Desk(signed_in("secretariat"), ztok, "new")
    last = stores.chronicle.last_position()
    typed = {"organisation_name": name, "organisation_name_which": "new", "role": "member", "occurred": "2020"}
    page = desk.send("save", event="joined", **typed)
    assert page.status_code == 422
    assert 'id="organisation_name-error"' in page.text
    assert stores.chronicle.last_position() == last


def test_a_form_that_somebody_made_up_is_answered_calmly(desk: Desk, ztok: UUID) -> None:
    made_up = {"organisation_id": "x", "version": "-1", "version_of": "y", "command_id": "z", "event": "nothing"}
    assert desk.person.send(f"/coalitions/{ztok}/changes", made_up).status_code == 422
    assert (
        desk.person.send(f"/coalitions/{ztok}/changes", organisation_id=str(uuid4()), event="lapsed").status_code == 422
    )


@pytest.mark.parametrize("event", ["", "zzz", "organisation.registered"])
def test_a_change_that_does_not_exist_is_not_recorded_as_another(desk: Desk, stores: Stores, event: str) -> None:
    last = stores.chronicle.last_position()
    answer = desk.send("save", **{**SUSPENSION, "event": event})
    assert (answer.status_code, stores.chronicle.last_position()) == (422, last)
    assert "Choose what happened." in words(answer.text)


def test_a_choice_that_the_browser_restored_above_other_fields_is_not_recorded(desk: Desk, stores: Stores) -> None:
    last = stores.chronicle.last_position()
    answer = desk.send("save", **{**SUSPENSION, "event": "renewed"}, shown="suspended")
    assert (answer.status_code, stores.chronicle.last_position()) == (422, last)
    assert 'name="shown" value="renewed"' in answer.text
    assert "These are the fields of" in words(answer.text)


def test_the_first_button_which_enter_presses_checks(desk: Desk) -> None:
    form = desk.person.open(f"/coalitions/{desk.coalition}?change={desk.hidden['organisation_id']}").text
    assert 'name="do" value="check"' in form.partition('id="change-form"')[2].partition("</button>")[0]


@pytest.mark.parametrize("other", [{"note": "more"}, {"occurred": "6 April 2024"}, {"until": "2030"}])
def test_the_same_form_with_something_else_in_it_is_not_taken_for_recorded(
    desk: Desk, stores: Stores, other: dict[str, str]
) -> None:
    desk.send("save", **SUSPENSION)
    last = stores.chronicle.last_position()
    answer = desk.send("save", **{**SUSPENSION, **other})
    assert (answer.status_code, stores.chronicle.last_position()) == (409, last)
    page = words(answer.text)
    assert page.index("Someone was first") < page.index("Please look at this again")
    assert next(iter(other.values())) in answer.text


def test_signs_that_cannot_be_read_are_told_at_their_field(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    desk = Desk(signed_in("secretariat"), ztok, "new")
    fields = {**desk.hidden, "shown": "joined", "event": "joined", "do": "save", "occurred": "2020"}
    fields |= {"role": "member", "organisation": "new", "csrf_token": desk.person.token()}
    last = stores.chronicle.last_position()
    body = urlencode(fields) + "&organisation_name=%ED%A0%80abc"
    form = "application/x-www-form-urlencoded"
    answer = desk.person.client.post(f"/coalitions/{ztok}/changes", data=body, content_type=form)
    assert (answer.status_code, stores.chronicle.last_position()) == (422, last)
    assert 'id="organisation_name-error"' in answer.text


def test_a_refusal_shows_the_date_that_was_understood(desk: Desk) -> None:
    page = desk.reads_on("preview", event="reinstated", occurred="summer 2024")
    assert "some day from 1 June 2024 to 31 August 2024" in page
    assert "Not suspended" in page


def test_a_notice_is_told_with_its_last_day(desk: Desk) -> None:
    page = desk.reads_on("preview", event="withdrawal_notified", occurred="1 March 2024", until="30 June 2024")
    assert "Last day of membership 30 June 2024" in page
    assert "no longer in from 1 July 2024" in page


def test_the_title_says_that_something_is_wrong_and_nothing_takes_the_focus_away(desk: Desk) -> None:
    page = desk.send("save", **{**SUSPENSION, "occurred": "blah"})
    assert "<title>Error: " in page.text
    assert f'action="/coalitions/{desk.coalition}/changes"' in page.text


def test_an_appeal_stays_a_decision_until_it_is_decided(desk: Desk, ztok: UUID, centre: UUID, stores: Stores) -> None:
    desk.send("save", **SUSPENSION)
    decision = str(len(stores.chronicle.history(Membership.id_of(ztok, centre))))
    appeal = Desk(desk.person, ztok, centre)
    assert f"5 April 2024: {CENTRE} was suspended" in words(appeal.send("choose", event="decision_appealed").text)
    typed = {"event": "decision_appealed", "occurred": "1 May 2024", "of": decision, "stays_effect": "yes"}
    assert "Today member, full rights" in words(appeal.send("check", **typed).text)
    assert appeal.send("save", **typed).status_code == 303
    decided = Desk(desk.person, ztok, centre)
    upheld = {"event": "appeal_decided", "occurred": "1 June 2024", "of": decision, "result": "upheld"}
    assert "Today member, suspended (voting)" in words(decided.send("check", **upheld).text)
    assert decided.send("save", **upheld).status_code == 303
    assert "suspended" in row_of(desk.person.open(f"/coalitions/{ztok}"), centre)


def test_delegates_follow_each_other(desk: Desk, ztok: UUID, centre: UUID, stores: Stores) -> None:
    first = {"event": "delegate_appointed", "occurred": "2020", "person": "Ona Onaitė", "email": "ona@example.org"}
    assert desk.send("save", **first, post="delegate").status_code == 303
    version = str(len(stores.chronicle.history(Membership.id_of(ztok, centre))))
    then = Desk(desk.person, ztok, centre)
    assert "Ona Onaitė" in words(then.send("choose", event="delegate_replaced").text.partition('id="of"')[2])
    typed = {"event": "delegate_replaced", "occurred": "2022", "person": "Jonas Jonaitis", "post": "delegate"}
    assert then.send("save", **typed, of=version).status_code == 303
    assert "Jonas Jonaitis" in words(desk.person.open("/timeline").text)


def test_dues_are_paid_in_instalments_and_waived_once(desk: Desk, ztok: UUID, centre: UUID, stores: Stores) -> None:
    before = row_of(desk.person.open(f"/coalitions/{ztok}"), centre)
    paid = {"event": "dues_paid", "occurred": "1 May 2024", "amount": "20,50", "currency": "EUR", "period": "2024"}
    waived = {"event": "dues_waived", "occurred": "2 May 2024", "reason": "hardship", "period": "2024"}
    assert "For which period? 2024" in desk.reads_on("preview", **paid)
    for typed in (paid, paid, waived):
        answer = Desk(desk.person, ztok, centre).send("save", **typed)
        assert answer.status_code == 303, words(answer.text)
    told = words(desk.person.open("/timeline").text)
    assert "(2024): 20.50 EUR" in told
    assert "(2024): hardship" in told
    page = words(desk.person.open(f"/register/{stores.chronicle.last_position() - 1}").text)
    assert "Amount 20.50 Currency EUR Period 2024" in page
    again = Desk(desk.person, ztok, centre).send("save", **waived)
    assert again.status_code == 422
    assert "the dues of this period are waived already" in words(again.text.partition('id="period-error"')[2])
    assert row_of(desk.person.open(f"/coalitions/{ztok}"), centre) == before
