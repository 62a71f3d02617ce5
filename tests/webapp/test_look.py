"""Can everybody read the pages and use them: on a phone, in the dark, by keyboard, without script?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask, g
from playwright.sync_api import Browser, Page, expect

from tests.webapp.conftest import PASSWORD, Person
from webapp import kept_forms
from webapp.accounts import Accounts

CSS = Path(str(files("webapp"))).joinpath("static", "kronika.css").read_text(encoding="utf-8")
AXE = Path(__file__).parents[1].joinpath("vendor", "axe.min.js")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
LIGHT, DARK = (
    dict(COLOUR.findall(part)) for part in CSS.partition("/* Ground */")[0].split("prefers-color-scheme: dark")
)
Shape = tuple[int, Literal["light", "dark"], bool]
READ_ON = [
    *((ink, ground) for ink in ("ink", "quiet", "accent", "wrong") for ground in ("paper", "leaf", "shade")),
    *((f"{kind}", f"{kind}-wash") for kind in ("wrong", "good", "warn", "accent")),
    *(("ink", f"{kind}-wash") for kind in ("wrong", "good", "warn", "accent")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-moment", "moment"),
]
SEEN_ON = [("edge", "paper"), ("edge", "leaf"), ("focus", "paper"), ("focus", "leaf")]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(scheme: dict[str, str]) -> None:
    assert {pair: ratio for pair in READ_ON if (ratio := _contrast(*(scheme[name] for name in pair))) < 4.5} == {}
    assert {pair: ratio for pair in SEEN_ON if (ratio := _contrast(*(scheme[name] for name in pair))) < 3} == {}


@pytest.fixture
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab of a width, scheme and with or without script (indirect parameter); fails when the console complains."""
    shape: Shape = getattr(request, "param", (1280, "light", True))
    width, scheme, script = shape
    context = browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, java_script_enabled=script, locale="en-GB"
    )
    tab, complaints = context.new_page(), []
    tab.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.type, said.text) else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert complaints == []


def _is_complaint(kind: str, text: str) -> bool:
    """A status such as 422 is told in the console too, and is no fault of the page."""
    return kind in ("error", "warning") and "the server responded with a status of" not in text


def _sign_in(tab: Page, address: str, email: str, password: str = PASSWORD) -> None:
    tab.goto(f"{address}/sign-in")
    tab.get_by_label("E-mail address").fill(email)
    tab.get_by_label("Password").fill(password)
    tab.get_by_role("button", name="Sign in").click()


def _violations(tab: Page) -> list[str]:
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]]


@pytest.mark.parametrize("tab", [(1280, "light", True), (320, "dark", True)], indirect=True, ids=["desktop", "phone"])
def test_nothing_on_the_pages_of_the_house_stands_in_anybodys_way(
    tab: Page, live_server: str, known: Callable[..., Person]
) -> None:
    rasa = known("secretariat")
    tab.goto(f"{live_server}/sign-in")
    assert _violations(tab) == []
    _sign_in(tab, live_server, rasa.email, "not the right words")
    expect(tab.get_by_role("alert").filter(has_text="do not match")).to_be_visible()
    assert _violations(tab) == []
    _sign_in(tab, live_server, rasa.email)
    for path in ("/nowhere", "/nowhere?on=2016-06-01", "/?on=2016-06-01"):
        tab.goto(live_server + path)
        assert _violations(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize(
    "tab", [(360, "light", False), (1280, "dark", True)], indirect=True, ids=["no script", "script"]
)
def test_one_comes_in_changes_the_language_and_leaves(
    tab: Page, live_server: str, known: Callable[..., Person]
) -> None:
    rasa = known("secretariat")
    _sign_in(tab, live_server, rasa.email)
    expect(tab).to_have_url(f"{live_server}/")
    tab.get_by_role("button", name="Lietuvių").click()
    expect(tab.locator("html")).to_have_attribute("lang", "lt")
    tab.get_by_role("button", name="English").click()
    tab.locator("details.more > summary").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_text("You are signed out.")).to_be_visible()
    tab.goto(f"{live_server}/")
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()


def test_everything_is_reached_by_keyboard(tab: Page, live_server: str, known: Callable[..., Person]) -> None:
    rasa = known("secretariat")
    _sign_in(tab, live_server, rasa.email)
    tab.goto(f"{live_server}/nowhere")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog", name="Keyboard")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    summary = tab.locator("details.more > summary")
    summary.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


def test_targets_for_fingers_are_large_enough(browser: Browser, live_server: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(f"{live_server}/sign-in")
    heights = [
        box["height"] for one in tab.locator("button, input:not([type=hidden])").all() if (box := one.bounding_box())
    ]
    context.close()
    assert heights
    assert min(heights) >= 44


def _add_form(tab: Page, method: str, whose: str = "") -> None:
    """A form of a page to come, with one field."""
    tab.wait_for_function("() => window.htmx")
    tab.evaluate(
        """([method, whose]) => {
            const form = document.createElement("form");
            form.innerHTML = '<input name="note" aria-label="Note"><input type="hidden" name="csrf_token">' +
                '<input type="hidden" name="whose"><button>Save</button>';
            form.elements.whose.value = whose;
            form.elements.csrf_token.value = document.querySelector("[name=csrf_token]").value;
            form.setAttribute(method, "/somewhere?x=1");
            form.method = "post";
            document.querySelector("main").append(form);
            htmx.process(form);
        }""",
        [method, whose],
    )
    tab.get_by_label("Note").fill("a long story")
    tab.context.clear_cookies(name="kronika")
    tab.get_by_role("button", name="Save").click()


def test_a_form_of_htmx_keeps_what_was_typed_when_the_session_ends(
    tab: Page, live_server: str, known: Callable[..., Person]
) -> None:
    _sign_in(tab, live_server, known("secretariat").email)
    _add_form(tab, "hx-post")
    expect(tab.locator("#messages").get_by_role("heading", name="Your session has ended")).to_be_visible()
    expect(tab.locator("#messages")).to_be_focused()
    expect(tab.get_by_label("Note")).to_have_value("a long story")
    expect(tab.get_by_role("link", name="Sign in in another tab")).to_have_attribute("target", "_blank")


def test_what_was_typed_before_the_session_ended_can_be_sent_after_signing_in(
    tab: Page, live_server: str, known: Callable[..., Person], app: Flask, accounts: Accounts
) -> None:
    rasa = known("secretariat")
    _sign_in(tab, live_server, rasa.email)
    with app.test_request_context():
        g.account = accounts.by_email(rasa.email)
        _add_form(tab, "action", kept_forms.whose())
    expect(tab.get_by_text("Your session has ended.")).to_be_visible()
    tab.get_by_label("E-mail address").fill(rasa.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.get_by_text("What you typed", exact=True).click()
    expect(tab.get_by_text("a long story")).to_be_visible()
    assert _violations(tab) == []
    with tab.expect_request("**/somewhere?x=1") as sent:
        tab.get_by_role("button", name="Send it now").click()
    assert "note=a+long+story" in (sent.value.post_data or "")
    expect(tab.get_by_role("heading", name="Page not found")).to_be_visible()
