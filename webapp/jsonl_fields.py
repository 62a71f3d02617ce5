"""What a line written by hand tells of a campaign, an action, a programme or a project: keys, read by their types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin
from uuid import UUID

import msgspec

from domain import texts
from domain.across import NAMED, WORK
from domain.action import ActionLogged, WebPage
from domain.campaign_entries import (
    CampaignEntry,
    CampaignPlanned,
    CampaignRetitled,
    GoalSet,
    OutcomeRecorded,
    PromiseMade,
    PromiseUpdated,
)
from domain.dates import PartialDate, parse
from domain.entry import Decision, Entry, Initiative, Source, Variant
from domain.kinds import OF_CAMPAIGNS
from domain.programme import ENTRIES as OF_PROGRAMMES
from domain.programme import ProgrammeEntry, ProgrammeOpened
from domain.project import ENTRIES as OF_PROJECTS
from domain.project import IndicatorReached, IndicatorSet, ProjectOpened
from domain.refused import Refused, quoted
from webapp import parts
from webapp.jsonl_lines import Line
from webapp.parts import LINKS
from webapp.schemas import DateReader, one_of

KINDS: dict[str, type[Entry]] = {kind.stored_name(): kind for kind in (*OF_CAMPAIGNS, *OF_PROGRAMMES, *OF_PROJECTS)}
BEGIN: tuple[type[Entry], ...] = (ProgrammeOpened, CampaignPlanned, ProjectOpened)  # titled, and named by their title
SPEAKS_OF: dict[type[Entry], str] = {PromiseUpdated: "promise", IndicatorReached: "indicator"}  # the key of `of`
NEEDED: dict[type[Entry], tuple[str, ...]] = {
    ActionLogged: ("title",),
    CampaignRetitled: ("title",),
    GoalSet: ("statement",),
    PromiseMade: ("promise",),
    OutcomeRecorded: ("change",),
    IndicatorSet: ("measure",),
}  # words without which it says nothing
SHARED = ("date", "event", "decided", "note", "source", "variant", "initiative", "decision")


class Called(NamedTuple):
    """An organisation by any of its names, or its id."""

    name: str


class Work(NamedTuple):
    """A campaign, a programme, a project or an action by its title or id; a promise or an indicator by its words."""

    kind: str
    text: str


class Key(NamedTuple):
    """A key of a line: the entry's field, and what reads its value."""

    field: str
    read: Callable[[Any], Any]
    needed: bool = False


class Said(NamedTuple):
    """What a line says; organisations and works are still names."""

    number: int
    kind: type[Entry]
    subject: str  # title or id of its campaign, programme or project
    shared: Mapping[str, Any]  # what every entry says
    fields: Mapping[str, Any]

    @property
    def of(self) -> str:
        return subject_of(self.kind)


class Wrong(Exception):
    """Key by key."""

    def __init__(self, found: list[tuple[str, Refused]]) -> None:
        super().__init__(found)
        self.found = found


def subject_of(kind: type[Entry]) -> str:
    """The key that names what an entry is about."""
    if issubclass(kind, CampaignEntry):
        return "campaign"
    return "programme" if issubclass(kind, ProgrammeEntry) else "project"


def read_line(line: Line, reads: DateReader) -> Said:
    """Of an event that is known; whatever is wrong with it together."""
    kind, wrong = KINDS[line.said["event"]], list[tuple[str, Refused]]()
    keys = {**_shared(reads), **keys_of(kind)}
    found: dict[str, Any] = {}
    for name, value in line.said.items():
        if name not in keys and name != "event":
            wrong.append((quoted(name), Refused("row.unknown_column")))
        elif name != "event" and value not in (None, "", []):
            try:
                found[name] = keys[name].read(value)
            except Refused as no:
                wrong.append((name, no))
    missing = {name for name, key in keys.items() if key.needed and name not in line.said}
    missing |= {name for name in line.said if name in keys and keys[name].needed and line.said[name] in (None, "", [])}
    wrong += [(name, _missing(name, line.said["event"])) for name in sorted(missing)]
    if wrong:
        raise Wrong(wrong)
    subject = found.pop(subject_of(kind))
    shared = {keys[name].field: found.pop(name) for name in SHARED if name in found}
    fields = {keys[name].field: value for name, value in found.items()}
    if kind in BEGIN:
        fields.setdefault("title", subject)
    return Said(line.number, kind, subject, shared, fields)


