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
from markupsafe import Markup, escape
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.dates import PartialDate
from domain.entry import Entry
from domain.refused import Refused
from domain.removal import WordsRemoved
from domain.typed_dates import read
from projections import actions as logged_actions
from projections import organisations, timeline
from projections.timeline import Happening
from webapp import amending_entries, field_names_of_work, files, labels, who
from webapp.amending_links import relations
from webapp.at_moment import known, reading
from webapp.change_forms import number_of, uuid_of
from webapp.chosen_organisation import chosen_organisation
from webapp.entry_fields import kind_of
from webapp.entry_lines import EntryLine, author, just_recorded, lines, shown_decision, shown_source
from webapp.field_names import field_name
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.pages import page
from webapp.refusals import sentence
from webapp.shown import partial_date, period
from webapp.sight import sight
from webapp.timeline import alphabetical, kinds
from webapp.titles import titles
from webapp.works import works_of

A_PAGE = 50
FILTERS = ("from", "to", "author", "kind", "subject")
LARGEST = 2**62

blueprint = Blueprint("register", __name__)


@blueprint.get("/register")
def register() -> Response:
    chosen = {name: request.args.get(name, "").strip() for name in FILTERS}
    errors: dict[str, str] = {}
    with reading() as connection:
        subject = chosen_organisation(connection, chosen["subject"])
        state = organisations.state(connection, subject.id, known()) if subject.id else None
        is_coalition = state is not None and state.is_coalition
        before = position_of(request.args.get("before", ""))
        coalition, organisation = (subject.id, None) if is_coalition else (None, subject.id)
        found = timeline.register(
            connection,
            since=recorded_bound("from", chosen, errors),
            until=recorded_bound("to", chosen, errors),
            author=uuid_of(chosen["author"]),
            names=[chosen["kind"]] if chosen["kind"] in labels.ENTRIES else (),
            coalition_id=coalition,
            organisation_id=organisation,
            works=works_of(connection, coalition_id=coalition, organisation_id=organisation),
            known=known(),
            before=before,
            limit=0 if subject.is_open else A_PAGE + 1,
            sight=sight(),
        )
        shown = lines(connection, found[:A_PAGE])
        authors = alphabetical((id, author(id)) for id in timeline.authors(connection))
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value} | at().args
    which = {one.id: url_for("register.register", **{**kept, "subject": one.id}) for one in subject.candidates}
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
        subject=subject,
        which=which,
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
        found = timeline.lines_at(connection, [position], known(), sight=sight()) if position < LARGEST else {}
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
    if not (at().is_now and amending_entries.may_amend(happening)) or happening.taken_out_by:
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
        if field == "action_id" and value and not logged_actions.action(connection, value, known(), sight=sight()):
            continue  # of a campaign, or an entry, that is not for who asks
        if value not in (None, "", ()) and (said := content_of(field, value, names, entry)):
            yield field_name(field, type(entry)), said


WORDS = ("initiative", "decision", "source", "note", "variant")


def content_of(field: str, value: Any, names: Names, entry: Entry) -> str | Markup:
    if isinstance(value, UUID):
        return work_link(field, value, entry) if field in OF_WORK else organisation_link(value, names, entry)
    codes = {**CODES, **field_names_of_work.codes_of(entry)}
    if field in codes:
        found: str | Markup = codes[field](value)
        return found
    if isinstance(value, PartialDate):
        return partial_date(value)
    if isinstance(value, tuple):
        return ", ".join(str(content_of(field, one, names, entry)) for one in value)
    return str(value)


def organisation_link(id: UUID, names: Names, entry: Entry) -> Markup:
    return Markup('<a href="%s">%s</a>') % (url_for("organisations.organisation", id=id), names.on(id, entry.occurred))


OF_WORK = {"campaign_id": "campaigns.campaign", "programme_id": "programmes.programme", "action_id": ""}


def work_link(field: str, id: UUID, entry: Entry) -> Markup:
    """A campaign or a programme by its title; an action has no page of its own."""
    title, endpoint = titles().on(id, entry.occurred) or gettext("without a title"), OF_WORK[field]
    return Markup('<a href="%s">%s</a>') % (url_for(endpoint, id=id), title) if endpoint else escape(title)


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
