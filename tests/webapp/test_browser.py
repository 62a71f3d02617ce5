"""Does it work in a browser: by keyboard, by touch, without script, for two people at once, for who cannot see?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.webapp.conftest import PASSWORD, Person
from tests.webapp.reading import id_of
from webapp.stores import Stores

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LANGUAGES = {"en": "en-GB", "uk": "uk-UA", "lt": "lt-LT", "az": "az-AZ"}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HARMLESS = "Autofocus processing was blocked"  # htmx has put the focus there already

Opens = Callable[..., Page]


@pytest.fixture
def complaints() -> list[str]:
    """What the consoles of all pages said."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, live_server: str, known: Callable[..., Person], complaints: list[str]
) -> Iterator[Opens]:
    """`open_page(role, **context)`: a page of somebody who signed in, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def make(role: str = "secretariat", **settings: Any) -> Page:
        email = f"{role}{len(contexts)}@example.org"
        known(role, email)
        contexts.append(browser.new_context(base_url=live_server, **{**WIDE, **settings}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: None if HARMLESS in message.text else complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(live_server + "/")
        return page

    yield make
    for context in contexts:
        context.close()


def tab_to(page: Page, selector: str) -> None:
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def assert_seen(page: Page, coalition: UUID, organisation: UUID, position: int) -> None:
    """In roster, ribbons, timeline and register."""
    expect(page.locator(f"#m-{organisation}.just-recorded .standing-suspended")).to_be_visible()
    page.goto(f"/coalitions/{coalition}/timeline")
    name = page.locator(f"#o-{organisation}").inner_text()
    row = page.locator("#ribbons tr", has_text=name)
    expect(row.locator("use[href='#suspended-5']").last).to_be_attached()
    page.goto("/timeline")
    expect(page.locator(f"#e-{position}")).to_contain_text(name)
    page.goto("/register")
    expect(page.locator(f"#e-{position}")).to_contain_text(name)


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def assert_readable(page: Page) -> None:
    """Nothing that axe finds."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == [], page.url


def assert_suits_everybody(page: Page) -> None:
    """Nothing that axe finds, and it fits on the smallest screen."""
    assert_readable(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(page)
    page.set_viewport_size({"width": 1280, "height": 800})


@SQLITE
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_suspension_is_recorded_by_keyboard_and_by_touch(
    open_page: Opens, ztok: UUID, centre: UUID, institute: UUID, stores: Stores, language: str, complaints: list[str]
) -> None:
    last = stores.chronicle.last_position()
    keyboard = open_page(locale=LANGUAGES[language])
    keyboard.goto(f"/coalitions/{ztok}")
    assert keyboard.locator("html").get_attribute("lang") == language
    tab_to(keyboard, f"#m-{centre} .row-action a")
    keyboard.keyboard.press("Enter")
    expect(keyboard.locator("#occurred")).to_be_focused()
    keyboard.keyboard.type("05.04.2024")
    expect(keyboard.locator("#preview .understood strong")).to_contain_text("2024")
    tab_to(keyboard, ".actions button[value=save]")
    keyboard.keyboard.press("Enter")
    assert_seen(keyboard, ztok, centre, last + 1)

    phone = open_page(locale=LANGUAGES[language], **PHONE)
    phone.goto(f"/coalitions/{ztok}")
    assert_fits(phone)
    phone.locator(f"#m-{institute} .row-action a").tap()
    phone.locator("#occurred").fill("05.04.2025")
    assert_fits(phone)
    phone.locator(".actions button[value=save]").tap()
    assert_seen(phone, ztok, institute, last + 2)
    assert complaints == []


@SQLITE
def test_the_same_works_without_script(open_page: Opens, ztok: UUID, centre: UUID, stores: Stores) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"/coalitions/{ztok}")
    page.click(f"#m-{centre} .row-action a")
    page.click(".choices summary")
    page.check("[name=event][value=lapsed]")
    page.fill("#occurred", "5 April 2024")
    page.click("button[value=choose]")
    expect(page.locator("#occurred")).to_have_value("5 April 2024")
    page.select_option("#reason", "condition_ended")
    page.click(".actions button[value=check]")
    expect(page.locator(".understood")).to_contain_text("no longer in")
    page.check("[name=event][value=suspended]")
    page.click("button[value=choose]")
    page.click(".actions button[value=save]")
    assert_seen(page, ztok, centre, stores.chronicle.last_position())


