"""Which accounts that sources give are of one happening?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from domain.campaign_entries import CampaignCancelled, CampaignConcluded
from domain.entry import Entry
from domain.history import Amendment, History, holding, taken_out
from domain.membership_entries import Enters, Leaves, bounds
from domain.organisation import Ended

FAMILIES: tuple[type[Entry] | object, ...] = (Enters, Leaves, Ended, CampaignConcluded | CampaignCancelled)
TELLING = (  # fields in which two happenings of one kind differ
    "umbrella_id", "office", "language", "of", "authority_id", "partner_id", "donor_id", "action_id", "stage",
)  # fmt: skip


def accounts(history: History, version: int) -> tuple[int, ...]:
    """Versions: the account that drives the state first, and those that stand beside it. Each account that does not
    drive it is of the happening of its kind that is nearest in time."""
    out = taken_out(history.entries)
    this = history.entries[version - 1]
    standing = [
        e
        for e in history.entries
        if e.originator_version not in out and not isinstance(e, Amendment) and _kind(e) == _kind(this)
    ]
    held = {e.originator_version for e in holding(history.entries)}
    driving = [e for e in standing if e.originator_version in held]
    of = _nearest(this, driving)
    beside = (e for e in standing if e not in driving and of is not None and _nearest(e, driving) is of)
    return tuple(e.originator_version for e in (of or this, *beside))


def _kind(e: Entry) -> tuple[Hashable, ...]:
    family = next((n for n, each in enumerate(FAMILIES) if isinstance(e, each)), e.stored_name())  # type: ignore[arg-type]  # unions are classes here too
    return family, *(getattr(e, field, None) for field in TELLING)


def _nearest(e: Entry, driving: Iterable[Entry]) -> Entry | None:
    return min(driving, key=lambda other: (_apart(e, other), other.originator_version), default=None)


def _apart(one: Entry, other: Entry) -> int:
    """Days between them; none where they can be of one day."""
    (first, last), (others_first, others_last) = bounds(one.occurred), bounds(other.occurred)
    return max(0, others_first - last, first - others_last)
