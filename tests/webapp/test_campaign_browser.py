"""Do the pages of campaigns work in a browser: on a phone by touch, by keyboard, as one scrolls, without script?"""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from domain.campaign_entries import StanceChanged
from tests.webapp.test_browser import PHONE, SQLITE, Opens, assert_fits, assert_readable, complaints, open_page
from tests.webapp.test_campaign_pages import Story
from tests.webapp.test_forms_in_browser import recorded
from webapp.stores import Stores

__all__ = ["complaints", "open_page"]  # fixtures
CITY = "Vilniaus savivaldybė"


@SQLITE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_campaign_is_planned_and_a_stance_recorded_by_touch(
    open_page: Opens, stores: Stores, scheme: str, complaints: list[str]
) -> None:
    phone = open_page("lead", color_scheme=scheme, **PHONE)
    phone.locator("#places a[href='/campaigns']").tap()
    phone.locator("[data-key=n]").tap()
    phone.locator("#title").fill("Open budgets")
    phone.locator("#lead").fill("Sąžiningumas")
    phone.locator("[name=lead_which][value=new]").tap()
    phone.locator("[name=themes][value=social]").tap()
    phone.locator("#launched").fill("May 2019")
    phone.locator("#statement").fill("The council publishes its budget")
    expect(phone.locator("#preview")).to_contain_text("The campaign was launched")
    assert_fits(phone)
    assert_readable(phone)
    phone.locator("#change .actions button[value=save]").tap()
    recorded(phone)
    expect(phone.locator(".state")).to_contain_text("Active · since: May 2019")
    assert_readable(phone)

    records(phone, "campaign.decision_maker_named", authority=CITY, which="new")
    records(phone, "campaign.stance_changed", stance="opposed")
    expect(phone.locator(".power")).to_contain_text(CITY)
    assert_fits(phone)
    assert_readable(phone)
    assert complaints == []


def records(phone: Page, kind: str, authority: str = "", which: str = "", stance: str = "") -> None:
    phone.locator("#record a").last.tap()
    fieldset = phone.locator("#change fieldset.choices")
    if not fieldset.locator(f"[value='{kind}']").is_visible():
        fieldset.locator("summary").tap()
    fieldset.locator(f"[value='{kind}']").tap()
    expect(phone.locator("#change [name=shown]")).to_have_value(kind)
    phone.locator("#change #occurred").fill("3 March 2020")
    if authority:
        phone.locator("#authority").fill(authority)
        phone.locator(f"[name=authority_which][value={which}]").tap()
    if stance:
        phone.locator(f"[name=stance][value={stance}]").tap()
    expect(phone.locator("#preview")).to_contain_text("It will read")
    phone.locator("#change .actions button[value=save]").tap()
    recorded(phone)


@SQLITE
def test_older_entries_come_as_one_scrolls_and_the_map_moves_through_time(
    open_page: Opens, stores: Stores, ztok: UUID, complaints: list[str]
) -> None:
    story = Story(stores, coalition_id=ztok)
    story.logs(120, 2020)
    for on, stance in (("2019-06-01", "opposed"), ("2021-06-01", "ally")):
        story.adds(StanceChanged, on, authority_id=story.of.authority, stance=stance)
    page = open_page("auditor")
    page.goto(story.address)
    expect(page.locator("#happened .entry")).to_have_count(50)
    while page.locator("#older").count():
        count = page.locator("#happened .entry").count()
        page.locator("#older").scroll_into_view_if_needed()
        expect(page.locator("#happened .entry")).not_to_have_count(count)
    expect(page.locator("#happened .entry")).to_have_count(125)
    page.locator("#members > summary").click()
    expect(page.locator("#members table")).to_be_visible()
    page.locator("[rel=prev]").click()
    expect(page.locator(".strip-moment")).to_contain_text("1 June 2021")
    page.locator("[rel=prev]").click()
    expect(page.locator(".power td[data-label='opposed:']")).to_have_count(1)
    assert_readable(page)
    assert complaints == []


@SQLITE
def test_without_script_a_campaign_is_read_and_an_entry_recorded(open_page: Opens, stores: Stores) -> None:
    story = Story(stores)
    story.logs(60, 2020)
    page = open_page("lead", java_script_enabled=False)
    page.goto(story.address)
    page.locator("#older a").click()
    assert page.locator("#happened .entry").count() == 13
    page.goto(story.address)
    page.locator("#record a").first.click()
    page.locator("#change [name=stance][value=ally]").check()
    page.locator("#change #occurred").fill("2020")
    page.locator("#change .actions button[value=save]").click()
    expect(page.locator(".notice-good").first).to_contain_text("took a stance: ally")
