"""A row of a roster as people read it: role, standing, since when and why; and whether it may vote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

import msgspec
from flask_babel import ngettext
from markupsafe import Markup

from domain.chronicle import Recorded
from domain.entry import Entry
from domain.history import holding
from domain.membership_entries import Lapsed, ScopeChanged, Suspended
from projections.roster import SHOWS, Numbers, Place, Roster
from webapp import labels
from webapp.band_lines import in_words
from webapp.entry_lines import author, beside, history
from webapp.labels import N_, said_in
from webapp.languages import shown_language

Pairs: TypeAlias = tuple[tuple[str | None, str | None], ...]  # role and standing

VOTE = frozenset(("all", "vote"))


class RosterLine(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    role: str
    code: str  # of the standing; empty where several are possible
    standing: str
    scope: str
    possible: Sequence[str]
    since: str
    why: str
    position: int | None  # of the entry that began it, if it was one
    proof: str
    is_certain: bool
    is_observer: bool
    may_vote: bool | None  # None: not certain
    same: Sequence[str] = ()  # other rows of the same organisation


def roster_lines(places: Iterable[Place], begun: Mapping[int, Recorded]) -> list[RosterLine]:
    """`begun` has the entries that began how they stand."""
    language = shown_language()
    authors = {recorded.entry.recorded_by for recorded in begun.values()}
    proofs = {id: said_in(N_("recorded by %(name)s"), language) % {"name": author(id)} for id in authors}
    entries = ((place, begun[place.begun_by].entry if place.begun_by else None) for place in places)
    return [line(place, entry, language, proofs[entry.recorded_by] if entry else "") for place, entry in entries]


def beside_the_same(lines: list[RosterLine], same: Mapping[UUID, Collection[UUID]]) -> list[RosterLine]:
    """Each with the names of the other rows that are records of the same organisation."""
    if not same:
        return lines
    called = {line.id: line.name for line in lines}
    names = {id: [called[other] for other in called if other in others] for id, others in same.items()}
    return [msgspec.structs.replace(line, same=names[line.id]) if names.get(line.id) else line for line in lines]


def wanted(roster: Roster, show: str) -> list[Place]:
    return [place for place in roster.rows if show not in SHOWS or SHOWS[show](place)]


def begun_by(places: Iterable[Place]) -> list[int]:
    """The positions of the entries that began how they stand."""
    return [place.begun_by for place in places if place.begun_by]


SAID: dict[str, Callable[[int], str]] = {
    "members": lambda n: ngettext("%(num)s member", "%(num)s members", n),
    "good": lambda n: ngettext("%(num)s with full rights", "%(num)s with full rights", n),
    "suspended": lambda n: ngettext("%(num)s suspended member", "%(num)s suspended members", n),
    "observers": lambda n: ngettext("%(num)s observer", "%(num)s observers", n),
    "possible": lambda n: ngettext("%(num)s possibly in", "%(num)s possibly in", n),
    "uncertain": lambda n: ngettext("%(num)s with standing not certain", "%(num)s with standing not certain", n),
}


def counts(found: Numbers) -> list[tuple[str, int, Markup]]:
    """What `show` takes, how many, and how many of what in words."""
    return [in_figures(show, number) for show, number in found.items() if number or show != "uncertain"]


def counts_of_some(found: Numbers) -> list[tuple[str, int, Markup]]:
    """The members, and of the rest what there is."""
    return [in_figures(show, number) for show, number in found.items() if number or show == "members"]


def in_figures(show: str, number: int) -> tuple[str, int, Markup]:
    return show, number, figure_apart(number, SAID[show](number))


def figure_apart(number: int, words: str) -> Markup:
    """The words agree with their number, which stands out among them."""
    before, figure, after = words.partition(str(number))
    return Markup("%s<strong>%s</strong>%s") % (before, figure, after)


def line(place: Place, begun_by: Entry | None, language: str, proof: str = "") -> RosterLine:
    told = why(begun_by, language) if begun_by else ""
    role, standing, scope, possible = in_labels(*place[2:6], place.possible, language)
    return RosterLine(
        id=place.organisation_id,
        name=place.organisation,
        role=role,
        code=place.standing or "",
        standing=standing,
        scope=scope,
        possible=possible,
        since=since(place, language),
        why=told,
        position=place.begun_by,
        proof=proof,
        is_certain=place.certainty == "certain",
        is_observer=place.role == "observer",
        may_vote=may_vote(place),
    )


def since(place: Place, language: str) -> str:
    """Of several possible standings the beginnings that are recorded."""
    told = [in_words(text, language) for text in ((place.since,) if place.since else place.begun)]
    if len(told) < 2:
        return "".join(told)
    return said_in(N_("one of: %(dates)s"), language) % {"dates": "; ".join(told)}


# Kept between requests. `language` is that of the page, in which the words are found.


@lru_cache(1_000)
def in_labels(
    role: str | None, standing: str | None, scope: str | None, certainty: str, several: Pairs, language: str
) -> tuple[str, str, str, Sequence[str]]:
    """Role, standing, scope, and what is possible."""
    rights = labels.scope(scope.split(";")) if scope else ""
    pairs = several or ((role, standing),)
    return labels.role(role), called(role, standing, language), rights, possible(pairs, certainty, language)


def called(role: str | None, standing: str | None, language: str) -> str:
    """Nobody expects an observer to have full rights."""
    if standing == "good" and role == "observer":
        return said_in(N_("observer rights"), language)
    return labels.standing(standing) if standing else ""


def possible(pairs: Pairs, certainty: str, language: str) -> list[str]:
    is_certain = certainty == "certain"
    if is_certain and len(pairs) == 1:
        return []
    shown = [
        f"{labels.role(role)}, {labels.standing(code)}" if role != "observer" else labels.role(role)
        for role, code in pairs
        if role and code
    ]
    return shown if is_certain else [*shown, said_in(N_("not in"), language)]


def why(entry: Entry, language: str) -> str:
    """Reason, whose initiative, who decided; of a changed suspension also what it was at first, and since when."""
    reason = [labels.reason(entry.reason)] if isinstance(entry, Suspended | Lapsed) else []
    first = suspension_before(entry) if isinstance(entry, ScopeChanged) else None
    if first:
        began = said_in(N_("suspended since: %(date)s"), language) % {"date": in_words(first.occurred.text, language)}
        reason = [began, why(first, language)]
    return ", ".join([*reason, *beside(entry)])


def suspension_before(entry: ScopeChanged) -> Suspended | None:
    """The suspension whose scope it changed, the latest that holds before it."""
    told = holding(tuple(history(entry.originator_id)))
    begun = [one for one in told if isinstance(one, Suspended) and not entry.occurred.precedes(one.occurred)]
    return begun[-1] if begun else None


def may_vote(place: Place) -> bool | None:
    pairs = place.possible or ((place.role or "", place.standing or ""),)
    found = {votes(role, standing, place.scope) for role, standing in pairs}
    if place.certainty == "possible":
        found.add(False)
    return found.pop() if len(found) == 1 else None


def votes(role: str, standing: str, scope: str | None) -> bool:
    is_barred = standing == "suspended" and (scope is None or bool(VOTE & set(scope.split(";"))))
    return role != "observer" and not is_barred
