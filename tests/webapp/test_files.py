"""Do files come in with a form, out to who may see their entry, and for ever away when they should?"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from domain.chronicle.files import Files, Stored
from domain.chronicle.vault import Erased, Key
from domain.removal import WordsRemoved
from projections import engine
from tests.webapp import pictures
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from tests.webapp.test_drafts import hidden
from webapp import drafts_kept, files_kept, removal_traces
from webapp.commands.verifying import everything
from webapp.files_kept import Attachments, attachment, attachments
from webapp.stores import Stores

NAME = "Protokolas Nr. 3 (Petraitienė).pdf"

pytestmark = pytest.mark.usefixtures("trial")


@pytest.fixture
def kept(stores: Stores) -> Attachments:
    return attachments(stores)


def send(person: Person, path: str, fields: Mapping[str, object], *files: tuple[bytes, str]) -> TestResponse:
    """As a browser sends a form with files."""
    uploads = [FileStorage(BytesIO(content), called) for content, called in files]
    boundary, body = encode_multipart({**fields, "source_upload": uploads})
    person.page = person.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return person.page


def record(person: Person, *files: tuple[bytes, str], **typed: str) -> tuple[UUID, TestResponse]:
    id = uuid4()
    fields = hidden(person.open(f"/trial/{id}")) | {"called": f"Centras {id}", "note": ""} | typed
    return id, send(person, f"/trial/{id}", fields, *files)


def last(stores: Stores) -> int:
    return stores.chronicle.last_position()


def sha256s(stores: Stores) -> tuple[str, ...]:
    (recorded,) = stores.chronicle.at([last(stores)]).values()
    assert recorded.entry.source
    return recorded.entry.source.files


def problems(stores: Stores) -> list[tuple[str, str]]:
    return [(found.where, found.what) for found in everything(stores, last(stores), lambda *_: None)]


def age(stores: Stores, days: int) -> None:
    with stores.accounts.begin() as connection:
        connection.execute(update(attachment).values(kept_until=datetime.now(UTC) - timedelta(days=days)))


def test_a_file_comes_with_the_form_and_stands_on_the_page_of_its_entry(rasa: Person, stores: Stores) -> None:
    _, answer = record(rasa, (pictures.PDF, NAME), (pictures.jpeg(), "IMG_1.JPG"))
    assert answer.status_code == 303
    pdf, picture = sha256s(stores)
    page = rasa.open(f"/register/{last(stores)}")
    assert NAME in page.text
    assert "IMG_1.JPG" in page.text
    had = rasa.open(f"/register/{last(stores)}/files/{pdf}")
    assert (had.status_code, had.data) == (200, pictures.PDF)
    assert had.mimetype == "application/pdf"
    assert had.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''Protokolas%20Nr.%203%20%28Petraitien%C4%97%29.pdf" in had.headers["Content-Disposition"]
    assert had.headers["X-Content-Type-Options"] == "nosniff"
    assert had.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in had.headers["Content-Security-Policy"]
    assert pictures.PLACE not in rasa.open(f"/register/{last(stores)}/files/{picture}").data
    assert problems(stores) == []


def test_neither_folder_nor_database_hold_its_words(rasa: Person, stores: Stores, kept: Attachments) -> None:
    record(rasa, (b"Ona Petraitiene said so.\n" * 5000, NAME))
    (name,) = kept.files.names()
    assert b"Petraitien" not in kept.files.path(name).read_bytes()
    with stores.accounts.connect() as connection:
        assert "Petraitien" not in str(connection.execute(select(attachment)).all())


def test_only_who_may_see_the_entry_has_the_file(
    rasa: Person, stores: Stores, signed_in: Callable[..., Person], stranger: Person
) -> None:
    record(rasa, (pictures.PDF, NAME))
    (name,), at = sha256s(stores), last(stores)
    assert signed_in("viewer").open(f"/register/{at}/files/{name}").status_code == 200
    assert stranger.open(f"/register/{at}/files/{name}").status_code == 303
    record(rasa)
    for path in (f"{at}/files/{'0' * 64}", f"{at + 1}/files/{name}", f"999/files/{name}", f"{at}/files/..%2fvault.key"):
        assert rasa.open(f"/register/{path}").status_code == 404


def test_while_the_form_is_open_a_chosen_file_is_stored_and_can_be_left_out(rasa: Person, stores: Stores) -> None:
    token = {"csrf_token": rasa.token()}
    field = send(rasa, "/files", token, (pictures.PDF, NAME), (pictures.ARCHIVE, "all.zip"))
    assert field.status_code == 422
    assert "All.zip: this kind of file is not taken" in words(field.text)
    assert NAME in field.text
    (name,) = attachments(stores).files.names()
    assert f'name="source_files" value="{name}" checked' in field.text
    _, answer = record(rasa, source_files=name)
    assert answer.status_code == 303
    assert sha256s(stores) == (name,)


def test_a_form_with_something_wrong_keeps_its_files(rasa: Person, stores: Stores) -> None:
    _, answer = record(rasa, (pictures.PDF, NAME), called="")
    assert answer.status_code == 422
    assert NAME in answer.text
    assert "checked" in answer.text
    _, refused = record(rasa, (pictures.MACRO, "x.docx"))
    assert refused.status_code == 422
    assert last(stores) == 0


def test_the_same_file_is_linked_and_a_damaged_one_mended(rasa: Person, stores: Stores, kept: Attachments) -> None:
    record(rasa, (pictures.jpeg(), "first.jpg"))
    (name,), at = sha256s(stores), last(stores)
    record(rasa, (pictures.jpeg(), "second.jpg"))
    assert sha256s(stores) == (name,) == tuple(kept.files.names())
    whole = kept.files.path(name).read_bytes()
    kept.files.path(name).write_bytes(whole[:-1] + b"x")
    assert "was altered or is damaged" in rasa.open(f"/register/{at}").text
    assert rasa.open(f"/register/{at}/files/{name}").status_code == 404
    assert problems(stores) == [(f"entry {at}", "file_altered"), (f"entry {at + 1}", "file_altered")]
    kept.files.remove(name)
    assert "the file is missing" in rasa.open(f"/register/{at}").text
    assert problems(stores)[0] == (f"entry {at}", "file_missing")
    record(rasa, (pictures.jpeg(), "third.jpg"))
    assert kept.files.path(name).read_bytes() == whole
    assert problems(stores) == []


def test_what_another_has_not_recorded_yet_is_not_told_to_me(
    rasa: Person, signed_in: Callable[..., Person], stores: Stores, kept: Attachments
) -> None:
    send(rasa, "/files", {"csrf_token": rasa.token()}, (pictures.PDF, NAME))
    other = signed_in("administrator")
    field = send(other, "/files", {"csrf_token": other.token()}, (pictures.PDF, "mine.pdf"))
    assert "mine.pdf" in field.text
    assert NAME not in field.text
    assert len(kept.files.names()) == 2


def test_what_was_never_recorded_is_gone_after_a_day(rasa: Person, stores: Stores, kept: Attachments) -> None:
    record(rasa, (pictures.PDF, NAME))
    (recorded,) = sha256s(stores)
    field = send(rasa, "/files", {"csrf_token": rasa.token()}, (pictures.png(), "left.png"))
    (left,) = set(kept.files.names()) - {recorded}
    assert kept.purge() == 0
    age(stores, 1)
    key = kept.find([left])[left].key.id
    assert kept.purge() == 1
    assert kept.files.names() == [recorded]
    assert isinstance(stores.chronicle.vault.find([key])[key], Erased)
    assert kept.find([recorded, left]).keys() == {recorded}
    assert field.status_code == 200
    _, late = record(rasa, source_files=left)
    assert late.status_code == 303


def test_a_file_in_a_draft_is_kept_as_long_as_the_draft(rasa: Person, stores: Stores, kept: Attachments) -> None:
    send(rasa, "/files", {"csrf_token": rasa.token()}, (pictures.PDF, NAME))
    (name,) = kept.files.names()
    fields = hidden(rasa.open(f"/trial/{uuid4()}")) | {"source_files": name}
    assert rasa.send("/drafts", fields, csrf=False).status_code == 303
    with stores.accounts.connect() as connection:
        until = connection.execute(select(attachment.c.kept_until)).scalar_one()
    assert until > datetime.now(UTC) + drafts_kept.KEPT_FOR - timedelta(hours=1)
    assert NAME in rasa.open(rasa.page.location if rasa.page else "").text


def brought(person: Person, kept: Attachments, content: bytes) -> str:
    """While a form is filled in."""
    before = set(kept.files.names())
    send(person, "/files", {"csrf_token": person.token()}, (content, NAME))
    (name,) = set(kept.files.names()) - before
    return name


def keep_draft(person: Person, *names: str) -> str:
    """The address at which it is discarded."""
    fields = hidden(person.open(f"/trial/{uuid4()}"))
    page = person.send("/drafts", {**fields, "source_files": list(names)}, csrf=False)
    return f"/drafts/{page.location.partition('draft=')[2]}/discard"


def test_with_a_draft_go_the_files_that_only_it_speaks_of(
    rasa: Person, signed_in: Callable[..., Person], kept: Attachments, stores: Stores
) -> None:
    alone, recorded, anothers = (brought(rasa, kept, content) for content in (b"alone", b"recorded", b"another's"))
    record(rasa, source_files=recorded)
    keep_draft(signed_in("administrator"), anothers)
    key = kept.find([alone])[alone].key.id
    discard = keep_draft(rasa, alone, recorded, anothers)
    second = keep_draft(rasa, alone)
    assert rasa.send(discard).status_code == 303
    assert set(kept.files.names()) == {alone, recorded, anothers}
    assert rasa.send(second).status_code == 303
    assert set(kept.files.names()) == {recorded, anothers}
    assert isinstance(stores.chronicle.vault.find([key])[key], Erased)
    assert [what for _where, what in problems(stores) if what.startswith("file")] == []


def test_what_another_brought_does_not_go_with_my_draft(
    rasa: Person, signed_in: Callable[..., Person], kept: Attachments
) -> None:
    name = brought(signed_in("administrator"), kept, pictures.PDF)
    assert rasa.send(keep_draft(rasa, name)).status_code == 303
    assert kept.files.names() == [name]


def test_files_of_a_form_that_was_begun_anew_go_after_a_day(rasa: Person, kept: Attachments, stores: Stores) -> None:
    name, key = brought(rasa, kept, pictures.PDF), f"/trial/{uuid4()}"
    rasa.send("/drafts", hidden(rasa.open(key)) | {"source_files": name}, csrf=False)
    rasa.send("/drafts", hidden(rasa.open(key)) | {"note": "anew"}, csrf=False)
    assert kept.files.names() == [name]
    with stores.accounts.connect() as connection:
        until = connection.execute(select(attachment.c.kept_until)).scalar_one()
    assert until < datetime.now(UTC) + files_kept.UNRECORDED
    age(stores, 1)
    assert kept.purge() == 1


def test_nothing_goes_with_a_draft_while_it_is_not_known_what_entries_use(
    rasa: Person, kept: Attachments, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = brought(rasa, kept, pictures.PDF)
    discard = keep_draft(rasa, name)
    record(rasa)
    with monkeypatch.context() as broken:
        broken.setattr(files_kept, "before_the_first_broken", lambda _found: [])
        assert rasa.send(discard).status_code == 303
        assert kept.files.names() == [name]
    assert kept.purge() == 1


def test_removed_words_take_the_files_that_no_other_entry_uses(
    rasa: Person, stores: Stores, kept: Attachments, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(rasa, (pictures.PDF, NAME), (pictures.png(), "both.png"))
    alone, both = sha256s(stores)
    first = last(stores)
    record(rasa, (pictures.png(), "both.png"))
    assert [one.sha256 for one in kept.used_by(first)] == [alone]
    erase_words_of(stores, first)
    assert kept.files.names() == [both]
    page = rasa.open(f"/register/{first}")
    assert NAME not in page.text
    assert rasa.open(f"/register/{first}/files/{alone}").status_code == 404
    assert rasa.open(f"/register/{first}/files/{both}").status_code == 404
    assert rasa.open(f"/register/{first + 1}/files/{both}").status_code == 200
    assert [what for _where, what in problems(stores) if what.startswith("file")] == []
    rasa.open("/")
    again = send(rasa, "/files", {"csrf_token": rasa.token()}, (pictures.PDF, "new.pdf"))
    assert "new.pdf" in again.text


def test_a_removal_that_was_broken_off_is_ended_later(rasa: Person, stores: Stores, kept: Attachments) -> None:
    record(rasa, (pictures.PDF, NAME))
    kept.note_uses()
    (recorded,) = stores.chronicle.at([last(stores)]).values()
    assert recorded.sealed_by
    stores.chronicle.vault.erase(recorded.sealed_by, "told")  # and then the power failed
    assert kept.files.names()
    assert kept.words_removed([last(stores)]) == 1
    assert kept.words_removed([last(stores)]) == 0
    assert kept.files.names() == []


def erase_words_of(stores: Stores, position: int) -> None:
    (recorded,) = stores.chronicle.at([position]).values()
    removed: dict[tuple[UUID, int], WordsRemoved] = {}
    removed[recorded.originator_id, recorded.originator_version] = WordsRemoved(  # as its page records it
        originator_id=recorded.originator_id,
        originator_version=recorded.originator_version + 1,
        occurred=recorded.entry.occurred,
        recorded_by=recorded.entry.recorded_by,
        command_id=uuid4(),
        of=recorded.originator_version,
        reason="personal_data",
    )
    stores.chronicle.record(*removed.values())
    engine.keep_up(stores.chronicle, stores.reading)
    removal_traces.erase(stores, removed)


def test_a_full_disk_is_said_and_the_form_kept(
    rasa: Person, stores: Stores, kept: Attachments, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("domain.chronicle.files.os.fsync", full)
        _, answer = record(rasa, (pictures.PDF, NAME), note="what I typed")
    assert answer.status_code == 422
    assert "There is no room left on the server" in answer.text
    assert "what I typed" in answer.text
    assert list(kept.files.folder.iterdir()) == []
    assert last(stores) == 0


def test_uses_are_read_once_and_wait_for_what_cannot_be_opened(
    rasa: Person, stores: Stores, kept: Attachments, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(rasa, (pictures.PDF, NAME))
    with monkeypatch.context() as broken:
        broken.setattr(files_kept, "before_the_first_broken", lambda _found: [])
        age(stores, 1)
        assert kept.note_uses() is False
        assert kept.purge() == 0
    assert kept.note_uses() is True
    assert kept.note_uses() is True
    assert kept.purge() == 0
    assert len(kept.files.names()) == 1


def test_files_of_the_largest_size_are_never_whole_in_memory(
    rasa: Person, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    put = Files.put

    def watched(self: Files, key: Key, content: Callable[[], Iterable[bytes]]) -> Stored:
        seen.extend(len(portion) for portion in content())
        return put(self, key, content)

    monkeypatch.setattr(Files, "put", watched)
    large = b"a line of text\n" * (25 * 1024 * 1024 // 15)
    _, answer = record(rasa, (large, "large.txt"))
    assert answer.status_code == 303
    assert max(seen) <= 64 * 1024
    (name,) = sha256s(stores)
    had = rasa.client.get(f"/register/{last(stores)}/files/{name}")
    assert sum(map(len, had.response)) == len(large)
    had.close()


def test_a_table_of_files_that_is_gone_is_a_problem_and_no_end(rasa: Person, stores: Stores) -> None:
    record(rasa, (pictures.PDF, NAME))
    with stores.accounts.begin() as connection:
        connection.execute(text("DROP TABLE attachment"))
    assert problems(stores) == [("files", "cannot be read")]
