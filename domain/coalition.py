"""The life of a coalition itself: prepared, founded, renamed, incorporated, its agreements, offices and umbrellas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from domain.clusters import Step
from domain.dates import PartialDate
from domain.dues import check_money
from domain.entry import Entry, Refused
from domain.legal_orders import blocked
from domain.membership_entries import bounds

Office = Literal["chair", "secretariat"]
Convened = Literal["first", "repeat"]
DuesOf = Literal["", "observer", "associate", "member"]


class CoalitionEntry(Entry, frozen=True, kw_only=True):
    pass


class Prepared(CoalitionEntry, tag="coalition.prepared", frozen=True, kw_only=True):
    pass


class Founded(CoalitionEntry, tag="coalition.founded", frozen=True, kw_only=True):
    pass


class CoalitionRenamed(CoalitionEntry, tag="coalition.renamed", frozen=True, kw_only=True):
    called: str
    language: str = ""


class AgreementSigned(CoalitionEntry, tag="coalition.agreement_signed", frozen=True, kw_only=True):
    pass


class Incorporated(CoalitionEntry, tag="coalition.incorporated", frozen=True, kw_only=True):
    legal_form: str = ""


class UmbrellaJoined(CoalitionEntry, tag="coalition.umbrella_joined", frozen=True, kw_only=True):
    umbrella_id: UUID


class UmbrellaLeft(CoalitionEntry, tag="coalition.umbrella_left", frozen=True, kw_only=True):
    umbrella_id: UUID


class OfficeTaken(CoalitionEntry, tag="coalition.office_taken", frozen=True, kw_only=True):
    """`holder_id` is an organisation; a person who holds it is named in the note."""

    office: Office = "chair"
    holder_id: UUID | None = None
    until: PartialDate | None = None


class RulesAdopted(CoalitionEntry, tag="coalition.rules_adopted", frozen=True, kw_only=True):
    pass


class AssemblyHeld(CoalitionEntry, tag="coalition.assembly_held", frozen=True, kw_only=True):
    """How many members were present and represented, and how many of them its rules asked for then."""

    words = (*Entry.words, "agenda")

    convened: Convened = "first"
    called_on: PartialDate | None = None
    present: int | None = None
    represented: int | None = None
    quorum: int | None = None
    agenda: str = ""


class ResolutionPassed(CoalitionEntry, tag="coalition.resolution_passed", frozen=True, kw_only=True):
    """By the assembly at version `of`. The minutes are those of its decision."""

    words = (*Entry.words, "item", "text")

    of: int
    item: str = ""
    in_favour: int | None = None
    against: int | None = None
    abstained: int | None = None
    text: str = ""


class DuesSet(CoalitionEntry, tag="coalition.dues_set", frozen=True, kw_only=True):
    """What each of the organisations in this role owes for the period; without a role, all of them."""

    amount: str
    currency: str
    period: PartialDate
    for_role: DuesOf = ""
    due_by: PartialDate | None = None

    def check_written(self) -> None:
        check_money(self.amount, self.currency)


class Dissolved(CoalitionEntry, tag="coalition.dissolved", frozen=True, kw_only=True):
    pass


ENTRIES: tuple[type[CoalitionEntry], ...] = (
    Prepared,
    Founded,
    CoalitionRenamed,
    AgreementSigned,
    Incorporated,
    UmbrellaJoined,
    UmbrellaLeft,
    OfficeTaken,
    RulesAdopted,
    AssemblyHeld,
    ResolutionPassed,
    DuesSet,
    Dissolved,
)
ONCE = (Founded, Dissolved)
MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    "none": tuple(kind.stored_name() for kind in ENTRIES if kind is not Dissolved),
    "prepared": tuple(kind.stored_name() for kind in ENTRIES),
    "founded": tuple(kind.stored_name() for kind in ENTRIES if kind not in (Prepared, Founded)),
    "dissolved": (),
}


Umbrella = UmbrellaJoined | UmbrellaLeft


def begins(entries: Sequence[Entry]) -> PartialDate | None:
    """The preparation or founding that can be earliest; None where neither is recorded."""
    starts = [e.occurred for e in entries if isinstance(e, Prepared | Founded)]
    return min(starts, key=lambda start: (bounds(start), start.text), default=None)


def standing_at(entries: Sequence[Entry], day: PartialDate) -> dict[str, Any]:
    """Whether it was prepared, founded or dissolved by that day, since when, and what may be recorded of it then."""
    state, since = "none", ""
    for kind in (Prepared, Founded, Dissolved):
        for e in entries:
            if isinstance(e, kind) and bounds(e.occurred)[0] <= bounds(day)[1]:
                state, since = kind.stored_name().removeprefix("coalition."), e.occurred.text
    return {"state": state, "since": since, "allowed": MAY_FOLLOW[state]}


def check_life(entries: Sequence[Entry]) -> None:
    """Refuses a life that cannot have been: founded twice, over before it began, an umbrella left but never joined."""
    life = [e for e in entries if isinstance(e, CoalitionEntry)]
    for kind in ONCE:
        of_kind = [e for e in life if isinstance(e, kind)]
        for again in of_kind[1:]:
            state, since = kind.stored_name().removeprefix("coalition."), of_kind[0].occurred.text
            raise Refused(
                "coalition.only_once", event=kind.stored_name(), on=again.occurred.text,
                version=again.originator_version, state=state, since=since, allowed=MAY_FOLLOW[state],
            )  # fmt: skip
    for e in life:
        _check_days(life, e)
    _check_umbrellas(life)
    _check_resolutions(life)


def _check_days(life: Sequence[CoalitionEntry], e: CoalitionEntry) -> None:
    if isinstance(e, Founded):
        _check_founding(life, e)
    elif isinstance(e, Dissolved):
        _check_end(life, e)
    elif isinstance(e, OfficeTaken) and e.until and bounds(e.until)[1] < bounds(e.occurred)[0]:
        raise Refused(
            "coalition.ends_before", event=e.stored_name(), on=e.occurred.text, field="until", end=e.until.text,
            **standing_at(life, e.occurred),
        )  # fmt: skip


def _check_founding(life: Sequence[CoalitionEntry], founded: Founded) -> None:
    for e in life:
        if isinstance(e, Prepared) and bounds(e.occurred)[0] > bounds(founded.occurred)[1]:
            raise Refused(
                "coalition.prepared_after_founding", event=e.stored_name(), on=e.occurred.text,
                version=e.originator_version,
                **standing_at([founded], e.occurred),
            )  # fmt: skip


def _check_end(life: Sequence[CoalitionEntry], end: Dissolved) -> None:
    begin = begins(life)
    if begin and bounds(end.occurred)[1] < bounds(begin)[0]:
        raise Refused(
            "coalition.ends_before", event=end.stored_name(), on=begin.text, end=end.occurred.text,
            version=end.originator_version,
            state="none", since=begin.text, allowed=(),
        )  # fmt: skip
    for e in life:
        if bounds(e.occurred)[0] > bounds(end.occurred)[1]:
            raise Refused(
                "coalition.dissolved", event=e.stored_name(), on=e.occurred.text, ended=end.occurred.text,
                version=e.originator_version,
                state="dissolved", since=end.occurred.text, allowed=(),
            )  # fmt: skip


def _check_resolutions(life: Sequence[CoalitionEntry]) -> None:
    """No resolution is passed without an assembly, or before it."""
    held = {e.originator_version: e for e in life if isinstance(e, AssemblyHeld)}
    for e in life:
        assembly = held.get(e.of) if isinstance(e, ResolutionPassed) else None
        if isinstance(e, ResolutionPassed) and (
            assembly is None or bounds(e.occurred)[1] < bounds(assembly.occurred)[0]
        ):
            raise Refused(
                "coalition.no_such_assembly", event=e.stored_name(), on=e.occurred.text, version=e.originator_version,
                **standing_at(life, e.occurred),
            )  # fmt: skip


def _check_umbrellas(life: Sequence[CoalitionEntry]) -> None:
    deeds = [e for e in life if isinstance(e, UmbrellaJoined | UmbrellaLeft)]
    for umbrella in sorted({e.umbrella_id for e in deeds}):
        of_it = [e for e in deeds if e.umbrella_id == umbrella]
        steps = [Step(*bounds(e.occurred), (e.stored_name(),), e.occurred.text) for e in of_it]
        no = blocked(steps, False, _under_umbrella)
        if no:
            raise _umbrella_refused(life, of_it, of_it[no.step], no.state)


def _umbrella_refused(
    life: Sequence[CoalitionEntry], of_it: Sequence[Umbrella], refused: Umbrella, is_under: bool
) -> Refused:
    """Who left it is out since then, and who never joined it since the coalition began."""
    deed = UmbrellaJoined if is_under else UmbrellaLeft
    before = [e for e in of_it if isinstance(e, deed) and bounds(e.occurred)[0] <= bounds(refused.occurred)[1]]
    by = max((e.occurred for e in before if e is not refused), key=bounds, default=begins(life))
    return Refused(
        "coalition.umbrella_already_joined" if is_under else "coalition.umbrella_not_joined",
        event=refused.stored_name(),
        on=refused.occurred.text,
        version=refused.originator_version,
        state="under_umbrella" if is_under else "none",
        since=by.text if by else "",
        allowed=((UmbrellaLeft if is_under else UmbrellaJoined).stored_name(),),
    )


def _under_umbrella(is_under: bool, step: Step) -> bool | None:
    joins = step.effect == (UmbrellaJoined.stored_name(),)
    return None if joins == is_under else joins
