"""Which changes a form, a CSV row or a program can tell: the entry that each becomes, and the columns it needs."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from domain import coalition as life
from domain import organisation as organisations
from domain.coalition import Office
from domain.entry import Entry
from domain.membership_entries import BY_EVENT, LapseReason, SuspensionReason
from domain.standing import Rights, Role

Subject = Literal["membership", "coalition", "organisation"]


class Column(NamedTuple):
    """What a column means to one event: the entry's field, the codes it may hold, or that it names an organisation."""

    field: str
    needed: bool = False
    allowed: tuple[str, ...] = ()
    names_organisation: bool = False


class Event(NamedTuple):
    kind: type[Entry]
    subject: Subject
    columns: dict[str, Column]


COLUMNS = (
    "date", "event", "coalition", "organisation", "role", "scope", "reason", "decided", "until", "new_name", "note",
    "source", "variant", "initiative", "decision",
)  # fmt: skip
OF_EVERY_EVENT = frozenset(("date", "event", "decided", "note", "source", "variant", "initiative", "decision"))
OF_SUBJECT: dict[Subject, frozenset[str]] = {
    "membership": frozenset(("coalition", "organisation")),
    "coalition": frozenset(("coalition",)),
    "organisation": frozenset(("organisation",)),
}
RIGHTS: tuple[str, ...] = get_args(Rights)
OF_ENTRIES = ("decision_appealed", "appeal_decided", "delegate_appointed", "delegate_replaced")  # no row can tell them
OF_DUES = ("dues_paid", "dues_waived")  # neither these
ENDS_OF_ORGANISATIONS = ("organisation_merged", "organisation_dissolved")  # told once, not in each membership

role = Column("role", allowed=get_args(Role))
umbrella = Column("umbrella_id", names_organisation=True)
OF_MEMBERSHIP: dict[str, dict[str, Column]] = {
    "observer_admitted": {"role": Column("role", allowed=("observer",))},
    "joined": {"role": role},
    "readmitted": {"role": role},
    "role_changed": {"role": role._replace(needed=True)},
    "suspended": {
        "scope": Column("scope"),
        "reason": Column("reason", allowed=get_args(SuspensionReason)),
        "until": Column("review_by"),
    },
    "scope_changed": {"scope": Column("scope", needed=True)},
    "renewed": {"until": Column("until")},
    "withdrawal_notified": {"until": Column("effective")},
    "lapsed": {"reason": Column("reason", allowed=get_args(LapseReason))},
}
OF_OTHERS: dict[str, Event] = {
    "preparation": Event(life.Prepared, "coalition", {}),
    "founded": Event(life.Founded, "coalition", {}),
    "renamed": Event(life.CoalitionRenamed, "coalition", {"new_name": Column("called", needed=True)}),
    "agreement_signed": Event(life.AgreementSigned, "coalition", {}),
    "incorporated": Event(life.Incorporated, "coalition", {}),
    "joined_umbrella": Event(life.UmbrellaJoined, "coalition", {"organisation": umbrella._replace(needed=True)}),
    "left_umbrella": Event(life.UmbrellaLeft, "coalition", {"organisation": umbrella}),
    "office_taken": Event(
        life.OfficeTaken,
        "coalition",
        {
            "role": Column("office", needed=True, allowed=get_args(Office)),
            "organisation": Column("holder_id", names_organisation=True),
            "until": Column("until"),
        },
    ),
    "rules_adopted": Event(life.RulesAdopted, "coalition", {}),
    "dissolved": Event(life.Dissolved, "coalition", {}),
    "organisation_registered": Event(organisations.OrganisationRegistered, "organisation", {}),
    "organisation_renamed": Event(
        organisations.OrganisationRenamed, "organisation", {"new_name": Column("called", needed=True)}
    ),
    "organisation_merged": Event(
        organisations.OrganisationMerged,
        "organisation",
        {"new_name": Column("successor_id", needed=True, names_organisation=True)},
    ),
    "organisation_split": Event(
        organisations.OrganisationSplit, "organisation", {"new_name": Column("into", names_organisation=True)}
    ),
    "organisation_dissolved": Event(organisations.OrganisationDissolved, "organisation", {}),
}
EVENTS: dict[str, Event] = {
    **{
        name: Event(kind, "membership", OF_MEMBERSHIP.get(name, {}))
        for name, kind in BY_EVENT.items()
        if name not in (*ENDS_OF_ORGANISATIONS, *OF_ENTRIES, *OF_DUES)
    },
    **OF_OTHERS,
}
NAME_OF = {event.kind: name for name, event in EVENTS.items()}


def needed(name: str) -> frozenset[str]:
    """Beside date and event."""
    event = EVENTS[name]
    return OF_SUBJECT[event.subject] | {column for column, told in event.columns.items() if told.needed}


def used(name: str) -> frozenset[str]:
    event = EVENTS[name]
    return OF_EVERY_EVENT | OF_SUBJECT[event.subject] | event.columns.keys()
