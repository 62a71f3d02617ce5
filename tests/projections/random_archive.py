"""An archive full of random but repeatable entries, amendments among them, recorded a few at a time."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from domain.action import ActionLogged
from domain.campaign_entries import (
    CampaignCancelled,
    CampaignConcluded,
    CampaignEvaluated,
    CampaignLaunched,
    CampaignPaused,
    CampaignResumed,
    CampaignRetitled,
    ConfidentialityChanged,
    DecisionMakerNamed,
    DecisionMakerResponded,
    FundingReceived,
    GoalSet,
    OutcomeRecorded,
    PartnerJoined,
    PartnerLeft,
    PromiseMade,
    PromiseUpdated,
    StanceChanged,
)
from domain.coalition import AgreementSigned, CoalitionRenamed, Dissolved, Prepared
from domain.confidentiality import LEVELS
from domain.entry import Entry
from domain.history import EntryCorrected, EntryStruck, VariantPreferred
from domain.membership import Membership
from domain.organisation import OrganisationRenamed
from domain.programme import ProgrammeClosed
from domain.project import IndicatorReached, IndicatorSet, ProjectClosed, ProjectReported
from tests.projections.archive import Archive

DAYS = ("2011", "2012-03", "2012-04-05", "2013", "../2013-01-01", "2014-02-03", "2015", "2016-07")
EVENTS = ("joined", "observer_admitted", "suspended", "reinstated", "role_changed", "withdrew", "readmitted", "renewed")
ENDS = {"suspended": {"review_by": "2015"}, "renewed": {"until": "2016-07-31"}}


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
    on = random.choice(DAYS)
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
    if chance < 0.5:
        return of_work(archive, random, of, who, on)
    if chance < 0.55:
        return archive.entry(OrganisationRenamed, who, on, called=f"Organisation {random.random()}")
    event = random.choice(EVENTS)
    more: dict[str, Any] = {"role": random.choice(("observer", "member"))} if event == "role_changed" else {}
    return archive.change(on, event, of, who, **more, **ENDS.get(event, {}))


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


def of_work(archive: Archive, random: Random, of: UUID, who: UUID, on: str) -> Entry:
    """Something of a campaign, an action, a programme or a project."""
    levels = {"confidentiality": random.choice(LEVELS)}
    n = random.randrange(3)
    programme = archive.programme(f"Programme {n}", organisation_id=who)
    campaign = archive.campaign(f"Campaign {n}", lead_id=who, coalition_id=of, programme_id=programme, **levels)
    project = archive.project(f"Project {n}", organisation_id=who, coalition_id=of, **levels)
    actions = [id for id in archive.versions if id not in {*archive.ids.values()} and id.version == 4]
    subject = random.choice((campaign, campaign, project, programme, *actions[-3:]))
    if random.random() < 0.3 and archive.versions[subject] > 1:
        return amendment(archive, random, subject, on)
    told: dict[str, Any] = {"variant": random.choice(("preferred", "preferred", "alternative"))}
    if subject == project:
        kind, fields = any_of(random, OF_PROJECT, archive.versions[project], who)
        return archive.entry(kind, subject, on, **told, **fields)
    if subject == programme:
        return archive.entry(ProgrammeClosed, subject, on, **told)
    own = {"confidentiality": random.choice(("", "", *LEVELS))}
    if subject in actions or random.random() < 0.5:
        id = subject if subject in actions else UUID(int=random.getrandbits(128), version=4)
        people = {"participants": random.choice((None, 12)), "women": random.choice((None, 5))}
        by = {"campaign_id": campaign, "kind": random.choice(("meeting", "forum")), "by": (who,) * random.randrange(2)}
        return archive.entry(ActionLogged, id, on, **told, **own, **by, **people)
    kind, fields = any_of(random, OF_CAMPAIGN, archive.versions[campaign], who)
    return archive.entry(kind, campaign, on, **{**told, **own, **fields})


Choice = tuple[type[Entry], dict[str, Any]]


def any_of(random: Random, kinds: tuple[Choice, ...], version: int, who: UUID) -> Choice:
    kind, fields = random.choice(kinds)
    places = {"of": random.randint(1, version), "who": who}
    return kind, {name: places.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}


OF_PROJECT: tuple[Choice, ...] = (
    (IndicatorSet, {"baseline": "0", "target": "20.5"}),
    (IndicatorReached, {"of": "of", "value": "2"}),
    (ProjectReported, {"period": "2012"}),
    (ProjectClosed, {}),
)
OF_CAMPAIGN: tuple[Choice, ...] = (
    *((kind, {}) for kind in (CampaignLaunched, CampaignPaused, CampaignResumed, CampaignConcluded, CampaignCancelled)),
    (CampaignRetitled, {"title": "Another"}),
    (CampaignEvaluated, {}),
    (ConfidentialityChanged, {"confidentiality": "organisation"}),
    (GoalSet, {"stage": "adoption"}),
    (DecisionMakerNamed, {"authority_id": "who", "influence": "high"}),
    (StanceChanged, {"authority_id": "who", "stance": "ally"}),
    (StanceChanged, {"authority_id": "who", "stance": "opposed"}),
    (DecisionMakerResponded, {"authority_id": "who", "response": "token"}),
    (PartnerJoined, {"partner_id": "who", "role": "expert"}),
    (PartnerLeft, {"partner_id": "who"}),
    (PromiseMade, {"authority_id": "who", "due": "2014"}),
    (PromiseUpdated, {"of": "of", "progress": "started"}),
    (OutcomeRecorded, {"stage": "adoption", "significance": "high"}),
    (FundingReceived, {"donor_id": "who", "amount": "10.00", "currency": "EUR"}),
)
