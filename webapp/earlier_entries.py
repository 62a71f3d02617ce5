"""Of which earlier entries of its history may an entry speak: of decisions, delegates, assemblies, promises …?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain import appeals
from domain.campaign_entries import PromiseMade, PromiseUpdated
from domain.coalition import AssemblyHeld, ResolutionPassed
from domain.entry import Entry
from domain.membership_entries import AppealDecided, DecisionAppealed, DelegateAppointed, DelegateReplaced, event_of
from domain.organisation import ContactAdded, ContactRemoved
from domain.project import IndicatorReached, IndicatorSet


def decisions(entries: Sequence[Entry]) -> list[Entry]:
    """Those against which somebody may appeal."""
    return [e for e in entries if event_of(e) in appeals.DECISIONS]


def appealed(entries: Sequence[Entry]) -> list[Entry]:
    against = {e.of for e in entries if isinstance(e, DecisionAppealed)}
    return [e for e in entries if e.originator_version in against]


def delegates(entries: Sequence[Entry]) -> list[Entry]:
    return [e for e in entries if isinstance(e, DelegateAppointed)]


def contacts(entries: Sequence[Entry]) -> list[Entry]:
    gone = {e.of for e in entries if isinstance(e, ContactRemoved)}
    return [e for e in entries if isinstance(e, ContactAdded) and e.originator_version not in gone]


def assemblies(history: Sequence[Entry]) -> list[Entry]:
    return [e for e in history if isinstance(e, AssemblyHeld)]


def promises(history: Sequence[Entry]) -> list[Entry]:
    return [e for e in history if isinstance(e, PromiseMade)]


def indicators(history: Sequence[Entry]) -> list[Entry]:
    return [e for e in history if isinstance(e, IndicatorSet)]


SPOKEN_OF: dict[type[Entry], Callable[[Sequence[Entry]], list[Entry]]] = {
    DecisionAppealed: decisions,
    AppealDecided: appealed,
    DelegateReplaced: delegates,
    ContactRemoved: contacts,
    ResolutionPassed: assemblies,
    PromiseUpdated: promises,
    IndicatorReached: indicators,
}
