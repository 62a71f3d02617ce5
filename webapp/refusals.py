"""How a no reads, for pages, command line and import alike. Its sentences stand in `refusal_sentences`, by subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext

from domain.refused import Refused
from webapp import labels
from webapp import labels_of_campaigns as of_campaigns
from webapp.capitals import capitalised
from webapp.dates import worded
from webapp.english_dates import with_prepositions
from webapp.languages import shown_language
from webapp.refusal_sentences import (
    accounts,
    campaigns,
    coalitions,
    dates,
    entries,
    jsonl,
    kept,
    memberships,
    operating,
    organisations,
    rows,
    texts,
)
from webapp.refusal_sentences.answer import Answer
from webapp.typed_codes import account_role_code, choice_code, event_code

OF_WORK = ("campaign.", "programme.", "project.", "action.")
TYPED = ("row.", "file.", "line.", "account.")
TABLES = (
    accounts, campaigns, coalitions, dates, entries, jsonl, kept, memberships, operating, organisations, rows, texts,
)  # fmt: skip
SENTENCES: dict[str, Answer] = {code: answer for table in TABLES for code, answer in table.SENTENCES.items()}


def status_of(refused: Refused) -> int:
    return SENTENCES[refused.code].status


def sentence(refused: Refused) -> str:
    """What the refusal says, in the language of who reads it; English outside a page."""
    shown = Details({name: _shown(refused, name, value) for name, value in refused.details.items()})
    days = {name: words for name, words in shown.items() if name in DATES}
    told = with_prepositions(gettext(SENTENCES[refused.code].sentence), days) % shown
    once = told.removesuffix(".") if told.endswith("..") else told  # some languages write a dot after a date
    return capitalised(once, shown_language())


class Details(dict[str, str]):
    """What a refusal did not tell is left open in its sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


def _shown(refused: Refused, name: str, value: Any) -> str:
    if name in DATES:
        return _date(value)
    if refused.code.startswith(TYPED):
        return _listed(_typed(refused, name), value)
    if name == "state" and refused.code.startswith(OF_WORK):
        return labels.campaign_state(value) if value in of_campaigns.CAMPAIGN_STATES else str(value)
    if name == "readings" and not refused.details.get("in_file"):
        return " · ".join(map(_date, value))
    return WORDED.get(name, _plain)(value)


def _typed(refused: Refused, name: str) -> Callable[[Any], str]:
    """What is typed into a file or a command stays as it is typed."""
    if name == "event" or (name == "allowed" and refused.code == "row.unknown_event"):
        return event_code
    if name == "allowed" and refused.code == "row.unknown_choice":
        return lambda code: choice_code(code, refused.details["column"])
    if name == "allowed" and refused.code == "account.role_unknown":
        return account_role_code
    return str


def _plain(value: Any) -> str:
    return _listed(str, value)


def _listed(show: Callable[[Any], str], value: Any) -> str:
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return ", ".join(map(show, value)) if several else show(value)


def _date(text: str) -> str:
    return worded(text, shown_language()) if text else gettext("an unknown day")


def _event(name: str) -> str:
    """Codes of membership events come short ("suspended"), the others whole ("coalition.founded")."""
    return labels.entry(name if "." in name else f"membership.{name}") if name else "…"


def _state(label: str) -> str:
    """ "member, suspended": what it is, and how it is. Of an organisation that lives on it may be its name."""
    said = {**labels.ROLES, **labels.STANDINGS}
    parts = label.split(", ")
    return ", ".join(gettext(said[part]) for part in parts) if said.keys() >= set(parts) else label


DATES = frozenset(("on", "since", "opens", "closes", "end", "first", "ended", "later_on"))
WORDED: dict[str, Callable[[Any], str]] = {
    "event": _event,
    "later": _event,
    "state": _state,
    "allowed": lambda events: _listed(_event, events) or gettext("nothing"),
    "readings": lambda dates: " · ".join(f"{text} ({_date(text)})" for text in dates),
}
