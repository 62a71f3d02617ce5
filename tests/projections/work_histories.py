"""Random histories of a campaign, action, programme or project: imprecise days, amendments, legal or not."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain import campaign_entries as told_of
from domain.action import ActionLogged
from domain.chronicle import Recorded
from domain.confidentiality import LEVELS
from domain.dates import parse
from domain.entry import Entry
from domain.programme import ProgrammeClosed, ProgrammeOpened
from domain.project import IndicatorReached, IndicatorSet, ProjectClosed, ProjectOpened, ProjectReported
from tests.projections.histories import dates, history_of, told

ids = st.sampled_from((UUID(int=11), UUID(int=12)))
maybe = st.none() | ids
numbers = st.none() | st.integers(0, 500)
Fields = SearchStrategy[dict[str, Any]]
Kinds = dict[type[Entry], Fields]


def any_of(codes: Any) -> SearchStrategy[Any]:
    return st.sampled_from(get_args(codes))


def listed(codes: Any) -> SearchStrategy[Any]:
    return st.lists(codes, max_size=2, unique=True).map(tuple)


def fields(**of: SearchStrategy[Any]) -> Fields:
    return st.fixed_dictionaries(of)


levels, earlier = any_of(told_of.Level), st.integers(1, 4)
deadlines = st.none() | dates.map(parse)
OF_CAMPAIGN: Kinds = {
    told_of.CampaignPlanned: fields(
        lead_id=ids, coalition_id=maybe, programme_id=maybe, themes=listed(any_of(told_of.Theme)),
        regions=listed(st.sampled_from(("UA-43", "LT-VL"))), level=levels, confidentiality=st.sampled_from(LEVELS),
    ),
    told_of.CampaignConcluded: fields(result=any_of(told_of.Result)),
    told_of.ConfidentialityChanged: fields(confidentiality=st.sampled_from(LEVELS)),
    told_of.GoalSet: fields(stage=any_of(told_of.PolicyStage)),
    told_of.DecisionMakerNamed: fields(authority_id=ids, influence=any_of(told_of.Influence)),
    told_of.StanceChanged: fields(authority_id=ids, stance=any_of(told_of.Stance)),
    told_of.DecisionMakerResponded: fields(authority_id=ids, response=any_of(told_of.Response), action_id=maybe),
    told_of.PartnerJoined: fields(partner_id=ids, role=any_of(told_of.PartnerRole)),
    told_of.PartnerLeft: fields(partner_id=ids),
    told_of.PromiseMade: fields(authority_id=ids, due=deadlines),
    told_of.PromiseUpdated: fields(of=earlier, progress=any_of(told_of.Progress)),
    told_of.OutcomeRecorded: fields(
        stage=any_of(told_of.PolicyStage), changed_by_id=maybe, significance=any_of(told_of.Significance)
    ),
    told_of.FundingReceived: fields(donor_id=ids, amount=st.just("5.00"), currency=st.just("EUR")),
}  # fmt: skip
CAMPAIGN: Kinds = {kind: OF_CAMPAIGN.get(kind, st.just({})) for kind in told_of.ENTRIES}
ACTION: Kinds = {
    ActionLogged: fields(
        campaign_id=ids, kind=st.sampled_from(("meeting", "forum")), by=listed(ids), decision_makers=listed(ids),
        participants=numbers, women=numbers, youth=numbers,
    )
}  # fmt: skip
PROGRAMME: Kinds = {
    ProgrammeOpened: fields(organisation_id=ids, direction=st.sampled_from(("", "legal"))),
    ProgrammeClosed: st.just({}),
}
PROJECT: Kinds = {
    ProjectOpened: fields(
        organisation_id=ids, donor_id=maybe, coalition_id=maybe, period=deadlines,
        confidentiality=st.sampled_from(LEVELS),
    ),
    IndicatorSet: fields(baseline=st.sampled_from(("", "3")), target=st.just("10.5")),
    IndicatorReached: fields(of=earlier, value=st.sampled_from(("2", "-1", "0.25")), action_id=maybe),
    ProjectReported: fields(period=deadlines),
    ProjectClosed: st.just({}),
}  # fmt: skip
EACH: tuple[Kinds, ...] = (CAMPAIGN, CAMPAIGN, CAMPAIGN, ACTION, PROGRAMME, PROJECT)


@st.composite
def entry(draw: st.DrawFn, kinds: Kinds, version: int) -> Entry:
    """Mostly it begins with what such a history begins with."""
    first, *more = kinds
    kind = draw(st.sampled_from((*more, first) if version > 1 else (first, first, *more)))
    own = draw(kinds[kind])
    if issubclass(kind, told_of.CampaignEntry) and "confidentiality" not in own:
        own = {**own, "confidentiality": draw(st.sampled_from(("", "", "", *LEVELS)))}
    return kind(**draw(told(version)), **own)


@st.composite
def work_histories(draw: st.DrawFn, longest: int = 9, kinds: Kinds | None = None) -> list[Recorded]:
    of: Kinds = kinds or draw(st.sampled_from(EACH))
    return draw(history_of(lambda version: entry(of, version), longest))