def _missing(name: str, event: str) -> Refused:
    return Refused("date.missing") if name == "date" else Refused("row.missing", column=name, event=event)


def _shared(reads: DateReader) -> dict[str, Key]:
    return {
        "date": Key("occurred", lambda value: reads(text(value).strip()), needed=True),
        "decided": Key("decided", lambda value: reads(text(value).strip())),
        "note": Key("note", lambda value: texts.note(text(value), "note")),
        "source": Key("source", _source),
        "variant": Key("variant", _choice("variant", get_args(Variant))),
        "initiative": Key("initiative", _choice("initiative", get_args(Initiative))),
        "decision": Key("decision", _decision),
    }


@cache
def keys_of(kind: type[Entry]) -> dict[str, Key]:
    """By the key in a line: that of its subject, and those of its own fields."""
    keys = {subject_of(kind): Key("", lambda value: texts.name(text(value), subject_of(kind)), needed=True)}
    for field in msgspec.structs.fields(kind):
        name = SPEAKS_OF.get(kind, "of") if field.name == "of" else field.name.removesuffix("_id")
        if field.name in Entry.__struct_fields__ or field.name == "warnings" or name in keys:
            continue
        is_needed = field.required or field.name in NEEDED.get(kind, ())
        keys[name] = Key(field.name, _reader(name, field.name, field.type), is_needed)
    return keys


def _reader(key: str, field: str, kind: Any) -> Callable[[Any], Any]:
    """What reads a value of the type of a field."""
    if field == "of":
        return lambda value: Work(key, texts.note(text(value), key))
    if field in NAMED:
        return lambda value: Called(texts.name(text(value), key))
    if field in WORK:
        return lambda value: Work(key, texts.name(text(value), key))
    if get_origin(kind) is tuple:
        part = get_args(kind)[0]
        read = _reader(key, "", part) if part is not UUID else lambda value: Called(texts.name(text(value), key))
        return lambda value: tuple(dict.fromkeys(read(each) for each in several(value)))
    return _of_one(key, kind)


def _of_one(key: str, kind: Any) -> Callable[[Any], Any]:
    codes = tuple(code for code in _codes(kind) if code)
    if codes:
        return _choice(key, codes)
    if kind is WebPage:
        return _page
    if kind is int or int in get_args(kind):
        return whole
    if PartialDate in (kind, *get_args(kind)):
        return lambda value: parse(text(value))
    return lambda value: texts.note(text(value), key) if key != "title" else texts.name(text(value), key)


def _codes(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return get_args(kind)
    if get_origin(kind) in (Union, UnionType):
        return tuple(code for part in get_args(kind) for code in _codes(part))
    return ()


def _choice(column: str, allowed: tuple[str, ...]) -> Callable[[Any], str]:
    return lambda value: one_of(column, allowed)(text(value))


def text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Refused("line.no_text")


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def whole(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Refused("row.no_number", text=quoted(str(value)))


def _strings(value: Any, allowed: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, dict) or not value.keys() <= set(allowed):
        raise Refused("line.unknown_parts", allowed=allowed)
    return {name: texts.note(text(each)) for name, each in value.items() if each is not None}


def _source(value: Any) -> Source:
    if not isinstance(value, dict):
        return parts.read_source(text(value))
    told = _strings(value, ("title", "link"))
    return Source(title=told.get("title", ""), link=told.get("link", ""))


def _decision(value: Any) -> Decision:
    if isinstance(value, dict):
        return Decision(**_strings(value, ("body", "minutes", "item")))
    return parts.read_decision(text(value))


def _page(value: Any) -> WebPage:
    """`{"title": …, "link": …, "accessed": …}`, or `title | link`."""
    if not isinstance(value, dict):
        source = parts.read_source(text(value))
        return WebPage(source.title, source.link)
    told = _strings(value, ("title", "link", "accessed"))
    if told.get("link") and not told["link"].startswith(LINKS):
        raise Refused("text.no_link")
    accessed = parse(told["accessed"]) if told.get("accessed") else None
    return WebPage(told.get("title", ""), told.get("link", ""), accessed)
