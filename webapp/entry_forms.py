"""A form for an entry of any kind: its fields as they are shown, an entry as it would have been typed, how it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import gettext
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from domain import texts
from domain.action import WebPage
from domain.dates import PartialDate, parse
from domain.entry import Decision, Entry, Source, Told, Variant
from domain.history import holding
from domain.organisation import ContactAdded
from domain.refused import Refused, quoted
from domain.typed_dates import read
from webapp import named_organisations, offers, web_pages
from webapp.at_moment import reading
from webapp.contacts import HOW_TO_REACH
from webapp.dates import show_date
from webapp.earlier_entries import SPOKEN_OF
from webapp.entry_field import Field
from webapp.entry_fields import ONLY_KNOWN, REPEATED, fields_of, filled
from webapp.files import ShownFile
from webapp.languages import shown_language
from webapp.named_organisations import Candidate, Meant
from webapp.names import Names
from webapp.parts import LINKS, read_list
from webapp.planned_histories import OF_DATES, OF_NAMES
from webapp.refusals import sentence
from webapp.schemas import Day, EndDay, TypedSchema, Written, one_of, scope
from webapp.sentences import Sentences

Typed = Mapping[str, str]
Errors = dict[str, str]  # field -> the sentence that says what is wrong; "" is the form as a whole
OF_SEVERAL = ("source", "decision")
OF_UMBRELLAS = ("coalition.umbrella_already_joined", "coalition.umbrella_not_joined", "coalition.umbrella_circle")
FOLDED = ("decided", "decision", "source", "note")
YES, NO = "yes", "no"
LONGEST_NUMBER = 10
USUAL_DATE = "XXXX"  # of a registration


class EntryForm(msgspec.Struct, kw_only=True):
    """What `_entry_fields.html` shows. `registers`: an organisation that is not known may be one to register."""

    kind: type[Entry]
    typed: dict[str, str] = {}
    errors: Errors = {}
    registers: bool = False
    history: tuple[Entry, ...] = ()  # to which it belongs: an entry may speak of an earlier one
    files: tuple[ShownFile, ...] = ()  # of the source
    extra: tuple[Field, ...] = ()  # that the page reads itself, above the others
    takes_focus: str = ""  # the field in which the person begins
    is_unfolded: bool = False

    def value(self, name: str) -> str:
        return self.typed.get(name, "")

    @property
    def fields(self) -> list[Field]:
        of_kind = fields_of(self.kind, self.typed)
        shown = [f for f in of_kind if not f.seldom or self.value(f.name) or f.name in self.errors]
        before, after = ([f for f in self.extra if f.trails is trails] for trails in (False, True))
        return [*before, *shown, *after]

    @property
    def front(self) -> list[Field]:
        return [field for field in self.fields if not is_folded(field)]

    @property
    def folded(self) -> list[Field]:
        return [field for field in self.fields if is_folded(field)]

    @property
    def opens_folded(self) -> bool:
        """True when something in there was typed or is wrong."""
        is_filled = any(self.value(field.name) or field.name in self.errors for field in self.folded)
        return self.is_unfolded or is_filled or bool(self.files) or "source_files" in self.errors

    @property
    def names_organisations(self) -> bool:
        return any(field.input in ("organisation", "fresh") for field in self.fields)

    @property
    def known_names(self) -> list[str]:
        return named_organisations.known_names()

    def choices(self, field: Field) -> Sequence[tuple[str, str]]:
        if field.input == "offered":
            return offers.among(field.of, self.history, self.value(field.name))
        if field.input != "entry":
            return field.choices
        with reading() as connection:
            sentences = Sentences(Names(connection), lambda _: self.history, linked=False)
            spoken_of = SPOKEN_OF[self.kind](holding(self.history))
            return [
                (str(e.originator_version), f"{show_date(e.occurred, shown_language())}: {sentences.plain(e)}")
                for e in spoken_of
            ]

    def offered(self, field: Field) -> Sequence[Candidate] | None:
        """The organisations among which there is to choose for this field."""
        if field.input == "fresh":
            return named_organisations.alike(self.value(field.name)) if self.registers else None
        return named_organisations.offered(self.value(field.name))

    @property
    def may_register(self) -> bool:
        return self.registers and self.kind not in ONLY_KNOWN


def is_folded(field: Field) -> bool:
    return field.folds or field.of in FOLDED


class Said(msgspec.Struct, frozen=True):
    """What a form says: parts of Told, the entry's own fields, and which organisations it registers."""

    kind: type[Entry]
    parts: dict[str, Any]
    fields: dict[str, Any]
    registers: tuple[Meant, ...] = ()

    @property
    def occurred(self) -> PartialDate:
        found: PartialDate = self.parts["occurred"]
        return found

    def told(self, recorded_by: UUID, command_id: UUID, variant: Variant = "preferred") -> Told:
        return Told(recorded_by=recorded_by, command_id=command_id, variant=variant, **self.parts)

    def is_told_by(self, recorded: Entry) -> bool:
        """True when this entry says the same, whoever recorded it."""
        told = msgspec.structs.asdict(self.told(recorded.recorded_by, recorded.command_id)) | self.fields
        own = (
            f for f in msgspec.structs.fields(recorded) if f.name in {field.of for field in fields_of(self.kind, {})}
        )
        return (
            self.kind is type(recorded)
            and all(getattr(recorded, name) == value for name, value in told.items())
            and all(getattr(recorded, f.name) == f.default for f in own if f.name not in told)
        )


