"""How an action is typed: the fields of its form, what they say, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, get_args
from uuid import UUID, uuid4, uuid5

import msgspec
from flask_babel import gettext
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from domain import texts
from domain.action import ActionKind, ActionLogged, WebPage
from domain.campaign_entries import Response
from domain.confidentiality import LEVELS
from domain.dates import PartialDate, parse
from domain.entry import Source, Told
from domain.refused import Refused, quoted
from domain.typed_dates import read
from webapp import named_organisations
from webapp.change_forms import number_of, uuid_of
from webapp.dates import show_day
from webapp.entry_forms import Errors, link
from webapp.files import ShownFile
from webapp.languages import shown_language
from webapp.named_organisations import Candidate
from webapp.refusals import sentence
from webapp.schemas import Day, TypedSchema, Written, one_of
from webapp.sent_forms import UNREADABLE

KINDS: tuple[str, ...] = get_args(ActionKind)
RESPONSES: tuple[str, ...] = get_args(Response)
USUAL = ("meeting", "letter", "statement", "media", "training", "demonstration")
APPROACHED = "approached"  # a decision-maker to whom it was addressed, and no response is known
RESPONSE, LINK = "response_", re.compile(r"link_\d{1,2}")
MOST_LINKS = 20
NUMBER = re.compile(r"[+-]?[0-9]{1,12}")
GROUPED = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3})")  # 1 200
REMEMBERED = ("kind", "place", "by", "campaign")


class Wrong(Exception):
    """`errors`: field -> the sentence that says what is wrong with it."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


class Said(msgspec.Struct, frozen=True):
    """What a form says: parts of Told, the fields of the action, and who responded how to it."""

    parts: dict[str, Any]
    fields: dict[str, Any]
    responses: dict[UUID, str]

    @property
    def occurred(self) -> PartialDate:
        found: PartialDate = self.parts["occurred"]
        return found

    def told(self, recorded_by: UUID, command_id: UUID) -> Told:
        return Told(recorded_by=recorded_by, command_id=command_id, **self.parts)

    def is_told_by(self, recorded: ActionLogged, responses: Mapping[UUID, str]) -> bool:
        """True when the action, with the responses recorded beside it, says the same."""
        said = {**self.parts, **self.fields}
        return responses == self.responses and all(getattr(recorded, name) == said[name] for name in said)


class ActionForm(msgspec.Struct, kw_only=True):
    """The form as it stands: what was typed, what is wrong with it. `despite`: an entry that says the same already."""

    command_id: UUID = msgspec.field(default_factory=uuid4)
    typed: MultiDict[str, str]
    errors: Errors = {}
    files: tuple[ShownFile, ...] = ()
    despite: int | None = None
    candidates: Sequence[Candidate] = ()  # of whom the typed name may speak

    def value(self, name: str) -> str:
        return self.typed.get(name, "")

    def number(self, n: int) -> UUID:
        """The command of entry `n` of this form; 0 is the action."""
        return uuid5(self.command_id, str(n))

    @property
    def by(self) -> list[str]:
        return self.typed.getlist("by")

    @property
    def organisations(self) -> tuple[UUID, ...]:
        return tuple(id for text in self.by if (id := uuid_of(text)))

    @property
    def links(self) -> list[str]:
        """The fields of as many links as were typed, and one more."""
        filled = [int(name[5:]) for name, text in self.typed.items() if LINK.fullmatch(name) and text.strip()]
        return [f"link_{n}" for n in range(1, min(max(filled, default=0) + 1, MOST_LINKS) + 1)]

    @property
    def opens_more(self) -> bool:
        """True when something in there was typed or is wrong, beyond what it remembers."""
        folded = ("participants", "women", "youth", "media", "note", "by_other", "confidentiality", "link_1")
        names = (*folded, *(name for name in self.typed if name.startswith(RESPONSE)))
        return any(self.value(name) for name in names) or bool(self.errors.keys() - {"title", "occurred", "kind", ""})


def blank(today: date, **typed: str | Sequence[str]) -> ActionForm:
    """Dated today, whenever it is sent."""
    given = {"kind": USUAL[0], "occurred": show_day(today, shown_language()), **typed}
    return ActionForm(typed=MultiDict({name: [v] if isinstance(v, str) else [*v] for name, v in given.items()}))


def sent(form: MultiDict[str, str]) -> ActionForm:
    wrong = {
        name: gettext("This contains signs that cannot be read. Type it again.")
        for name, text in form.items(multi=True)
        if UNREADABLE in text
    }
    return ActionForm(
        command_id=uuid_of(form.get("command_id", "")) or uuid4(),
        typed=MultiDict(form),
        errors=wrong,
        despite=number_of(form.get("despite", "")),
    )


