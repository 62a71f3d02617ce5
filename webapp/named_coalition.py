"""Which coalition is this page about, and what was it called on the day asked for?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from flask import abort
from sqlalchemy import Connection

from projections import organisations
from webapp.at_moment import known
from webapp.moments import at
from webapp.names import Names
from webapp.troubles import not_known_yet


class Shown(NamedTuple):
    """A coalition by its name on the day asked for."""

    id: UUID
    name: str
    other_names: Sequence[str]


def named(connection: Connection, id: UUID) -> Shown:
    """Not found, if there is no such coalition at the moment asked for."""
    state = organisations.state(connection, id, known())
    if state is None or not state.is_coalition:
        abort(not_known_yet() if is_coalition_now(connection, id) else 404)
    names = Names(connection, known())
    name = names.on(id, at().on)
    return Shown(id, name, names.others(id, name))


def is_coalition_now(connection: Connection, id: UUID) -> bool:
    state = organisations.state(connection, id)
    return state is not None and state.is_coalition
