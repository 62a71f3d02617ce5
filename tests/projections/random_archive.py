"""An archive full of random but repeatable entries, amendments among them, recorded a few at a time."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from domain.coalition import AgreementSigned, CoalitionRenamed, Dissolved, Prepared
from domain.entry import Entry
from domain.history import EntryCorrected, EntryStruck, VariantPreferred
from domain.membership import Membership
from domain.organisation import OrganisationRenamed
from tests.projections.archive import Archive

EVENTS = ("joined", "observer_admitted", "suspended", "reinstated", "role_changed", "withdrew", "readmitted", "renewed")


def filled(archive: Archive, seed: int, entries: int = 120) -> tuple[list[UUID], list[UUID]]:
    """Two coalitions and six organisations."""
    random = Random(seed)
    coalitions = [archive.coalition(f"Coalition {n}", "2011") for n in range(2)]
    members = [archive.organisation(f"Organisation {n}") for n in range(6)]
    more(archive, random, coalitions, members, entries)
    return coalitions, members


def more(archive: Archive, random: Random, coalitions: list[UUID], members: list[UUID], entries: int) -> None:
    for _ in range(entries):
        archive.record(any_entry(archive, random, random.choice(coalitions), random.choice(members)))
        if random.random() < 0.2:
            archive.keep_up()


def any_entry(archive: Archive, random: Random, of: UUID, who: UUID) -> Entry:
    on = random.choice(("2011", "2012-03", "2012-04-05", "2013", "../2013-01-01", "2014-02-03", "2015", "2016-07"))
    chance = random.random()
    if chance < 0.1:
        return amendment(archive, random, random.choice((of, who, Membership.id_of(of, who))), on)
    if chance < 0.2:
        kind, fields = random.choice(
            (
                (Prepared, {}),
                (AgreementSigned, {}),
                (CoalitionRenamed, {"called": f"Coalition {random.random()}"}),
                (Dissolved, {}),
            )
        )
        variant = random.choice(("preferred", "alternative"))
        return archive.entry(kind, of, on, variant=variant, **fields)
    if chance < 0.25:
        return archive.entry(OrganisationRenamed, who, on, called=f"Organisation {random.random()}")
    event = random.choice(EVENTS)
    more: dict[str, Any] = {"role": random.choice(("observer", "member"))} if event == "role_changed" else {}
    return archive.change(on, event, of, who, **more)


def amendment(archive: Archive, random: Random, subject: UUID, on: str) -> Entry:
    last = archive.versions.get(subject, 0)
    if last < 2:
        return archive.entry(OrganisationRenamed, subject, on, called="Somebody")
    of = random.randint(1, last)
    kind = random.choice((EntryStruck, EntryCorrected, VariantPreferred))
    fields: dict[type[Entry], dict[str, Any]] = {
        EntryStruck: {"of": of, "reason": random.choice(("mistyped", "wrong"))},
        EntryCorrected: {"of": of, "by": last, "reason": "wrong"},
        VariantPreferred: {"of": of, "instead_of": (random.randint(1, last),)},
    }
    return archive.entry(kind, subject, on, **fields[kind])
