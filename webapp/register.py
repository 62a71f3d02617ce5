"""The register of entries: everything that was recorded, in the order of recording, and each entry with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, abort, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.dates import PartialDate
from domain.entry import Entry
from domain.refused import Refused
from domain.removal import WordsRemoved
from domain.typed_dates import read
from projections import organisations, timeline
from projections.timeline import Happening
from webapp import files, labels, rights, who
from webapp.amending_links import relations
from webapp.at_moment import known, reading
from webapp.change_forms import number_of, uuid_of
from webapp.entry_fields import kind_of
from webapp.entry_lines import EntryLine, author, just_recorded, lines, shown_decision, shown_source
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.pages import page
from webapp.refusals import sentence
from webapp.shown import partial_date, period
from webapp.timeline import alphabetical, kinds

A_PAGE = 50
FILTERS = ("from", "to", "author", "kind", "subject")
LARGEST = 2**62

blueprint = Blueprint("register", __name__)


@blueprint.get("/register")
def register() -> Response:
    chosen = {name: request.args.get(name, "").strip() for name in FILTERS}
    errors: dict[str, str] = {}
    with reading() as connection:
        everyone = organisations.by_name(organisations.everyone(connection, known()), shown_language())
        subject = uuid_of(chosen["subject"])
        is_coalition = any(one.id == subject and one.is_coalition for one in everyone)
        before = position_of(request.args.get("before", ""))
        found = timeline.register(
            connection,
            since=recorded_bound("from", chosen, errors),
            until=recorded_bound("to", chosen, errors),
            author=uuid_of(chosen["author"]),
            names=[chosen["kind"]] if chosen["kind"] in labels.ENTRIES else (),
            coalition_id=subject if is_coalition else None,
            organisation_id=subject if subject and not is_coalition else None,
            known=known(),
            before=before,
            limit=A_PAGE + 1,
        )
        shown = lines(connection, found[:A_PAGE])
        authors = alphabetical((id, author(id)) for id in timeline.authors(connection))
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value} | at().args
    return page(
        "register/register.html",
        status=422 if errors else 200,
        entries=shown,
        older=url_for("register.register", **kept, before=found[A_PAGE - 1].position) if len(found) > A_PAGE else "",
        newer=url_for("register.register", **kept) if before is not None else "",
        chosen=chosen,
        errors=errors,
        filtered=any(chosen.values()),
        authors=authors,
        kinds=kinds(),
        subjects=[(one.id, one.called_now) for one in everyone],
    )


def recorded_bound(name: str, chosen: dict[str, str], errors: dict[str, str]) -> datetime | None:
    """The first or last moment, here, of what was typed as a day, month or year."""
    if not chosen[name]:
        return None
    try:
        typed = read(chosen[name], shown_language(), at().today)
    except Refused as refused:
        errors[name] = sentence(refused)
        return None
    day = typed.earliest if name == "from" else typed.latest
    if day is None:
        return None
    here = ZoneInfo(who.config().timezone)
    begins = datetime.combine(day, time(), here)
    return begins if name == "from" else begins + timedelta(days=1, microseconds=-1)


def position_of(text: str) -> int | None:
    return number_of(text)


@blueprint.get("/register/<int:position>")
def entry(position: int) -> Response:
    with reading() as connection:
        found = timeline.lines_at(connection, [position], known()) if position < LARGEST else {}
        if position not in found:
            abort(404)
        happening = found[position]
        (shown,) = lines(connection, [happening])
        related = relations(connection, happening)
        just = just_recorded(connection)
        content = list(told(connection, msgspec.structs.replace(shown.entry, variant=variant_now(shown))))
    last = who.stores().chronicle.last_position() if known() is None else known() or 0
    recorded = who.stores().chronicle.at([position], words=False)[position]
    return page(
        "register/entry.html",
        entry=shown,
        content=content,
        files=files.of_entry(position, shown.entry),
        coalition_id=happening.coalition_id,
        moments=around(shown.recorded_at) if happening.coalition_id else None,
        related=related,
        actions=list(actions(happening, shown)),
        recorded=just,
        leaf=recorded.leaf.hex(),
        has_words=recorded.sealed_by is not None,
        before=position - 1 if position > 1 else None,
        after=position + 1 if position < last else None,
    )


def actions(happening: Happening, entry: EntryLine) -> Iterator[tuple[str, str]]:
    """Endpoint and name of what may be done with it by who looks at it now."""
    is_content = kind_of(happening.name) is not None
    if not (at().is_now and rights.may("amending.strike")) or happening.taken_out_by:
        return
    if is_content:
        yield "amending.correct", gettext("Correct")
    if happening.name != WordsRemoved.stored_name():
        yield "amending.strike", gettext("Strike out")
    if is_content:
        yield "amending.dispute", gettext("Another source says")
    if entry.can_be_preferred:
        yield "amending.prefer", gettext("Let this one count")


def around(recorded_at: datetime) -> dict[str, str]:
    """The instants, as addresses have them, at which it was not yet known and at which it was."""
    return {
        "before": stamp(recorded_at - timedelta(microseconds=1)),
        "after": stamp(recorded_at),
    }


def stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def told(connection: Connection, entry: Entry) -> Iterator[tuple[str, str | Markup]]:
    """Every field that says something, by the name that people have for it."""
    names = Names(connection, known())
    shared = Entry.__struct_fields__
    for field in (*(name for name in entry.__struct_fields__ if name not in shared), *WORDS):
        value = getattr(entry, field)
        if value not in (None, "", ()) and (said := content_of(field, value, names, entry)):
            yield field_name(field), said


WORDS = ("initiative", "decision", "source", "note", "variant")


def content_of(field: str, value: Any, names: Names, entry: Entry) -> str | Markup:
    if isinstance(value, UUID):
        address = url_for("organisations.organisation", id=value)
        return Markup('<a href="%s">%s</a>') % (address, names.on(value, entry.occurred))
    if field in CODES:
        found: str | Markup = CODES[field](value)
        return found
    if isinstance(value, PartialDate):
        return partial_date(value)
    if isinstance(value, tuple):
        return ", ".join(str(content_of(field, one, names, entry)) for one in value)
    return str(value)


def variant_now(entry: EntryLine) -> str:
    """At the moment of the page; nothing where it says nothing about the roster."""
    if entry.is_struck or entry.is_amendment:
        return ""
    return "alternative" if entry.is_alternative else "preferred"


def variant(code: str) -> str:
    return str(gettext("another source says")) if code == "alternative" else gettext("counts for the roster")


CODES: dict[str, Any] = {
    "role": labels.role,
    "for_role": labels.role,
    "period": period,
    "scope": labels.scope,
    "reason": labels.reason,
    "initiative": labels.initiative,
    "office": labels.office,
    "result": labels.appeal_result,
    "post": labels.post,
    "convened": labels.convened,
    "stays_effect": labels.stays_effect,
    "kind": labels.organisation_kind,
    "decision": shown_decision,
    "source": shown_source,
    "variant": variant,
}


def field_name(field: str) -> str:
    names = {
        "coalition_id": gettext("Coalition"),
        "organisation_id": gettext("Organisation"),
        "successor_id": gettext("Successor"),
        "other_id": gettext("The same as"),
        "umbrella_id": gettext("Umbrella"),
        "holder_id": gettext("Holder"),
        "into": gettext("Into"),
        "role": gettext("Role"),
        "scope": gettext("Rights concerned"),
        "reason": gettext("Reason"),
        "review_by": gettext("To be reviewed by"),
        "until": gettext("Until"),
        "effective": gettext("Last day of membership"),
        "called": gettext("Name"),
        "language": gettext("Language"),
        "kind": gettext("Kind of organisation"),
        "country": gettext("Country"),
        "region": gettext("Region"),
        "founded": gettext("Founded"),
        "links": gettext("Links"),
        "legal_form": gettext("Legal form"),
        "office": gettext("Office"),
        "result": gettext("Result"),
        "post": gettext("Post"),
        "convened": gettext("How it was called"),
        "called_on": gettext("Called on"),
        "present": gettext("Members present"),
        "represented": gettext("Members represented"),
        "quorum": gettext("Quorum"),
        "agenda": gettext("Agenda"),
        "item": gettext("Item of the agenda"),
        "in_favour": gettext("Votes for"),
        "against": gettext("Votes against"),
        "abstained": gettext("Abstentions"),
        "text": gettext("Text"),
        "amount": gettext("Amount"),
        "currency": gettext("Currency"),
        "period": gettext("Period"),
        "for_role": gettext("Dues of"),
        "due_by": gettext("To be paid by"),
        "person": gettext("Person"),
        "email": gettext("E-mail address"),
        "telephone": gettext("Telephone"),
        "stays_effect": gettext("Until the appeal is decided"),
        "of": gettext("Entry concerned, in its history"),
        "by": gettext("Entry in its place, in its history"),
        "instead_of": gettext("Entries set aside, in their history"),
        "initiative": gettext("Initiative"),
        "decision": gettext("Decision"),
        "source": gettext("Source"),
        "note": gettext("Note"),
        "variant": gettext("Version"),
    }
    return str(names[field])
