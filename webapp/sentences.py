"""An entry as a sentence, by the template of its stored name: for every timeline, register and page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from domain.coalition import CoalitionEntry
from domain.dates import PartialDate
from domain.entry import Entry
from webapp import labels
from webapp.dates import show_date, show_period
from webapp.languages import shown_language
from webapp.moments import at

ORGANISATION = "organisations.organisation"

HistoryOf = Callable[[UUID], Sequence[Entry]]


class NamesThroughTime(Protocol):
    def on(self, id: UUID, when: PartialDate) -> str: ...
    def before(self, id: UUID, called: str) -> str: ...


class Sentences:
    """Tells entries in the language of the page; names lead to their organisations, if `linked`."""

    def __init__(self, names: NamesThroughTime, history_of: HistoryOf, linked: bool = True) -> None:
        self._names, self._history_of, self._linked = names, history_of, linked

    def of(self, entry: Entry) -> Markup:
        template = current_app.jinja_env.get_template(f"entries/{entry.stored_name()}.html")
        told = template.render(e=entry, labels=labels, day=self._day, period=self._period, **self._words(entry))
        return Markup(" ".join(told.split()))  # noqa: S704  # the template has escaped what people typed

    def plain(self, entry: Entry) -> str:
        return str(self.of(entry).striptags())

    def _words(self, entry: Entry) -> dict[str, Any]:
        coalition_id = (
            entry.originator_id if isinstance(entry, CoalitionEntry) else getattr(entry, "coalition_id", None)
        )

        def name(id: UUID) -> Markup:
            return given(id, self._names.on(id, entry.occurred))

        def given(id: UUID, called: str) -> Markup:
            return self._linked_name("coalitions.coalition" if id == coalition_id else ORGANISATION, id, called)

        def amended(version: int) -> Markup:
            return self.of(self._history_of(entry.originator_id)[version - 1])

        def all_names(ids: Iterable[UUID]) -> Markup:
            return Markup(", ").join(Markup(gettext("“%(name)s”")) % {"name": name(id)} for id in ids)  # noqa: S704  # words of ours

        return {
            "name": name,
            "name_before": lambda id: given(id, self._names.before(id, getattr(entry, "called", ""))),
            "given": given,
            "all_names": all_names,
            "amended": amended,
        }

    def _linked_name(self, endpoint: str, id: UUID, called: str) -> Markup:
        if not self._linked:
            return escape(called)
        return Markup('<a href="%s">%s</a>') % (url_for(endpoint, id=id, **at().args), called)

    @staticmethod
    def _day(partial: PartialDate) -> str:
        return show_date(partial, shown_language())

    @staticmethod
    def _period(partial: PartialDate) -> str:
        return show_period(partial, shown_language())
