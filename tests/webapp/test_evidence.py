"""Do files of actions arrive however often they are cut off, small and without their place? Is harm to them seen?"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from domain.refused import Refused
from tests.webapp import pictures
from tests.webapp.campaigns import Planned, log_form, logged, planned
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.commands.verifying import everything
from webapp.file_kinds import LARGEST_FILE
from webapp.files_kept import Attachments, attachments
from webapp.stores import Stores
from webapp.unfinished_files import LARGEST_PORTION, UnfinishedFiles

SOMEBODY, SOMEBODY_ELSE = UUID(int=1), UUID(int=2)


@pytest.fixture
def campaign(stores: Stores) -> Planned:
    return planned(stores)


@pytest.fixture
def lead(signed_in: Callable[..., Person], campaign: Planned) -> Person:  # it is there when the page is opened
    return signed_in("lead")


@pytest.fixture
def kept(stores: Stores) -> Attachments:
    return attachments(stores)


def photograph(width: int = 3000, height: int = 1000, form: str = "JPEG", turned: int = 1) -> bytes:
    content, exif = BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010F] = turned, "54.6872N 25.2797E"
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(content, form, exif=exif)
    return content.getvalue()


def bring(person: Person, id: UUID, content: bytes, portion: int = 1000) -> None:
    token = {"X-CSRFToken": person.token()}
    for offset in range(0, len(content), portion):
        part = content[offset : offset + portion]
        answer = person.client.put(f"/files/{id}?offset={offset}", data=part, headers=token)
        assert answer.headers["Upload-Offset"] == str(offset + len(part))


def log(person: Person, campaign: Planned, **fields: object) -> TestResponse:
    form = {**log_form(person.open(f"/campaigns/{campaign.id}").text), "title": "With evidence", "kind": "letter"}
    said = {**form, "occurred": "3 May 2019", **fields}
    return person.send(f"/campaigns/{campaign.id}/actions", said, headers={"HX-Request": "true"})  # type: ignore[arg-type]  # lists too


def files_of(stores: Stores) -> tuple[str, ...]:
    source = logged(stores)[-1].source
    return source.files if source else ()


def content_of(kept: Attachments, name: str) -> bytes:
    return b"".join(kept.files.content(kept.find([name])[name].key, name))


def test_what_arrived_in_portions_is_evidence_of_the_action(
    lead: Person, campaign: Planned, stores: Stores, kept: Attachments
) -> None:
    id, content = uuid4(), pictures.PDF + b"x" * 5_000
    bring(lead, id, content)
    answer = log(lead, campaign, uploaded=str(id), uploaded_as="../../etc/Report.pdf")
    assert answer.status_code == 200
    (name,) = files_of(stores)
    assert content_of(kept, name) == content
    assert kept.find([name])[name].label.name == "Report.pdf"
    assert not [path for path in kept.files.folder.iterdir() if path.name.endswith(".unfinished")]


def test_what_was_cut_off_goes_on_where_it_stopped(lead: Person) -> None:
    id, token = uuid4(), {"X-CSRFToken": lead.token()}
    bring(lead, id, b"x" * 2_500)
    assert lead.client.get(f"/files/{id}").headers["Upload-Offset"] == "2500"
    for wrong in ("0", "2400", "9000", "", "-1"):
        answer = lead.client.put(f"/files/{id}?offset={wrong}", data=b"y" * 100, headers=token)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "2500")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_else_goes_on_with_it_or_has_it(
    lead: Person, signed_in: Callable[..., Person], campaign: Planned, stores: Stores
) -> None:
    id = uuid4()
    bring(lead, id, pictures.PDF)
    other = signed_in("secretariat")
    assert other.client.get(f"/files/{id}").headers["Upload-Offset"] == "0"
    assert log(other, campaign, uploaded=str(id), uploaded_as="a.pdf").status_code == 422
    assert logged(stores) == []
    assert signed_in("viewer").client.get(f"/files/{id}").status_code == 404


def test_a_portion_that_was_half_written_comes_again(kept: Attachments) -> None:
    unfinished, id = UnfinishedFiles(kept.files.folder, "secret"), uuid4()
    assert unfinished.add(SOMEBODY, id, 0, b"first") == 5
    assert unfinished.add(SOMEBODY, id, 5, b"second") == 11
    (path,) = kept.files.folder.iterdir()
    assert b"first" not in path.read_bytes()
    path.write_bytes(path.read_bytes()[:-3])
    assert unfinished.received(SOMEBODY, id) == 5
    assert unfinished.add(SOMEBODY, id, 5, b"second") == 11
    with unfinished.finished(SOMEBODY, id) as file:
        assert file.read() == b"firstsecond"
    assert unfinished.received(SOMEBODY, id) == unfinished.received(SOMEBODY_ELSE, id) == 0


def test_a_file_that_grows_too_large_is_let_go(kept: Attachments) -> None:
    unfinished, id = UnfinishedFiles(kept.files.folder, "secret"), uuid4()
    assert unfinished.add(SOMEBODY, id, 0, b"x" * (LARGEST_PORTION + 1)) == 0
    offset = 0
    while offset < LARGEST_FILE:
        offset = unfinished.add(SOMEBODY, id, offset, bytes(LARGEST_PORTION))
    with pytest.raises(Refused, match="too_large"):
        unfinished.add(SOMEBODY, id, offset, b"x")
    assert list(kept.files.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (photograph(), (2048, 683)),
        (photograph(turned=6), (683, 2048)),
        (photograph(form="WEBP"), (2048, 683)),
        (photograph(2000, 1000), (2000, 1000)),
        (photograph(3000, 1000, "PNG"), (3000, 1000)),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_photograph_is_made_smaller_and_forgets_where_it_was_taken(
    kept: Attachments, content: bytes, size: tuple[int, int]
) -> None:
    name = kept.keep(SOMEBODY, BytesIO(content), "IMG.jpg")
    stored = content_of(kept, name)
    assert Image.open(BytesIO(stored)).size == size
    assert b"54.6872N" not in stored
    assert kept.keep(SOMEBODY, BytesIO(content), "IMG.jpg") == name
    assert kept.keep(SOMEBODY, BytesIO(stored), "downloaded.jpg") == name


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_photograph_that_breaks_off_is_kept_as_it_is_or_refused_but_never_an_error(kept: Attachments) -> None:
    content = photograph()
    with pytest.raises(Refused, match=r"attachment\.damaged"):
        kept.keep(SOMEBODY, BytesIO(content[: len(content) // 2]), "IMG.jpg")
    assert kept.keep(SOMEBODY, BytesIO(pictures.jpeg(5000, 3000)), "IMG.jpg")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pictures.ARCHIVE, "this kind of file is not taken"),
        (pictures.jpeg(60_000, 60_000), "too many pixels"),
        (b"", "is empty"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bombs_are_refused_and_what_was_typed_stays(
    lead: Person, campaign: Planned, stores: Stores, content: bytes, said: str
) -> None:
    id = uuid4()
    bring(lead, id, content)
    answer = log(lead, campaign, uploaded=str(id), uploaded_as="harmless.jpg")
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert 'value="With evidence"' in answer.text
    assert logged(stores) == []


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_harm_to_evidence_is_reported_with_its_entry_and_mended_by_bringing_it_again(
    lead: Person, campaign: Planned, stores: Stores, kept: Attachments, harm: str
) -> None:
    content = photograph()
    first = uuid4()
    bring(lead, first, content, 100_000)
    log(lead, campaign, uploaded=str(first), uploaded_as="IMG.jpg")
    position = stores.chronicle.last_position()
    (name,) = files_of(stores)
    path, sound = kept.files.path(name), kept.files.path(name).read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(sound[:100] + bytes([sound[100] ^ 1]) + sound[101:])
    problems = [(found.where, found.what) for found in everything(stores, position, lambda *_: None)]
    assert problems == [(f"entry {position}", f"file_{harm}")]
    said = {"altered": "the file was altered or is damaged", "missing": "the file is missing"}[harm]
    assert said in words(lead.open(f"/register/{position}").text)
    second = uuid4()
    bring(lead, second, content, 100_000)
    lead.send("/files", {"look": "log", "uploaded": str(second), "uploaded_as": "again.jpg"})
    assert path.read_bytes() == sound
    assert list(everything(stores, position, lambda *_: None)) == []
