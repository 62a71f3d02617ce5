"""What one history may not do to another: end a coalition before its members, close a circle of umbrellas …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from domain.action import Action
from domain.campaign import Campaign
from domain.clusters import MAX
from domain.coalition import UmbrellaJoined, UmbrellaLeft
from domain.entry import Entry, Refused
from domain.history import Amendment, History, holding, taken_out
from domain.membership import Membership
from domain.membership_entries import (
    MembershipEntry,
    OrganisationDissolvedAway,
    OrganisationMergedAway,
    bounds,
)
from domain.organisation import Organisation, OrganisationRegistered, OrganisationSameAs
from domain.programme import Programme
from domain.project import Project

END_OF_MEMBERSHIP = (OrganisationMergedAway, OrganisationDissolvedAway)
NAMED = (
    "coalition_id", "organisation_id", "successor_id", "other_id", "umbrella_id", "holder_id", "lead_id",
    "authority_id", "partner_id", "donor_id", "changed_by_id",
)  # fmt: skip
NAMED_TOGETHER = ("into", "by", "decision_makers")
WORK: dict[str, tuple[type[History], str]] = {
    "campaign_id": (Campaign, "planned"),
    "programme_id": (Programme, "opened"),
    "action_id": (Action, "logged"),
}  # field, the history that it names, and what shows that it is there
TOLD = 3  # so many names in one refusal

OrganisationOf = Callable[[UUID], Organisation]


def named_in(e: Entry) -> set[UUID]:
    """The organisations that an entry names."""
    alone = {id for field in NAMED if (id := getattr(e, field, None))}
    return alone.union(*(ids for field in NAMED_TOGETHER if isinstance(ids := getattr(e, field, ()), tuple)))


def work_named_in(e: Entry) -> dict[str, UUID]:
    """The campaign, programme and action that an entry names, by field."""
    return {field: id for field in WORK if (id := getattr(e, field, None))}


def standing(history: History) -> tuple[Entry, ...]:
    """All accounts that were not taken out."""
    out = taken_out(history.entries)
    return tuple(e for e in history.entries if not isinstance(e, Amendment) and e.originator_version not in out)


# A registration, and all that was recorded of the organisation


def is_registered(of: Organisation) -> bool:
    return any(isinstance(e, OrganisationRegistered) for e in holding(of.entries))


def check_registration(
    of: Organisation, others: Callable[[], Iterable[History]], called: Callable[[UUID], str]
) -> None:
    """Refuses to leave without a registration what has other entries, or is named by other histories."""
    if is_registered(of):
        return
    names = (e for history in others() for e in standing(history) if of.id in named_in(e))
    needing = [*standing(of), *names]
    if needing:
        raise _refused("organisation.registration_needed", needing, called)


# The life of a coalition, and who is in it


def check_members(
    before: Organisation, after: Organisation, memberships: Iterable[Membership], called: Callable[[UUID], str]
) -> None:
    """Refuses a coalition's life to which a change of its members, that lay within it before, lies outside."""
    changes = [
        change
        for membership in memberships
        for change in membership.changes
        if not isinstance(change, END_OF_MEMBERSHIP) and not _outside(before, change)
    ]
    if before.begins and not after.begins and changes:
        raise _refused("coalition.founding_needed", changes, called)
    for code, end in (("coalition.members_before", after.begins), ("coalition.members_after", after.dissolves)):
        outside = [change for change in changes if _outside(after, change) == code]
        if outside and end:
            raise _refused(code, outside, called, since=end.text)


def _outside(coalition: Organisation, change: MembershipEntry) -> str:
    first, last = bounds(change.occurred)
    if coalition.begins and last < bounds(coalition.begins)[0]:
        return "coalition.members_before"
    if coalition.dissolves and first > bounds(coalition.dissolves)[1]:
        return "coalition.members_after"
    return ""


def _refused(code: str, needing: Sequence[Entry], called: Callable[[UUID], str], **details: Any) -> Refused:
    """With the first entry in the way, how many histories have such, and whose they are."""
    first, *more = sorted(needing, key=lambda e: (bounds(e.occurred), str(e.originator_id), e.originator_version))
    owners = dict.fromkeys(getattr(e, "organisation_id", e.originator_id) for e in [first, *more])
    return Refused(
        code, event=first.stored_name(), on=first.occurred.text, id=first.originator_id,
        version=first.originator_version, count=len(owners),
        who=[name for id in [*owners][:TOLD] if (name := called(id))],
        **details,
    )  # fmt: skip


