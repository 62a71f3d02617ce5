"""Which rows of the picture does somebody want to see: by role, by standing, by any name?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from projections import organisations
from projections.periods import Band, Ribbon
from projections.roster import whoever
from webapp import labels
from webapp.ribbon_axis import Span
from webapp.ribbon_looks import look_of

LONGEST_NAME = 300
STANDINGS = ("good", "suspended", "in_arrears", "leaving", "applicant")


class Wanted(NamedTuple):
    """Empty: all of them."""

    q: str = ""
    role: str = ""
    standing: str = ""

    def has(self, band: Band) -> bool:
        """Whether there is something to see in it, as asked for."""
        if look_of(band) is None:
            return False
        return (not self.role or band.role == self.role) and (not self.standing or band.standing == self.standing)


EVERYBODY = Wanted()


def wanted(args: Mapping[str, str]) -> Wanted:
    """What an address cannot mean is left out."""
    role, standing = args.get("role", ""), args.get("standing", "")
    return Wanted(
        args.get("q", "").strip()[:LONGEST_NAME],
        role if role in labels.ROLES else "",
        standing if standing in STANDINGS else "",
    )


def left(
    connection: Connection, coalition_id: UUID, known: int | None, ribbons: Sequence[Ribbon], want: Wanted, span: Span
) -> list[Ribbon]:
    """Those so called, with a band as asked for in the days shown."""
    named = organisations.having(connection, whoever(coalition_id), want.q, known) if want.q else None
    return [
        ribbon
        for ribbon in ribbons
        if (named is None or ribbon.organisation_id in named)
        and any(want.has(band) and span.meets(band.since, band.until) for band in ribbon.bands)
    ]
