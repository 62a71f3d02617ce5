"""The register of entries: everything that was recorded, in the order of recording, and each entry with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.dates import PartialDate
from domain.entry import Entry
from domain.refused import Refused
from domain.typed_dates import read
from projections import organisations, timeline
from webapp import labels, who
from webapp.at_moment import known, reading
from webapp.entry_lines import author, lines, lines_at, shown_decision, shown_source
from webapp.languages import shown_language
from webapp.membership_forms import number_of, uuid_of
from webapp.moments import at
from webapp.names import Names
from webapp.pages import page
from webapp.refusals import sentence
from webapp.shown import partial_date
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
        corrections = lines_at(connection, [happening.amended_by]) if happening.amended_by else []
        content = list(told(connection, shown.entry))
    last = who.stores().chronicle.last_position() if known() is None else known() or 0
    return page(
        "register/entry.html",
        entry=shown,
        content=content,
        coalition_id=happening.coalition_id,
        moments=around(shown.recorded_at) if happening.coalition_id else None,
        corrections=[one for one in corrections if one.position != position],
        leaf=who.stores().chronicle.at([position])[position].leaf.hex(),
        before=position - 1 if position > 1 else None,
        after=position + 1 if position < last else None,
    )


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
        if value not in (None, "", ()):
            yield field_name(field), content_of(field, value, names, entry)


WORDS = ("initiative", "decision", "source", "note", "variant")


def content_of(field: str, value: Any, names: Names, entry: Entry) -> str | Markup:
    if isinstance(value, UUID):
        address = url_for("organisations.organisation", id=value)
        return Markup('<a href="%s">%s</a>') % (address, names.on(value, entry.occurred))
    if isinstance(value, PartialDate):
        return partial_date(value)
    if field in CODES:
        found: str | Markup = CODES[field](value)
        return found
    if isinstance(value, tuple):
        return ", ".join(str(content_of(field, one, names, entry)) for one in value)
    return str(value)


def variant(code: str) -> str:
    return str(gettext("another source says")) if code == "alternative" else gettext("counts for the roster")


CODES: dict[str, Any] = {
    "role": labels.role,
    "scope": labels.scope,
    "reason": labels.reason,
    "initiative": labels.initiative,
    "office": labels.office,
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
