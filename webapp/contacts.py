"""Who is written to at an organisation, and who speaks for it in a coalition? Viewers do not read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec
from flask_babel import gettext
from sqlalchemy import Connection

from domain.chronicle import Recorded
from domain.entry import Entry
from domain.history import holding
from domain.membership_entries import DelegateAppointed, DelegateReplaced
from domain.organisation import ContactAdded, ContactRemoved
from projections import timeline
from webapp import who
from webapp.sight import sight

HOW_TO_REACH = ("person", "email", "telephone")
KINDS = (ContactAdded, DelegateAppointed, DelegateReplaced)


def as_shown(entry: Entry) -> Entry:
    """Viewers do not read whom it names, nor how to reach them."""
    if not any(getattr(entry, name, "") for name in HOW_TO_REACH) or who.role() != "viewer":
        return entry
    return msgspec.structs.replace(entry, **dict.fromkeys(HOW_TO_REACH, ""))


def told_as_shown(recorded: Recorded) -> Recorded:
    entry = None if recorded.problem else as_shown(recorded.entry)
    if entry is None or entry is recorded.entry:
        return recorded
    said = gettext("Name, e-mail address and telephone are not shown to viewers.")
    return msgspec.structs.replace(recorded, content=entry, words_removed=said)


class Present(NamedTuple):
    """The position of the entry, and the coalition in which somebody is a delegate."""

    position: int
    coalition_id: UUID | None


def present(connection: Connection, organisation_id: UUID, on: date, known: int | None) -> list[Present]:
    """Oldest first."""
    names = [kind.stored_name() for kind in KINDS]
    found = timeline.timeline(
        connection, organisation_id=organisation_id, names=names, known=known, limit=500, sight=sight()
    )
    histories = dict.fromkeys((one.subject, one.coalition_id) for one in found)
    return [Present(at, coalition) for subject, coalition in histories for at in of_history(subject, on, known)]


def of_history(subject: UUID, on: date, known: int | None) -> Sequence[int]:
    recordings = who.stores().chronicle.recordings(subject, words=False)
    told = [one for one in recordings if known is None or one.position <= known]
    places = {one.entry.originator_version: one.position for one in told}
    begun = [entry for entry in holding(tuple(one.entry for one in told)) if has_begun(entry, on)]
    gone = replaced(begun)
    held = (entry for entry in begun if isinstance(entry, KINDS) and entry.originator_version not in gone)
    return [places[entry.originator_version] for entry in held if not is_over(entry, on)]


def replaced(entries: Iterable[Entry]) -> set[int]:
    return {entry.of for entry in entries if isinstance(entry, ContactRemoved | DelegateReplaced)}


def has_begun(entry: Entry, on: date) -> bool:
    return entry.occurred.earliest is None or entry.occurred.earliest <= on


def is_over(entry: ContactAdded | DelegateAppointed, on: date) -> bool:
    return entry.until is not None and entry.until.latest is not None and entry.until.latest < on
