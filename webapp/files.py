"""Files of a source: brought with a form, named on the page of their entry, handed out to who may see it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import IO, Any
from uuid import UUID

import msgspec
from flask import Blueprint, Flask, abort, current_app, make_response, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from domain.chronicle.files import FilesUnavailable, is_name
from domain.entry import Entry
from domain.refused import Refused
from projections import timeline
from webapp import who
from webapp.at_moment import known, reading
from webapp.entry_lines import recorded_at
from webapp.files_kept import STORED, UNRECORDED, Attachment, Attachments, attachments
from webapp.pages import message
from webapp.refusals import sentence
from webapp.sight import sight
from webapp.troubles import Trouble
from webapp.unfinished_files import UnfinishedFiles

UPLOAD = "source_upload"
IN_PORTIONS, CALLED = "uploaded", "uploaded_as"
LOOKS = {"log": "campaigns/_log_files_alone.html"}
MOST_FILES = 20

blueprint = Blueprint("files", __name__)


class ShownFile(msgspec.Struct, frozen=True, kw_only=True):
    """`problem` says why it cannot be had; `address` is empty until its entry is recorded."""

    sha256: str
    name: str
    size: int = 0
    address: str = ""
    problem: str = ""


class Taken(msgspec.Struct, frozen=True):
    """The files of a form that was sent: what is stored, and what is wrong with the others."""

    shown: list[ShownFile]
    error: str = ""

    @property
    def sha256s(self) -> tuple[str, ...]:
        return tuple(file.sha256 for file in self.shown if not file.problem)


def kept() -> Attachments:
    return attachments(who.stores())


def taken() -> Taken:
    """Of this request's form: those that were stored before and are still ticked, and those that come with it."""
    names, wrong = stored_names(), list[str]()
    for stream, called in _brought():
        try:
            names.append(_keep(stream, called))
        except Refused as refused:
            wrong.append(sentence(refused))
    names = list(dict.fromkeys(names))
    if len(names) > MOST_FILES:
        wrong.append(gettext("A source has at most %(most)s files.", most=MOST_FILES))
    kept().hold(names, UNRECORDED)
    return Taken(shown(names[:MOST_FILES]), " ".join(wrong))


def _brought() -> Iterator[tuple[IO[bytes], str]]:
    """What comes with this form, and what came before it in portions; each with what it is called."""
    yield from ((upload.stream, upload.filename) for upload in request.files.getlist(UPLOAD) if upload.filename)
    for id, called in zip(request.form.getlist(IN_PORTIONS, UUID), request.form.getlist(CALLED), strict=False):
        with unfinished().finished(_account_id(), id) as stream:
            yield stream, called


def stored_names() -> list[str]:
    return [name for name in request.form.getlist(STORED) if is_name(name)]


def _keep(stream: Any, called: str) -> str:
    try:
        return kept().keep(_account_id(), stream, called)
    except FilesUnavailable as unavailable:
        code = "attachment.no_room" if unavailable.reason == "full" else "attachment.not_stored"
        raise Refused(code) from unavailable


def _account_id() -> UUID:
    return (who.account() or abort(404)).id


def unfinished() -> UnfinishedFiles:
    return UnfinishedFiles(kept().files.folder, str(current_app.secret_key))


def shown(names: Sequence[str]) -> list[ShownFile]:
    """For the field of a form; what was purged meanwhile is said."""
    found = kept().find(names)
    return [as_shown(name, found.get(name)) for name in names]


def as_shown(name: str, file: Attachment | None, address: str = "", problem: str = "") -> ShownFile:
    if file is None:
        return ShownFile(sha256=name, name=gettext("a file"), problem=problem or gettext("not kept any more"))
    return ShownFile(sha256=name, name=file.label.name, size=file.size, address=address, problem=problem)


def of_entry(position: int, entry: Entry) -> list[ShownFile]:
    """For the page of an entry: each file is looked at, whether it is as it was stored."""
    names = entry.source.files if entry.source else ()
    found = kept().find(names)
    return [_looked_at(position, name, found.get(name)) for name in names]


def _looked_at(position: int, name: str, file: Attachment | None) -> ShownFile:
    said = {
        "missing": gettext("the file is missing; tell who runs this installation"),
        "altered": gettext("the file was altered or is damaged; tell who runs this installation"),
        "sound": "",
    }
    problem = said[kept().files.state(name)] if file and is_name(name) else said["missing"]
    address = "" if problem else url_for("files.download", position=position, name=name)
    return as_shown(name, file, address, problem)


@blueprint.post("/files")
def keep() -> Response:
    """While a form is filled in: the field comes back with what was stored."""
    found = taken()
    field = LOOKS.get(request.form.get("look", ""), "files/_field_alone.html")
    return make_response(render_template(field, shown=found.shown, error=found.error), 422 if found.error else 200)


@blueprint.get("/files/<uuid:id>")
def arrived(id: UUID) -> Response:
    """How much of a file that comes in portions is here: there it goes on."""
    return _told(unfinished().received(_account_id(), id))


@blueprint.put("/files/<uuid:id>")
def bring(id: UUID) -> Response:
    """One portion. What does not begin where the last one ended is not taken; the answer says where to go on."""
    return _told(unfinished().add(_account_id(), id, request.args.get("offset", -1, int), request.get_data()))


def _told(received: int) -> Response:
    answer = make_response("", 204)
    answer.headers["Upload-Offset"] = str(received)
    return answer


@blueprint.get("/register/<int:position>/files/<name>")
def download(position: int, name: str) -> Response:
    """To who may see the entry, as something to be saved and not to be opened here."""
    with reading() as connection:
        if position >= 2**62 or position not in timeline.lines_at(connection, [position], known(), sight=sight()):
            abort(404)
    entry = recorded_at([position])[position].entry
    if entry.source is None or name not in entry.source.files:
        abort(404)
    file = kept().find([name]).get(name)
    looked = _looked_at(position, name, file)
    if file is None or looked.problem:
        title = gettext("This file cannot be had")
        return message("errors/error.html", 404, trouble=Trouble(title, f"{looked.name}: {looked.problem}."))
    content = Reader(kept().files.content(file.key, name))
    return send_file(
        io.BufferedReader(content),
        mimetype=file.label.mimetype,
        as_attachment=True,
        download_name=file.label.name,
        conditional=False,
        etag=False,
    )


class Reader(io.RawIOBase):
    """Portions as a file that can be read."""

    def __init__(self, portions: Iterator[bytes]) -> None:
        self._portions, self._held = portions, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._held = self._held or next(self._portions, b"")
        given = self._held[: len(into)]
        into[: len(given)] = given
        self._held = self._held[len(given) :]
        return len(given)


def file_size(size: int) -> str:
    """As people read it."""
    if size < 1024 * 1024:
        return str(gettext("%(number)s KB", number=max(1, round(size / 1024))))
    return str(gettext("%(number)s MB", number=round(size / 1024**2)))


def init_app(app: Flask) -> None:
    app.jinja_env.filters["file_size"] = file_size
