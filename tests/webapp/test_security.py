"""Does every answer refuse what a page of ours never needs, and every unsafe request what does not come from us?"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule, UUIDConverter

from tests.webapp.conftest import Person
from webapp import create_app, rights
from webapp.config import Config
from webapp.security import HEADERS
from webapp.stores import Stores

ROOM = Path(str(files("webapp")))
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))


def _addresses(app: Flask) -> list[tuple[Rule, str]]:
    """Each route with an address of it that names nothing there is."""
    adapter = app.url_map.bind("localhost")
    return [(rule, adapter.build(rule.endpoint, _named(rule), _method(rule))) for rule in app.url_map.iter_rules()]


def _named(rule: Rule) -> dict[str, object]:
    of_kind = {UUIDConverter: UUID(int=0), IntegerConverter: 1}
    return {name: of_kind.get(type(converter), "x") for name, converter in rule._converters.items()}


def _method(rule: Rule) -> str:
    return next(method for method in ("GET", "POST", "PUT") if method in (rule.methods or ()))


def test_every_route_is_in_the_rights_matrix(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes == rights.RIGHTS.keys(), "add the route to webapp/rights.py, or take it out there"


def test_every_answer_of_every_route_has_the_headers(app: Flask, signed_in: Callable[..., Person]) -> None:
    browsers = [app.test_client(), signed_in("administrator").client]
    for rule, path in _addresses(app):
        for client in browsers:
            answer = client.get(path, buffered=True)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
            assert rule.endpoint == "static" or answer.headers["Cache-Control"] == "no-store"
            assert rule.endpoint == "static" or "HX-Request" in answer.vary


@pytest.mark.parametrize("path", ["/nowhere", "/?on=garbage", "/sign-out", "/static/nowhere.css"])
def test_answers_about_errors_have_the_headers_too(signed_in: Callable[..., Person], path: str) -> None:
    answer = signed_in("viewer").open(path)
    assert answer.status_code >= 400
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert not re.search(r"unsafe|http:|https:|\*", policy)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOM).as_posix())
def test_templates_hold_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(
        r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:|hx-on|hx-vals=.js:", text, re.IGNORECASE
    )
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)


def test_scripts_of_ours_evaluate_nothing() -> None:
    script = (ROOM / "static" / "kronika.js").read_text(encoding="utf-8")
    assert not re.search(r"\beval\b|new Function|innerHTML|document\.write|\.style\b", script)


def test_a_forged_form_is_refused_and_what_was_typed_can_be_sent_again(signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("viewer")
    answer = rasa.send("/language", csrf=False, language="lt", next="/")
    assert answer.status_code == 400
    assert 'name="language" value="lt"' in answer.text
    assert rasa.client.get_cookie("language") is None


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_forms_of_other_sites_are_refused_with_any_token(signed_in: Callable[..., Person], site: str) -> None:
    rasa = signed_in("viewer")
    rasa.open("/")
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert rasa.send("/sign-out", headers=headers).status_code == 403
    assert rasa.open("/").status_code == 200


def test_old_browsers_are_asked_for_their_origin(signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("viewer")
    rasa.open("/")
    assert rasa.send("/sign-out", headers={"Origin": "https://evil.example"}).status_code == 403
    assert rasa.send("/sign-out", headers={"Origin": "null"}).status_code == 403
    assert rasa.send("/sign-out", headers={"Origin": "http://localhost"}).status_code == 303


def test_other_sites_may_link_to_a_page_but_not_embed_it(signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("viewer")
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert rasa.client.get("/", headers=link).status_code == 200
    for embedded in ("iframe", "image", "script", "empty"):
        assert rasa.client.get("/", headers={**link, "Sec-Fetch-Dest": embedded}).status_code == 403


def test_signing_out_is_no_link(signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("viewer")
    assert rasa.open("/sign-out").status_code == 405
    assert rasa.open("/").status_code == 200


def test_what_is_not_yours_answers_as_what_does_not_exist(
    signed_in: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rights.RIGHTS, "desk.desk", rights.ADMINISTRATORS)
    viewer = signed_in("viewer")
    hidden, missing = viewer.open("/"), viewer.open("/nowhere")
    assert hidden.status_code == missing.status_code == 404
    assert _plain(hidden.text) == _plain(missing.text)
    assert sorted(dict(hidden.headers)) == sorted(dict(missing.headers))


def _plain(text: str) -> str:
    return re.sub(r'name="next" value="[^"]*"', "", re.sub(r"[\w.-]{60,}", "", text))


def test_nobody_signed_in_sees_which_pages_exist(stranger: Person) -> None:
    assert stranger.open("/nowhere").status_code == stranger.open("/").status_code == 303


def test_over_https_cookies_and_transport_are_strict(config: Config, stores: Stores) -> None:
    https = msgspec.structs.replace(config, base_url="https://kronika.example.org")
    client = create_app(https, stores).test_client()
    answer = client.get("/sign-in", base_url="https://kronika.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"  # other names are not ours to speak for
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-kronika-form=")
    assert "Secure" in cookie
    other = client.get("/sign-in", base_url="https://other.example.org")
    assert (other.status_code, "https://kronika.example.org" in other.text) == (400, True)


def test_assets_are_kept_for_ever_under_an_address_of_their_content(stranger: Person) -> None:
    address = re.search(r"/static/kronika\.css\?v=[0-9a-f]{12}", stranger.open("/sign-in").text)
    assert address
    assert stranger.open(address[0]).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert stranger.open("/static/kronika.css").headers["Cache-Control"] == "no-cache"
