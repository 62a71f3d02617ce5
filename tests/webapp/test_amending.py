"""Striking out, correcting, and letting another source speak: previewed, then recorded as the preview said."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.webapp.amending import Amender, Filled, position_of, rows, standing_on
from tests.webapp.conftest import Person
from tests.webapp.reading import id_of, words
from webapp.stores import Stores

SignedIn = Callable[..., Person]
INSTITUTE = "Žmogaus teisių stebėjimo institutas"
PERSPECTIVES = "Psichikos sveikatos perspektyvos"
SOURCE = {"source_title": "Yearbook", "source_link": "https://example.org/y"}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def perspectives(stores: Stores, ztok: UUID) -> UUID:
    return id_of(stores, PERSPECTIVES)


@pytest.fixture
def secretary(signed_in: SignedIn, ztok: UUID) -> Person:
    return signed_in("secretariat")


def test_a_strike_changes_what_its_preview_said(
    secretary: Person, stores: Stores, ztok: UUID, perspectives: UUID
) -> None:
    joined = position_of(stores, "membership.joined", perspectives)
    strike = Amender(secretary, joined, "strike")
    assert rows(strike.page) == ["20 June 2011 and on member, full rights not in"]
    assert "It stays visible for ever" in words(strike.page.text)
    assert standing_on(stores, ztok, perspectives, "2015-01-01") == {"member, good"}
    page = strike.lands(why_source_title="Minutes 7", why_source_link="https://example.org/7")
    assert standing_on(stores, ztok, perspectives, "2015-01-01") == {"none"}
    assert f"Struck out by Entry {stores.chronicle.last_position()}" in page
    assert "The minutes say otherwise" in page
    assert "Minutes 7" in page
    assert "struck out 20 June 2011" not in page
    timeline = secretary.open("/timeline")
    assert f'<s><a href="/organisations/{perspectives}">' in timeline.text


@SQLITE
def test_what_would_make_a_later_entry_impossible_is_struck_out_together_with_it(
    secretary: Person, stores: Stores, ztok: UUID, institute: UUID
) -> None:
    suspended = position_of(stores, "membership.suspended", institute)
    requested = position_of(stores, "membership.reinstatement_requested", institute)
    reinstated = position_of(stores, "membership.reinstated", institute)
    strike = Amender(secretary, suspended, "strike")
    assert "a later one would be impossible: reinstatement in 2017" in words(strike.page.text)
    assert all(f'name="in_the_way" value="{one}"' in strike.page.text for one in (requested, reinstated))
    last = stores.chronicle.last_position()
    assert strike.send().status_code == 422
    assert stores.chronicle.last_position() == last
    both = strike.send("both", in_the_way=[str(requested), str(reinstated)])
    assert rows(both) == [
        "5 April 2012 31 December 2016 member, suspended (all rights) member, full rights",
        "1 January 2017 30 December 2017 possibly: member, full rights; member, suspended (all rights) "
        "member, full rights",
    ]
    page = strike.lands(also=[str(reinstated), str(requested)])
    assert f"Struck out (wrong): “ {INSTITUTE} suspended its own membership" in page.partition("Recorded.")[2][:120]
    assert "Undo all 3 entries" in words(secretary.open("/register").text)
    assert stores.chronicle.last_position() == last + 3
    assert standing_on(stores, ztok, institute, "2013-01-01") == {"member, good"}


def test_a_correction_is_filled_with_what_was_recorded_and_changes_what_its_preview_said(
    secretary: Person, stores: Stores, ztok: UUID, institute: UUID
) -> None:
    suspended = position_of(stores, "membership.suspended", institute)
    correct = Amender(secretary, suspended, "correct")
    assert correct.filled["occurred"] == "5 April 2012"
    assert correct.filled["reason"] == "conflict_of_interest"
    assert correct.filled["initiative"] == "member"
    checked = correct.send("check", occurred="5 May 2012")
    assert rows(checked) == [
        "Took effect 5 April 2012 5 May 2012",
        "5 April 2012 4 May 2012 member, suspended (all rights) member, full rights",
    ]
    page = correct.lands(occurred="5 May 2012")
    last = stores.chronicle.last_position()
    assert f"Corrected by Entry {last - 1}" in page
    assert f"Corrects Entry {suspended}" in words(secretary.open(f"/register/{last - 1}").text)
    assert standing_on(stores, ztok, institute, "2012-04-20") == {"member, good"}
    right, before = (stores.chronicle.at([at])[at].entry for at in (last - 1, suspended))
    assert (right.note, right.initiative) == (before.note, before.initiative)


@SQLITE
def test_a_correction_that_is_not_possible_keeps_what_was_typed_and_says_why(
    secretary: Person, stores: Stores, institute: UUID
) -> None:
    suspended = position_of(stores, "membership.suspended", institute)
    correct = Amender(secretary, suspended, "correct")
    last = stores.chronicle.last_position()
    for typed, said in (
        ({"occurred": "the day"}, "cannot be read as a date"),
        ({"occurred": "5 May 2019"}, "would make a later entry impossible: reinstatement in 2017"),
        ({}, "This says the same as the entry"),
        ({"occurred": "5 May 2012", "why_reason": "other", "why_note": ""}, "Say in words which other reason it is"),
        ({"occurred": "5 May 2012", "why_source_link": "javascript:alert(1)"}, "it begins with https://"),
        ({"occurred": "5 May 2012", "why_note": "a\x07b"}, "no text"),
    ):
        page = correct.send(**typed)
        assert page.status_code == 422, typed
        assert said in words(page.text), typed
        assert Filled(page).fields["occurred"] == typed.get("occurred", "5 April 2012")
    assert stores.chronicle.last_position() == last


def test_another_source_stands_beside_and_counts_when_somebody_says_so(
    secretary: Person, stores: Stores, ztok: UUID, perspectives: UUID
) -> None:
    joined = position_of(stores, "membership.joined", perspectives)
    dispute = Amender(secretary, joined, "dispute")
    assert dispute.filled["occurred"] == ""
    assert "Say which source says so" in words(dispute.send(occurred="20 June 2013").text)
    assert "On no day does anybody stand otherwise" in words(
        dispute.send("check", occurred="20 June 2013", **SOURCE).text
    )
    page = dispute.lands(occurred="20 June 2013", **SOURCE)
    other = stores.chronicle.last_position()
    assert "What the sources say" in page
    assert standing_on(stores, ztok, perspectives, "2012-01-01") == {"member, good"}
    timeline = words(secretary.open("/timeline").text)
    assert f"another source says 20 June 2013: {PERSPECTIVES} joined" in timeline
    assert f"this one counts 20 June 2011: {PERSPECTIVES} joined" in timeline
    assert "source: Yearbook" in timeline

    assert f'/register/{joined}/prefer"' not in secretary.open(f"/register/{joined}").text
    counts = secretary.open(f"/register/{joined}/prefer")
    assert "This account counts already" in words(counts.text)
    assert 'value="save"' not in counts.text

    prefer = Amender(secretary, other, "prefer")
    assert rows(prefer.page) == ["20 June 2011 19 June 2013 member, full rights not in"]
    assert prefer.send(why_note="").status_code == 422
    page = prefer.lands()
    assert standing_on(stores, ztok, perspectives, "2012-01-01") == {"none"}
    assert f"Preferred by Entry {other + 1}" in page
    assert f"this one counts 20 June 2013: {PERSPECTIVES} joined" in words(secretary.open("/timeline").text)
    back = Amender(secretary, joined, "prefer")
    assert rows(back.page) == ["20 June 2011 19 June 2013 not in member, full rights"]


def test_when_the_account_that_counts_is_struck_the_one_before_counts_again(
    secretary: Person, stores: Stores, ztok: UUID, perspectives: UUID
) -> None:
    joined = position_of(stores, "membership.joined", perspectives)
    Amender(secretary, joined, "dispute").lands(occurred="20 June 2013", **SOURCE)
    other = stores.chronicle.last_position()
    Amender(secretary, other, "prefer").lands()
    strike = Amender(secretary, other, "strike")
    assert rows(strike.page) == ["20 June 2011 19 June 2013 not in member, full rights"]
    assert re.search(r"Counts no more: [^:]+: This version is now preferred", words(strike.page.text))
    assert f"Counts from now on: 20 June 2011: {PERSPECTIVES} joined" in words(strike.page.text)
    page = strike.lands()
    assert standing_on(stores, ztok, perspectives, "2012-01-01") == {"member, good"}
    assert "it does not change the roster" not in page
    assert "Version" not in page
    page = words(secretary.open(f"/register/{joined}").text)
    assert "Version counts for the roster" in page
    assert "it does not change the roster" not in page


@SQLITE
def test_a_correction_whose_content_was_struck_is_not_offered_to_be_taken_back(
    secretary: Person, stores: Stores, perspectives: UUID
) -> None:
    Amender(secretary, position_of(stores, "membership.joined", perspectives), "correct").lands(occurred="2012")
    corrected = stores.chronicle.last_position()
    assert f"/register/{corrected}/undo" in secretary.open(f"/register/{corrected}").text
    Amender(secretary, corrected - 1, "strike").lands()
    assert f"/register/{corrected}/undo" not in secretary.open(f"/register/{corrected}").text


@SQLITE
def test_what_is_only_possible_is_worded_alike_everywhere(
    secretary: Person, stores: Stores, ztok: UUID, perspectives: UUID
) -> None:
    page = secretary.open(f"/coalitions/{ztok}?change={perspectives}&event=withdrew")
    typed = {**Filled(page).fields, "event": "withdrew", "occurred": "2020", "do": "save"}
    assert secretary.send(f"/coalitions/{ztok}/changes", typed).status_code == 303
    said = "possibly: member, full rights; not in"
    strike = Amender(secretary, position_of(stores, "membership.withdrew", perspectives), "strike")
    assert f"{said} member, full rights" in rows(strike.page)[0]
    organisation = words(secretary.open(f"/organisations/{perspectives}").text)
    assert said in organisation
    assert f"{said}; not in" not in organisation
    assert said in words(secretary.open(f"/coalitions/{ztok}?on=2020-06-01").text)


def test_an_end_of_an_organisation_that_is_struck_out_takes_the_ends_of_its_memberships_along(
    secretary: Person, stores: Stores, ztok: UUID, perspectives: UUID
) -> None:
    answer = secretary.open(f"/organisations/{perspectives}?change=life&event=organisation.dissolved")
    filled = Filled(answer).fields | {"occurred": "1 May 2020", "event": "organisation.dissolved", "do": "save"}
    address = answer.text.split('id="change-form"')[1].split('action="')[1].split('"')[0]
    sent = secretary.send(address, {**filled, "shown": "organisation.dissolved"})
    assert sent.status_code == 303, words(sent.text)
    assert standing_on(stores, ztok, perspectives, "2021-01-01") == {"dissolved"}
    strike = Amender(secretary, position_of(stores, "organisation.dissolved", perspectives), "strike")
    assert "1 May 2020 and on dissolved member, full rights" in rows(strike.page)
    assert "Its end 1 May 2020 nothing" in rows(strike.page)
    strike.lands()
    assert standing_on(stores, ztok, perspectives, "2021-01-01") == {"member, good"}


@SQLITE
def test_who_was_second_sees_what_was_recorded_meanwhile_and_goes_on_or_not(
    secretary: Person, signed_in: SignedIn, stores: Stores, institute: UUID
) -> None:
    reinstated = position_of(stores, "membership.reinstated", institute)
    first, second = (Amender(person, reinstated, "correct") for person in (secretary, signed_in("administrator")))
    first.lands(note="In the minutes of the board")
    last = stores.chronicle.last_position()
    late = second.send(occurred="2018")
    assert late.status_code == 409
    assert "Someone was first" in words(late.text)
    assert "corrected or struck out already" in words(late.text)
    assert stores.chronicle.last_position() == last


def test_a_double_click_stores_one_amendment(secretary: Person, stores: Stores, perspectives: UUID) -> None:
    joined = position_of(stores, "membership.joined", perspectives)
    for what, typed in (("correct", {"occurred": "21 June 2011"}), ("dispute", {"occurred": "22 June 2011", **SOURCE})):
        amend = Amender(secretary, joined if what == "correct" else stores.chronicle.last_position() - 1, what)
        first = amend.send(**typed)
        last = stores.chronicle.last_position()
        assert first.status_code == 303, words(first.text)
        assert amend.send(**typed).status_code == 303
        assert stores.chronicle.last_position() == last


@SQLITE
def test_who_may_not_record_sees_no_such_pages(signed_in: SignedIn, stores: Stores, perspectives: UUID) -> None:
    viewer = signed_in("viewer")
    joined = position_of(stores, "membership.joined", perspectives)
    page = viewer.open(f"/register/{joined}")
    for what in ("strike", "correct", "dispute", "prefer"):
        assert f"/register/{joined}/{what}" not in page.text
        assert viewer.open(f"/register/{joined}/{what}").status_code == 404
    assert viewer.send(f"/register/{joined}/strike", {"do": "save"}).status_code == 404


@SQLITE
def test_a_forged_form_amends_nothing(secretary: Person, stores: Stores, perspectives: UUID) -> None:
    joined = position_of(stores, "membership.joined", perspectives)
    last = stores.chronicle.last_position()
    for what in ("undo", "strike"):
        assert secretary.send(f"/register/{joined}/{what}", {"do": "save"}, csrf=False).status_code == 400
    assert stores.chronicle.last_position() == last


@SQLITE
def test_an_entry_that_is_not_there_cannot_be_amended(secretary: Person) -> None:
    for number in ("0", "99999", "9" * 40):
        for what in ("strike", "correct", "dispute", "prefer"):
            assert secretary.open(f"/register/{number}/{what}").status_code == 404
