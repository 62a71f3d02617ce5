"""What is kept of every entry: what it is about, whom it names, at which level it is, what became of it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache, reduce
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from domain.across import NAMED, NAMED_TOGETHER, WORK
from domain.action import ActionLogged
from domain.campaign_entries import CampaignEntry, CampaignPlanned, ConfidentialityChanged
from domain.chronicle.forms import stamp_of
from domain.coalition import CoalitionEntry
from domain.confidentiality import narrower
from domain.entry import Entry
from domain.history import ENTRIES as AMENDMENTS
from domain.history import (
    UNDO_WITHIN,
    Amendment,
    EntryCorrected,
    EntryStruck,
    VariantPreferred,
    holding,
    in_force,
    taken_out,
)
from domain.kinds import EVERY_KIND
from domain.membership_entries import MembershipEntry, bounds
from domain.programme import ProgrammeClosed, ProgrammeOpened
from domain.project import ProjectEntry
from domain.removal import WordsRemoved
from projections.kept import NOBODY, Placed, pack, unpack
from projections.tables import Id, Projection, ReadTable, Rows, hex_of, metadata
from projections.two_clocks import clock_columns, revise

LINE, AMENDED, MENTION = 0, 1, 2
OF_WORKS = "work_id IS NOT NULL"
BEGINS_WORK = "name IN ('campaign.planned', 'project.opened')"
LOGS = "name = 'campaign.action_logged'"

line_table = Table(
    "timeline",
    metadata,
    Column("position", BigInteger, nullable=False),
    Column("subject", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("coalition_id", Id),
    Column("organisation_id", Id),
    Column("earliest", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("occurred", Text, nullable=False),
    Column("decided", Text),
    Column("recorded_at", BigInteger, nullable=False),  # microseconds since 1970
    Column("recorded_by", Id, nullable=False),
    Column("variant", Text, nullable=False),
    Column("work_id", Id),  # the campaign or project whose level of confidentiality holds for it
    Column("confidentiality", Text, nullable=False),  # its own level as it was recorded
    Column("level", Text, nullable=False),  # the same as it is now: of what was corrected never wider than of the right
    Column("amendment", LargeBinary),
)
amended_table = Table(
    "timeline_amended",
    metadata,
    *clock_columns(),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # struck, corrected, undone, undo, set_aside, preferred
    Column("amended_by", BigInteger, nullable=False),
)
mention_table = Table(
    "mention", metadata, Column("subject", Id, nullable=False), Column("named_id", Id, nullable=False)
)


class Line(NamedTuple):
    """A row of the timeline as the fold writes it."""

    position: int
    subject: str
    version: int
    name: str
    coalition_id: str | None
    organisation_id: str | None
    earliest: int
    latest: int
    occurred: str
    decided: str | None
    recorded_at: int
    recorded_by: str
    variant: str
    work_id: str | None
    confidentiality: str
    level: str
    amendment: bytes | None


def fold(rows: Rows, position: int, entry: Entry) -> None:
    earliest, latest = bounds(entry.occurred)
    is_amendment = isinstance(entry, Amendment)
    coalition_id, organisation_id, work_id = concerns(rows, entry)
    own = own_level(entry)
    line = Line(
        position,
        rows.subject,
        entry.originator_version,
        entry.stored_name(),
        coalition_id,
        organisation_id,
        earliest,
        latest,
        entry.occurred.text,
        entry.decided.text if entry.decided else None,
        stamp_of(entry.recorded_at),
        hex_of(entry.recorded_by),
        entry.variant,
        work_id,
        own,
        own,
        pack([Placed(position, entry)]) if is_amendment else None,
    )
    rows.put(LINE, (position,), line)
    named = () if isinstance(entry, MembershipEntry) else named_in(entry)  # its line names whom it is about
    for key in ((rows.subject, hex_of(id)) for id in named):
        if key not in rows.held[MENTION]:
            rows.put(MENTION, key, key)
    if is_amendment:
        lines = [Line._make(row) for row in sorted(rows.held[LINE].values())]
        revise(rows, AMENDED, amended(lines), position)
        for line, level in zip(lines, levels(lines), strict=True):
            if line.level != level:
                rows.put(LINE, (line.position,), line._replace(level=level))


def concerns(rows: Rows, entry: Entry) -> tuple[str | None, str | None, str | None]:
    """The coalition and the organisation that it is about, and the campaign or project that it belongs to."""
    match entry:
        case MembershipEntry():
            return hex_of(entry.coalition_id), hex_of(entry.organisation_id), None
        case CoalitionEntry():
            return rows.subject, other_in(entry, "umbrella_id", "holder_id"), None
        case ActionLogged():
            return None, hex_of(entry.by[0]) if entry.by else None, hex_of(entry.campaign_id)
        case CampaignEntry():
            others = ("lead_id", "authority_id", "partner_id", "donor_id", "changed_by_id")
            return None, other_in(entry, *others), rows.subject
        case ProjectEntry():
            return None, other_in(entry, "organisation_id"), rows.subject
        case ProgrammeOpened():
            return None, hex_of(entry.organisation_id), None
    if isinstance(entry, Amendment | ProgrammeClosed) and rows.held[LINE]:
        first = Line._make(min(rows.held[LINE].values()))
        return first.coalition_id, first.organisation_id, first.work_id
    return None, rows.subject, None


def other_in(entry: Entry, *fields: str) -> str | None:
    other: UUID | None = next((id for field in fields if (id := getattr(entry, field, None))), None)
    return hex_of(other) if other else None


@cache
def naming(kind: type[Entry]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields in which such an entry names another subject, and those in which it names several."""
    several = () if issubclass(kind, AMENDMENTS) else NAMED_TOGETHER
    own = kind.__struct_fields__
    return tuple(name for name in (*NAMED, *WORK) if name in own), tuple(name for name in several if name in own)


