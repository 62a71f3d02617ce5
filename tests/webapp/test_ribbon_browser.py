"""Is the picture pleasant to work with: by pointer, by keys, by touch, without script, on paper, for 200 members?"""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from projections import engine
from tests.webapp.test_browser import (
    PHONE,
    SQLITE,
    Opens,
    assert_fits,
    assert_suits_everybody,
    complaints,
    open_page,
    tab_to,
)
from webapp import bench_history
from webapp.stores import Stores

__all__ = ["complaints", "open_page"]  # fixtures

PAPERS = {"A4": (210, 297), "A3": (297, 420)}  # millimetres
MARGINS = 32, 36
PAGES = re.compile(rb"/Type\s*/Page\b")
WHOLE_ROWS = """room => {
  const table = document.getElementById("ribbons"), head = table.tHead.offsetHeight
  const pages = [0]
  let used = table.getBoundingClientRect().top + scrollY + head
  for (const row of table.tBodies[0].rows) {
    if (getComputedStyle(row).breakInside !== "avoid") throw new Error("a row may be cut")
    if (used + row.offsetHeight > room) { pages.push(0); used = head }
    pages[pages.length - 1] += 1
    used += row.offsetHeight
  }
  return pages
}"""


def ribbons(page: Page, coalition: UUID, query: str = "") -> None:
    page.goto(f"/coalitions/{coalition}/timeline{query}")


def day_told(page: Page) -> str:
    return page.locator("#day-roster summary strong").first.inner_text()


@SQLITE
def test_a_day_is_chosen_by_pointer(open_page: Opens, ztok: UUID, complaints: list[str]) -> None:
    page = open_page("viewer")
    ribbons(page, ztok, "?q=romu")
    row = page.locator("svg.ribbon").last
    row.evaluate("row => row.scrollIntoView({block: 'center'})")
    box = row.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 3)
    page.wait_for_url(re.compile(r"on=2018-1[12]-\d\d|on=2019-01-\d\d"))
    expect(page.locator("#day-roster summary")).to_contain_text("8 members")
    expect(page.locator(".strip-moment")).to_contain_text(day_told(page))
    expect(page.locator("#places a").first).to_have_attribute("href", re.compile(r"on=201"))
    assert "q=romu" in page.url
    page.locator("#day-roster summary").click()
    expect(page.locator(".day-lines li")).to_have_count(8 + page.locator("#day-roster h2", has_text="Possibly").count())
    page.go_back()
    expect(page.locator(".strip-moment")).to_have_count(0)
    expect(page.locator("#day-roster summary")).to_contain_text("9 members")
    assert complaints == []


@SQLITE
def test_a_day_is_chosen_by_keys_and_enter_opens_its_roster(
    open_page: Opens, ztok: UUID, complaints: list[str]
) -> None:
    page = open_page("viewer")
    ribbons(page, ztok, "?on=2016-06-30")
    tab_to(page, "#chosen")
    for keys, day in (("ArrowRight", "2016-07-30"), ("Shift+ArrowLeft", "2015-07-30"), ("ArrowUp", "2015-07-31")):
        page.keyboard.press(keys)
        page.wait_for_url(re.compile(f"on={day}"))
    expect(page.locator("#chosen")).to_be_focused()
    expect(page.locator("#chosen")).to_have_attribute("aria-valuetext", "31 July 2015")
    page.keyboard.press("Enter")
    expect(page.locator(".day-lines")).to_be_focused()
    expect(page.locator(".day-lines")).to_contain_text("member, suspended (all rights)")
    page.keyboard.press("Escape")
    expect(page.locator(".day-lines")).to_be_hidden()
    expect(page.locator("#chosen")).to_be_focused()
    assert complaints == []


@SQLITE
def test_enter_right_after_an_arrow_does_not_lose_its_place(open_page: Opens, ztok: UUID) -> None:
    page = open_page("viewer")
    ribbons(page, ztok, "?on=2016-06-30")
    tab_to(page, "#chosen")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("on=2016-07-30"))
    expect(page.locator("#day-roster summary")).to_contain_text("30 July 2016")
    expect(page.locator(".day-lines")).to_be_focused()


@SQLITE
def test_no_year_stands_under_the_words_of_the_chosen_day(open_page: Opens, ztok: UUID) -> None:
    page = open_page("viewer")
    ribbons(page, ztok, "?on=2016-06-30")
    years = page.locator(".axis > text")
    assert 0 < page.locator(".axis > text[visibility='hidden']").count() < years.count()


