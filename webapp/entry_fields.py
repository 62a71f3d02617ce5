"""Which fields the form of each kind of entry has: what they are called, what may be chosen, what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from babel import Locale
from flask_babel import gettext

from domain import coalition, membership_entries, organisation
from domain.entry import Entry, Initiative
from webapp import labels
from webapp.events import RIGHTS
from webapp.labels import N_
from webapp.languages import shown_language

Input = Literal[
    "date",
    "end",
    "name",
    "fresh",
    "words",
    "link",
    "choice",
    "picks",
    "several",
    "organisation",
    "lines",
    "links",
    "entry",
    "number",
    "amount",
]
MOST_PARTS = 12


class Field(NamedTuple):
    """`name` in the form, `of` in the entry. A `seldom` one is shown only where something stands in it."""

    name: str
    of: str
    input: Input
    label: str
    hint: str = ""
    codes: tuple[str, ...] = ()
    usual: str = ""
    optional: bool = False
    size: str = ""
    seldom: bool = False

    @property
    def said(self) -> str:
        return str(gettext(self.label))

    @property
    def advice(self) -> str:
        return str(gettext(self.hint)) if self.hint else ""

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        return (
            languages() if self.of == "language" else [(code, labels.said(WORDS[self.of][code])) for code in self.codes]
        )

    @property
    def which(self) -> str:
        """The field that says which of the organisations with such names is meant."""
        return f"{self.name}_which"


WORDS: Mapping[str, Mapping[str, str]] = {
    "role": labels.ROLES,
    "for_role": labels.ROLES,
    "scope": labels.SCOPES,
    "reason": labels.REASONS,
    "office": labels.OFFICES,
    "initiative": labels.INITIATIVES,
    "kind": labels.ORGANISATION_KINDS,
    "result": labels.APPEAL_RESULTS,
    "stays_effect": labels.STAYS,
    "post": labels.POSTS,
    "convened": labels.CONVENED,
}


def languages() -> list[tuple[str, str]]:
    """Those with a code of two letters, by what they are called in the language of the page."""
    called = Locale.parse(shown_language()).languages
    return sorted(((code, name) for code, name in called.items() if len(code) == 2), key=lambda one: one[1].casefold())


def ending(of: str, label: str, hint: str = "") -> Field:
    return Field("until", of, "end", label, hint, optional=True, size="date")


DATE = Field(
    "occurred", "occurred", "date", N_("When did it take effect?"),
    N_("For instance 20.06.2011, May 2020, summer 2011, 2017, not known"), size="date",
)  # fmt: skip
INITIATIVE = Field(
    "initiative", "initiative", "choice", N_("On whose initiative?"), codes=get_args(Initiative), optional=True
)
DECISION = (
    Field("decided", "decided", "date", N_("When was it decided, if on another day?"), optional=True, size="date"),
    Field("decision_body", "decision", "words", N_("Who decided?"), optional=True),
    Field("decision_minutes", "decision", "words", N_("Number of the minutes"), optional=True, size="short"),
    Field("decision_item", "decision", "words", N_("Item of the agenda"), optional=True, size="short"),
)
SOURCE = (
    Field("source_title", "source", "words", N_("Source"), optional=True),
    Field("source_link", "source", "link", N_("Link to the source"), optional=True),
    Field("note", "note", "lines", N_("Note"), optional=True),
)
ROLE = Field("role", "role", "picks", N_("As what?"), codes=("member", "associate", "observer"), usual="member")
SCOPE = Field("scope", "scope", "several", N_("Which rights does it lose meanwhile?"), codes=RIGHTS, usual="all")
NEW_NAME = Field("new_name", "called", "name", N_("The new name"))
LANGUAGE = Field("language", "language", "choice", N_("In which language is this name?"), optional=True)
ANY_NAME = N_("Any of its names. An organisation that is not known yet is registered with this one.")
CALLED = Field("called", "called", "fresh", N_("Name"))
UMBRELLA = Field("organisation", "umbrella_id", "organisation", N_("Umbrella"), ANY_NAME)
PART = Field("into", "into", "organisation", N_("Into which organisation?"), ANY_NAME, optional=True)


def person(posts: tuple[str, ...]) -> tuple[Field, ...]:
    return (
        Field("person", "person", "name", N_("Name of the person"), optional=True),
        Field("post", "post", "picks", N_("As what?"), codes=posts, usual=posts[0]),
        Field("email", "email", "name", N_("E-mail address"), optional=True),
        Field("telephone", "telephone", "name", N_("Telephone"), optional=True, size="short"),
        ending("until", N_("Until when, if that is known?")),
    )


def count(of: str, label: str, hint: str = "") -> Field:
    return Field(of, of, "number", label, hint, optional=True, size="short")


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
KINDS: dict[str, type[Entry]] = {
    kind.stored_name(): kind
    for kind in (*membership_entries.ENTRIES, *organisation.EVERY_ENTRY)
    if kind not in ENDS_OF_ORGANISATIONS
}


def own_fields(kind: type[Entry], typed: Mapping[str, str]) -> tuple[Field, ...]:
    """Of a split as many as were typed, and two more."""
    return parts(typed) if OWN.get(kind) == (PART,) else OWN.get(kind, ())


def parts(typed: Mapping[str, str]) -> tuple[Field, ...]:
    filled = [n for n in range(1, MOST_PARTS + 1) if typed.get(f"into_{n}", "").strip()]
    shown = min(max(filled, default=0) + 2, MOST_PARTS)
    return tuple(PART._replace(name=f"into_{n}", optional=n > 1) for n in range(1, shown + 1))


def told_fields(kind: type[Entry]) -> tuple[Field, ...]:
    """What is told of an entry of any kind."""
    if kind not in NOBODY_DECIDES:
        return DATE, INITIATIVE, *DECISION, *SOURCE
    first = DATE._replace(optional=True, seldom=True) if kind is organisation.OrganisationRegistered else DATE
    return first, *(field._replace(seldom=True) for field in (INITIATIVE, *DECISION)), *SOURCE


def fields_of(kind: type[Entry], typed: Mapping[str, str]) -> tuple[Field, ...]:
    first, *others = told_fields(kind)
    return first, *own_fields(kind, typed), *others
