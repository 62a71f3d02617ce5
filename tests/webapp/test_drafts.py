"""Is what somebody types kept, offered to them again, shown to nobody else, and gone when recorded or old?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID, uuid4, uuid5

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from domain.chronicle.vault import Erased
from tests.webapp import trial_form
from tests.webapp.conftest import PASSWORD, Person
from tests.webapp.reading import words
from webapp import accounts as kept_accounts
from webapp import drafts_kept, purging, rights
from webapp.drafts_kept import Drafts, Typed, draft, kept_drafts
from webapp.stores import Stores

TYPED = "Ona Petraitienė said so"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def trial(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "RIGHTS", dict(rights.RIGHTS))
    trial_form.add_to(app)


@pytest.fixture
def rasa(signed_in: Callable[..., Person]) -> Person:
    return signed_in("secretariat")


@pytest.fixture
def drafts(stores: Stores) -> Drafts:
    return kept_drafts(stores)


def hidden(page: TestResponse) -> dict[str, str]:
    form = page.text[page.text.index('<form id="trial"') :]
    return {name: unescape(value) for name, value in HIDDEN.findall(form[: form.index("</form>")])}


def begin(person: Person, id: UUID, **typed: str) -> dict[str, str]:
    """Open the form, type, wait a second."""
    fields = hidden(person.open(f"/trial/{id}")) | {"called": "", "note": ""} | typed
    answer = person.send("/drafts", fields, csrf=False, headers=PARTIAL)
    assert re.fullmatch(r"saved \d\d:\d\d\n?", answer.text), answer.text
    return fields


def rows(stores: Stores) -> list[dict[str, object]]:
    with stores.accounts.connect() as connection:
        return [dict(row) for row in connection.execute(select(draft)).mappings()]


def test_what_is_typed_is_offered_again_and_filled_in(rasa: Person) -> None:
    id = uuid4()
    fields = begin(rasa, id, called="Centras", note=TYPED)
    again = rasa.open(f"/trial/{id}")
    assert "You began this on" in again.text
    assert TYPED not in again.text
    (address,) = re.findall(r'href="(/drafts/[0-9a-f-]+)"', again.text)
    filled = rasa.open(rasa.open(address).location)
    assert TYPED in filled.text
    assert 'value="Centras"' in filled.text
    assert hidden(filled)["command_id"] == fields["command_id"]
    assert "You began this on" not in filled.text


def test_it_stands_on_my_desk_until_i_discard_it(rasa: Person) -> None:
    id = uuid4()
    begin(rasa, id, note=TYPED)
    desk = rasa.open("/")
    assert f"Trial of {id}" in words(desk.text)
    (address,) = re.findall(r'action="(/drafts/[0-9a-f-]+/discard)"', desk.text)
    assert rasa.send(address, next="/").location == "/"
    assert "Drafts" not in words(rasa.open("/").text)
    assert rasa.send(address, next="/").status_code == 404


def test_each_form_that_was_begun_is_kept_beside_the_others(rasa: Person) -> None:
    id = uuid4()
    begin(rasa, id, note="the first")
    second = begin(rasa, id, note="the second")
    rasa.send("/drafts", second | {"note": "the second, longer"}, csrf=False, headers=PARTIAL)
    assert rasa.open(f"/trial/{id}").text.count("You began this on") == 2


def test_without_script_a_button_keeps_it(rasa: Person) -> None:
    id = uuid4()
    fields = hidden(rasa.open(f"/trial/{id}"))
    kept = rasa.send("/drafts", fields | {"note": TYPED})
    assert kept.status_code == 303
    page = rasa.open(kept.location)
    assert TYPED in page.text
    assert "Kept as a draft" in page.text
    assert re.search(r"saved \d\d:\d\d", words(page.text))


def test_nobody_else_sees_it(rasa: Person, signed_in: Callable[..., Person], drafts: Drafts, stores: Stores) -> None:
    id = uuid4()
    begin(rasa, id, note=TYPED)
    other = signed_in("administrator")
    (row,) = rows(stores)
    assert other.open(f"/drafts/{row['id']}").status_code == 404
    assert other.send(f"/drafts/{row['id']}/discard").status_code == 404
    assert TYPED not in other.open(f"/trial/{id}?draft={row['id']}").text
    assert "You began this on" not in other.open(f"/trial/{id}").text
    assert "Drafts" not in words(other.open("/").text)
    assert rows(stores)


def test_recording_it_ends_the_draft(rasa: Person, stores: Stores, drafts: Drafts) -> None:
    id = uuid4()
    fields = begin(rasa, id, called="Centras", note=TYPED)
    (row,) = rows(stores)
    assert rasa.send(f"/trial/{id}", fields | {"called": ""}, csrf=False).status_code == 422
    assert rows(stores)
    assert rasa.send(f"/trial/{id}", fields, csrf=False).status_code == 303
    assert rows(stores) == []
    assert isinstance(stores.chronicle.vault.find([row["key_id"]])[row["key_id"]], Erased)  # type: ignore[list-item, index]  # of a row
    late = rasa.send("/drafts", fields, csrf=False, headers=PARTIAL)
    assert "recorded already" in late.text
    assert rows(stores) == []


def test_a_draft_whose_form_was_recorded_without_telling_is_gone_when_looked_at(
    rasa: Person, stores: Stores, drafts: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = uuid4()
    fields = begin(rasa, id, called="Centras")
    with monkeypatch.context() as broken:
        broken.setattr(Drafts, "purge_recorded", lambda *_: set())
        assert rasa.send(f"/trial/{id}", fields, csrf=False).status_code == 303
    assert len(rows(stores)) == 1
    assert "Drafts" not in words(rasa.open("/").text)
    assert rows(stores) == []


def test_drafts_are_sealed_and_leave_nothing(rasa: Person, stores: Stores, app: Flask) -> None:
    begin(rasa, uuid4(), note=TYPED)
    (row,) = rows(stores)
    assert b"Petraitien" not in bytes(row["box"])  # type: ignore[call-overload]  # of a row
    with stores.accounts.begin() as connection:
        connection.execute(update(draft).values(box=b"x" * 40))
    assert "Drafts" not in words(rasa.open("/").text)
    with stores.accounts.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def test_after_thirty_days_it_is_gone(rasa: Person, app: Flask, stores: Stores) -> None:
    begin(rasa, uuid4(), note="young")
    begin(rasa, uuid4(), note=TYPED)
    with stores.accounts.begin() as connection:
        old = update(draft).where(draft.c.id == rows(stores)[0]["id"])
        connection.execute(old.values(saved_at=datetime.now(UTC) - timedelta(days=30, seconds=1)))
    assert rasa.open("/").text.count('/discard"') == 2  # its action, twice: with script and without
    assert len(rows(stores)) == 2
    app.extensions[purging.LAST] -= timedelta(days=1)
    rasa.open("/")
    assert len(rows(stores)) == 1


def test_removed_words_are_in_no_draft_of_anybody(rasa: Person, drafts: Drafts, stores: Stores) -> None:
    with stores.accounts.connect() as connection:
        account = connection.execute(select(kept_accounts.account.c.id)).scalar_one()
    commands, subject = [uuid4() for _ in range(5)], uuid4()
    keys = ("/register/23/correct", "/register/23?x=1", "/register/231", f"/coalitions/{subject}", "/register/2")
    for command, key in zip(commands, keys, strict=True):
        assert drafts.save(account, key, command, Typed("", [("note", TYPED)]))
    assert drafts.purge_about(position=23) == 2
    assert drafts.purge_about(subject=subject) == 1
    assert drafts.purge_about(command_id=uuid5(commands[4], "0")) == 1
    assert [row["form_key"] for row in rows(stores)] == ["/register/231"]
    assert drafts.purge_about(position=23) == 0


@pytest.mark.parametrize(
    "key", ["", "/nowhere", "//evil.example", "https://evil.example/", "/sign-out", "/" + "x" * 600]
)
def test_only_a_form_of_ours_is_kept(rasa: Person, stores: Stores, key: str) -> None:
    fields = hidden(rasa.open(f"/trial/{uuid4()}"))
    assert rasa.send("/drafts", fields | {"form_key": key}, csrf=False).status_code == 404
    assert rasa.send("/drafts", fields | {"command_id": "x"}, csrf=False).status_code == 404
    assert rows(stores) == []


def test_there_is_an_end_to_what_is_kept(rasa: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts_kept, "MOST", 2)
    for _ in range(2):
        begin(rasa, uuid4())
    fields = hidden(rasa.open(f"/trial/{uuid4()}"))
    many = rasa.send("/drafts", fields, csrf=False, headers=PARTIAL)
    assert (many.status_code, words(many.text)) == (
        422,
        "Not kept as a draft: You have 2 drafts already. Record or discard one of them: they are on your desk.",
    )
    monkeypatch.setattr(drafts_kept, "LARGEST", 10)
    assert "too much" in rasa.send("/drafts", fields, csrf=False, note="x" * 11).text


def test_a_session_that_ended_leads_back_into_the_filled_form(rasa: Person, stores: Stores) -> None:
    id = uuid4()
    fields = hidden(rasa.open(f"/trial/{id}")) | {"called": "Centras", "note": TYPED}
    with stores.accounts.begin() as connection:
        late = datetime.now(UTC) - timedelta(hours=13)
        connection.execute(update(kept_accounts.open_session).values(last_seen_at=late))
    for path, headers in ((f"/trial/{id}", {}), ("/drafts", PARTIAL)):
        asked = rasa.send(path, fields, csrf=False, headers=headers)
        assert asked.status_code == 401
        assert TYPED not in asked.text
        (sealed,) = re.findall(r'name="kept" value="([^"]+)"', asked.text)
        back = rasa.send("/sign-in", kept=unescape(sealed), email=rasa.email, password=PASSWORD)
        assert back.status_code == 303
        assert back.location.startswith(f"/trial/{id}?draft=")
        assert TYPED in rasa.open(back.location).text
        rasa.client.delete_cookie("kronika")
