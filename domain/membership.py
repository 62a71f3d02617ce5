"""One organisation's place in one coalition: all that was recorded of it, and what may be recorded next."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import msgspec

from domain.clusters import Blocked
from domain.dates import PartialDate
from domain.entry import E, Entry, Refused, Told
from domain.history import History, holding
from domain.membership_entries import (
    MembershipEntry,
    OrganisationDissolvedAway,
    OrganisationMergedAway,
    Standing,
    bounds,
    event_of,
    rights,
)
from domain.membership_periods import blocked_by, in_legal_order, is_possible, periods
from domain.membership_refusals import illegal, later_illegal, meets, refusal
from domain.membership_rules import may_follow

__all__ = ["Membership", "in_legal_order", "is_possible", "may_follow", "periods", "refusal"]

Changes = tuple[MembershipEntry, ...]


class Membership(History, frozen=True, kw_only=True):
    """The history of one pair of coalition and organisation, within the life of the coalition."""

    coalition_id: UUID
    organisation_id: UUID
    opens: PartialDate | None = None  # preparation or founding of the coalition
    closes: PartialDate | None = None  # its dissolution

    @staticmethod
    def id_of(coalition_id: UUID, organisation_id: UUID) -> UUID:
        """One membership for each pair, by construction."""
        return uuid5(coalition_id, organisation_id.hex)

    @property
    def changes(self) -> tuple[MembershipEntry, ...]:
        return tuple(e for e in holding(self.entries) if isinstance(e, MembershipEntry))

    def change(self, kind: type[E], told: Told, **fields: Any) -> E:
        """The entry to record, for instance `membership.change(Suspended, told, scope=("vote",))`."""
        of = {"coalition_id": self.coalition_id, "organisation_id": self.organisation_id}
        if "scope" in fields:
            fields["scope"] = rights(fields["scope"])
        new = self.next(kind, told, **of, **fields)
        self.after(new).check(new)
        return new

    def check(self, new: Entry) -> None:
        if isinstance(new, MembershipEntry):
            self.check_alone(new)
        changes = self.changes
        no = blocked_by(changes)
        if no:
            before = msgspec.structs.replace(self, entries=self.entries[: new.originator_version - 1]).changes
            self._refuse(before, changes, new, no)

    def _refuse(self, before: Changes, changes: Changes, new: Entry, no: Blocked[Standing]) -> None:
        """A history that was illegal already or is too tangled to be decided grows by what its natural order allows."""
        if not (no.is_certain and is_possible(before)):
            return self._refuse_unnatural(before, changes, new)
        others = tuple(c for c in changes if c is not new)
        if isinstance(new, MembershipEntry) and (others == before or is_possible(others)):
            raise refusal(others, new, self.opens)
        raise later_illegal(changes, new, changes[no.step], no.state, self.opens)

    def _refuse_unnatural(self, before: Changes, changes: Changes, new: Entry) -> None:
        known = {c.originator_version for c, _ in illegal(before)}
        added = [(c, standing) for c, standing in illegal(changes) if c.originator_version not in known]
        if isinstance(new, MembershipEntry) and any(c is new for c, _ in added):
            raise refusal([c for c in changes if c is not new], new, self.opens)
        for change, standing in added[:1]:
            raise later_illegal(changes, new, change, standing, self.opens)

    def check_alone(self, new: MembershipEntry) -> None:
        """Refuses what could not be whatever else happened: of the coalition itself, outside its life, reversed.

        An organisation ends when it does, whatever became of the coalition.
        """
        if isinstance(new, OrganisationMergedAway | OrganisationDissolvedAway):
            return
        if self.coalition_id == self.organisation_id:
            raise self._refused("membership.of_itself", new, state="none", since=_text(self.opens), allowed=())
        self._check_life(new)
        for field in ("until", "effective", "review_by"):
            end = getattr(new, field, None)
            if end is not None and bounds(end)[1] < bounds(new.occurred)[0]:
                raise self._refused("membership.ends_before", new, field=field, end=end.text)
        if getattr(new, "scope", None) == ():
            raise self._refused("membership.scope_missing", new, field="scope")

    def _check_life(self, new: MembershipEntry) -> None:
        first, last = bounds(new.occurred)
        if self.opens and last < bounds(self.opens)[0]:
            opens = self.opens.text
            told = {"state": "none", "since": opens, "allowed": (), "opens": opens}
            raise self._refused("membership.before_coalition", new, **told)
        if self.closes and first > bounds(self.closes)[1]:
            closes = self.closes.text
            told = {"since": closes, "allowed": (), "closes": closes}
            raise self._refused("membership.after_coalition", new, **told)

    def _refused(self, code: str, new: MembershipEntry, **details: Any) -> Refused:
        """With the standing that it would meet, as far as the details do not say it."""
        others = [c for c in self.changes if c is not new]
        met = meets(others, new, self.opens)[-1].told
        return Refused(code, event=event_of(new), on=new.occurred.text, **{**met, **details})


def _text(partial: PartialDate | None) -> str:
    return partial.text if partial else ""
