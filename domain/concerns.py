"""Who acts in a coalition's campaign and was certainly no member then? It is said, and recorded all the same."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.dates import PartialDate
from domain.membership import Membership, periods
from domain.membership_entries import bounds


def strangers(memberships: Iterable[Membership], on: PartialDate) -> tuple[UUID, ...]:
    """Of these the organisations that were in on no day that is possible."""
    return tuple(each.organisation_id for each in memberships if not _was_in(each, on))


def _was_in(membership: Membership, on: PartialDate) -> bool:
    """Also on the day on which it left."""
    first, last = bounds(on)
    met = (found for found in periods(membership.changes) if found.since <= last and first <= found.until)
    return any(standing.place == "in" for found in met for standing in found.states)
