"""Does somebody at a small phone see that it is kept, find it again, bring a file, and come through a sign-in?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.webapp import pictures
from tests.webapp.conftest import PASSWORD
from tests.webapp.test_browser import PHONE, Opens, assert_fits, assert_readable, complaints, open_page
from webapp.accounts import open_session
from webapp.blank_forms import BLANK, mark
from webapp.stores import Stores

__all__ = ["complaints", "open_page"]  # fixtures
EMAIL = "secretariat0@example.org"  # of the first page that is opened
SAVED = re.compile(r"saved \d\d:\d\d")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def assert_sound(page: Page) -> None:
    """Nothing that axe finds, nothing in the browser's own storage, and it fits."""
    assert_readable(page)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert_fits(page)


def begin(page: Page, ztok: UUID, centre: UUID) -> None:
    page.goto(f"/coalitions/{ztok}?change={centre}")
    page.fill("#occurred", "5 April 2024")
    page.locator("#change-form details", has=page.locator("#note")).locator("summary").tap()
    page.fill("#note", "as Ona said")
    expect(page.locator(".draft-state")).to_have_text(SAVED)


def test_what_is_typed_is_saved_offered_again_and_gone_when_recorded(
    open_page: Opens, ztok: UUID, centre: UUID
) -> None:
    page = open_page(**PHONE)
    begin(page, ztok, centre)
    with page.expect_response(
        lambda answer: "source_files=" in (answer.request.post_data or "") and answer.url.endswith("/drafts")
    ) as kept:
        page.locator("#source_upload").set_input_files(
            {"name": "Protokolas.pdf", "mimeType": "application/pdf", "buffer": pictures.PDF}
        )
    assert kept.value.ok
    expect(page.locator("#source_files .pick")).to_contain_text("Protokolas.pdf")
    assert_sound(page)
    page.goto("/")
    expect(page.locator(".draft-offer")).to_contain_text("Romų visuomenės centras")
    assert_sound(page)
    page.goto(f"/coalitions/{ztok}?change={centre}")
    expect(page.locator(".draft-offer")).to_contain_text("You began this on")
    assert_sound(page)
    page.locator(".draft-offer a").tap()
    expect(page.locator("#note")).to_have_value("as Ona said")
    expect(page.locator("#source_files .pick input")).to_be_checked()
    assert "Ona" not in page.url
    page.locator(".actions button[value=save]").tap()
    page.wait_for_url(re.compile("recorded="))
    position = page.url.partition("recorded=")[2].partition("#")[0]
    page.goto("/")
    expect(page.locator(".draft-offer")).to_have_count(0)
    page.goto(f"/register/{position}")
    with page.expect_download() as download:
        page.locator("ul.files a").tap()
    assert download.value.suggested_filename == "Protokolas.pdf"
    assert download.value.path().read_bytes() == pictures.PDF
    assert_sound(page)


def test_what_is_typed_takes_the_place_of_what_was_begun_and_taken_out_again_is_nothing(
    open_page: Opens, ztok: UUID, centre: UUID
) -> None:
    page = open_page(**PHONE)
    begin(page, ztok, centre)
    page.goto(f"/coalitions/{ztok}?change={centre}")
    expect(page.locator(".draft-offer")).to_contain_text("takes its place")
    page.fill("#occurred", "6")
    expect(page.locator(".draft-state")).to_have_text(SAVED)
    expect(page.locator(".draft-offer")).to_have_count(0)
    page.fill("#occurred", "")
    expect(page.locator(".draft-state")).to_be_empty()
    page.goto("/")
    expect(page.locator("#drafts")).to_have_count(0)


SENT = "[...new FormData(document.getElementById('change-form'))].filter(([_, value]) => typeof value === 'string')"


def test_each_form_knows_how_a_browser_sends_it_untouched(
    open_page: Opens, ztok: UUID, centre: UUID, stores: Stores
) -> None:
    page = open_page(**PHONE)
    amended = [f"/register/{n}/correct" for n in range(2, stores.chronicle.last_position(), 3)]
    others = [f"/register/30/{what}" for what in ("dispute", "strike")]
    begun = [f"/coalitions/{ztok}?change={centre}&event={event}" for event in ("suspended", "role_changed", "lapsed")]
    for address in (*amended, *others, *begun, f"/coalitions/{ztok}?change=new", "/coalitions?change=new"):
        page.goto(address)
        fields = [(name, value) for name, value in page.evaluate(SENT)]
        assert dict(fields)[BLANK] == mark(fields), address


def test_an_offer_can_be_discarded_beside_the_open_form(open_page: Opens, ztok: UUID, centre: UUID) -> None:
    page = open_page(**PHONE)
    begin(page, ztok, centre)
    page.goto(f"/coalitions/{ztok}?change={centre}")
    page.locator(".draft-offer button").tap()
    expect(page.locator(".draft-offer")).to_have_count(0)
    expect(page.locator("#change-form")).to_be_visible()
    page.reload()
    expect(page.locator(".draft-offer")).to_have_count(0)


@pytest.mark.parametrize("ends", ["by_time", "with_its_cookies"])
def test_a_session_that_ended_meanwhile_loses_nothing(
    open_page: Opens, ztok: UUID, centre: UUID, stores: Stores, ends: str
) -> None:
    page = open_page(**PHONE)
    begin(page, ztok, centre)
    if ends == "by_time":
        with stores.accounts.begin() as connection:
            late = datetime.now(UTC) - timedelta(hours=13)
            connection.execute(update(open_session).values(last_seen_at=late))
    else:
        page.context.clear_cookies()
    page.fill("#note", "as Ona said, at last")
    expect(page.locator(".draft-state")).to_have_text("Your session has ended")
    expect(page.locator("#messages button")).to_be_visible()
    expect(page.locator("#note")).to_have_value("as Ona said, at last")
    assert_sound(page)
    page.locator("#messages button", has_text="Sign in and go on").tap()
    expect(page.locator("[name=email]")).to_be_visible()
    assert "Ona" not in page.content()
    assert_sound(page)
    sign_in(page, "not the right words")
    expect(page.locator(".summary")).to_be_visible()
    sign_in(page)
    expect(page.locator("#note")).to_have_value("as Ona said, at last")
    assert_sound(page)


def test_without_script_it_is_kept_by_a_button(open_page: Opens, ztok: UUID, centre: UUID) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"/coalitions/{ztok}?change={centre}")
    page.fill("#occurred", "5 April 2024")
    page.locator("button", has_text="Keep as draft").tap()
    expect(page.locator(".notice-good")).to_contain_text("Kept as a draft")
    expect(page.locator("#occurred")).to_have_value("5 April 2024")
