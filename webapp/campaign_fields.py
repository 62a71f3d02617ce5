"""Which fields the forms of campaigns, actions, programmes and projects have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from domain import campaign_entries, programme, project
from domain.action import ActionKind, ActionLogged
from domain.confidentiality import LEVELS
from domain.entry import Entry
from webapp import labels_of_campaigns as labels
from webapp.entry_field import DATE, Field, count, ending, organisation
from webapp.labels import N_

WHEN = DATE._replace(label=N_("When?"))
NOT_KNOWN = N_("For instance May 2020 or 2017. Left empty, it is not known.")
EXISTING = N_("Any of its names.")


def choice(of: str, label: str, codes: tuple[str, ...], words: Mapping[str, str], usual: str = "") -> Field:
    return Field(of, of, "choice", label, codes=codes, usual=usual, optional=not usual, words=words)


def picks(of: str, label: str, codes: tuple[str, ...], words: Mapping[str, str], usual: str) -> Field:
    return Field(of, of, "picks", label, codes=codes, usual=usual, words=words)


def lines(of: str, label: str, hint: str = "", optional: bool = True) -> Field:
    return Field(of, of, "lines", label, hint, optional=optional)


def line(of: str, label: str, hint: str = "", optional: bool = True) -> Field:
    return Field(of, of, "words", label, hint, optional=optional)


def offered(of: str, label: str, hint: str = "", optional: bool = False) -> Field:
    """A choice among what is recorded: see `webapp.offers`."""
    return Field(of, of, "offered", label, hint, optional=optional)


TITLE = Field("title", "title", "name", N_("Title"))
PURPOSE = lines("purpose", N_("What is it for?"))
REASON = line("reason", N_("Why?"))
SUMMARY = lines("summary", N_("In words"))
PERSON = line("person", N_("Name of the person"))
DECISION_MAKER = offered("authority_id", N_("Which decision-maker?"))
STAGE = choice(
    "stage", N_("Policy stage"), get_args(campaign_entries.PolicyStage), labels.POLICY_STAGES, usual="agenda"
)
STATEMENT = lines("statement", N_("The goal in words"))
WHO_MAY_KNOW = picks("confidentiality", N_("Who may know of it?"), LEVELS, labels.CONFIDENTIALITIES, usual="coalition")
FEWER = choice("confidentiality", N_("Who may know of this entry?"), LEVELS, labels.CONFIDENTIALITIES)._replace(
    hint=N_("Left empty, whoever may know of the campaign or project."), folds=True
)
REGIONS = Field(
    "regions", "regions", "tags", N_("Regions"), N_("Cities or regions, with commas between them"), optional=True
)
BY = organisation("by", N_("Whose action?"), EXISTING, optional=True)
TO = organisation("decision_makers", N_("To which decision-maker?"), EXISTING, optional=True)
MONEY = (
    Field("amount", "amount", "amount", N_("Amount"), N_("For instance 50.00"), size="short"),
    Field("currency", "currency", "name", N_("Currency"), N_("Three capital letters, for instance EUR"), size="short"),
)
BUDGET = tuple(field._replace(optional=True) for field in MONEY)
FOR_WHICH_PERIOD = Field(
    "period", "period", "end", N_("For which period?"), N_("For instance 2024, or 2024-07-01/2025-06-30"),
    size="date", optional=True,
)  # fmt: skip
NUMBER = N_("For instance 12 or 12.5; left empty, it is not known.")


def number(of: str, label: str, optional: bool = True) -> Field:
    return Field(of, of, "words", label, NUMBER if optional else "", optional=optional, size="short")


CAMPAIGN: dict[type[Entry], tuple[Field, ...]] = {
    campaign_entries.CampaignPlanned: (
        TITLE,
        organisation("lead_id", N_("Which organisation leads it?")),
        offered("coalition_id", N_("Coalition"), optional=True),
        offered("programme_id", N_("Programme"), optional=True),
        PURPOSE,
        Field(
            "themes", "themes", "several", N_("Themes"), codes=tuple(labels.THEMES), words=labels.THEMES, optional=True
        ),
        REGIONS,
        choice("level", N_("Whom does it aim at?"), tuple(labels.AUTHORITY_LEVELS), labels.AUTHORITY_LEVELS),
        WHO_MAY_KNOW,
    ),
    campaign_entries.CampaignPaused: (REASON,),
    campaign_entries.CampaignConcluded: (
        choice("result", N_("Was the goal reached?"), tuple(labels.RESULTS), labels.RESULTS),
        SUMMARY,
    ),
    campaign_entries.CampaignCancelled: (REASON,),
    campaign_entries.CampaignRetitled: (TITLE._replace(label=N_("The new title")),),
    campaign_entries.ConfidentialityChanged: (WHO_MAY_KNOW._replace(label=N_("Who may know of the campaign?")),),
    campaign_entries.GoalSet: (STAGE, STATEMENT._replace(optional=False)),
    campaign_entries.DecisionMakerNamed: (
        organisation("authority_id", N_("Which authority?")),
        PERSON,
        lines("ask", N_("What is asked of it?")),
        choice("influence", N_("How much influence has it?"), tuple(labels.INFLUENCES), labels.INFLUENCES),
    ),
    campaign_entries.StanceChanged: (
        DECISION_MAKER,
        picks("stance", N_("Stance"), get_args(campaign_entries.Stance), labels.STANCES, usual="undecided"),
    ),
    campaign_entries.DecisionMakerResponded: (
        DECISION_MAKER,
        picks("response", N_("Response"), get_args(campaign_entries.Response), labels.RESPONSES, usual="favourable"),
        offered("action_id", N_("To which action?"), optional=True),
    ),
    campaign_entries.PartnerJoined: (
        organisation("partner_id", N_("Which organisation?")),
        choice(
            "role", N_("As what?"), get_args(campaign_entries.PartnerRole), labels.PARTNER_ROLES, usual="partner"
        ),
    ),
    campaign_entries.PartnerLeft: (offered("partner_id", N_("Which partner?")),),
    campaign_entries.PromiseMade: (
        organisation("authority_id", N_("Who promised it?")),
        PERSON,
        lines("promise", N_("What was promised?"), optional=False),
        ending("due", N_("By when?")),
    ),
    campaign_entries.PromiseUpdated: (
        Field("of", "of", "entry", N_("Which promise?")),
        picks("progress", N_("How far is it?"), get_args(campaign_entries.Progress), labels.PROGRESSES, "started"),
    ),
    campaign_entries.OutcomeRecorded: (
        lines("change", N_("What changed?"), optional=False),
        STAGE._replace(usual="adoption"),
        organisation("changed_by_id", N_("Who changed it?"), optional=True),
        lines("contribution", N_("What did the campaign contribute?")),
        choice("significance", N_("How much does it weigh?"), tuple(labels.SIGNIFICANCES), labels.SIGNIFICANCES),
        lines("importance", N_("Why does it matter?")),
        line("confirmed_by", N_("Who confirms it?"), N_("Somebody outside the campaign who can be asked")),
    ),
    campaign_entries.FundingReceived: (organisation("donor_id", N_("From whom?")), *MONEY),
    campaign_entries.CampaignEvaluated: (SUMMARY._replace(optional=False),),
    ActionLogged: (
        choice("kind", N_("Kind of action"), get_args(ActionKind), labels.ACTION_KINDS, usual="meeting"),
        TITLE,
        line("place", N_("Place")),
        BY,
        TO,
        count("participants", N_("Participants"), N_("Left empty, nobody counted.")),
        count("women", N_("Women among them")),
        count("youth", N_("Young people among them")),
        line("media", N_("Media reached")),
        Field(
            "evidence", "evidence", "pages", N_("Links as evidence"),
            N_("One on each line: title | https://… | day on which it was read"), optional=True,
        ),
    ),
}  # fmt: skip
WORK: dict[type[Entry], tuple[Field, ...]] = {
    programme.ProgrammeOpened: (
        TITLE,
        organisation("organisation_id", N_("Whose programme is it?")),
        choice("direction", N_("Direction"), tuple(labels.DIRECTIONS), labels.DIRECTIONS),
        PURPOSE,
    ),
    project.ProjectOpened: (
        TITLE,
        organisation("organisation_id", N_("Whose project is it?")),
        organisation("donor_id", N_("Who pays for it?"), optional=True),
        offered("coalition_id", N_("Coalition"), optional=True),
        line("grant_number", N_("Number of the grant")),
        FOR_WHICH_PERIOD,
        *BUDGET,
        WHO_MAY_KNOW,
    ),
    project.IndicatorSet: (
        Field("measure", "measure", "name", N_("What is measured?")),
        line("unit", N_("Unit"), N_("For instance people, meetings, per cent")),
        number("baseline", N_("Baseline")),
        number("target", N_("Target")),
    ),
    project.IndicatorReached: (
        Field("of", "of", "entry", N_("Which indicator?")),
        number("value", N_("How much more was reached?"), optional=False),
        offered("action_id", N_("By which action?"), optional=True),
    ),
    project.ProjectReported: (FOR_WHICH_PERIOD, SUMMARY),
}


def with_level(kind: type[Entry], own: tuple[Field, ...]) -> tuple[Field, ...]:
    """What has a level of its own asks for it, in the end."""
    asks = "confidentiality" in kind.__struct_fields__ and all(field.of != "confidentiality" for field in own)
    return (*own, FEWER) if asks else own


OWN: dict[type[Entry], tuple[Field, ...]] = {
    kind: with_level(kind, own)
    for kind, own in (dict.fromkeys((*campaign_entries.ENTRIES, *project.ENTRIES), ()) | CAMPAIGN | WORK).items()
}
REPEATED = {"by": BY, "decision_makers": TO}
DATED_LAST = (campaign_entries.CampaignPlanned, programme.ProgrammeOpened, project.ProjectOpened)


def date_of(kind: type[Entry]) -> Field:
    """When it happened; of what began long ago that may be left open."""
    labelled = {
        campaign_entries.CampaignPlanned: N_("When was it planned?"),
        programme.ProgrammeOpened: N_("When was it opened?"),
        project.ProjectOpened: N_("When was it opened?"),
    }
    if kind in labelled:
        return WHEN._replace(label=labelled[kind], hint=NOT_KNOWN, optional=True)
    return WHEN
