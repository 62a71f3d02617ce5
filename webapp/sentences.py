"""An entry as a sentence, by the template of its stored name: for every timeline, register and page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from domain.action import ActionLogged
from domain.campaign_entries import CampaignEntry
from domain.coalition import CoalitionEntry
from domain.dates import PartialDate
from domain.entry import Entry
from domain.programme import ProgrammeEntry
from domain.project import ProjectEntry
from webapp import labels
from webapp.dates import show_date, show_period
from webapp.languages import shown_language
from webapp.moments import at

ORGANISATION = "organisations.organisation"
CAMPAIGN, PROGRAMME, PROJECT = "campaigns.campaign", "programmes.programme", "projects.project"

HistoryOf = Callable[[UUID], Sequence[Entry]]


class NamesThroughTime(Protocol):
    def on(self, id: UUID, when: PartialDate) -> str: ...
    def before(self, id: UUID, called: str) -> str: ...


class TitlesThroughTime(Protocol):
    def on(self, id: UUID, when: PartialDate | None) -> str: ...


def work_of(entry: Entry) -> tuple[str, UUID] | None:
    """The page and the history of the campaign, programme or project to which an entry belongs."""
    match entry:
        case ActionLogged():
            return CAMPAIGN, entry.campaign_id
        case CampaignEntry():
            return CAMPAIGN, entry.originator_id
        case ProgrammeEntry():
            return PROGRAMME, entry.originator_id
        case ProjectEntry():
            return PROJECT, entry.originator_id
    return None


class Sentences:
    """Tells entries in the language of the page; names lead to their organisations, if `linked`. With `titles` an entry
    of a campaign, a programme or a project says of which it is."""

    def __init__(
        self,
        names: NamesThroughTime,
        history_of: HistoryOf,
        linked: bool = True,
        titles: TitlesThroughTime | None = None,
    ) -> None:
        self._names, self._history_of, self._linked, self._titles = names, history_of, linked, titles

    def of(self, entry: Entry) -> Markup:
        work, told = work_of(entry), self._told(entry)
        if self._titles is None or work is None:
            return told
        endpoint, id = work
        title = self._titles.on(id, entry.occurred) or getattr(entry, "title", "")
        if not title:
            return Markup("%s: %s") % (self._linked_name(endpoint, id, untitled(endpoint)), told)
        quoted = Markup(gettext("“%(name)s”")) % {"name": self._linked_name(endpoint, id, title)}  # noqa: S704  # words of ours
        return Markup("%s: %s") % (quoted, told)

    def _told(self, entry: Entry) -> Markup:
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
            of = self._history_of(entry.originator_id)[version - 1]
            return self._told(of) if work_of(entry) else self.of(of)

        def listed(ids: Iterable[UUID]) -> Markup:
            return Markup(", ").join(name(id) for id in ids)

        def all_names(ids: Iterable[UUID]) -> Markup:
            return Markup(", ").join(Markup(gettext("“%(name)s”")) % {"name": name(id)} for id in ids)  # noqa: S704  # words of ours

        return {
            "name": name,
            "name_before": lambda id: given(id, self._names.before(id, getattr(entry, "called", ""))),
            "given": given,
            "all_names": all_names,
            "listed": listed,
            "amended": amended,
        }

    def _linked_name(self, endpoint: str, id: UUID, called: str) -> Markup:
        if not self._linked or endpoint not in current_app.view_functions:
            return escape(called)
        return Markup('<a href="%s">%s</a>') % (url_for(endpoint, id=id, **at().args), called)

    @staticmethod
    def _day(partial: PartialDate) -> str:
        return show_date(partial, shown_language())

    @staticmethod
    def _period(partial: PartialDate) -> str:
        return show_period(partial, shown_language())


def untitled(endpoint: str) -> str:
    """What stands for a title that was removed."""
    words = {CAMPAIGN: gettext("A campaign without a title"), PROGRAMME: gettext("A programme without a title")}
    return str(words.get(endpoint) or gettext("A project without a title"))
