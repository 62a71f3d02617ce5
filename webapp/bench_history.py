"""Which history is measured? Coalitions of 200 members with ten changes each, many imprecise, some recorded late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from domain.coalition import Founded
from domain.dates import PartialDate, parse
from domain.entry import Entry
from domain.membership import Membership, is_possible
from domain.membership_entries import BY_EVENT
from domain.organisation import OrganisationRegistered

MEMBERS, CHANGES, FIRST_YEAR = 200, 10, 2005
IMPRECISE = 1 / 3
DISTINCT = 40  # coalitions; in a longer history others repeat them
TRIED_LATE = 0.27  # about a tenth of all changes are accepted so late
PER_COALITION = 2 + MEMBERS * (CHANGES + 1)
SPACE, SECRETARY, TODAY = UUID(int=77), UUID(int=78), date(2026, 1, 1)
LIVES: tuple[tuple[tuple[str, dict[str, Any]], ...], ...] = (
    (
        ("observer_admitted", {}), ("role_changed", {"role": "associate"}), ("role_changed", {"role": "member"}),
        ("renewal_missed", {}), ("renewed", {}), ("suspended", {"scope": ("vote",)}),
        ("scope_changed", {"scope": ("all",)}), ("reinstated", {}), ("lapsed", {}), ("readmitted", {}),
    ),
    (
        ("applied", {}), ("joined", {}), ("suspended", {"scope": ("all",), "reason": "unpaid_dues"}),
        ("reinstatement_requested", {}), ("reinstated", {}), ("renewed", {}), ("withdrew", {}),
        ("readmitted", {"role": "associate"}), ("role_changed", {"role": "member"}), ("renewed", {}),
    ),
    (
        ("joined", {}), ("renewed", {}), ("suspended", {"scope": ("office", "vote")}), ("suspension_confirmed", {}),
        ("suspension_expired", {}), ("withdrew", {}), ("applied", {}), ("readmitted", {}), ("renewal_missed", {}),
        ("renewed", {}),
    ),
)  # fmt: skip


PAIR: dict[str, Any] = {"coalition_id": SPACE, "organisation_id": SPACE}


class Change(NamedTuple):
    order: float  # when it is written down
    event: str
    fields: dict[str, Any]
    on: str  # when it happened


class Planned(NamedTuple):
    """When it is written down, and what."""

    order: float
    entry: Entry


def coalition_id(n: int) -> UUID:
    return uuid5(SPACE, f"coalition {n}")


def entries(coalitions: int, seed: int = 1) -> Iterator[list[Entry]]:
    """A coalition at a time, each about 2,200 entries, in the order of recording."""
    for n in range(coalitions):
        yield coalition(n, seed)


def coalition(n: int, seed: int) -> list[Entry]:
    id = coalition_id(n)
    found: list[Entry] = [
        OrganisationRegistered(**told(id, 1, "2005"), called=f"Coalition {n}", kind="coalition"),
        Founded(**told(id, 2, "2005-01-01")),
    ]
    planned: list[Planned] = []
    for m, life in enumerate(lives(n % DISTINCT, seed)):
        member = uuid5(id, f"member {m}")
        found.append(OrganisationRegistered(**told(member, 1, "2005"), called=f"Member {m} of coalition {n}"))
        planned += lived(id, member, life)
    return [*found, *(each.entry for each in sorted(planned, key=lambda each: each.order))]


@lru_cache(maxsize=DISTINCT)
def lives(n: int, seed: int) -> list[list[Change]]:
    """Of each member of a coalition, what is recorded of it, in the order of recording."""
    random = Random(seed * 1_000_003 + n)  # noqa: S311  # a repeatable example, no secret
    return [life(random) for _ in range(MEMBERS)]


def life(random: Random) -> list[Change]:
    changes: list[Change] = []
    day = date(FIRST_YEAR, 1, 1) + timedelta(random.randrange(700))
    for event, fields in random.choice(LIVES):
        changes.append(Change(day.toordinal() + random.random(), event, fields, text_of(day, random)))
        day += timedelta(random.randrange(300, 1100))
    return some_late(changes, random)


def lived(coalition_id: UUID, member: UUID, changes: list[Change]) -> list[Planned]:
    subject = Membership.id_of(coalition_id, member)
    pair: dict[str, Any] = {"coalition_id": coalition_id, "organisation_id": member}
    return [
        Planned(order, BY_EVENT[event](**told(subject, version, on), **pair, **fields))
        for version, (order, event, fields, on) in enumerate(changes, 1)
    ]


def some_late(changes: list[Change], random: Random) -> list[Change]:
    """In the order of recording: some are written down years later, if each is accepted when it comes."""
    for change in list(changes):
        if random.random() < TRIED_LATE:
            later = change._replace(order=change.order + random.randrange(500, 2000))
            tried = sorted((later if each is change else each for each in changes), key=lambda each: each.order)
            if is_accepted(tried):
                changes = tried
    return changes


def is_accepted(changes: list[Change]) -> bool:
    made = [
        BY_EVENT[event](**told(SPACE, n, on), **PAIR, **fields) for n, (_, event, fields, on) in enumerate(changes, 1)
    ]
    return all(is_possible(made[:n]) for n in range(1, len(made) + 1))


def text_of(day: date, random: Random) -> str:
    text = day.isoformat()
    return text[: random.choice((4, 7, 7))] if random.random() < IMPRECISE else text


def told(subject: UUID, version: int, on: str) -> dict[str, Any]:
    return {
        "originator_id": subject,
        "originator_version": version,
        "occurred": dated(on),
        "recorded_by": SECRETARY,
        "command_id": uuid5(subject, str(version)),
    }


_dates: dict[str, PartialDate] = {}


def dated(text: str) -> PartialDate:
    if text not in _dates:
        _dates[text] = parse(text, TODAY)
    return _dates[text]
