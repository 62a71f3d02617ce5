"""What became of a roster between two moments of knowledge? The same day, as known then and as known now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple
from uuid import UUID

from projections.roster import Place, Roster

Kind = Literal["came", "left", "changed", "renamed"]
KINDS: tuple[Kind, ...] = ("came", "left", "changed", "renamed")
SHOWN = ("role", "standing", "scope", "certainty", "possible")


class Changed(NamedTuple):
    """None: not in the roster."""

    kind: Kind
    organisation_id: UUID
    name: str  # the later one
    before: Place | None
    after: Place | None


def changed(before: Roster, after: Roster) -> list[Changed]:
    """Who came, who left, whose standing changed, who got another name; each in the order of the later roster."""
    then = {place.organisation_id: place for place in before.rows}
    now = {place.organisation_id: place for place in after.rows}
    gone = [place for place in before.rows if place.organisation_id not in now]
    found = [
        *_of(then, after.rows),
        *(Changed("left", place.organisation_id, place.organisation, place, None) for place in gone),
    ]
    return sorted(found, key=lambda one: KINDS.index(one.kind))


def _of(then: dict[UUID, Place], rows: tuple[Place, ...]) -> Iterator[Changed]:
    for place in rows:
        old = then.get(place.organisation_id)
        if old is None:
            yield Changed("came", place.organisation_id, place.organisation, None, place)
        elif any(getattr(old, name) != getattr(place, name) for name in SHOWN):
            yield Changed("changed", place.organisation_id, place.organisation, old, place)
        elif old.organisation != place.organisation:
            yield Changed("renamed", place.organisation_id, place.organisation, old, place)
