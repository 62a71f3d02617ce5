"""What would follow from an entry, told before it is recorded: who stands how, which name is shown, what ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from domain.amending import Amended
from domain.campaign import Campaign
from domain.campaign_entries import CampaignEntry
from domain.coalition import (
    CoalitionEntry,
    CoalitionRenamed,
    Dissolved,
    Founded,
    OfficeTaken,
    Prepared,
    UmbrellaJoined,
    UmbrellaLeft,
)
from domain.dates import PartialDate
from domain.entry import Entry
from domain.history import holding
from domain.membership import Membership
from domain.membership_entries import MembershipEntry, bounds
from domain.organisation import (
    Organisation,
    OrganisationDissolved,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationRenamed,
    OrganisationSameAs,
    OrganisationSplit,
)
from projections import periods
from projections.organisations import Name
from projections.roster import roster
from webapp import campaign_facts, who
from webapp.moments import at
from webapp.names import Names
from webapp.previews import Fact, of_membership, standing_on
from webapp.sentences import Sentences
from webapp.shown import partial_date


class NewNames(Names):
    """Also those that organisations get by what is recorded together."""

    def __init__(self, connection: Connection, entries: Iterable[Entry]) -> None:
        super().__init__(connection)
        self.registered = {e.originator_id: e for e in entries if isinstance(e, OrganisationRegistered)}

    def of(self, id: UUID) -> list[Name]:
        given = self.registered.get(id)
        return [Name(given.called, given.language, None, None, None, 0)] if given else super().of(id)


def follows(entry: Entry, amended: Amended, names: NewNames, connection: Connection) -> Iterator[Fact]:
    for new in names.registered.values():
        if new is not entry and new.originator_id != entry.originator_id:
            told = gettext("“%(name)s” is registered as a new organisation.", name=new.called)
            yield Fact(gettext("Organisation"), [told])
    after = amended.after[entry.originator_id]
    if isinstance(entry, MembershipEntry) and isinstance(after, Membership):
        yield from of_membership(after, entry, at().today)
        return
    of, first = entry.originator_id, entry.originator_version
    beside = [e for e in amended.entries if e.originator_id == of and e.originator_version >= first]
    sentences = Sentences(names, lambda _: [*who.stores().chronicle.history(of), *beside], linked=False)
    yield Fact(gettext("It will read"), [sentences.plain(e) for e in beside])
    if isinstance(entry, CampaignEntry) and isinstance(after, Campaign):
        yield from campaign_facts.follows(entry, after, names, at().today)
    if isinstance(after, Organisation):
        yield from of_life(entry, after, amended, names, connection)


def of_life(
    entry: Entry, after: Organisation, amended: Amended, names: NewNames, connection: Connection
) -> Iterator[Fact]:
    if isinstance(entry, CoalitionEntry):
        yield from of_coalition(entry, after, names, connection)
    match entry:
        case OrganisationRenamed():
            yield Fact(gettext("Names"), list(names_through_time(after)))
        case OrganisationMerged() | OrganisationDissolved():
            yield Fact(gettext("Memberships"), list(ends(entry, amended, names)))
        case OrganisationSameAs():
            yield Fact(gettext("Shown together"), list(together(entry, names, connection)))
        case OrganisationSplit():
            told = gettext("It goes on with its memberships. If it ended by this, record its end as well.")
            yield Fact(gettext("The organisation itself"), [told])


def of_coalition(entry: CoalitionEntry, after: Organisation, names: NewNames, connection: Connection) -> Iterator[Fact]:
    match entry:
        case CoalitionRenamed():
            yield Fact(gettext("Names"), list(names_through_time(after)))
        case Founded() | Prepared():
            yield Fact(gettext("Memberships"), [gettext("Nobody is in before %(day)s.", day=shown(after.begins))])
        case Dissolved():
            yield Fact(gettext("Memberships"), list(left_behind(entry, connection)))
        case UmbrellaJoined() | UmbrellaLeft():
            yield Fact(
                gettext("Umbrellas then"), [names.on(id, at().today) for id in umbrellas(after)] or [gettext("none")]
            )
        case OfficeTaken():
            yield from held_until_then(entry, after, names)


def names_through_time(of: Organisation) -> Iterator[str]:
    for named in of.names:
        since = gettext("since: %(date)s", date=shown(named.since)) if named.since else gettext("the first name known")
        yield f"{named.called} ({since})"


def ends(ended: Entry, amended: Amended, names: NewNames) -> Iterator[str]:
    """Where it was in until then."""
    touched = [(history, amended.before[id]) for id, history in amended.after.items()]
    pairs = [(a, b) for a, b in touched if isinstance(a, Membership) and isinstance(b, Membership)]
    day = last_day_before(ended.occurred)
    for after, before in pairs:
        yield gettext(
            "%(coalition)s: %(before)s; from %(date)s: %(after)s",
            coalition=names.on(after.coalition_id, at().today),
            before=standing_on(before.changes, day),
            date=partial_date(ended.occurred),
            after=standing_on(after.changes, ended.occurred.latest or ended.occurred.earliest or at().today),
        )
    if not pairs:
        yield gettext("It has no membership that would end.")
    if isinstance(ended, OrganisationMerged):
        yield gettext(
            "%(organisation)s keeps its own memberships and gets no new ones by this.",
            organisation=names.on(ended.successor_id, at().today),
        )


def left_behind(dissolved: Entry, connection: Connection) -> Iterator[str]:
    found = roster(connection, dissolved.originator_id, last_day_before(dissolved.occurred))
    yield ngettext(
        "%(num)s organisation is in until then.", "%(num)s organisations are in until then.", len(found.rows)
    )
    yield gettext("After that nobody is in; what was before stays as it is recorded.")


def umbrellas(of: Organisation) -> list[UUID]:
    """Those to which it belongs when all is done, as far as the order of its entries tells."""
    joined: dict[UUID, None] = {}
    for e in sorted(
        (e for e in holding(of.entries) if isinstance(e, UmbrellaJoined | UmbrellaLeft)),
        key=lambda e: bounds(e.occurred),
    ):
        if isinstance(e, UmbrellaJoined):
            joined[e.umbrella_id] = None
        else:
            joined.pop(e.umbrella_id, None)
    return [*joined]


def held_until_then(taken: OfficeTaken, after: Organisation, names: NewNames) -> Iterator[Fact]:
    earlier = [
        e
        for e in holding(after.entries)
        if isinstance(e, OfficeTaken)
        and e is not taken
        and e.office == taken.office
        and bounds(e.occurred) <= bounds(taken.occurred)
    ]
    if earlier:
        last = max(earlier, key=lambda e: bounds(e.occurred))
        holder = names.on(last.holder_id, taken.occurred) if last.holder_id else gettext("not recorded")
        yield Fact(
            gettext("Held until then by"),
            [f"{holder} ({gettext('since: %(date)s', date=partial_date(last.occurred))})"],
        )


def together(same: OrganisationSameAs, names: NewNames, connection: Connection) -> Iterator[str]:
    """The names and memberships of both, and that it can be taken back."""
    pair, places = (same.originator_id, same.other_id), list[set[UUID]]()
    for id in pair:
        called = list(dict.fromkeys(name.called for name in names.of(id)))
        coalitions = [ribbon.coalition_id for ribbon in periods.of_organisation(connection, id)]
        places.append(set(coalitions))
        yield " · ".join([", ".join(called), *(names.on(coalition, at().today) for coalition in coalitions)])
    for coalition in set.intersection(*places):
        yield gettext(
            "%(coalition)s: both records stay in the roster and in the list of voters, each counted by itself.",
            coalition=names.on(coalition, at().today),
        )
    yield gettext("Each page leads to the other; both histories stay. Striking this entry out parts them again.")


def last_day_before(when: PartialDate) -> date:
    first = when.earliest or when.latest or at().today
    return first - timedelta(days=1) if first > date.min else first


def shown(when: PartialDate | None) -> str:
    return partial_date(when) if when else gettext("not known")
