"""Which fields the form of each kind of entry has: what they are called, what may be chosen, what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from domain import campaign_entries, coalition, membership_entries, organisation, programme, project
from domain.action import ActionLogged
from domain.entry import Entry
from webapp import campaign_fields, labels
from webapp.entry_field import ANY_NAME, DATE, DECISION, INITIATIVE, SOURCE, Field, count, ending
from webapp.events import RIGHTS
from webapp.labels import N_

MOST_PARTS = 12
ROLE = Field("role", "role", "picks", N_("As what?"), codes=("member", "associate", "observer"), usual="member")
SCOPE = Field("scope", "scope", "several", N_("Which rights does it lose meanwhile?"), codes=RIGHTS, usual="all")
NEW_NAME = Field("new_name", "called", "name", N_("The new name"))
LANGUAGE = Field("language", "language", "choice", N_("In which language is this name?"), optional=True)
CALLED = Field("called", "called", "fresh", N_("Name"))
UMBRELLA = Field("organisation", "umbrella_id", "organisation", N_("Umbrella"), ANY_NAME)
PART = Field("into", "into", "organisation", N_("Into which organisation?"), ANY_NAME)


def person(posts: tuple[str, ...]) -> tuple[Field, ...]:
    return (
        Field("person", "person", "name", N_("Name of the person"), optional=True),
        Field("post", "post", "picks", N_("As what?"), codes=posts, usual=posts[0]),
        Field("email", "email", "name", N_("E-mail address"), optional=True),
        Field("telephone", "telephone", "name", N_("Telephone"), optional=True, size="short"),
        ending("until", N_("Until when, if that is known?")),
    )


PERIOD = Field(
    "period", "period", "end", N_("For which period?"), N_("For instance 2024, or 2024-07-01/2025-06-30"), size="date"
)
MONEY = (
    Field("amount", "amount", "amount", N_("Amount"), N_("For instance 50.00"), size="short"),
    Field("currency", "currency", "name", N_("Currency"), N_("Three capital letters, for instance EUR"), size="short"),
    PERIOD,
)
DELEGATE = person(get_args(membership_entries.Post))
SOMEBODY = (DELEGATE[0]._replace(optional=False), *DELEGATE[1:])


def because(codes: tuple[str, ...]) -> Field:
    return Field("reason", "reason", "choice", N_("Reason"), codes=codes, usual="other")


OWN: dict[type[Entry], tuple[Field, ...]] = {
    **campaign_fields.OWN,
    membership_entries.Joined: (ROLE,),
    membership_entries.Readmitted: (ROLE,),
    membership_entries.RoleChanged: (ROLE,),
    membership_entries.Suspended: (
        SCOPE,
        because(get_args(membership_entries.SuspensionReason)),
        ending("review_by", N_("To be reviewed by")),
    ),
    membership_entries.ScopeChanged: (SCOPE,),
    membership_entries.Renewed: (ending("until", N_("The term runs until")),),
    membership_entries.WithdrawalNotified: (
        ending(
            "effective", N_("Last day of membership"), N_("Left empty, it stays in until its withdrawal is recorded.")
        ),
    ),
    membership_entries.Lapsed: (because(get_args(membership_entries.LapseReason)),),
    membership_entries.DecisionAppealed: (
        Field("of", "of", "entry", N_("Against which decision?")),
        Field(
            "stays_effect", "stays_effect", "picks", N_("Until the appeal is decided"), codes=("no", "yes"), usual="no"
        ),
    ),
    membership_entries.AppealDecided: (
        Field("of", "of", "entry", N_("An appeal against which decision?")),
        Field(
            "result", "result", "picks", N_("Result"), codes=get_args(membership_entries.AppealResult), usual="upheld"
        ),
    ),
    membership_entries.DelegateAppointed: DELEGATE,
    membership_entries.DelegateReplaced: (Field("of", "of", "entry", N_("In whose place?")), *SOMEBODY),
    membership_entries.DuesPaid: MONEY,
    membership_entries.DuesWaived: (PERIOD, because(get_args(membership_entries.WaiverReason))),
    coalition.CoalitionRenamed: (NEW_NAME, LANGUAGE),
    coalition.Incorporated: (
        Field(
            "legal_form", "legal_form", "name", N_("Legal form"), N_("For instance association, foundation"),
            optional=True,
        ),
    ),
    coalition.UmbrellaJoined: (UMBRELLA,),
    coalition.UmbrellaLeft: (UMBRELLA,),
    coalition.OfficeTaken: (
        Field("role", "office", "picks", N_("Which office?"), codes=get_args(coalition.Office), usual="chair"),
        Field(
            "organisation", "holder_id", "organisation", N_("Which organisation holds it?"),
            N_("Any of its names. A person who holds it is named in the note."), optional=True,
        ),
        ending("until", N_("Until when, if that is known?")),
    ),
    coalition.AssemblyHeld: (
        Field(
            "convened", "convened", "picks", N_("How was it called?"), codes=get_args(coalition.Convened), usual="first"
        ),
        Field("called_on", "called_on", "date", N_("When was it called?"), optional=True, size="date"),
        count("present", N_("Members present")),
        count("represented", N_("Members represented")),
        count("quorum", N_("Quorum"), N_("How many of them the rules asked for.")),
        Field("agenda", "agenda", "lines", N_("Agenda"), optional=True),
    ),
    coalition.ResolutionPassed: (
        Field("of", "of", "entry", N_("By which assembly?")),
        Field("item", "item", "words", N_("What is it about?"), optional=True),
        count("in_favour", N_("Votes for")),
        count("against", N_("Votes against")),
        count("abstained", N_("Abstentions")),
        Field("text", "text", "lines", N_("Text"), optional=True),
    ),
    coalition.DuesSet: (
        *MONEY,
        Field(
            "for_role", "for_role", "choice", N_("Whose dues?"), N_("Left empty, everybody owes as much."),
            codes=tuple(labels.ROLES), optional=True,
        ),
        ending("due_by", N_("To be paid by")),
    ),
    organisation.OrganisationRegistered: (
        CALLED,
        LANGUAGE,
        Field(
            "kind", "kind", "choice", N_("Kind of organisation"), codes=tuple(labels.ORGANISATION_KINDS), optional=True
        ),
        Field("country", "country", "name", N_("Country"), optional=True),
        Field("region", "region", "name", N_("Region"), optional=True),
        Field("founded", "founded", "date", N_("When was it founded?"), optional=True, size="date"),
        Field("links", "links", "links", N_("Links"), N_("One on each line; each begins with https://"), optional=True),
    ),
    organisation.OrganisationRenamed: (NEW_NAME, LANGUAGE),
    organisation.ContactAdded: person(get_args(organisation.Post)),
    organisation.ContactRemoved: (Field("of", "of", "entry", N_("Who is no longer written to?")),),
    organisation.OrganisationMerged: (
        Field("new_name", "successor_id", "organisation", N_("Into which organisation?"), ANY_NAME),
    ),
    organisation.OrganisationSplit: (PART,),
    organisation.OrganisationSameAs: (
        Field(
            "other", "other_id", "organisation", N_("Which record is of the same organisation?"),
            N_("Any of its names."),
        ),
    ),
}  # fmt: skip
NOBODY_DECIDES = (
    organisation.OrganisationRegistered,
    organisation.OrganisationSameAs,
    organisation.ContactAdded,
    organisation.ContactRemoved,
)
ONLY_KNOWN = (organisation.OrganisationSameAs,)  # speak of no organisation that the form could register
MEMBERSHIP = "membership."


def kind_of(code: str) -> type[Entry] | None:
    """By its stored name; of a membership also without what all of these begin with. None: no form records it."""
    return KINDS.get(code) or KINDS.get(MEMBERSHIP + code)


def code_of(kind: type[Entry]) -> str:
    """As forms send it."""
    return kind.stored_name().removeprefix(MEMBERSHIP)


ENDS_OF_ORGANISATIONS = (membership_entries.OrganisationMergedAway, membership_entries.OrganisationDissolvedAway)
WORK: tuple[type[Entry], ...] = (*campaign_entries.ENTRIES, ActionLogged, *programme.ENTRIES, *project.ENTRIES)
KINDS: dict[str, type[Entry]] = {
    kind.stored_name(): kind
    for kind in (*membership_entries.ENTRIES, *organisation.EVERY_ENTRY, *WORK)
    if kind not in ENDS_OF_ORGANISATIONS
}
REPEATED: Mapping[str, Field] = {"into": PART, **campaign_fields.REPEATED}  # as many as are typed, and some more


def own_fields(kind: type[Entry], typed: Mapping[str, str]) -> tuple[Field, ...]:
    """Those that name several organisations as often as they were typed, and twice more."""
    return tuple(each for field in OWN.get(kind, ()) for each in repeated(field, typed))


def repeated(field: Field, typed: Mapping[str, str]) -> tuple[Field, ...]:
    if field.of not in REPEATED:
        return (field,)
    filled = [n for n in range(1, MOST_PARTS + 1) if typed.get(f"{field.of}_{n}", "").strip()]
    shown = min(max(filled, default=0) + 2, MOST_PARTS)
    return tuple(field._replace(name=f"{field.of}_{n}", optional=n > 1 or field.optional) for n in range(1, shown + 1))


def filled(kind: type[Entry], entry: Entry) -> dict[str, str]:
    """As if something stood in as many of its fields as the entry has."""
    of = [field.of for field in OWN.get(kind, ()) if field.of in REPEATED]
    return {f"{name}_{n}": "…" for name in of for n, _ in enumerate(getattr(entry, name), 1)}


def told_fields(kind: type[Entry]) -> tuple[Field, ...]:
    """What is told of an entry of any kind."""
    if kind in WORK:
        date = campaign_fields.date_of(kind)
    elif kind in NOBODY_DECIDES:
        is_registration = kind is organisation.OrganisationRegistered
        date = DATE._replace(optional=True, seldom=True) if is_registration else DATE
    else:
        return DATE, INITIATIVE, *DECISION, *SOURCE
    return date, *(field._replace(seldom=True) for field in (INITIATIVE, *DECISION)), *SOURCE


def fields_of(kind: type[Entry], typed: Mapping[str, str]) -> tuple[Field, ...]:
    first, *others = told_fields(kind)
    own = own_fields(kind, typed)
    return (*own, first, *others) if kind in campaign_fields.DATED_LAST else (first, *own, *others)


def names_recorded(kind: type[Entry]) -> bool:
    """Whether a field of its form is a choice among what its history holds."""
    return any(field.input in ("entry", "offered") for field in OWN.get(kind, ()))
