"""Somebody amends entries in a browser without script: opens the form, sends it, reads what it says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from uuid import UUID

from werkzeug.test import TestResponse

from domain.membership import Membership
from tests.scenario import possible_on
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.stores import Stores

WHY = {"why_reason": "wrong", "why_note": "The minutes say otherwise"}


class Filled(HTMLParser):
    """The fields of the form that is open on a page, with what stands in them."""

    def __init__(self, page: TestResponse) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area = self._select = ""
        start = page.text.index('<form id="change-form"')
        self.feed(page.text[start : page.text.index("</form>", start)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag == "input" and (told["type"] not in ("radio", "checkbox", "file") or "checked" in told):
            self.fields[name] = told["value"]
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._select, self.fields[name] = name, ""
        elif tag == "option" and "selected" in told and self._select:
            self.fields[self._select] = told["value"]

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._select = "" if tag == "select" else self._select

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


class Amender:
    def __init__(self, person: Person, position: int, what: str) -> None:
        self.person, self.path = person, f"/register/{position}/{what}"
        self.page = person.open(self.path)
        self.filled = Filled(self.page).fields

    def send(self, do: str = "save", **fields: str | list[str]) -> TestResponse:
        self.page = self.person.send(self.path, {**self.filled, **WHY, **fields, "do": do})
        return self.page

    def lands(self, **fields: str | list[str]) -> str:
        """What the page says to which the saved form leads."""
        answer = self.send("save", **fields)
        assert answer.status_code == 303, words(answer.text)
        return words(self.person.open(answer.headers["Location"]).text)


def rows(page: TestResponse) -> list[str]:
    """Of the tables that say what changes."""
    preview = page.text[page.text.index('id="preview"') :]
    return [words(found) for found in re.findall(r"<tr>(?!<th scope=\"col\").*?</tr>", preview, re.DOTALL)]


def position_of(stores: Stores, name: str, organisation_id: UUID | None = None) -> int:
    """Of the first entry of a kind, about an organisation if one is given."""
    everything = stores.chronicle.at(range(1, stores.chronicle.last_position() + 1))
    return next(
        at
        for at, recorded in everything.items()
        if recorded.name == name
        and organisation_id in (None, getattr(recorded.entry, "organisation_id", recorded.originator_id))
    )


def standing_on(stores: Stores, coalition: UUID, organisation: UUID, day: str) -> set[str]:
    """As the history says it, whatever any page says."""
    entries = stores.chronicle.history(Membership.id_of(coalition, organisation))
    history = Membership(
        id=entries[0].originator_id, coalition_id=coalition, organisation_id=organisation, entries=entries
    )
    return possible_on(history, day)
