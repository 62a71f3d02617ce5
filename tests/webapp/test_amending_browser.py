"""Undo and corrections in a browser: by keyboard, by touch at 360 px, without script, for who cannot see."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.webapp.amending import position_of
from tests.webapp.test_browser import PHONE, SQLITE, Opens, assert_fits, assert_readable, complaints, open_page, tab_to
from webapp.stores import Stores

__all__ = ["complaints", "open_page"]
INSTITUTE = "Žmogaus teisių stebėjimo institutas"


@pytest.fixture
def suspended(stores: Stores, institute: UUID) -> int:
    return position_of(stores, "membership.suspended", institute)


def record(page: Page, coalition: UUID, organisation: UUID) -> None:
    page.goto(f"/coalitions/{coalition}?change={organisation}")
    page.fill("#occurred", "5 April 2024")
    page.click(".actions button[value=save]")
    expect(page.locator(".notice-good")).to_be_visible()


@SQLITE
def test_a_mistake_is_taken_back_by_keyboard_and_by_touch(
    open_page: Opens, ztok: UUID, institute: UUID, stores: Stores, complaints: list[str]
) -> None:
    keyboard = open_page()
    record(keyboard, ztok, institute)
    assert_readable(keyboard)
    tab_to(keyboard, ".notice-good .undo button")
    keyboard.keyboard.press("Enter")
    expect(keyboard.locator("#messages")).to_contain_text("Taken back.")
    expect(keyboard.locator(f"#m-{institute} .standing-suspended")).to_have_count(0)
    assert_readable(keyboard)

    phone = open_page(**PHONE)
    record(phone, ztok, institute)
    last = stores.chronicle.last_position()
    phone.goto("/timeline")
    assert_fits(phone)
    phone.locator(f"#e-{last} .undo button").tap()
    expect(phone.locator(f"#e-{last}")).to_contain_text("Taken back.")
    phone.goto("/timeline")
    expect(phone.locator(f"#e-{last}")).to_have_count(0)
    assert stores.chronicle.last_position() == last + 1
    assert complaints == []


@SQLITE
def test_a_mistyped_date_is_seen_and_undone_and_stands_on_no_paper(
    open_page: Opens, ztok: UUID, centre: UUID, stores: Stores, complaints: list[str]
) -> None:
    page, mistyped = open_page(), "5 April 2014"
    page.goto(f"/coalitions/{ztok}?change={centre}")
    page.fill("#occurred", mistyped)
    page.click(".actions button[value=save]")
    expect(page.locator(".notice-good")).to_contain_text(f"Recorded. {mistyped}")
    expect(page.locator(f"#m-{centre}")).to_contain_text(mistyped)
    assert mistyped in on_paper(page)
    assert "Undo" not in on_paper(page)
    position = stores.chronicle.last_position()
    page.goto("/timeline")
    page.locator(f"#e-{position} .undo button").click()
    expect(page.locator(f"#e-{position}")).to_contain_text("Taken back.")
    assert not [word for word in (mistyped, "Taken back") if word in on_paper(page)]
    pages = ("", "/voters", "/timeline", "/changes-since?since=2001-01-01")
    for path in (*(f"/coalitions/{ztok}{there}" for there in pages), f"/organisations/{centre}", "/timeline", "/"):
        page.goto(path)
        paper = on_paper(page)
        assert len(paper) > 100, path
        assert not [word for word in (mistyped, "Taken back", "Struck out", "mistyped") if word in paper], path
    auditor = open_page("auditor")
    auditor.goto("/register")
    pair = auditor.locator(f"#e-{position}, #e-{position + 1}")
    expect(pair).to_have_count(2)
    assert on_paper(auditor).count(mistyped) >= 1
    assert "Struck out (mistyped)" in on_paper(auditor)
    auditor.goto(f"/register/{position}")
    expect(auditor.locator("main")).to_contain_text(f"Struck out by Entry {position + 1}")
    assert complaints == []


def on_paper(page: Page) -> str:
    """What can be read of a page when it is printed."""
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    page.emulate_media(media="screen")
    return text


@SQLITE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_correction_is_previewed_while_it_is_typed(
    open_page: Opens, suspended: int, stores: Stores, scheme: str, complaints: list[str]
) -> None:
    page = open_page(color_scheme=scheme, **PHONE)
    page.goto(f"/register/{suspended}")
    assert_fits(page)
    assert_readable(page)
    page.get_by_role("link", name="Correct", exact=True).tap()
    page.fill("#occurred", "5 May 2012")
    expect(page.locator("#preview .changes")).to_contain_text("4 May 2012")
    assert_fits(page)
    assert_readable(page)
    page.fill("#why_note", "The minutes say May")
    page.locator(".actions button[value=save]").tap()
    expect(page.locator(".notice-good")).to_contain_text("Recorded.")
    expect(page.locator("main")).to_contain_text(f"Entry {stores.chronicle.last_position() - 1}")
    assert_readable(page)
    assert complaints == []


@SQLITE
def test_strike_and_dispute_pages_are_accessible_and_fit(
    open_page: Opens, suspended: int, complaints: list[str]
) -> None:
    page = open_page(**PHONE)
    for what in ("strike", "dispute"):
        page.goto(f"/register/{suspended}/{what}")
        assert_fits(page)
        assert_readable(page)
    page.fill("#occurred", "6 May 2012")
    page.fill("#source_title", "Yearbook 2012")
    page.locator(".actions button[value=save]").tap()
    expect(page.locator(".accounts")).to_contain_text("Yearbook 2012")
    assert_fits(page)
    assert_readable(page)
    page.goto("/timeline")
    expect(page.locator(f"#e-{suspended} .other-account")).to_contain_text("Yearbook 2012")
    assert_fits(page)
    assert complaints == []


@SQLITE
def test_the_same_works_without_script(open_page: Opens, suspended: int, stores: Stores) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"/register/{suspended}/strike")
    page.click("button[value=both]")
    expect(page.locator(".changes table")).to_contain_text("31 December 2016")
    page.click(".actions button[value=save]")
    expect(page.locator(".notice-good")).to_contain_text("Recorded.")
    last = stores.chronicle.last_position()
    page.locator(".notice-good .undo button").click()
    expect(page.locator("#messages")).to_contain_text("Taken back.")
    assert stores.chronicle.last_position() == last + 3
    page.goto(f"/register/{suspended}/correct")
    page.fill("#occurred", "5 May 2012")
    page.click(".actions button[value=check]")
    expect(page.locator(".changes table")).to_contain_text("4 May 2012")
