"""Can words be removed on a phone without script, and by keyboard, by everybody?"""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from projections import engine
from tests.webapp.files import imported, written
from tests.webapp.test_browser import PHONE, SQLITE, Opens, assert_fits, assert_readable, complaints, open_page
from webapp.stores import Stores

__all__ = ["complaints", "open_page"]
MERGER = "2020-05-02,organisation_merged,,Ash,Elm,asked for by Vardenė Kanarėlė"
SURE = "I know that these words can never be brought back."


@pytest.fixture
def merger(stores: Stores) -> int:
    """The position of an entry with a note that was copied into another history."""
    members = [f"2011,joined,Pines,{name},," for name in ("Elm", "Ash")]
    header = "date,event,coalition,organisation,new_name,note"
    imported(stores, written("2010,founded,Pines,,,", *members, MERGER, header=header))
    engine.keep_up(stores.chronicle, stores.reading)
    return next(each.position for each in stores.chronicle.after(0, 99) if each.name == "organisation.merged")


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@SQLITE
def test_on_a_phone_without_script(open_page: Opens, merger: int, stores: Stores) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"/register/{merger}")
    shot(page, "entry-phone")
    page.get_by_role("link", name="Remove its words for ever").tap()
    expect(page.get_by_role("heading", name="What goes")).to_be_visible()
    assert_fits(page)
    shot(page, "ask-phone")
    page.get_by_role("button", name="Remove these words for ever").tap()
    expect(page.locator(".summary")).to_contain_text("Choose a reason.")
    shot(page, "wrong-phone")
    page.get_by_label("personal data").check()
    page.get_by_label(SURE).check()
    page.get_by_role("button", name="Remove these words for ever").tap()
    expect(page.get_by_role("status")).to_contain_text("Its words were removed on")
    assert_fits(page)
    shot(page, "done-phone")
    for path in (f"/register/{merger}", "/register"):
        page.goto(path)
        expect(page.get_by_text("Its words were removed on").first).to_be_visible()
        assert_fits(page)
        shot(page, "after-" + path.rpartition("/")[2])
    assert not [each for each in stores.chronicle.after(0, 99) if "Kanarėlė" in str(each.entry)]


@SQLITE
def test_by_keyboard_and_nothing_stands_in_anybodys_way(open_page: Opens, merger: int, complaints: list[str]) -> None:
    page = open_page()
    page.goto(f"/register/{merger}/remove-words")
    assert_readable(page)
    shot(page, "ask-wide")
    page.get_by_label("personal data").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label(SURE)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".summary")).to_be_focused()
    expect(page.get_by_label("personal data")).to_be_checked()
    assert_readable(page)
    page.get_by_label(SURE).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Its words were removed on")
    assert_readable(page)
    shot(page, "done-wide")
    for path in (f"/register/{merger}", "/register"):
        page.goto(path)
        assert_readable(page)
    assert [each for each in complaints if "status of 422" not in each] == []
