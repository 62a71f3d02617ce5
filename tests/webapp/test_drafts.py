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
from tests.webapp.conftest import PASSWORD, Person
from tests.webapp.reading import words
from webapp import accounts as kept_accounts
from webapp import drafts_kept, purging
from webapp.drafts_kept import Drafts, Typed, draft, kept_drafts
from webapp.stores import Stores

TYPED = "Ona Petraitienė said so"
SAVED = re.compile(r"saved \d\d:\d\d")
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')

pytestmark = pytest.mark.usefixtures("trial")


@pytest.fixture
def drafts(stores: Stores) -> Drafts:
    return kept_drafts(stores)


def hidden(page: TestResponse) -> dict[str, str]:
    form = page.text[page.text.index('<form id="trial"') :]
    return {name: unescape(value) for name, value in HIDDEN.findall(form[: form.index("</form>")])}


def begin(person: Person, id: UUID, **typed: str) -> dict[str, str]:
    """Open the form, type, wait a second."""
    fields = hidden(person.open(f"/trial/{id}")) | {"called": "", "note": ""} | typed
    assert SAVED.fullmatch(type_on(person, fields))
    return fields


def type_on(person: Person, fields: dict[str, str], **typed: str) -> str:
    """What the line beside the form then says."""
    return words(person.send("/drafts", fields | typed, csrf=False, headers=PARTIAL).text)


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


def test_of_one_form_the_newest_is_kept_and_forms_of_other_pages_beside_it(rasa: Person, stores: Stores) -> None:
    id, other = uuid4(), uuid4()
    begin(rasa, id, note="the first")
    begin(rasa, other, note="elsewhere")
    second = begin(rasa, id, note="the second")
    type_on(rasa, second, note="the second, longer")
    page = rasa.open(f"/trial/{id}")
    assert page.text.count("You began this on") == 1
    assert "takes its place" in page.text
    kept = {row["form_key"]: row["command_id"] for row in rows(stores)}
    assert kept.keys() == {f"/trial/{id}", f"/trial/{other}"}
    assert kept[f"/trial/{id}"] == UUID(second["command_id"])


def test_two_open_pages_of_one_form_take_turns(rasa: Person, stores: Stores) -> None:
    id = uuid4()
    first, second = begin(rasa, id, note="the first"), begin(rasa, id, note="the second")
    assert SAVED.fullmatch(type_on(rasa, first, note="the first, longer"))
    assert [row["command_id"] for row in rows(stores)] == [UUID(first["command_id"])]
    assert SAVED.fullmatch(type_on(rasa, second))


def test_an_empty_form_is_no_draft_and_takes_no_place(rasa: Person, stores: Stores) -> None:
    id = uuid4()
    fields = hidden(rasa.open(f"/trial/{id}")) | {"called": " ", "note": ""}
    assert type_on(rasa, fields) == ""
    assert rows(stores) == []
    begin(rasa, id, note=TYPED)
    assert type_on(rasa, fields) == ""
    assert len(rows(stores)) == 1
    without_script = rasa.send("/drafts", fields)
    assert without_script.location == f"/trial/{id}"
    assert "nothing to keep" in rasa.open(without_script.location).text


def test_what_was_taken_out_again_is_no_draft(rasa: Person, stores: Stores) -> None:
    fields = begin(rasa, uuid4(), note=TYPED)
    assert type_on(rasa, fields, note="") == ""
    assert rows(stores) == []


def test_a_draft_of_the_time_before_forms_were_marked_stays(rasa: Person, drafts: Drafts, stores: Stores) -> None:
    begin(rasa, uuid4(), note="another")
    account, command, key = rows(stores)[0]["account_id"], uuid4(), f"/trial/{uuid4()}"
    kept = drafts.save(account, key, command, Typed("", [("command_id", str(command)), ("note", TYPED)]))  # type: ignore[arg-type]  # of a row
    assert kept
    fields = hidden(rasa.open(f"{key}?draft={kept.id}")) | {"called": "", "note": TYPED}
    assert SAVED.fullmatch(type_on(rasa, fields))


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
    fields = hidden(rasa.open(f"/trial/{uuid4()}")) | {"note": TYPED}
    assert rasa.send("/drafts", fields | {"form_key": key}, csrf=False).status_code == 404
    assert rasa.send("/drafts", fields | {"command_id": "x"}, csrf=False).status_code == 404
    assert rows(stores) == []


