"""Which organisation does a filter mean? Links name it by its id, people by a name or a part of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from projections import organisations
from projections.organisations import Found
from webapp.at_moment import known
from webapp.change_forms import uuid_of
from webapp.moments import at

AT_MOST = 20  # that are offered


class Chosen(NamedTuple):
    typed: str  # what stands in the field
    id: UUID | None = None
    candidates: Sequence[Found] = ()  # among which there is to choose

    @property
    def is_open(self) -> bool:
        """Somebody was named, and it is not clear who."""
        return bool(self.typed) and self.id is None


def chosen_organisation(connection: Connection, text: str) -> Chosen:
    id = uuid_of(text)
    if id:
        return Chosen(organisations.names_on(connection, [id], at().on, known()).get(id, text), id)
    found = organisations.find(connection, text) if text else []
    found = found or organisations.listed(connection, text, known(), limit=AT_MOST) if text else []
    return Chosen(text, found[0].id) if len(found) == 1 else Chosen(text, candidates=found)