def usual(kind: type[Entry]) -> dict[str, str]:
    """What stands in the fields before anybody typed."""
    return {field.name: field.usual for field in fields_of(kind, {}) if field.usual}


def typed_in(kind: type[Entry], form: MultiDict[str, str]) -> dict[str, str]:
    """What was typed into a form of this kind, as it was sent."""
    typed = dict(form.items())
    several = [field.name for field in fields_of(kind, typed) if field.input == "several" and field.name in form]
    return typed | {name: ";".join(form.getlist(name)) for name in several}


def typed_of(entry: Entry) -> dict[str, str]:
    """An entry as its form would have been typed; dates in the reader's words where these are read as the same."""
    typed: dict[str, str] = {}
    with reading() as connection:
        names = Names(connection)
        for field in fields_of(type(entry), filled(type(entry), entry)):
            value = value_of(entry, field)
            if value in (None, "", ()):
                continue
            if field.input == "organisation":
                typed |= {field.name: names.on(value), field.which: str(value)}
            else:
                typed[field.name] = written(value)
    return typed


def value_of(entry: Entry, field: Field) -> Any:
    """What the field would say of it: a part, where several fields make one value."""
    found = getattr(entry, field.of)
    if field.of in OF_SEVERAL:
        return getattr(found, field.name.removeprefix(f"{field.of}_")) if found else ""
    if field.of in REPEATED:
        n = int(field.name.removeprefix(f"{field.of}_"))
        return found[n - 1] if n <= len(found) else None
    return found


def written(value: Any) -> str:
    match value:
        case PartialDate():
            return date_as_typed(value)
        case str():
            return value
        case UUID():
            return str(value)
        case bool():
            return YES if value else NO
        case int():
            return str(value)
    if all(isinstance(part, WebPage) for part in value):
        return web_pages.written(value)
    return ("\n" if any(part.startswith(LINKS) for part in value) else ";").join(value)


def date_as_typed(partial: PartialDate) -> str:
    words = show_date(partial, shown_language())
    try:
        return words if read(words, shown_language(), date.max).text == partial.text else partial.text
    except Refused:
        return partial.text


def told_of(
    kind: type[Entry], typed: Typed, language: str, today: date, *, key: UUID | None = None, files: Iterable[str] = ()
) -> Said | Errors:
    """`key`: from which organisations that are not known yet get their ids; without it none is registered.
    `files`: SHA-256 of those that belong to the source."""
    fields = fields_of(kind, typed)
    schema = TypedSchema.with_fields(
        {field.name: reader(field) for field in fields}, lambda text: read(text, language, today)
    )
    try:
        loaded: dict[str, Any] = schema.load({f.name: typed[f.name] for f in fields if f.name in typed})
    except ValidationError as error:
        return {name: said(no) for name, (no, *_) in error.normalized_messages().items()}  # type: ignore[no-untyped-call]  # marshmallow leaves it untyped
    if kind is ContactAdded and not any(loaded.get(name) for name in HOW_TO_REACH):
        return {HOW_TO_REACH[0]: sentence(Refused("text.missing", column=HOW_TO_REACH[0], event=""))}
    organisations = {f.name: f for f in fields if f.input == "organisation" and f.name in loaded}
    allowed = key if kind not in ONLY_KNOWN else None
    meant = {
        name: named_organisations.meant(loaded[name], typed.get(field.which, ""), allowed)
        for name, field in organisations.items()
    }
    unclear = {name: gettext("Say which organisation it is.") for name, one in meant.items() if one is None}
    if unclear:
        return unclear
    known = {name: one for name, one in meant.items() if one}
    return Said(kind, told_parts(loaded, files), own_parts(fields, loaded, known), newcomers(known.values()))


