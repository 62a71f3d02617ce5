"""An entry as pages show it: its sentence, what stands beside it, its source, its author."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

import msgspec
from flask import Flask, g, request
from flask_babel import gettext
from markupsafe import Markup, escape
from sqlalchemy import Connection

from domain.amending import can_undo
from domain.chronicle import Recorded, SealBroken
from domain.dates import PartialDate
from domain.entry import Decision, Entry, Source
from domain.history import Amendment, History
from domain.membership_entries import bounds
from projections import timeline
from projections.sight import Sight
from projections.timeline import Happening
from webapp import amending_entries, contacts, labels, removed_words, rights, who
from webapp.amending_accounts import in_conflict
from webapp.at_moment import known
from webapp.moments import at
from webapp.names import Names
from webapp.parts import LINKS
from webapp.sentences import Sentences, work_of
from webapp.shown import partial_date
from webapp.sight import sight
from webapp.titles import titles


class Account(NamedTuple):
    """What one source says of a happening, and whether that is what counts."""

    line: EntryLine
    counts: bool


HistoryOf = Callable[[UUID], Sequence[Entry]]
NOTHING: Mapping[int, Recorded] = MappingProxyType({})


class EntryLine(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    entry: Entry
    told: Markup
    is_struck: bool = False
    state: str | None = None  # as in the timeline: struck, corrected, undone, undo, set_aside, preferred
    amended_by: int | None = None
    can_be_undone: bool = False
    may_be_amended: bool = False  # by who asks
    accounts: Sequence[Account] = ()  # where sources disagree: what each says, this one among them
    words_removed: str | None = None

    @property
    def occurred(self) -> PartialDate:
        return self.entry.occurred

    @property
    def recorded_at(self) -> datetime:
        return self.entry.recorded_at

    @property
    def kind(self) -> str:
        return labels.entry(self.entry.stored_name())

    @property
    def is_amendment(self) -> bool:
        return isinstance(self.entry, Amendment)

    @property
    def taken_out(self) -> str:
        """How, where it was."""
        ways = {"undone": gettext("taken back"), "corrected": gettext("corrected")}
        return str(ways.get(self.state or "", gettext("struck out")))

    @property
    def is_alternative(self) -> bool:
        """Whether it stands beside an account that counts."""
        if self.is_struck or self.state == "preferred":
            return False
        return self.state == "set_aside" or self.entry.variant == "alternative"

    @property
    def can_be_preferred(self) -> bool:
        return self.is_alternative and bool(self.accounts) and self.may_be_amended

    @property
    def of_work(self) -> bool:
        """Of a campaign, a programme or a project."""
        return work_of(self.entry) is not None

    @property
    def author(self) -> str:
        return author(self.entry.recorded_by)

    @property
    def note(self) -> str:
        return self.entry.note

    @property
    def source(self) -> Markup:
        return shown_source(self.entry.source) if self.entry.source else Markup("")

    @property
    def beside(self) -> str:
        return " · ".join(beside(self.entry))


def lines(
    connection: Connection,
    happenings: Iterable[Happening],
    read: Mapping[int, Recorded] = NOTHING,
    titled: bool = True,
) -> list[EntryLine]:
    """Each with its sentence, in the order given; `read` has what was read of them already. `titled`: those of
    campaigns say of which they are."""
    wanted = {happening.position: happening for happening in happenings}
    conflicts = in_conflict(connection, wanted.values())
    beside = {told.position for each in conflicts.values() for told in each} - wanted.keys()
    found = wanted | (timeline.lines_at(connection, [*beside], known(), sight=sight()) if beside else {})
    recorded = {**read, **recorded_at(found.keys() - read.keys())}
    if titled:
        titles().look_up(work[1] for each in recorded.values() if (work := work_of(each.entry)))
    names = Names(connection, known()).met(spoken_of(found.values()))
    sentences = Sentences(names, cache(history), titles=titles() if titled else None)
    bare = cache(lambda id: who.stores().chronicle.history(id, words=False))
    shown = {position: line(happening, recorded[position], sentences, bare) for position, happening in found.items()}
    for position, told in conflicts.items():
        accounts = [Account(shown[each.position], each.counts) for each in told]
        shown[position] = msgspec.structs.replace(shown[position], accounts=accounts)
    return [shown[position] for position in wanted]


def spoken_of(happenings: Iterable[Happening]) -> set[UUID]:
    ids = ((each.subject, each.coalition_id, each.organisation_id) for each in happenings)
    return {id for each in ids for id in each if id}


def line(happening: Happening, recorded: Recorded, sentences: Sentences, history_of: HistoryOf) -> EntryLine:
    return EntryLine(
        position=happening.position,
        entry=recorded.entry,
        told=sentences.of(recorded.entry),
        is_struck=happening.taken_out_by is not None,
        state=happening.state,
        amended_by=happening.amended_by,
        can_be_undone=can_be_undone(happening, recorded, history_of),
        may_be_amended=amending_entries.may_amend(happening),
        words_removed=recorded.words_removed,
    )


def can_be_undone(happening: Happening, recorded: Recorded, history_of: HistoryOf) -> bool:
    """By who asks, with one touch. Whether another change builds on it is found out when it is tried."""
    account = who.account()
    if account is None or happening.taken_out_by or not (at().is_now and rights.may("amending.undo")):
        return False
    if not can_undo(recorded, account.id, amending_entries.now()):
        return False
    history = History(id=recorded.originator_id, entries=tuple(history_of(recorded.originator_id)))
    later = history.amended_by(recorded.originator_version)
    return later is None or later.recorded_at == recorded.recorded_at


def recorded_at(positions: Iterable[int]) -> dict[int, Recorded]:
    """Where the words of an entry are gone or cannot be opened, the entry without them, and the sentence about it."""
    found = who.stores().chronicle.at(positions)
    broken = [position for position, recorded in found.items() if isinstance(recorded.problem, SealBroken)]
    bare = who.stores().chronicle.at(broken, words=False) if broken else {}
    unopened = gettext("Its words are missing: they cannot be opened; tell who runs this installation.")
    told = {at: removed_words.said(recorded, author) for at, recorded in found.items() if recorded.words_removed}
    told |= dict.fromkeys(bare, unopened)
    lacking = {at: msgspec.structs.replace((found | bare)[at], words_removed=said) for at, said in told.items()}
    return {at: contacts.told_as_shown(recorded) for at, recorded in (found | lacking).items()}


def lines_at(
    connection: Connection,
    positions: Sequence[int],
    read: Mapping[int, Recorded] = NOTHING,
    seen: Sight | None = None,
) -> list[EntryLine]:
    """`seen`: what who asks may see, where the page need not look it up."""
    found = timeline.lines_at(connection, positions, known(), sight=seen or sight())
    return lines(connection, [found[position] for position in positions if position in found], read)


def in_time(line: EntryLine) -> tuple[tuple[int, int], int]:
    """In the order of dates; on one date, of recording."""
    return bounds(line.occurred), line.position


def just_recorded(connection: Connection) -> EntryLine | None:
    """The entry to which the address leads back after a form was sent."""
    text = request.args.get("recorded", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return None
    return next(iter(lines_at(connection, [int(text)])), None)


def history(id: UUID) -> Sequence[Entry]:
    return [contacts.as_shown(entry) for entry in who.stores().chronicle.history(id)]


def beside(entry: Entry) -> Iterator[str]:
    """What belongs to it and is not in its sentence."""
    if entry.initiative:
        yield labels.initiative(entry.initiative)
    if entry.decision and (body := shown_decision(entry.decision)):
        yield body
    if entry.decided and entry.decided.text != entry.occurred.text:
        yield gettext("decided: %(date)s", date=partial_date(entry.decided))
    review_by = getattr(entry, "review_by", None)
    if review_by:
        yield gettext("to be reviewed by %(date)s", date=partial_date(review_by))


def shown_decision(decision: Decision) -> str:
    parts = (
        decision.body,
        decision.minutes and gettext("minutes %(number)s", number=decision.minutes),
        decision.item and gettext("item %(number)s", number=decision.item),
    )
    return ", ".join(part for part in parts if part)


def shown_source(source: Source) -> Markup:
    if source.link.startswith(LINKS):
        return Markup('<a href="%s" rel="noopener noreferrer external">%s</a>') % (
            source.link,
            source.title or source.link,
        )
    return escape(source.title)


def author(id: UUID) -> str:
    if "authors" not in g:
        importer = str(gettext("an import"))
        g.authors = defaultdict(lambda: importer, {account.id: account.name for account in who.accounts().all()})
    return str(g.authors[id])


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(author=author, labels=labels)