def again(form: ActionForm, said_today: date) -> ActionForm:
    """Another like it: its kind, place and organisations."""
    kept = {name: form.typed.getlist(name) for name in REMEMBERED if form.typed.getlist(name)}
    return blank(said_today, **kept)


# What it says


def said_by(form: ActionForm, today: date, named: Sequence[UUID]) -> Said:
    """Raises Wrong with everything that is wrong. `named`: the decision-makers of the campaign."""
    errors, loaded = dict(form.errors), {}
    schema = ActionSchema(lambda text: read(text, shown_language(), today))
    try:
        loaded = schema.load({name: form.typed[name] for name in schema.fields if name in form.typed})
    except ValidationError as error:
        messages: Mapping[str, Sequence[Refused]] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow leaves it untyped
        errors |= {name: sentence(no) for name, (no, *_) in messages.items()}
    by = _asked(errors, "by", lambda: organisations(form))
    pages = [page for name in form.links for page in _asked(errors, name, partial(web_pages, form, name, today))]
    responses = _asked(errors, "responses", lambda: responded(form, named))
    if errors:
        raise Wrong(errors)
    files = tuple(file.sha256 for file in form.files if not file.problem)
    source = Source(files=files) if files else None
    own = {name: loaded.get(name, default) for name, default in EMPTY.items()}
    own |= {"by": tuple(by), "decision_makers": tuple(responses), "evidence": tuple(pages)}
    parts = {"occurred": loaded["occurred"], "note": loaded.get("note", ""), "source": source}
    return Said(parts, own, {id: code for id, code in responses.items() if code != APPROACHED})


def _asked(errors: Errors, field: str, ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except Refused as refused:
        errors[field] = sentence(refused)
        return ()


def dated(form: ActionForm, today: date) -> PartialDate | None:
    """As it is read so far."""
    text = form.value("occurred").strip()
    return read(text, shown_language(), today) if text else None


def organisations(form: ActionForm) -> list[UUID]:
    """Those that are ticked, and the one whose name was typed."""
    ticked = [*form.organisations]
    name = form.value("by_other").strip()
    if name:
        found = named_organisations.found_by(texts.name(name, "by_other"))
        if not found.is_clear:
            form.candidates = found.candidates
            code = "action.which_organisation" if found.candidates else "action.no_such_organisation"
            if not {one.id for one in found.candidates} & set(ticked):
                raise Refused(code, name=quoted(name), field="by")
        else:
            ticked.append(found.exact[0])
    return list(dict.fromkeys(ticked))


def web_pages(form: ActionForm, name: str, today: date) -> list[WebPage]:
    number = name.removeprefix("link_")
    address, title = form.value(name).strip(), form.value(f"link_title_{number}").strip()
    accessed = form.value(f"link_accessed_{number}").strip()
    if not address:
        if title:
            raise Refused("text.no_link")
        return []
    on = read(accessed, shown_language(), today) if accessed else parse(today.isoformat(), today)
    return [WebPage(" ".join(texts.note(title, name).split()), link(address), on)]


def responded(form: ActionForm, named: Iterable[UUID]) -> dict[UUID, str]:
    """To whom it was addressed, and what is known of the response."""
    found = {id: form.value(f"{RESPONSE}{id}") for id in named}
    for code in filter(None, found.values()):
        one_of("response", (APPROACHED, *RESPONSES))(code)
    return {id: code for id, code in found.items() if code}


def people(field: str) -> Callable[[str], int]:
    def counted(text: str) -> int:
        if not NUMBER.fullmatch(plain := GROUPED.sub("", text)):
            raise Refused("row.no_number", text=quoted(text), field=field)
        return int(plain)

    return counted


def line(field: str) -> Callable[[str], str]:
    return lambda text: " ".join(texts.note(text, field).split())


def _needed(code: str, field: str) -> dict[str, Any]:
    return {"required": True, "error_messages": {"required": [Refused(code, column=field, event="")]}}


class ActionSchema(TypedSchema):
    kind = Written(one_of("kind", KINDS), **_needed("text.missing", "kind"))
    title = Written(lambda text: texts.name(text, "title"), **_needed("text.missing", "title"))
    occurred = Day(**_needed("date.missing", "occurred"))
    place = Written(lambda text: texts.name(text, "place"))
    participants = Written(people("participants"))
    women = Written(people("women"))
    youth = Written(people("youth"))
    media = Written(line("media"))
    note = Written(lambda text: texts.note(text, "note"))
    confidentiality = Written(one_of("confidentiality", LEVELS))


EMPTY: dict[str, Any] = {
    "kind": "", "title": "", "place": "", "participants": None, "women": None, "youth": None, "media": "",
    "confidentiality": "",
}  # fmt: skip
