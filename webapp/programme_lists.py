"""How programmes read in a list, as things stood on the day asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from projections.programmes import Programme
from webapp import labels
from webapp.at_moment import known
from webapp.dates import worded
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.sentences import PROGRAMME, untitled
from webapp.titles import titles


def rows(connection: Connection, found: Sequence[Programme]) -> list[dict[str, Any]]:
    """Those that were possibly opened by the day."""
    names = Names(connection, known())
    there = [each for each in found if each.earliest <= at().on.toordinal()]
    titles().look_up(each.id for each in there)
    return [row(each, names) for each in there]


def row(of: Programme, names: Names) -> dict[str, Any]:
    return {
        "id": of.id,
        "title": titles().on(of.id, at().on) or untitled(PROGRAMME),
        "organisation": names.on(of.organisation_id, at().on),
        "organisation_id": of.organisation_id,
        "direction": labels.direction(of.direction),
        "opened": worded(of.occurred, shown_language()),
        "closed": worded(of.closed, shown_language()) if of.closed else "",
        "position": of.position,
    }