# Records joined as the same


def check_same(of: Organisation, fresh: Iterable[Entry], organisation: OrganisationOf) -> None:
    """Refuses to join two records that are joined already, from whichever side."""
    for e in fresh:
        if isinstance(e, OrganisationSameAs):
            other = organisation(e.other_id)
            sides = ((of, other.id), (other, of.id))
            joined = [held for side, id in sides for held in holding(side.entries) if _is_same(held, id)]
            earlier = next((held for held in joined if held is not e), None)
            if earlier and e.variant == "preferred":
                raise Refused(
                    "organisation.already_same", event=e.stored_name(), on=e.occurred.text,
                    since=earlier.occurred.text, state=str(other.present["state"]), allowed=(),
                )  # fmt: skip


def _is_same(e: Entry, other_id: UUID) -> bool:
    return isinstance(e, OrganisationSameAs) and e.other_id == other_id


# Campaigns, programmes, projects and actions


def check_named_work(e: Entry, history: Callable[[UUID], History]) -> None:
    """Refuses to speak of a campaign, a programme or an action that is not there."""
    for field, id in work_named_in(e).items():
        kind, begun = WORK[field]
        named = history(id)
        if not isinstance(named, kind) or getattr(named, begun) is None:
            raise Refused(
                f"{kind.__name__.lower()}.unknown", id=id, event=e.stored_name(), on=e.occurred.text, field=field
            )


def is_taken_back(history: Campaign | Action | Programme | Project) -> bool:
    """Whether nothing of it holds any more."""
    return not holding(history.entries)


def check_needed(history: History, others: Iterable[History], called: Callable[[UUID], str]) -> None:
    """Refuses to take back what others name."""
    naming = [e for other in others for e in standing(other) if history.id in work_named_in(e).values()]
    if naming:
        raise _refused("entry.named_by_others", naming, called)


# Umbrellas


class Link(NamedTuple):
    """Certainly under this umbrella from one day to another (the first day after)."""

    umbrella_id: UUID
    since: int
    until: int
    joined: UmbrellaJoined


def check_umbrellas(of: Organisation, organisation: OrganisationOf) -> None:
    """Refuses a coalition that would on some day certainly be under itself, over however many steps."""
    for link in _links(of):
        above = _way_up(link, of.id, organisation, frozenset())
        if above is not None:
            raise Refused(
                "coalition.umbrella_circle", event=link.joined.stored_name(), on=link.joined.occurred.text,
                version=link.joined.originator_version, id=of.id,
                who=[organisation(each).present["state"] for each in above],
            )  # fmt: skip


def _way_up(link: Link, target: UUID, organisation: OrganisationOf, passed: frozenset[UUID]) -> list[UUID] | None:
    """The umbrellas on the way back to where it began, within the days of the link."""
    if link.umbrella_id == target:
        return []
    if link.umbrella_id in passed:
        return None
    for above in _links(organisation(link.umbrella_id)):
        since, until = max(link.since, above.since), min(link.until, above.until)
        if since < until:
            cut = above._replace(since=since, until=until)
            way = _way_up(cut, target, organisation, passed | {link.umbrella_id})
            if way is not None:
                return [link.umbrella_id, *way]
    return None


def _links(of: Organisation) -> list[Link]:
    held = holding(of.entries)
    gone = bounds(of.dissolves)[0] if of.dissolves else MAX
    joined = [e for e in held if isinstance(e, UmbrellaJoined)]
    left = [e for e in held if isinstance(e, UmbrellaLeft)]
    return [Link(e.umbrella_id, bounds(e.occurred)[1], min(gone, _left(e, left)), e) for e in joined]


def _left(joined: UmbrellaJoined, left: Iterable[UmbrellaLeft]) -> int:
    """The first day on which it can have left again."""
    since = bounds(joined.occurred)
    return min(
        (bounds(e.occurred)[0] for e in left if e.umbrella_id == joined.umbrella_id and bounds(e.occurred) >= since),
        default=MAX,
    )