def newcomers(meant: Iterable[Meant]) -> tuple[Meant, ...]:
    return tuple({one.id: one for one in meant if one.registers}.values())


def told_parts(loaded: Mapping[str, Any], files: Iterable[str]) -> dict[str, Any]:
    source = Source(loaded.get("source_title", ""), loaded.get("source_link", ""), tuple(files))
    decision = Decision(*(loaded.get(f"decision_{part}", "") for part in ("body", "minutes", "item")))
    return {
        "occurred": loaded.get("occurred") or parse(USUAL_DATE),
        "decided": loaded.get("decided"),
        "note": loaded.get("note", ""),
        "initiative": loaded.get("initiative"),
        "source": source if source != Source() else None,
        "decision": decision if decision != Decision() else None,
    }


def own_parts(fields: Sequence[Field], loaded: Mapping[str, Any], meant: Mapping[str, Meant]) -> dict[str, Any]:
    own = {f.of: meant[f.name].id if f.name in meant else loaded[f.name] for f in fields if f.name in loaded}
    own = {of: value for of, value in own.items() if of not in Told.__struct_fields__}
    together = {of: tuple(meant[f.name].id for f in fields if f.of == of and f.name in meant) for of in REPEATED}
    return own | {of: ids for of, ids in together.items() if of in own}


def reader(field: Field) -> Written:
    of_input: dict[str, Callable[[str], Any]] = {
        "name": lambda text: texts.name(text, field.name),
        "fresh": lambda text: texts.name(text, field.name),
        "organisation": lambda text: texts.name(text, field.name),
        "words": lambda text: " ".join(texts.note(text, field.name).split()),
        "lines": lambda text: texts.note(text, field.name),
        "link": link,
        "links": lambda text: tuple(link(line) for line in text.splitlines() if line.strip()),
        "choice": one_of(field.name, tuple(code for code, _ in field.choices)),
        "picks": one_of(field.name, field.codes),
        "several": scope if field.of == "scope" else several(field),
        "offered": chosen_id,
        "tags": tags(field),
        "pages": web_pages.read_all,
        "number": number,
        "amount": lambda text: texts.name(text, field.name).replace(",", "."),
    }
    settings = {} if field.optional or field.input == "choice" else {"required": True, "error_messages": missing(field)}
    if field.input == "entry":
        return Written(whole_number, **settings)
    if field.of == "stays_effect":
        return Written(lambda text: one_of(field.name, field.codes)(text) == YES, **settings)
    if field.input in ("date", "end"):
        return (EndDay if field.input == "end" else Day)(**settings)
    return Written(of_input[field.input], **settings)


def several(field: Field) -> Callable[[str], tuple[str, ...]]:
    """Of those that may be chosen; in one order, so that the same ones are the same."""
    one = one_of(field.name, field.codes)

    def read(text: str) -> tuple[str, ...]:
        chosen = {one(part) for part in read_list(text)}
        return tuple(code for code in field.codes if code in chosen)

    return read


def tags(field: Field) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        parts = [part for part in re.split(r"[,;\n]", text) if part.strip()]
        return tuple(dict.fromkeys(texts.name(part, field.name) for part in parts))

    return read


def chosen_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("entry.not_there", of=quoted(text)) from error


def missing(field: Field) -> dict[str, Any]:
    code = {"date": "date.missing", "picks": "row.missing", "several": "row.missing"}.get(field.input, "text.missing")
    return {"required": [Refused(code, column=field.name, event="")]}


def whole_number(text: str) -> int:
    if not is_number(text):
        raise Refused("entry.not_there", of=quoted(text))
    return int(text)


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER


def number(text: str) -> int:
    if not is_number(text):
        raise Refused("row.no_number", text=quoted(text))
    return int(text)


def link(text: str) -> str:
    found = texts.note(text, "link")
    if not found.startswith(LINKS) or len(found.split()) != 1:
        raise Refused("text.no_link")
    return found


def said(refused: Refused) -> str:
    return gettext("Choose at least one.") if refused.code == "row.missing" else sentence(refused)


def field_of(kind: type[Entry], refused: Refused) -> str:
    """The field to look at first; empty where it is the entry as a whole."""
    wrong = refused.details.get("field") or refused.details.get("column")
    fields = fields_of(kind, {})
    for field in fields:
        if wrong and wrong in (field.name, field.of):
            return field.name
    if refused.code in (*OF_NAMES, *OF_UMBRELLAS):
        return next((field.name for field in fields if field.input == "organisation" or field.of == "called"), "")
    is_of_dates = refused.code in OF_DATES or refused.code.startswith("coalition.")
    return "occurred" if is_of_dates else ""
