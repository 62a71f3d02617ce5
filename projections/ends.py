"""What was said to end when: terms, reviews of suspensions, notices of withdrawal; and from which day to which?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from domain.clusters import MAX
from domain.dates import PartialDate
from domain.entry import Entry
from domain.history import holding
from domain.membership_entries import (
    DecisionAppealed,
    Enters,
    Leaves,
    OrganisationDissolvedAway,
    OrganisationMergedAway,
    Reinstated,
    Renewed,
    Suspended,
    WithdrawalNotified,
    WithdrawalRevoked,
    bounds,
)
from projections.kept import Placed
from projections.tables import Id, ReadTable, metadata
from projections.two_clocks import clock_columns

OVER: dict[type[Entry], tuple[type[Entry], ...]] = {  # what else ends what the entry said, before its day
    Renewed: (),
    Suspended: (Reinstated,),
    WithdrawalNotified: (WithdrawalRevoked,),
}
PERIOD = (Enters, Leaves, OrganisationMergedAway, OrganisationDissolvedAway)  # begins or ends one

end_table = Table(
    "membership_end",
    metadata,
    *clock_columns(),
    Column("coalition_id", Id, nullable=False),
    Column("organisation_id", Id, nullable=False),
    Column("name", Text, nullable=False),  # of the entry that says it
    Column("position", BigInteger, nullable=False),
    Column("from_day", Integer, nullable=False),  # said from that day on, until something else was said
    Column("to_day", Integer, nullable=False),
    Column("ends", Integer, nullable=False),  # the last day that it can mean
    Column("day", Text, nullable=False),
)
read_table = ReadTable(end_table, keys=3, indexes=("(known_to, to_day, ends)",), two_clocks=True)


class Fact(NamedTuple):
    """The rest of a row, after its clocks."""

    coalition_id: str
    organisation_id: str
    name: str
    position: int
    from_day: int
    to_day: int
    ends: int
    day: str


def said_by(entry: Entry) -> PartialDate | None:
    match entry:
        case Renewed():
            return entry.until
        case Suspended():
            return entry.review_by
        case WithdrawalNotified():
            return entry.effective
    return None


def facts(pair: tuple[str, str], entries: Sequence[Placed]) -> list[tuple[Any, ...]]:
    """Of one membership."""
    position = {placed.entry.originator_version: placed.position for placed in entries}
    held = holding(tuple(placed.entry for placed in entries))
    in_order = sorted(held, key=lambda entry: (bounds(entry.occurred), position[entry.originator_version]))
    found: list[tuple[Any, ...]] = []
    for n, entry in enumerate(in_order):
        said = said_by(entry)
        ends = said and (said.latest or said.earliest)
        since, until = bounds(entry.occurred)[0], over(entry, in_order[n + 1 :])
        if said and ends and since < until:
            at = position[entry.originator_version]
            found.append(Fact(*pair, entry.stored_name(), at, since, until, ends.toordinal(), said.text))
    return found


def over(entry: Entry, later: Sequence[Entry]) -> int:
    """The first day on which what it said certainly holds no more, whatever day it named. An appeal may reverse that;
    another entry of its kind is at once believed instead."""
    appealed = {each.of for each in later if isinstance(each, DecisionAppealed)}
    ends: tuple[type[Entry], ...] = (*OVER.get(type(entry), ()), *PERIOD)
    instead = (bounds(each.occurred)[0] for each in later if type(each) is type(entry))
    over_by = (each for each in later if isinstance(each, ends) and each.originator_version not in appealed)
    return min((*instead, *(bounds(each.occurred)[1] for each in over_by)), default=MAX)