def test_there_is_an_end_to_what_is_kept(rasa: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts_kept, "MOST", 2)
    _first, last = (begin(rasa, uuid4(), note=TYPED) for _ in range(2))
    fields = hidden(rasa.open(f"/trial/{uuid4()}")) | {"note": TYPED}
    many = rasa.send("/drafts", fields, csrf=False, headers=PARTIAL)
    assert (many.status_code, words(many.text)) == (
        422,
        "Not kept as a draft: You have 2 drafts already. Record or discard one of them: they are on your desk.",
    )
    assert SAVED.fullmatch(type_on(rasa, last, note="more"))
    monkeypatch.setattr(drafts_kept, "LARGEST", 10)
    assert "too much" in rasa.send("/drafts", fields, csrf=False, note="x" * 11).text


def test_a_session_that_ended_leads_back_into_the_filled_form(rasa: Person, stores: Stores) -> None:
    id = uuid4()
    fields = hidden(rasa.open(f"/trial/{id}")) | {"called": "Centras", "note": TYPED}
    end_sessions(stores)
    for path, headers in ((f"/trial/{id}", {}), ("/drafts", PARTIAL)):
        back = sign_in_with(rasa, sent_late(rasa, path, fields, headers))
        assert back.location.startswith(f"/trial/{id}?draft=")
        assert TYPED in rasa.open(back.location).text
        rasa.client.delete_cookie("kronika")


def end_sessions(stores: Stores) -> None:
    with stores.accounts.begin() as connection:
        late = datetime.now(UTC) - timedelta(hours=13)
        connection.execute(update(kept_accounts.open_session).values(last_seen_at=late))


def sent_late(person: Person, path: str, fields: dict[str, str], headers: dict[str, str] = PARTIAL) -> str:
    """The form sealed, after its session was over."""
    asked = person.send(path, fields, csrf=False, headers=headers)
    assert asked.status_code == 401
    assert TYPED not in asked.text
    (sealed,) = re.findall(r'name="kept" value="([^"]+)"', asked.text)
    return unescape(sealed)


def sign_in_with(person: Person, sealed: str) -> TestResponse:
    return person.send("/sign-in", kept=sealed, email=person.email, password=PASSWORD)


def test_a_form_whose_session_ended_is_kept_for_its_author_whatever_else_he_has(
    rasa: Person, known: Callable[..., Person], stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(rasa, uuid4(), note="the only one that has room")
    fields = hidden(rasa.open(f"/trial/{uuid4()}")) | {"note": TYPED}
    end_sessions(stores)
    sealed = sent_late(rasa, "/drafts", fields)
    monkeypatch.setattr(drafts_kept, "MOST", 1)
    monkeypatch.setattr(drafts_kept, "LARGEST", 10)
    other = known("administrator")
    other.open("/sign-in")
    assert sign_in_with(other, sealed).location == "/"
    desk = other.open("/")
    assert "only who typed it" in words(desk.text)
    assert TYPED not in desk.text
    assert len(rows(stores)) == 2
    rasa.sign_in()
    (address,) = re.findall(rf'href="(/drafts/{draft_of(stores, fields)})"', rasa.open("/").text)
    assert TYPED in rasa.open(rasa.open(address).location).text


def draft_of(stores: Stores, fields: dict[str, str]) -> object:
    return next(row["id"] for row in rows(stores) if row["command_id"] == UUID(fields["command_id"]))


def test_an_old_sealed_form_never_takes_the_place_of_what_was_typed_since(
    rasa: Person, known: Callable[..., Person], stores: Stores
) -> None:
    id = uuid4()
    fields = hidden(rasa.open(f"/trial/{id}")) | {"note": TYPED}
    end_sessions(stores)
    sealed = sent_late(rasa, "/drafts", fields)
    rasa.sign_in()
    type_on(rasa, fields, note="typed since")
    same = sign_in_with(rasa, sealed)
    assert same.location.endswith(f"?draft={draft_of(stores, fields)}")
    assert "typed since" in rasa.open(same.location).text
    newer = begin(rasa, id, note="begun since")
    aside = sign_in_with(rasa, sealed)
    assert "send it now, or leave it" in words(aside.text)
    assert TYPED in aside.text
    other = known("administrator")
    other.open("/sign-in")
    sign_in_with(other, sealed)
    assert [row["command_id"] for row in rows(stores)] == [UUID(newer["command_id"])]
    assert "begun since" in rasa.open(f"/trial/{id}?draft={draft_of(stores, newer)}").text


def test_an_untouched_form_whose_session_ended_leads_back_and_is_no_draft(
    rasa: Person, known: Callable[..., Person], stores: Stores
) -> None:
    id = uuid4()
    fields = hidden(rasa.open(f"/trial/{id}"))
    end_sessions(stores)
    sealed = sent_late(rasa, f"/trial/{id}", fields)
    other = known("administrator")
    other.open("/sign-in")
    sign_in_with(other, sealed)
    assert sign_in_with(rasa, sealed).location == f"/trial/{id}"
    assert rows(stores) == []
