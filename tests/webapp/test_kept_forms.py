"""Does what was typed come through the end of a session, back to who typed it and to nobody else?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from typing import NamedTuple
from uuid import uuid4

import pytest
from flask import Flask, g
from sqlalchemy import update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.webapp.conftest import PASSWORD, Person
from webapp import kept_forms
from webapp.accounts import Account, Accounts, open_session
from webapp.stores import Stores

WORDS = '"quoted" & <b>žodžiai</b>'
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
KEPT = re.compile(r'name="kept" value="([^"]+)"')


@pytest.fixture
def whose(app: Flask, accounts: Accounts) -> Callable[[Person], str]:
    """What the hidden field of every form says: who opened it."""

    def signed(person: Person) -> str:
        with app.test_request_context():
            return said(accounts.by_email(person.email))

    def said(account: Account) -> str:
        g.account = account
        return kept_forms.whose()

    return signed


class Body(NamedTuple):
    content: bytes
    kind: str


def multipart(fields: dict[str, object]) -> Body:
    """As browsers send it."""
    boundary, content = encode_multipart(fields)
    return Body(content, f"multipart/form-data; boundary={boundary}")


def idle(stores: Stores) -> None:
    """Everybody's session has ended while nobody looked."""
    with stores.accounts.begin() as connection:
        connection.execute(update(open_session).values(last_seen_at=datetime.now(UTC) - timedelta(hours=13)))


def carried(page: TestResponse) -> str:
    found = KEPT.search(page.text)
    assert found, page.text
    return unescape(found[1])


def test_what_was_typed_survives_an_idle_session_and_a_wrong_password(
    signed_in: Callable[..., Person], whose: Callable[[Person], str], stores: Stores
) -> None:
    rasa = signed_in("secretariat")
    typed = {"note": WORDS, "date": "2011", "new_password": "secret", "whose": whose(rasa)}
    idle(stores)
    asked = rasa.send("/some/form?x=1", typed)
    assert asked.status_code == 401
    assert "žodžiai" not in asked.text
    wrong = rasa.send("/sign-in", kept=carried(asked), email=rasa.email, password="no")
    assert wrong.status_code == 422
    again = rasa.send("/sign-in", kept=carried(wrong), email=rasa.email, password=PASSWORD)
    assert again.status_code == 200
    assert '<form method="post" action="/some/form?x=1">' in again.text
    assert 'name="note" value="&#34;quoted&#34; &amp; &lt;b&gt;žodžiai&lt;/b&gt;"' in again.text
    assert "secret" not in again.text
    assert rasa.open("/").status_code == 200


def test_another_account_that_signs_in_sees_nothing_of_it(
    signed_in: Callable[..., Person], whose: Callable[[Person], str], stores: Stores
) -> None:
    rasa = signed_in("secretariat")
    signed_in("lead", "mantas@example.org")
    idle(stores)
    asked = rasa.send("/some/form", {"note": WORDS, "whose": whose(rasa)})
    came = rasa.send("/sign-in", kept=carried(asked), email="mantas@example.org", password=PASSWORD)
    assert (came.status_code, came.location) == (303, "/")
    desk = rasa.open("/")
    assert "žodžiai" not in desk.text
    assert "only who typed it can go on with it" in desk.text


def test_when_somebody_else_signs_in_it_waits_for_its_author_as_a_draft(
    signed_in: Callable[..., Person], whose: Callable[[Person], str], stores: Stores
) -> None:
    rasa = signed_in("secretariat")
    mantas = signed_in("lead", "mantas@example.org")
    idle(stores)
    form = {"note": WORDS, "whose": whose(rasa), "command_id": str(uuid4()), "form_key": "/coalitions?change=new"}
    asked = rasa.send("/coalitions", {**form, "form_title": "Found a coalition"})
    rasa.send("/sign-in", kept=carried(asked), email=mantas.email, password=PASSWORD)
    assert "Found a coalition" not in rasa.open("/").text
    rasa.send("/sign-out")
    rasa.send("/sign-in", email=rasa.email, password=PASSWORD)
    assert "Found a coalition" in rasa.open("/").text