def named_in(entry: Entry) -> Iterator[UUID]:
    alone, together = naming(type(entry))
    for name in alone:
        id: UUID | None = getattr(entry, name)
        if id:
            yield id
    for name in together:
        yield from getattr(entry, name)


def own_level(entry: Entry) -> str:
    """Empty where that of its campaign or project holds; an entry that sets this has none of its own."""
    if isinstance(entry, CampaignEntry) and not isinstance(entry, CampaignPlanned | ConfidentialityChanged):
        return entry.confidentiality
    return ""


def levels(lines: Sequence[Line]) -> list[str]:
    """What amends an entry, or was corrected by it, is seen by nobody who does not see that entry."""
    level = {line.version: line.confidentiality for line in lines}
    if not any(level.values()):
        return [""] * len(lines)
    entries = tuple(light(line) for line in lines)
    out = taken_out(entries)
    for e in reversed(entries):
        if isinstance(e, EntryCorrected) and e.originator_version not in out and e.of in level:
            level[e.of] = narrower(level[e.of], level.get(e.by, ""))
    for e in entries:
        if isinstance(e, Amendment):
            named = (e.of, getattr(e, "by", e.of), *getattr(e, "instead_of", ()))
            level[e.originator_version] = reduce(narrower, (level.get(version, "") for version in named))
    return [level[line.version] for line in lines]


def amended(lines: Sequence[Line]) -> list[tuple[int, str, int]]:
    """What became of each entry that another one amends: its position, its state, and what brought it there."""
    entries = tuple(light(line) for line in lines)
    place = {line.version: line for line in lines}
    out, held = taken_out(entries), holding(entries)
    forced = in_force(entries)
    found: dict[int, tuple[str, int]] = {}
    for amendment in (e for e in entries if isinstance(e, Amendment)):
        by = place[amendment.originator_version]
        is_out = amendment not in forced if isinstance(amendment, VariantPreferred) else by.version in out
        for version, state in effects(amendment, by, place, is_out):
            if version in place:
                found[place[version].position] = state, by.position
    drives = {place[e.originator_version].position for e in held}
    for correction in (e for e in entries if isinstance(e, EntryCorrected) and e.originator_version not in out):
        right = place.get(correction.by)
        if right is None:
            continue
        if (right.variant == "alternative") == (right.position in drives):  # it stands where the one stood before it
            state = "preferred" if right.position in drives else "set_aside"
            found.setdefault(right.position, (state, place[correction.originator_version].position))
    return [(at, state, by) for at, (state, by) in sorted(found.items()) if still(state, at, drives)]


def still(state: str, position: int, drives: set[int]) -> bool:
    """Whether a later amendment did not turn it round again."""
    return {"set_aside": position not in drives, "preferred": position in drives}.get(state, True)


def effects(amendment: Amendment, by: Line, place: dict[int, Line], is_out: bool) -> list[tuple[int, str]]:
    match amendment:
        case EntryCorrected():
            return [(amendment.by, "struck")] if is_out else [(amendment.of, "corrected")]
        case _ if is_out:
            return []
        case WordsRemoved():
            return []
        case VariantPreferred():
            return [(amendment.of, "preferred"), *((version, "set_aside") for version in amendment.instead_of)]
        case EntryStruck():
            if is_undo(amendment, by, place):
                return [*undone(amendment.of, place), (amendment.originator_version, "undo")]
            return [(amendment.of, "struck")]


def undone(version: int, place: dict[int, Line]) -> list[tuple[int, str]]:
    """The entry, and the right content that was recorded with it if it was a correction."""
    amendment = light(place[version]) if version in place else None
    content = [amendment.by] if isinstance(amendment, EntryCorrected) else []
    return [(each, "undone") for each in (*content, version)]


def is_undo(struck: EntryStruck, by: Line, place: dict[int, Line]) -> bool:
    """Taken back by its author while the ink was wet."""
    of = place.get(struck.of)
    if of is None or struck.reason != "mistyped" or of.recorded_by != by.recorded_by:
        return False
    return timedelta(microseconds=by.recorded_at - of.recorded_at) <= UNDO_WITHIN


def light(line: Line) -> Entry:
    """Enough of an entry to tell which of them hold."""
    if line.amendment:
        return unpack(line.amendment, UUID(line.subject))[0].entry
    return Entry(
        originator_id=NOBODY,
        originator_version=line.version,
        occurred=None,  # type: ignore[arg-type]  # which entries hold does not depend on their days
        recorded_by=NOBODY,
        command_id=NOBODY,
        variant=line.variant,  # type: ignore[arg-type]  # it was a Variant when it was written
    )


projection = Projection(
    "timeline",
    version=3,
    tables=(
        ReadTable(
            line_table,
            keys=1,
            indexes=(
                "(subject)",
                "(recorded_at)",
                "(recorded_by, position)",
                "(name, earliest, latest, position)",
                "(earliest, latest, position)",
                "(coalition_id, earliest, latest, position)",
                "(organisation_id, earliest, latest, position)",
                f"(work_id, earliest, latest, position) WHERE {OF_WORKS}",
                f"(earliest, latest, position, work_id) WHERE {OF_WORKS}",
                f"(recorded_by) WHERE {BEGINS_WORK}",
                f"(recorded_by, position) WHERE {LOGS}",
            ),
        ),
        ReadTable(amended_table, keys=3, indexes=("(position)",), two_clocks=True),
        ReadTable(mention_table, keys=2, indexes=("(named_id)",)),
    ),
    kinds=EVERY_KIND,
    fold=fold,
    looks_back_at=(*AMENDMENTS, ProgrammeClosed),
)
