"""One organisation's place in one coalition: all that was recorded of it, and what may be recorded next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID, uuid5

from domain import appeals
from domain.clusters import Blocked
from domain.dates import PartialDate
from domain.entry import E, Entry, Refused, Told
from domain.history import History, holding
from domain.membership_entries import (
    DuesWaived,
    MembershipEntry,
    OrganisationDissolvedAway,
    OrganisationMergedAway,
    bounds,
    event_of,
    rights,
)
from domain.membership_periods import blocked_by, in_legal_order, is_possible, periods
from domain.membership_refusals import illegal, later_illegal, meets, refusal
from domain.membership_rules import OF_DELEGATES, may_follow
from domain.standing import Standing

__all__ = ["Membership", "in_legal_order", "is_possible", "may_follow", "periods", "refusal"]

Changes = tuple[MembershipEntry, ...]
SPEAKS_OF: dict[str, tuple[str, tuple[str, ...]]] = {
    "decision_appealed": ("membership.nothing_to_appeal", appeals.DECISIONS),
    "appeal_decided": ("membership.no_appeal", appeals.DECISIONS),
    "delegate_replaced": ("membership.no_such_delegate", OF_DELEGATES),
}  # what `of` names, and the refusal where it does not


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

    def check_since(self, before: Self, new: Sequence[Entry]) -> None:
        changes = self.changes
        added = tuple(e for e in changes if e.originator_version > before.version)
        for change in added:
            self.check_alone(change)
        self._check_spoken_of(changes, before.version)
        self._check_waived(changes, before.version)
        no = blocked_by(changes)
        if no:
            self._refuse(before.changes, changes, added, new[0], no)

    def _refuse(self, before: Changes, changes: Changes, added: Changes, new: Entry, no: Blocked[Standing]) -> None:
        """A history that was illegal already or is too tangled to be decided grows by what its natural order allows."""
        if not (no.is_certain and is_possible(before)):
            return self._refuse_unnatural(before, changes, added, new)
        for change in added:
            others = tuple(c for c in changes if c is not change)
            if others == before or is_possible(others):
                raise refusal(others, change, self.opens)
        raise later_illegal(changes, added[0] if added else new, changes[no.step], no.state, self.opens)

    def _refuse_unnatural(self, before: Changes, changes: Changes, added: Changes, new: Entry) -> None:
        known = {c.originator_version for c, _ in illegal(before)}
        made = [(c, standing) for c, standing in illegal(changes) if c.originator_version not in known]
        for change in added:
            if any(c is change for c, _ in made):
                raise refusal([c for c in changes if c is not change], change, self.opens)
        for change, standing in made[:1]:
            raise later_illegal(changes, added[0] if added else new, change, standing, self.opens)

    def _check_spoken_of(self, changes: Changes, known: int) -> None:
        """An appeal speaks of a decision, and a delegate stands in for another one, that hold."""
        by_version = {change.originator_version: change for change in changes}
        for change in changes:
            code, kinds = SPEAKS_OF.get(event_of(change), ("", ()))
            if code and event_of(by_version.get(change.of, change)) not in kinds:  # type: ignore[attr-defined]  # SPEAKS_OF
                is_new = change.originator_version > known
                raise self._refused(
                    code if is_new else "entry.later_illegal", change, version=change.originator_version
                )

    def _check_waived(self, changes: Changes, known: int) -> None:
        """Dues are waived once for a period."""
        waived: dict[tuple[int, int], int] = {}
        for change in changes:
            if isinstance(change, DuesWaived):
                first = waived.setdefault(bounds(change.period), change.originator_version)
                version = change.originator_version
                if first != version:
                    code = "membership.waived_twice" if version > known else "entry.later_illegal"
                    raise self._refused(code, change, field="period", version=version)

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
