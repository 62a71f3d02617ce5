"""Words removed for ever: no trace of them is left anywhere, every page says so, and the proofs hold."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZipFile

import psycopg
import pytest
from flask import Flask
from structlog.testing import capture_logs

from domain.chronicle import VaultUnavailable
from domain.chronicle.integrity import check
from domain.chronicle.merkle import root
from domain.chronicle.stores import path_of
from domain.erasing import repeat
from projections import engine
from tests.webapp.amending import Amender, Filled
from tests.webapp.conftest import Person
from tests.webapp.files import imported, written
from tests.webapp.reading import id_of, open_form, words
from webapp import exporting, removal_traces
from webapp.accounts import Accounts
from webapp.backup import back_up
from webapp.config import Config
from webapp.drafts_kept import Typed, kept_drafts
from webapp.importing import no_progress
from webapp.stores import Stores

CANARY = "Vardenė Kanarėlė"
NOTE = f"asked for by {CANARY}, +370 600 00000"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HIDDEN = re.compile(r'name="command_id" value="([^"]+)"')


@pytest.fixture
def coalition(stores: Stores) -> UUID:
    """Three members, one of which merged into another: told by a file whose last row names the canary."""
    rows = (
        "2010,founded,Pines,,,",
        *(f"2011,joined,Pines,{name},," for name in ("Oak", "Elm", "Ash")),
        f"2020-05-02,organisation_merged,,Ash,Elm,{NOTE}".replace(NOTE, f'"{NOTE}"'),
    )
    imported(stores, written(*rows, header="date,event,coalition,organisation,new_name,note"))
    engine.keep_up(stores.chronicle, stores.reading)
    return id_of(stores, "Pines")


@pytest.fixture
def rasa(signed_in: Callable[..., Person], coalition: UUID) -> Person:
    return signed_in("secretariat")


@pytest.fixture
def noted(rasa: Person, stores: Stores, coalition: UUID) -> int:
    """The position of an entry recorded through the form, with the canary in its note, source and decision."""
    organisation = id_of(stores, "Oak")
    page = rasa.open(f"/coalitions/{coalition}?change={organisation}&event=suspended")
    fields = {
        **open_form(page),
        "event": "suspended",
        "occurred": "2024-05-02",
        "reason": "other",
        "scope": "all",
        "note": NOTE,
        "source_title": f"letter of {CANARY}",
        "decision_body": f"board, {CANARY}",
    }
    answer = rasa.send(f"/coalitions/{coalition}/changes", fields)
    assert answer.status_code == 303, words(answer.text)
    return stores.chronicle.last_position()


def entries_with_words(stores: Stores) -> list[int]:
    """Whose words, as they can be read now, name the canary."""
    return [each.position for each in stores.chronicle.after(0, 100) if CANARY in str(each.entry)]


def asked(person: Person, position: int, **more: str | list[str]) -> dict[str, str | list[str]]:
    page = person.open(f"/register/{position}/remove-words")
    found = HIDDEN.search(page.text)
    assert found, words(page.text)
    return {"command_id": found[1], "reason": "personal_data", "sure": "yes", **more}


def remove(person: Person, position: int, **more: str | list[str]) -> None:
    answer = person.send(f"/register/{position}/remove-words", asked(person, position, **more))
    assert answer.status_code == 303, words(answer.text)


def everything_stored(config: Config) -> Iterator[tuple[str, bytes]]:
    """Every file of the installation; every row of every table, where a server keeps them."""
    for path in config.folder.parent.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
    for url in {config.database_url, config.vault_url}:
        if url.startswith("postgresql"):
            with psycopg.connect(url) as connection:
                names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                for (name,) in names:
                    for row in connection.execute(f'SELECT t::text FROM "{name}" t').fetchall():
                        yield name, row[0].encode()


def traces(config: Config, *secrets: bytes) -> set[str]:
    """Where one of them lies: as it is, or in hexadecimal."""
    forms = [form for secret in secrets for form in (secret, secret.hex().encode())]
    return {where for where, content in everything_stored(config) if any(form in content for form in forms)}


def exported(stores: Stores, format_: str, tmp_path: Path) -> str:
    write = {"csv": exporting.write_csv, "jsonl": exporting.write_jsonl}[format_]
    with (tmp_path / f"export.{format_}").open("w+", encoding="utf-8") as out:
        write(out, stores.chronicle)
        out.seek(0)
        content = out.read()
    (tmp_path / f"export.{format_}").unlink()
    return content


def wrapped_key(stores: Stores, position: int) -> bytes:
    id = stores.chronicle.at([position], words=False)[position].sealed_by
    assert id is not None
    (key,) = stores.chronicle.vault._keys.find([id])
    assert key.wrapped
    return key.wrapped


def test_no_trace_is_left_and_the_proofs_hold(
    rasa: Person, noted: int, config: Config, stores: Stores, tmp_path: Path
) -> None:
    wrapped = wrapped_key(stores, noted)
    canary = CANARY.encode()
    merger, echo, _ = entries_with_words(stores)
    before = {at: each.leaf for at, each in stores.chronicle.at(range(1, noted + 1)).items()}
    assert traces(config, canary) == set()  # it was sealed before it was stored
    assert traces(config, wrapped)
    assert CANARY in exported(stores, "csv", tmp_path)
    with capture_logs() as logs:
        remove(rasa, noted)
        remove(rasa, merger, also=[str(echo)])
    assert entries_with_words(stores) == []
    after = stores.chronicle.at(range(1, noted + 1))
    assert root([before[at] for at in sorted(before)]) == root([after[at].leaf for at in sorted(after)])
    assert traces(config, canary, wrapped) == set()
    assert CANARY not in exported(stores, "csv", tmp_path) + exported(stores, "jsonl", tmp_path) + str(logs)
    assert list(check(stores.chronicle)) == []
    assert list(engine.compare(stores.chronicle, stores.reading)) == []


PLACES = ("/register/{noted}", "/register", "/timeline", "/organisations/{organisation}", "/register/{last}")


@on_sqlite
def test_every_page_says_that_words_were_removed_when_by_whom_and_why(
    rasa: Person, noted: int, stores: Stores, signed_in: Callable[..., Person], tmp_path: Path
) -> None:
    merger, echo, _ = entries_with_words(stores)
    remove(rasa, merger, also=[str(echo)])
    remove(rasa, noted)
    auditor = signed_in("auditor")
    organisation = id_of(stores, "Oak")
    at = {"noted": noted, "organisation": organisation, "last": stores.chronicle.last_position()}
    read = ""
    for place in PLACES:
        read = words(auditor.open(place.format(**at)).text)
        assert CANARY not in read, place
        if place != PLACES[-1]:
            assert re.search(r"Its words were removed on .+ by Secretariat: personal data\.", read), (place, read)
    assert "Words removed (personal data) from: “ Oak" in read
    was_known = words(auditor.open(f"/register/{noted}?known=2100-01-01").text)
    assert "Its words were removed on" in was_known
    assert '"words_removed":{"on":"' in exported(stores, "jsonl", tmp_path)


@on_sqlite
def test_the_preview_says_which_words_go_and_what_stays(rasa: Person, noted: int) -> None:
    read = words(rasa.open(f"/register/{noted}/remove-words").text)
    assert f"Note {NOTE} Source letter of {CANARY} Decision board, {CANARY}" in read
    assert "Nobody can bring these words back" in read
    assert "the proof that nothing was altered" in read


@on_sqlite
def test_a_reason_and_a_tick_are_needed(rasa: Person, noted: int, stores: Stores) -> None:
    answer = rasa.send(f"/register/{noted}/remove-words", {"command_id": str(UUID(int=5)), "reason": "because"})
    assert answer.status_code == 422
    assert {"Choose a reason.", "Tick this: removed words cannot be brought back by anybody."} <= set(
        re.findall(r'class="error"[^>]*>([^<]+)<', answer.text)
    )
    assert stores.chronicle.last_position() == noted


@on_sqlite
def test_sent_twice_it_is_done_once_and_answered_alike(rasa: Person, noted: int, stores: Stores) -> None:
    form = asked(rasa, noted)
    answers = [rasa.send(f"/register/{noted}/remove-words", form) for _ in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(303, f"/register/{noted}/remove-words")] * 2
    assert stores.chronicle.last_position() == noted + 1


@on_sqlite
def test_words_are_not_removed_twice(rasa: Person, noted: int, stores: Stores) -> None:
    first, second = asked(rasa, noted), asked(rasa, noted)
    rasa.send(f"/register/{noted}/remove-words", first)
    answer = rasa.send(f"/register/{noted}/remove-words", second)
    assert answer.status_code == 409
    assert "have been removed already" in words(answer.text)
    assert stores.chronicle.last_position() == noted + 1


@on_sqlite
def test_a_correction_that_was_open_meanwhile_does_not_bring_them_back(
    rasa: Person, signed_in: Callable[..., Person], noted: int, stores: Stores
) -> None:
    correction = Amender(signed_in("administrator"), noted, "correct")
    assert correction.filled["note"] == NOTE
    remove(rasa, noted)
    second = correction.send("save", occurred="2024-05-03")
    assert second.status_code == 409
    assert CANARY not in second.text
    correction.filled = Filled(second).fields
    assert correction.send("save").status_code == 303
    assert CANARY not in str([recorded.entry for recorded in stores.chronicle.after(noted, 10)])


@on_sqlite
def test_the_copy_that_a_correction_made_is_chosen_beforehand(rasa: Person, noted: int, stores: Stores) -> None:
    assert Amender(rasa, noted, "correct").send("save", occurred="2024-05-03").status_code == 303
    copy = stores.chronicle.last_position() - 1
    for one, other in ((noted, copy), (copy, noted)):
        page = rasa.open(f"/register/{one}/remove-words").text
        assert re.search(rf'name="also" value="{other}"[^>]* checked', page), words(page)


@on_sqlite
def test_where_there_are_no_words_there_is_nothing_to_remove(rasa: Person, stores: Stores, noted: int) -> None:
    remove(rasa, noted)
    bare = noted + 1  # the removal itself
    assert "no words that somebody typed" in words(rasa.open(f"/register/{bare}/remove-words").text)
    form = {"command_id": str(UUID(int=7)), "reason": "other", "sure": "yes"}
    answer = rasa.send(f"/register/{bare}/remove-words", form)
    assert (answer.status_code, "There is nothing to remove" in words(answer.text)) == (422, True)
    assert rasa.open("/register/99999/remove-words").status_code == 404


@on_sqlite
@pytest.mark.parametrize("role", ["lead", "auditor", "viewer"])
def test_others_do_not_find_the_page(
    rasa: Person, noted: int, signed_in: Callable[..., Person], role: str, stores: Stores
) -> None:
    person = signed_in(role)
    assert person.open(f"/register/{noted}/remove-words").status_code == 404
    assert person.send(f"/register/{noted}/remove-words", {"reason": "other", "sure": "yes"}).status_code == 404
    assert "Remove its words" not in person.open(f"/register/{noted}").text
    assert stores.chronicle.last_position() == noted


@on_sqlite
def test_nothing_is_removed_without_the_token_of_the_form(rasa: Person, noted: int, stores: Stores) -> None:
    assert rasa.send(f"/register/{noted}/remove-words", asked(rasa, noted), csrf=False).status_code == 400
    assert stores.chronicle.last_position() == noted


@on_sqlite
def test_what_remains_to_be_done_is_said_until_the_key_file_was_changed(
    rasa: Person, noted: int, stores: Stores
) -> None:
    remove(rasa, noted)
    assert "kronika rotate-key" in words(rasa.open(f"/register/{noted}/remove-words").text)
    stores.chronicle.vault.rotate()
    read = words(rasa.open(f"/register/{noted}/remove-words").text)
    assert "kronika rotate-key" not in read
    assert "no old copy of the vault can open these words" in read


@pytest.mark.parametrize("step", ["erase", "drafts"])
def test_broken_off_between_the_steps_the_next_start_ends_it(
    rasa: Person, noted: int, config: Config, stores: Stores, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise VaultUnavailable("gone")

    wrapped = wrapped_key(stores, noted)
    at = {"erase": "domain.chronicle.vault.Vault.erase", "drafts": "webapp.drafts_kept.Drafts.purge_about"}[step]
    with monkeypatch.context() as patch:
        patch.setattr(at, broken)
        remove(rasa, noted)
        if step == "erase":
            assert "not erased yet" in words(rasa.open(f"/register/{noted}/remove-words").text)
            assert {what for _, what, _ in check(stores.chronicle)} == {"words_not_erased"}
    assert removal_traces.repeat(stores) == noted + 1
    assert traces(config, wrapped) == set()
    assert list(check(stores.chronicle)) == []
    assert removal_traces.repeat(stores) == noted + 1


@on_sqlite
def test_an_old_copy_of_the_vault_put_back_is_erased_again(
    rasa: Person, noted: int, config: Config, stores: Stores
) -> None:
    copy = path_of(config.vault_url).read_bytes()
    remove(rasa, noted)
    stores.chronicle.vault.close()
    path_of(config.vault_url).write_bytes(copy)
    assert repeat(stores.chronicle) == 1
    assert stores.chronicle.at([noted])[noted].words_removed == "personal_data"


@on_sqlite
def test_a_fence_that_no_entry_explains_is_an_alarm_and_not_called_removed(
    rasa: Person, noted: int, stores: Stores
) -> None:
    key = stores.chronicle.at([noted])[noted].sealed_by
    assert key
    stores.chronicle.vault.erase(key, "personal_data")
    read = words(rasa.open(f"/register/{noted}").text)
    assert "no entry says that they were removed" in read
    assert [what for _, what, _ in check(stores.chronicle)] == ["words_erased"]


@on_sqlite
def test_copies_that_kronika_made_itself_are_ticked_and_go_together(rasa: Person, stores: Stores) -> None:
    merger, echo = entries_with_words(stores)
    read = rasa.open(f"/register/{merger}/remove-words").text
    assert re.findall(r'name="also" value="(\d+)"( checked)?', read) == [(str(echo), " checked")]
    remove(rasa, merger, also=[str(echo)])
    assert entries_with_words(stores) == []
    assert [stores.chronicle.at([at])[at].words_removed for at in (merger, echo)] == ["personal_data"] * 2
    assert list(check(stores.chronicle)) == []


@on_sqlite
def test_other_entries_with_the_same_note_are_offered_and_not_ticked(
    rasa: Person, noted: int, stores: Stores, coalition: UUID
) -> None:
    """A name that stands in one entry may stand in its correction, too."""
    imported(
        stores,
        written(
            f"2024-06-01,reinstated,Pines,Oak,{NOTE}".replace(NOTE, f'"{NOTE}"'),
            header="date,event,coalition,organisation,note",
        ),
    )
    engine.keep_up(stores.chronicle, stores.reading)
    read = rasa.open(f"/register/{noted}/remove-words").text
    assert re.findall(r'name="also" value="(\d+)"( checked)?', read) == [(str(noted + 1), "")]


@on_sqlite
def test_what_is_wrong_in_kronika_is_logged_without_words(
    rasa: Person, noted: int, stores: Stores, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("a mistake")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    form = asked(rasa, noted)
    for at in ("domain.chronicle.Chronicle.record", "domain.chronicle.vault.Vault.erase"):
        with monkeypatch.context() as patch, capture_logs() as logs:
            patch.setattr(at, broken)
            assert rasa.send(f"/register/{noted}/remove-words", form).status_code == 500
        assert logs
        assert CANARY not in str(logs)


def test_a_new_backup_holds_no_trace(rasa: Person, noted: int, config: Config, stores: Stores, tmp_path: Path) -> None:
    wrapped, (merger, echo) = wrapped_key(stores, noted), entries_with_words(stores)[:2]
    remove(rasa, noted)
    remove(rasa, merger, also=[str(echo)])
    back_up(config, stores, tmp_path / "register.zip", tmp_path / "vault.zip", no_progress)
    for path in (tmp_path / "register.zip", tmp_path / "vault.zip"):
        with ZipFile(path) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
        assert content
        forms = (wrapped, wrapped.hex().encode(), b64encode(wrapped), CANARY.encode())
        assert not any(form in content for form in forms)


@on_sqlite
def test_drafts_about_the_entry_go_with_its_words(rasa: Person, noted: int, stores: Stores, accounts: Accounts) -> None:
    somebody, drafts = accounts.all()[0].id, kept_drafts(stores)
    for address in (f"/register/{noted}/correct", "/coalitions"):
        drafts.save(somebody, address, uuid4(), Typed("a form", [("note", NOTE)]))
    remove(rasa, noted)
    assert [draft.form_key for draft in drafts.of(somebody)] == ["/coalitions"]
