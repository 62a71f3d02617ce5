"""Somebody records a change of a membership in a browser without script: opens the form, sends it, reads it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.webapp.conftest import Person
from tests.webapp.reading import open_form, words

CENTRE = "Romų visuomenės centras"
SUSPENSION = {"event": "suspended", "occurred": "5 April 2024", "scope": "vote", "reason": "unpaid_dues"}


class Desk:
    """Somebody of the secretariat with the form for one organisation open."""

    def __init__(self, person: Person, coalition: UUID, organisation: UUID | str) -> None:
        self.person, self.coalition = person, coalition
        page = person.open(f"/coalitions/{coalition}?change={organisation}")
        self.hidden = {name: value for name, value in open_form(page).items() if name != "csrf_token"}

    def send(self, do: str, **fields: str) -> TestResponse:
        return self.person.send(
            f"/coalitions/{self.coalition}/changes", {**self.hidden, **self.shown(fields), "do": do, **fields}
        )

    def shown(self, fields: dict[str, str]) -> dict[str, str]:
        """The form has the fields of what was chosen."""
        return {"shown": fields["event"]} if "event" in fields else {}

    def reads_on(self, do: str, **fields: str) -> str:
        """What the fragment says that htmx asks for."""
        headers = {"HX-Request": "true"}
        path = f"/coalitions/{self.coalition}/changes"
        return words(self.person.send(path, {**self.hidden, "do": do, **fields}, headers=headers).text)


@pytest.fixture
def desk(signed_in: Callable[..., Person], ztok: UUID, centre: UUID) -> Desk:
    return Desk(signed_in("secretariat"), ztok, centre)
