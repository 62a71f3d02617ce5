"""Somebody amends entries in a browser without script: opens the form, sends it, reads what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from domain.membership import Membership
from tests.scenario import possible_on
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.blank_forms import Untouched
from webapp.stores import Stores

WHY = {"why_reason": "wrong", "why_note": "The minutes say otherwise"}


class Filled:
    """The fields of the form that is open on a page, with what stands in them; `sent` is what a browser sends."""

    def __init__(self, page: TestResponse) -> None:
        start = page.text.index('<form id="change-form"')
        fields = Untouched(page.text[start : page.text.index("</form>", start)]).fields
        self.fields = dict(fields)
        self.sent: Mapping[str, str | list[str]] = MultiDict(fields).to_dict(flat=False)


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
