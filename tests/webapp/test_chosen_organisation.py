"""A filter by an organisation: by its id in links, by its name as people type it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from domain.dates import parse
from domain.organisation import OrganisationRegistered
from projections import engine
from tests.webapp.conftest import PASSWORD, Person
from tests.webapp.reading import id_of, words
from webapp.stores import Stores

SignedIn = Callable[..., Person]
INSTITUTE = "Žmogaus teisių stebėjimo institutas"
FIELDS = ("/timeline?organisation", "/register?subject")


def registered(stores: Stores, *names: str) -> list[UUID]:
    ids = [uuid4() for _ in names]
    for id, called in zip(ids, names, strict=True):
        told: dict[str, Any] = {"occurred": parse("2020"), "recorded_by": UUID(int=9), "command_id": uuid4()}
        stores.chronicle.record(OrganisationRegistered(originator_id=id, originator_version=1, called=called, **told))
    engine.keep_up(stores.chronicle, stores.reading)
    return ids


def entries(page: str) -> list[str]:
    return re.findall(r'id="e-(\d+)"', page)


@pytest.fixture
def auditor(signed_in: SignedIn, ztok: UUID) -> Person:
    return signed_in("auditor")


def test_a_name_is_as_good_as_the_id(auditor: Person, stores: Stores) -> None:
    for field in FIELDS:
        by_id = auditor.open(f"{field}={id_of(stores, INSTITUTE)}").text
        assert len(entries(by_id)) == 5
        assert f'value="{INSTITUTE}"' in by_id
        for typed in (INSTITUTE, INSTITUTE.upper(), "zmogaus teisiu stebejimo", f" {INSTITUTE} "):
            assert entries(auditor.open(f"{field}={typed}").text) == entries(by_id), typed


def test_a_name_that_fits_several_asks_which_and_keeps_the_other_filters(auditor: Person, stores: Stores) -> None:
    one, other = registered(stores, "Namesake", "Namesake")
    for field in FIELDS:
        page = auditor.open(f"{field}=namesake&kind=organisation.registered")
        assert "Which organisation do you mean?" in words(page.text)
        assert entries(page.text) == []
        found = re.findall(r'<li><a href="([^"]+)">Namesake', page.text)
        offered = sorted(address.replace("&amp;", "&") for address in found)
        expected = zip(sorted(str(id) for id in (one, other)), offered, strict=True)
        assert all(id in address and "kind=organisation.registered" in address for id, address in expected)
        assert len(entries(auditor.open(offered[0]).text)) == 1


def test_a_name_that_nobody_has_is_said_beside_the_field(auditor: Person) -> None:
    for field in FIELDS:
        page = auditor.open(f"{field}=xyzzy")
        assert "No organisation has such a name." in words(page.text)
        assert f'aria-describedby="{field.partition("?")[2]}-error"' in page.text
        assert 'value="xyzzy"' in page.text
        assert "Nothing fits these filters" in words(page.text)


def test_older_entries_keep_the_organisation(auditor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.timeline.A_PAGE", 3)
    page = auditor.open(f"/timeline?organisation={INSTITUTE}")
    (older,) = re.findall(r'id="older"><a [^>]*href="([^"]+)"', page.text)
    following = auditor.open(older.replace("&amp;", "&")).text
    assert len(entries(page.text)) == 3
    assert len(entries(following)) == 2


def test_a_subject_that_is_a_coalition_brings_all_that_concerns_it(auditor: Person, ztok: UUID) -> None:
    named = auditor.open("/register?subject=Žmogaus teisių organizacijų koalicija&kind=coalition.founded").text
    assert len(entries(named)) == 2


def test_names_are_offered_as_one_types(auditor: Person) -> None:
    offered = auditor.open("/organisations/names?organisation=stebej").text
    assert offered.split() == f'<option value="{INSTITUTE}"></option>'.split()
    assert auditor.open("/organisations/names?subject=xyzzy").text.strip() == ""
    assert 1 < auditor.open("/organisations/names").text.count("<option") <= 20


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_browser_offers_names_while_one_types(
    browser: Browser, live_server: str, known: Callable[..., Person], ztok: UUID
) -> None:
    context = browser.new_context(locale="en-GB")
    tab = context.new_page()
    tab.goto(f"{live_server}/sign-in")
    tab.fill("#email", known("viewer").email)
    tab.fill("#password", PASSWORD)
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="Timeline").click()
    tab.get_by_label("Organisation").press_sequentially("stebej")
    offered = tab.locator("#organisation-names option")
    expect(offered).to_have_count(1)
    tab.get_by_label("Organisation").fill(offered.get_attribute("value") or "")
    tab.get_by_role("button", name="Filter").click()
    expect(tab.locator(".entry")).to_have_count(5)
    expect(tab.get_by_label("Organisation")).to_have_value(INSTITUTE)
    context.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_are_offered_to_nobody_who_is_not_signed_in(app: Flask) -> None:
    assert app.test_client().get("/organisations/names").status_code in (302, 303, 404)


def test_a_long_list_of_organisations_is_read_page_by_page(
    auditor: Person, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = re.findall(r'<li><a href="/organisations/([0-9a-f-]{36})', auditor.open("/organisations").text)
    monkeypatch.setattr("webapp.organisations.A_PAGE", 5)
    seen: list[str] = []
    page, path = auditor.open("/organisations"), "/organisations"
    while path:
        page = auditor.open(path)
        assert f"{len(whole)} organisations" in words(page.text)
        seen += re.findall(r'<li><a href="/organisations/([0-9a-f-]{36})', page.text)
        further = re.search(r'href="([^"]+)">Further organisations', page.text)
        path = further[1].replace("&amp;", "&") if further else ""
    assert len(seen) == len(set(seen))
    assert set(seen) == set(whole)
    assert "From the beginning" in page.text
