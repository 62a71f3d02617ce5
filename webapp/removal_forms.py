"""Which words of an entry would go, which others say the same, and what somebody answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args
from uuid import UUID, uuid4, uuid5

import msgspec
from flask import request
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection

from domain.chronicle import Recorded
from domain.entry import Entry, Told
from domain.history import EntryCorrected
from domain.removal import RemovalReason, WordsRemoved, remove_words
from projections import timeline
from projections.timeline import Happening
from webapp import labels, who
from webapp.amending_accounts import history_of
from webapp.amending_entries import signed_in, today
from webapp.at_moment import known
from webapp.change_forms import number_of, uuid_of
from webapp.entry_lines import EntryLine, lines
from webapp.field_names import field_name
from webapp.files_kept import attachments
from webapp.names import Names
from webapp.register import content_of
from webapp.sight import sight

REASONS: tuple[RemovalReason, ...] = get_args(RemovalReason)
OF_MANY = ("source", "decision")  # words that entries share without speaking of the same person
SEARCHED, OFFERED = 1000, 50


class Twin(msgspec.Struct, frozen=True):
    """Another entry with the same words."""

    line: EntryLine
    is_same: bool  # a copy: in everything on the same date, or by a correction


class OpenRemoval(msgspec.Struct, kw_only=True):
    command_id: UUID
    entry: EntryLine
    words: list[tuple[str, str | Markup]] = []
    files: list[str] = []
    twins: list[Twin] = []
    also: frozenset[int] = frozenset()
    reason: str = ""
    is_sure: bool = False
    errors: dict[str, str] = {}

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(code, labels.reason(code)) for code in REASONS]


def opened(connection: Connection, happening: Happening) -> OpenRemoval:
    """As it was sent, or untouched."""
    (line,) = lines(connection, [happening])
    form = OpenRemoval(command_id=uuid_of(request.form.get("command_id", "")) or uuid4(), entry=line)
    form.words = list(shown_words(connection, line.entry))
    form.files = [file.label.name for file in attachments(who.stores()).used_by(happening.position)]
    form.twins = list(twins(connection, happening, line.entry))
    if request.method == "POST":
        sent = {number_of(text) for text in request.form.getlist("also")}
        form.also = frozenset(twin.line.position for twin in form.twins if twin.line.position in sent)
        form.reason, form.is_sure = request.form.get("reason", ""), request.form.get("sure") == "yes"
    else:
        form.also = frozenset(twin.line.position for twin in form.twins if twin.is_same)
    return form


def words_of(entry: Entry) -> Mapping[str, Any]:
    return who.stores().chronicle.mapper.form(entry.stored_name()).words_of(entry)


def shown_words(connection: Connection, entry: Entry) -> Iterator[tuple[str, str | Markup]]:
    names = Names(connection, known())
    for field, value in words_of(entry).items():
        yield field_name(field, type(entry)), content_of(field, value, names, entry)


def twins(connection: Connection, happening: Happening, entry: Entry) -> Iterator[Twin]:
    """Copies in other histories, what it corrects or is corrected by, and whatever repeats a note or a name."""
    if not (mine := words_of(entry)):
        return
    about = timeline.register(
        connection,
        organisation_id=happening.organisation_id or happening.subject,
        works=[happening.work_id] if happening.work_id else None,
        limit=SEARCHED,
        sight=sight(),
    )
    same_history = timeline.register(connection, subject=happening.subject, limit=SEARCHED, sight=sight())
    places = {one.position: one for one in (*about, *same_history) if one.position != happening.position}
    corrections = corrections_of(happening)
    found: dict[int, bool] = {}
    for position, other in who.stores().chronicle.at(places).items():
        theirs = words_of(other.entry) if other.problem is None else {}
        is_same = theirs == mine and other.entry.occurred == entry.occurred
        is_same |= position in corrections and any(theirs.get(field) == value for field, value in mine.items())
        if is_same or (theirs and says_the_same(theirs, mine)):
            found[position] = is_same
    for line in lines(connection, [places[position] for position in [*found][:OFFERED]]):
        yield Twin(line, found[line.position])


def corrections_of(happening: Happening) -> set[int]:
    """Positions of what it corrects and what it is corrected by, and so on: the form copied the words of one into the
    other."""
    history = history_of(happening.subject)
    related = {happening.version}
    pairs = [{one.entry.of, one.entry.by} for one in history if isinstance(one.entry, EntryCorrected)]
    for pair in (*pairs, *reversed(pairs)):
        related |= pair if pair & related else set()
    return {one.position for one in history if one.originator_version in related}


def says_the_same(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    return any(theirs.get(field) == value for field, value in mine.items() if field not in OF_MANY)


def check(form: OpenRemoval) -> None:
    form.errors = {}
    if form.reason not in REASONS:
        form.errors["reason"] = gettext("Choose a reason.")
    if not form.is_sure:
        form.errors["sure"] = gettext("Tick this: removed words cannot be brought back by anybody.")


def planned(form: OpenRemoval) -> list[WordsRemoved]:
    """An entry for each that loses its words, together; Refused where one has none to lose."""
    chronicle = who.stores().chronicle
    histories: dict[UUID, list[Recorded]] = {}
    recorded: dict[UUID, tuple[Entry, ...]] = {}
    planned: list[WordsRemoved] = []
    for n, position in enumerate((form.entry.position, *sorted(form.also))):
        of = chronicle.at([position], words=False)[position]
        id = of.originator_id
        if id not in histories:
            histories[id] = chronicle.recordings(id, words=False)
            recorded[id] = tuple(each.entry for each in histories[id])
        sealed = {each.originator_version for each in histories[id] if each.sealed_by}
        removed = remove_words(recorded[id], told(form, n), of.originator_version, sealed, reason_of(form))
        recorded[id] = (*recorded[id], removed)
        planned.append(removed)
    return planned


def reason_of(form: OpenRemoval) -> RemovalReason:
    return next(reason for reason in REASONS if reason == form.reason)


def told(form: OpenRemoval, n: int) -> Told:
    return Told(occurred=today(), recorded_by=signed_in().id, command_id=uuid5(form.command_id, str(n)))