def test_two_browsers_change_the_same_member(
    open_page: Opens, ztok: UUID, centre: UUID, stores: Stores, complaints: list[str]
) -> None:
    first, second = open_page(), open_page()
    for page in (first, second):
        page.goto(f"/coalitions/{ztok}?change={centre}")
    first.fill("#occurred", "5 April 2024")
    first.click(".actions button[value=save]")
    expect(first.locator(f"#m-{centre}.just-recorded")).to_be_visible()
    second.check("[name=event][value=renewed]", force=True)
    expect(second.locator("#scope")).to_have_count(0)
    expect(second.locator("#until")).to_be_visible()
    second.fill("#occurred", "6 May 2024")
    second.click(".actions button[value=save]")
    expect(second.locator(".change .notice-warn")).to_contain_text("was suspended in")
    expect(second.locator("#occurred")).to_have_value("6 May 2024")
    last = stores.chronicle.last_position()
    second.click(".actions button[value=save]")
    expect(second.locator(".notice-good")).to_be_visible()
    assert stores.chronicle.last_position() == last + 1
    assert [text for text in complaints if "409" not in text] == []


def test_a_double_click_stores_one_entry(open_page: Opens, ztok: UUID, centre: UUID, stores: Stores) -> None:
    last = stores.chronicle.last_position()
    page = open_page()
    page.goto(f"/coalitions/{ztok}?change={centre}")
    page.fill("#occurred", "5 April 2024")
    page.dblclick(".actions button[value=save]", no_wait_after=True)
    expect(page.locator(f"#m-{centre}.just-recorded")).to_be_visible()
    assert stores.chronicle.last_position() == last + 1


@SQLITE
def test_n_opens_the_form_and_a_new_organisation_needs_a_yes(
    open_page: Opens, ztok: UUID, stores: Stores, complaints: list[str]
) -> None:
    page = open_page()
    page.goto(f"/coalitions/{ztok}")
    page.keyboard.press("n")
    expect(page.locator("#organisation_name")).to_be_focused()
    page.keyboard.type("Naujas centras")
    page.fill("#occurred", "May 2025")
    page.check("[name=organisation_name_which][value=new]")
    expect(page.locator("#preview .understood").first).to_contain_text("some day from 1 May 2025")
    expect(page.locator("[name=organisation_name_which][value=new]")).to_be_checked()
    page.press("#occurred", "Enter")
    expect(page.locator("#preview")).to_be_focused()
    page.click(".actions button[value=save]")
    expect(page.locator(".notice-good")).to_be_focused()
    expect(page.locator(f"#m-{id_of(stores, 'Naujas centras')}")).to_be_visible()
    assert complaints == []


@SQLITE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_every_page_fits_a_small_phone(
    open_page: Opens, ztok: UUID, centre: UUID, scheme: str, complaints: list[str]
) -> None:
    page = open_page(color_scheme=scheme)
    roster = f"/coalitions/{ztok}"
    paths = (
        "/",
        "/coalitions",
        roster,
        f"{roster}?on=2020-05-15",
        f"{roster}?change={centre}",
        f"{roster}?change=new",
        f"{roster}/timeline?on=2016-06-01",
        f"{roster}/voters",
        f"{roster}/day?day=blah",
        "/organisations?q=centras",
        f"/organisations/{centre}",
        "/timeline",
        "/register",
        "/register/23",
    )
    for path in paths:
        page.goto(path)
        assert_suits_everybody(page)
    assert [text for text in complaints if "422" not in text] == []