@SQLITE
def test_another_period_does_not_unfold_the_filters(open_page: Opens, ztok: UUID) -> None:
    page = open_page("viewer", **PHONE)
    ribbons(page, ztok, "?from=2016&to=2018")
    expect(page.locator(".ribbon-filters form")).to_be_hidden()
    ribbons(page, ztok, "?standing=suspended")
    expect(page.locator(".ribbon-filters form")).to_be_visible()


@SQLITE
def test_one_tab_leads_to_the_marks_and_arrows_from_one_to_the_other(open_page: Opens, ztok: UUID) -> None:
    page = open_page("viewer")
    ribbons(page, ztok, "?q=stebejimo")
    assert page.locator(".ribbon a[tabindex='0']").count() == 1
    tab_to(page, ".ribbon a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#mark-told")).to_have_text("5 April 2012: suspension")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/register/\d+$"))
    expect(page.locator("h1")).to_contain_text("suspension")


@SQLITE
def test_a_phone_shows_the_picture_and_takes_a_tap(open_page: Opens, ztok: UUID, complaints: list[str]) -> None:
    page = open_page("viewer", **PHONE)
    ribbons(page, ztok)
    assert_fits(page)
    row = page.locator("svg.ribbon").nth(2)
    row.evaluate("row => row.scrollIntoView({block: 'center'})")
    box = row.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 16)
    page.wait_for_url(re.compile(r"on=201[89]-"))
    assert_fits(page)
    expect(page.locator("#day-roster summary")).to_be_in_viewport()
    assert complaints == []


@SQLITE
def test_without_script_a_day_a_period_and_a_filter_are_chosen(open_page: Opens, ztok: UUID) -> None:
    page = open_page("viewer", java_script_enabled=False)
    ribbons(page, ztok)
    page.locator(".ribbon-filters > summary").click()
    page.fill("#from", "2012")
    page.fill("#to", "2018")
    page.select_option("#standing", "suspended")
    page.click("#ribbon-filters button")
    expect(page.locator(".ribbon-period")).to_contain_text("1 of 10 organisations shown")
    page.fill("#day", "1 June 2016")
    page.click(".day-picker button")
    expect(page.locator("#day-roster summary")).to_contain_text("8 members")
    expect(page.locator(".ribbon-period")).to_contain_text("1 January 2012 to 31 December 2018 · suspended")


@SQLITE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_picture_and_in_what_changed(open_page: Opens, ztok: UUID, scheme: str) -> None:
    page = open_page("viewer", color_scheme=scheme)
    there = f"/coalitions/{ztok}"
    for path in (f"{there}/timeline?from=2012&q=s&on=2016-06-01", f"{there}/changes-since?since=2001-01-01"):
        page.goto(path)
        for opened in page.locator("main details").all():
            opened.evaluate("opened => { opened.open = true }")
        assert_suits_everybody(page)


def rows_on_pages(page: Page, paper: str) -> list[int]:
    """How many rows each page of this paper has if none is cut and the axis stands on each."""
    width, height = (round((side - margin) * 96 / 25.4) for side, margin in zip(PAPERS[paper], MARGINS, strict=True))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": height})
    assert page.evaluate("getComputedStyle(document.querySelector('#ribbons thead')).display") == "table-header-group"
    rows: list[int] = page.evaluate(WHOLE_ROWS, height)
    return rows


@pytest.fixture
def many(stores: Stores) -> UUID:
    """A coalition of 200 members over 20 years."""
    for entries in bench_history.entries(1):
        stores.chronicle.record(*entries)
    engine.rebuild(stores.chronicle, stores.reading)
    return bench_history.coalition_id(0)


@SQLITE
def test_two_hundred_members_stay_pleasant_and_no_row_is_cut_on_paper(
    open_page: Opens, many: UUID, complaints: list[str]
) -> None:
    page = open_page("viewer")
    ribbons(page, many, "?on=2016-06-01")
    assert page.locator(".ribbon").count() == 201
    assert len(page.content()) < 1_100_000
    box = page.locator(".ribbon").nth(3).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 3, box["y"] + 3)
    page.wait_for_url(re.compile(r"on=2012-"))
    for paper in PAPERS:
        rows = rows_on_pages(page, paper)
        assert sum(rows) == 201
        assert len(PAGES.findall(page.pdf(format=paper))) == len(rows)
    assert complaints == []