def test_a_form_that_does_not_say_whose_it_is_is_not_carried(signed_in: Callable[..., Person], stores: Stores) -> None:
    rasa = signed_in("secretariat")
    idle(stores)
    for forged in ("", "garbage", "ImFiYyI.xxxx"):
        asked = rasa.send("/some/form", {"note": WORDS, "whose": forged})
        assert asked.status_code == 401
        assert not KEPT.search(asked.text)
        assert "žodžiai" not in asked.text


def test_what_is_carried_cannot_be_altered(
    signed_in: Callable[..., Person], whose: Callable[[Person], str], stores: Stores
) -> None:
    rasa = signed_in("secretariat")
    idle(stores)
    sealed = carried(rasa.send("/some/form", {"note": WORDS, "whose": whose(rasa)}))
    for altered in (sealed[:-4] + "AAAA", "x", "ž"):
        assert rasa.send("/sign-in", kept=altered, email=rasa.email, password=PASSWORD).location == "/"


def test_a_form_sent_by_htmx_leads_through_the_sign_in_and_back(
    signed_in: Callable[..., Person], whose: Callable[[Person], str], stores: Stores
) -> None:
    rasa = signed_in("secretariat")
    idle(stores)
    asked = rasa.send("/some/form", {"note": WORDS, "whose": whose(rasa)}, headers=PARTIAL)
    assert (asked.status_code, asked.headers["HX-Retarget"]) == (401, "#messages")
    assert "Sign in and go on" in asked.text
    form = rasa.send("/sign-in", kept=carried(asked))
    assert form.status_code == 200
    assert 'name="email"' in form.text
    again = rasa.send("/sign-in", kept=carried(form), email=rasa.email, password=PASSWORD)
    assert "&lt;b&gt;žodžiai&lt;/b&gt;" in again.text


def test_of_a_form_with_files_the_words_come_back_and_the_files_are_asked_for_again(
    signed_in: Callable[..., Person], whose: Callable[[Person], str], stores: Stores
) -> None:
    rasa = signed_in("secretariat")
    idle(stores)
    large = BytesIO(b"x" * (3 * 1024 * 1024))
    fields = {"note": WORDS, "whose": whose(rasa), "source_upload": FileStorage(large, "minutes.pdf")}
    body = multipart(fields)
    asked = rasa.client.post("/some/form", data=body.content, content_type=body.kind)
    assert asked.status_code == 401
    assert "files have to be chosen again" in asked.text
    rasa.page = asked
    again = rasa.send("/sign-in", kept=carried(asked), email=rasa.email, password=PASSWORD)
    assert "&lt;b&gt;žodžiai&lt;/b&gt;" in again.text
    assert "files have to be chosen again" in again.text


def test_a_page_that_somebody_else_left_open_records_nothing(
    signed_in: Callable[..., Person], whose: Callable[[Person], str]
) -> None:
    rasa, mantas = signed_in("secretariat"), signed_in("lead", "mantas@example.org")
    mantas.open("/")
    for csrf in (True, False):
        answer = mantas.send("/language", {"whose": whose(rasa), "note": WORDS}, csrf=csrf, language="lt", next="/")
        assert answer.status_code == 422
        assert "Somebody else opened this form" in answer.text
        assert "žodžiai" not in answer.text
    assert mantas.send("/language", {"whose": whose(mantas)}, language="lt", next="/").status_code == 303


def test_a_page_older_than_the_sign_in_sends_its_form_with_one_touch(
    signed_in: Callable[..., Person], whose: Callable[[Person], str]
) -> None:
    rasa = signed_in("secretariat")
    typed = {"note": WORDS, "whose": whose(rasa), "csrf_token": "of an older session"}
    refused = rasa.send("/language", typed, csrf=False, headers=PARTIAL, language="lt")
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (400, "#messages")
    assert '<form method="post" action="/language">' in refused.text
    assert 'name="note" value="&#34;quoted' in refused.text
    assert rasa.send("/language", {"note": WORDS}, language="lt").status_code == 303
