"""Do the forms of organisations and coalitions work in a browser: by keyboard, by touch, for who cannot see?"""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.webapp.reading import id_of
from tests.webapp.test_browser import PHONE, SQLITE, Opens, assert_fits, assert_readable, complaints, open_page, tab_to
from webapp.stores import Stores

__all__ = ["complaints", "open_page"]  # fixtures
CENTRE, INSTITUTE = "Romų visuomenės centras", "Žmogaus teisių stebėjimo institutas"


def recorded(page: Page) -> None:
    expect(page.locator(".notice-good")).to_be_focused()


@SQLITE
def test_an_organisation_is_registered_and_merged_by_keyboard(
    open_page: Opens, ztok: UUID, stores: Stores, complaints: list[str]
) -> None:
    page = open_page()
    page.goto("/organisations")
    page.keyboard.press("n")
    expect(page.locator("#called")).to_be_focused()
    page.keyboard.type("Žmogaus teisių stebėjimo instituto centras")
    page.locator("[name=called_which][value=new]").wait_for()
    tab_to(page, "[name=called_which]")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=called_which][value=new]")).to_be_checked()
    assert_readable(page)
    page.locator("#called").press("Enter")
    expect(page.locator("#preview")).to_be_focused()
    tab_to(page, ".actions button[value=save]")
    page.keyboard.press("Enter")
    recorded(page)

    page.keyboard.press("n")
    expect(page.locator("#occurred")).to_be_focused()
    page.locator("[name=event]:checked").press("ArrowRight")
    expect(page.locator("#new_name")).to_have_attribute("list", "organisations")
    page.locator("#occurred").fill("5 May 2025")
    page.locator("#new_name").fill(INSTITUTE)
    expect(page.locator("#preview")).to_contain_text("It has no membership that would end")
    assert_readable(page)
    page.locator(".actions button[value=save]").press("Enter")
    recorded(page)
    expect(page.locator(".facts").first).to_contain_text(INSTITUTE)
    assert complaints == []


@SQLITE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_office_is_taken_by_touch(
    open_page: Opens, ztok: UUID, stores: Stores, scheme: str, complaints: list[str]
) -> None:
    phone = open_page(color_scheme=scheme, **PHONE)
    phone.goto(f"/coalitions/{ztok}")
    phone.locator("a[href$='change=life']").tap()
    phone.locator("#occurred").fill("2021")
    phone.locator("#organisation").fill("Centras be vardo")
    which = phone.locator("#organisation_which")
    expect(which.locator("[value=new]")).to_be_visible()
    assert_fits(phone)
    assert_readable(phone)
    which.locator("[value=new]").tap()
    expect(phone.locator("#preview")).to_contain_text("is registered as a new organisation")
    phone.locator(".actions button[value=save]").tap()
    recorded(phone)
    expect(phone.locator(".notice-good")).to_contain_text("Centras be vardo")
    assert stores.chronicle.history(id_of(stores, "Centras be vardo"))
    assert_fits(phone)
    assert complaints == []


@SQLITE
def test_a_new_coalition_s_errors_stand_beside_its_fields_on_a_phone(open_page: Opens, ztok: UUID) -> None:
    phone = open_page(**PHONE)
    phone.goto("/coalitions?change=new")
    phone.locator("#called").fill("Tylos namai")
    phone.locator("#occurred").fill("01/02/2020")
    phone.locator(".actions button[value=save]").tap()
    expect(phone.locator("#occurred-error")).to_contain_text("1 February 2020 · 2 January 2020")
    expect(phone.locator(".summary")).to_be_focused()
    assert_fits(phone)
    assert_readable(phone)
    phone.locator("#occurred").fill("1 February 2020")
    phone.locator(".actions button[value=save]").tap()
    recorded(phone)
