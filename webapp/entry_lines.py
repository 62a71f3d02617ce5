"""An entry as pages show it: its sentence, what stands beside it, its source, its author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from flask import Flask, g
from flask_babel import gettext
from markupsafe import Markup, escape
from sqlalchemy import Connection

from domain.chronicle import Recorded, SealBroken
from domain.dates import PartialDate
from domain.entry import Decision, Entry, Source
from projections import timeline
from projections.timeline import Happening
from webapp import labels, who
from webapp.at_moment import known
from webapp.names import Names
from webapp.parts import LINKS
from webapp.sentences import Sentences
from webapp.shown import partial_date


class EntryLine(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    entry: Entry
    told: Markup
    is_struck: bool = False
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
    def is_alternative(self) -> bool:
        return self.entry.variant == "alternative"

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


def lines(connection: Connection, happenings: Iterable[Happening]) -> list[EntryLine]:
    """Each with its sentence, in the order given."""
    wanted = list(happenings)
    recorded = recorded_at([happening.position for happening in wanted])
    sentences = Sentences(Names(connection, known()), history)
    return [line(happening, recorded[happening.position], sentences) for happening in wanted]


def line(happening: Happening, recorded: Recorded, sentences: Sentences) -> EntryLine:
    return EntryLine(
        position=happening.position,
        entry=recorded.entry,
        told=sentences.of(recorded.entry),
        is_struck=happening.taken_out_by is not None,
        words_removed=recorded.words_removed,
    )


def recorded_at(positions: Iterable[int]) -> dict[int, Recorded]:
    """Where the words of an entry cannot be opened, the entry without them."""
    found = who.stores().chronicle.at(positions)
    broken = [position for position, recorded in found.items() if isinstance(recorded.problem, SealBroken)]
    bare = who.stores().chronicle.at(broken, words=False) if broken else {}
    unreadable = gettext("they cannot be opened; tell who runs this installation")
    return found | {at: msgspec.structs.replace(recorded, words_removed=unreadable) for at, recorded in bare.items()}


def lines_at(connection: Connection, positions: Sequence[int]) -> list[EntryLine]:
    found = timeline.lines_at(connection, positions, known())
    return lines(connection, [found[position] for position in positions if position in found])


def history(id: UUID) -> Sequence[Entry]:
    return who.stores().chronicle.history(id)


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
        g.authors = {account.id: account.name for account in who.accounts().all()}
    return str(g.authors.get(id) or gettext("an import"))


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(author=author, labels=labels)
