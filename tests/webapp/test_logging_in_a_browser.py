"""Does a lead with a small phone log an action in three touches, and does nothing get lost on the way?"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect

from tests.webapp.campaigns import Planned, logged, planned
from tests.webapp.conftest import PASSWORD, Person
from tests.webapp.test_browser import PHONE, assert_fits, assert_readable
from webapp.files_kept import attachments
from webapp.stores import Stores

EMAIL = "lead@example.org"
SAVED = re.compile(r"saved \d\d:\d\d")
PER_CHARACTER = 250  # milliseconds

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def campaign(stores: Stores) -> Planned:
    return planned(stores)


@pytest.fixture
def phone(browser: Browser, live_server: str, known: Callable[..., Person]) -> Iterator[BrowserContext]:
    known("lead", EMAIL)
    context = browser.new_context(base_url=live_server, **PHONE)  # type: ignore[arg-type]  # settings of any kind
    context.set_default_timeout(12_000)
    sign_in(context.new_page())
    yield context
    context.close()


def sign_in(page: Page) -> Page:
    page.goto("/sign-in")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")
    return page


def opened(phone: BrowserContext, campaign: Planned) -> Page:
    page = phone.pages[-1]
    page.goto(f"/campaigns/{campaign.id}")
    return page


def photograph(side: int = 3000) -> dict[str, object]:
    content, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "54.6872N 25.2797E"
    Image.effect_noise((side, side // 2), 60).convert("RGB").save(content, "JPEG", exif=exif)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def assert_sound(page: Page) -> None:
    assert_readable(page)
    assert_fits(page)


def save(page: Page) -> None:
    page.locator("#log-form .actions button[value=save]").tap()


def test_three_touches_and_less_than_twenty_seconds(
    phone: BrowserContext, campaign: Planned, stores: Stores, tmp_path: Path
) -> None:
    page = opened(phone, campaign)
    picture, began, touches = photograph(), time.monotonic(), 0
    page.locator("#log-form .choice", has_text="public hearing").or_(
        page.locator("#log-form .choice", has_text="letter")
    ).first.tap()
    touches += 1
    expect(page.locator("#log-title")).to_be_focused()
    page.keyboard.type("Letter to the mayor", delay=PER_CHARACTER)
    with page.expect_file_chooser() as chooser:
        page.locator("#log-camera").tap()
    touches += 1
    chooser.value.set_files(picture)  # type: ignore[arg-type]  # a file as playwright describes it
    save(page)
    touches += 1
    expect(page.locator("#log .notice-good")).to_contain_text("Letter to the mayor")
    assert (touches, time.monotonic() - began < 20) == (3, True)
    expect(page.locator("#happened .entry").first).to_contain_text("Letter to the mayor")
    (entry,) = logged(stores)
    assert entry.kind == "letter"
    assert entry.source
    (name,) = entry.source.files
    kept = attachments(stores).find([name])[name]
    stored = Image.open(BytesIO(b"".join(attachments(stores).files.content(kept.key, name))))
    assert (max(stored.size), dict(stored.getexif())) == (2048, {})
    assert_sound(page)
    page.screenshot(path=tmp_path / "logged.png", full_page=True)


def test_the_form_is_sound_with_everything_open(phone: BrowserContext, campaign: Planned, tmp_path: Path) -> None:
    page = opened(phone, campaign)
    for summary in page.locator("#log details > summary").all():
        summary.tap()
    page.fill("#log-occurred", "summer 2020")
    expect(page.locator("#log-understood")).to_contain_text("summer 2020")
    assert_sound(page)
    page.screenshot(path=tmp_path / "open.png", full_page=True)
    page.locator("#log-title").fill("x")
    page.fill("#log-participants", "-1")
    save(page)
    expect(page.locator("#log .summary")).to_contain_text("never below 0")
    assert_sound(page)


def test_without_a_network_it_is_kept_and_sent_by_itself(
    phone: BrowserContext, campaign: Planned, stores: Stores, tmp_path: Path
) -> None:
    page = opened(phone, campaign)
    page.fill("#log-title", "Half a tho")
    phone.set_offline(True)
    page.fill("#log-title", "Half a thought")
    save(page)
    expect(page.locator("#log-kept")).to_contain_text("Kept, will send")
    assert_sound(page)
    page.screenshot(path=tmp_path / "kept.png")
    assert logged(stores) == []
    phone.set_offline(False)
    expect(page.locator("#log .notice-good")).to_contain_text("Half a thought")
    assert [entry.title for entry in logged(stores)] == ["Half a thought"]


def test_an_answer_that_got_lost_does_not_store_it_twice(
    phone: BrowserContext, campaign: Planned, stores: Stores
) -> None:
    page = opened(phone, campaign)
    lost: list[APIResponse] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/actions", lose)
    page.fill("#log-title", "Sent into the void")
    save(page)
    expect(page.locator("#log .notice-good")).to_contain_text("Sent into the void")
    assert len(lost) == 1
    assert len(logged(stores)) == 1


def test_closing_the_tab_loses_nothing_that_was_typed(phone: BrowserContext, campaign: Planned) -> None:
    page = opened(phone, campaign)
    page.fill("#log-title", "Closed in the middle")
    page.close(run_before_unload=False)
    page = phone.new_page()
    deadline = time.monotonic() + 10
    while page.goto(f"/campaigns/{campaign.id}") and not page.locator("#log .draft-offer").count():
        assert time.monotonic() < deadline
    page.locator("#log .draft-offer a").tap()
    expect(page.locator("#log-title")).to_have_value("Closed in the middle")


def test_signing_out_in_another_tab_loses_nothing(phone: BrowserContext, campaign: Planned, stores: Stores) -> None:
    page = opened(phone, campaign)
    page.fill("#log-title", "Signed out meanwhile")
    page.locator("#log-camera").set_input_files(photograph(400))  # type: ignore[arg-type]  # as playwright describes it
    expect(page.locator("#log-files .pick")).to_contain_text("IMG_1.jpg")
    other = phone.new_page()
    other.goto("/")
    other.locator("details.more summary").tap()
    other.locator(".more-sheet button", has_text="Sign out").tap()
    other.wait_for_url("**/sign-in?out=1")
    save(page)
    page.locator("#messages button", has_text="Sign in and go on").tap()
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("#log-title")).to_have_value("Signed out meanwhile")
    expect(page.locator("#log-files .pick input")).to_be_checked()
    save(page)
    expect(page.locator("#log .notice-good")).to_contain_text("Signed out meanwhile")
    (entry,) = logged(stores)
    assert entry.source
    assert len(entry.source.files) == 1


def test_what_is_kept_on_the_device_is_sealed_sent_later_and_wiped_at_sign_out(
    phone: BrowserContext, campaign: Planned, stores: Stores
) -> None:
    page = opened(phone, campaign)
    page.locator("#log .change-more > summary").tap()
    page.locator("#log-on-device").check()
    phone.set_offline(True)
    page.fill("#log-title", "Only on this device")
    save(page)
    expect(page.locator("#log-kept")).to_be_visible()
    page.wait_for_timeout(300)
    page.close(run_before_unload=False)
    phone.set_offline(False)
    page = phone.new_page()
    page.goto(f"/campaigns/{campaign.id}")
    expect(page.locator("#log-left")).to_be_visible()
    assert [entry.title for entry in logged(stores)] == ["Only on this device"]
    databases = "indexedDB.databases().then(found => found.map(one => one.name))"
    assert page.evaluate(databases) == ["kronika"]
    page.locator("details.more summary").tap()
    page.locator(".more-sheet button", has_text="Sign out").tap()
    page.wait_for_url("**/sign-in?out=1")
    page.wait_for_timeout(300)
    assert page.evaluate(databases) == []


def test_an_upload_that_was_cut_off_goes_on(phone: BrowserContext, campaign: Planned) -> None:
    page = opened(phone, campaign)
    asked: list[str] = []

    def cut(route: Route) -> None:
        asked.append(route.request.url.partition("offset=")[2])
        if len(asked) == 3:
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"/files/[0-9a-f-]+\?offset="), cut)
    content = b"%PDF-1.7\n" + b"x" * 900_000
    page.locator("#log-upload").set_input_files(
        {"name": "Report.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    expect(page.locator("#log-files .pick")).to_contain_text("Report.pdf")
    assert asked == ["0", "262144", "524288", "524288", "786432"]


def test_from_the_desk_the_last_campaign_is_chosen(phone: BrowserContext, campaign: Planned, stores: Stores) -> None:
    other = planned(stores, "Clean air")
    page = opened(phone, other)
    page.fill("#log-title", "First")
    save(page)
    expect(page.locator("#log .notice-good")).to_be_visible()
    page.goto("/")
    expect(page.locator("#log-campaign")).to_have_value(str(other.id))
    assert_sound(page)
    page.locator("#log-campaign").select_option(str(campaign.id))
    expect(page.locator("#log-responses")).to_contain_text("Municipality of Open budgets", use_inner_text=False)
    page.fill("#log-title", "Second")
    save(page)
    expect(page.locator("#log .notice-good")).to_contain_text("Second")
    assert {entry.campaign_id for entry in logged(stores)} == {campaign.id, other.id}
