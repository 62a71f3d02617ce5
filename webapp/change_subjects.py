"""What a form for a change is about: a membership, the life of a coalition or an organisation, or somebody new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid5

import msgspec
from flask import url_for
from flask_babel import gettext

from domain import coalition, organisation, subjects, texts
from domain.campaign import Campaign
from domain.dates import parse
from domain.entry import Entry, Told
from domain.history import holding
from domain.membership import Membership, may_follow
from domain.membership_entries import ENTRIES, MembershipEntry
from domain.organisation import Organisation
from domain.programme import Programme
from domain.project import Project
from domain.refused import Refused
from webapp import named_organisations, who
from webapp.at_moment import reading
from webapp.change_forms import Draft
from webapp.entry_field import ANY_NAME, Field
from webapp.entry_fields import CALLED, ENDS_OF_ORGANISATIONS, LANGUAGE, code_of
from webapp.entry_forms import Said, told_of
from webapp.labels import N_
from webapp.languages import shown_language
from webapp.moments import at
from webapp.named_organisations import NEW, Meant
from webapp.names import Names
from webapp.previews import states_on
from webapp.refusals import sentence

IN_FRONT = 3
Subjects = Membership | Organisation | Campaign | Programme | Project
NAMED = Field("organisation_name", "organisation_id", "organisation", N_("Organisation"), ANY_NAME)


class Then(NamedTuple):
    """What is recorded after it in the same history."""

    kind: type[Entry]
    told: Told
    fields: dict[str, Any]


class Settled(NamedTuple):
    """To which history the entry is added, and what has to be recorded before it and with it."""

    history: Subjects
    before: tuple[Entry, ...] = ()
    of: UUID | None = None  # whose version the form carries
    then: tuple[Then, ...] = ()


class Subject(Protocol):
    @property
    def codes(self) -> Sequence[str]:
        """Every kind that this form records, the commonest first."""

    @property
    def address(self) -> str: ...
    @property
    def home(self) -> str: ...
    @property
    def form_key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def extra(self) -> tuple[Field, ...]:
        """Fields of what is recorded before it, which `settle` reads."""

    @property
    def history(self) -> tuple[Entry, ...]:
        """In which an entry may speak of an earlier one."""

    def possible(self, today: date) -> Sequence[str]:
        """What may be recorded as things stand."""

    def settle(self, draft: Draft) -> Settled | None:
        """None where that has still to be said, which then stands at the fields of the draft."""

    def entry(self, settled: Settled, said: Said, told: Told) -> Entry: ...
    def place(self, recorded: Entry) -> str:
        """The page where it stands when it is recorded."""

    def is_subject_of(self, recorded: Entry, settled: Settled | None) -> bool: ...


class MembershipOf(msgspec.Struct, frozen=True):
    """The membership of an organisation in a coalition; None where the form asks of which."""

    coalition_id: UUID
    organisation_id: UUID | None

    @property
    def codes(self) -> Sequence[str]:
        return MEMBERSHIP_CODES

    @property
    def address(self) -> str:
        return url_for("changes.record", id=self.coalition_id)

    @property
    def home(self) -> str:
        return url_for("coalitions.coalition", id=self.coalition_id)

    @property
    def form_key(self) -> str:
        return url_for("coalitions.coalition", id=self.coalition_id, change=self.organisation_id or NEW)

    @property
    def title(self) -> str:
        if self.organisation_id is None:
            return str(gettext("Record an entry"))
        return str(gettext("Record a change: %(organisation)s", organisation=called(self.organisation_id)))

    @property
    def extra(self) -> tuple[Field, ...]:
        return ()

    @property
    def history(self) -> tuple[Entry, ...]:
        return (
            who.stores().chronicle.history(Membership.id_of(self.coalition_id, self.organisation_id))
            if self.organisation_id
            else ()
        )

    def possible(self, today: date) -> Sequence[str]:
        if self.organisation_id is None:
            return ENTERING
        states = states_on(self.membership(self.organisation_id).changes, today)
        allowed = {event for state in states for event in may_follow(state)}
        return [code for code in MEMBERSHIP_CODES if code in allowed and code not in SELDOM]

    def membership(self, organisation_id: UUID) -> Membership:
        return subjects.membership(who.stores().chronicle, self.coalition_id, organisation_id)

    def settle(self, draft: Draft) -> Settled | None:
        meant = Meant(draft.organisation_id) if draft.organisation_id else named(draft)
        if meant is None:
            return None
        if meant.id == self.coalition_id:
            draft.errors[NAMED.name] = gettext("A coalition cannot be a member of itself.")
            return None
        known = subjects.organisation(who.stores().chronicle, meant.id)
        if not known.entries and not meant.registers:
            draft.errors[""] = gettext("There is no such organisation.")
            return None
        return Settled(self.membership(meant.id), registered([meant], draft), meant.id)

    def entry(self, settled: Settled, said: Said, told: Told) -> Entry:
        return settled.history.change(said.kind, told, **said.fields)

    def place(self, recorded: Entry) -> str:
        return self.home

    def is_subject_of(self, recorded: Entry, settled: Settled | None) -> bool:
        return (
            isinstance(recorded, MembershipEntry)
            and settled is not None
            and (recorded.coalition_id, recorded.organisation_id) == (self.coalition_id, settled.of)
        )


class LifeOf(msgspec.Struct, frozen=True):
    """An organisation's own life, or as a coalition."""

    id: UUID
    as_coalition: bool

    @property
    def codes(self) -> Sequence[str]:
        return COALITION_CODES if self.as_coalition else ORGANISATION_CODES

    @property
    def address(self) -> str:
        return url_for("changes.record_life" if self.as_coalition else "changes.record_organisation", id=self.id)

    @property
    def home(self) -> str:
        return url_for("coalitions.coalition" if self.as_coalition else "organisations.organisation", id=self.id)

    @property
    def form_key(self) -> str:
        return f"{self.home}?change={LIFE}"

    @property
    def title(self) -> str:
        return str(gettext("Record an entry: %(organisation)s", organisation=called(self.id)))

    @property
    def extra(self) -> tuple[Field, ...]:
        return ()

    @property
    def history(self) -> tuple[Entry, ...]:
        return who.stores().chronicle.history(self.id)

    def possible(self, today: date) -> Sequence[str]:
        held = {code_of(type(e)) for e in holding(self.organisation.entries)}
        over = FOUNDING if FOUNDED in held else ()
        return [code for code in self.codes if code not in over and not (code == DISSOLVED and code in held)]

    @property
    def organisation(self) -> Organisation:
        return subjects.organisation(who.stores().chronicle, self.id)

    def settle(self, draft: Draft) -> Settled | None:
        return Settled(self.organisation, of=self.id)

    def entry(self, settled: Settled, said: Said, told: Told) -> Entry:
        return settled.history.change(said.kind, told, **said.fields)

    def place(self, recorded: Entry) -> str:
        return self.home

    def is_subject_of(self, recorded: Entry, settled: Settled | None) -> bool:
        return recorded.originator_id == self.id


class NewOne(msgspec.Struct, frozen=True):
    """An organisation that is registered, or a coalition that is registered and founded."""

    as_coalition: bool

    @property
    def codes(self) -> Sequence[str]:
        return FOUNDING if self.as_coalition else (REGISTERED,)

    @property
    def address(self) -> str:
        return url_for("changes.found" if self.as_coalition else "changes.register")

    @property
    def home(self) -> str:
        return url_for("coalitions.coalitions" if self.as_coalition else "organisations.organisations")

    @property
    def form_key(self) -> str:
        return f"{self.home}?change={NEW}"

    @property
    def title(self) -> str:
        return str(gettext("A new coalition") if self.as_coalition else gettext("A new organisation"))

    @property
    def extra(self) -> tuple[Field, ...]:
        return (CALLED, LANGUAGE) if self.as_coalition else ()

    @property
    def history(self) -> tuple[Entry, ...]:
        return ()

    def possible(self, today: date) -> Sequence[str]:
        return self.codes

    def settle(self, draft: Draft) -> Settled | None:
        id = self.id_of(draft)
        try:
            name = texts.name(draft.value("called"), "called")
        except Refused as no:
            draft.errors["called"] = sentence(no)
            return None
        known = named_organisations.found_by(name)
        is_recorded = bool(who.stores().chronicle.history(id, words=False))
        if known.candidates and not is_recorded and draft.value("called_which") != NEW:
            draft.errors["called"] = gettext("There are organisations with such a name. Say whether it is one of them.")
            return None
        before = Organisation(id=id)
        if not self.as_coalition:
            return Settled(before, of=id)
        typed = {field.name: draft.value(field.name) for field in self.extra}
        said = told_of(organisation.OrganisationRegistered, typed, shown_language(), at().today)
        if not isinstance(said, Said):
            draft.errors.update(said)
            return None
        first = before.register(unknown_day(draft.number(1)), **{**said.fields, "kind": "coalition"})
        return Settled(before.after(first), (first,), id)

    @staticmethod
    def id_of(draft: Draft) -> UUID:
        return uuid5(draft.command_id, "organisation")

    def entry(self, settled: Settled, said: Said, told: Told) -> Entry:
        if self.as_coalition or not isinstance(settled.history, Organisation):
            return settled.history.change(said.kind, told, **said.fields)
        return settled.history.register(told, **said.fields)

    def place(self, recorded: Entry) -> str:
        place = "coalitions.coalition" if self.as_coalition else "organisations.organisation"
        return url_for(place, id=recorded.originator_id)

    def is_subject_of(self, recorded: Entry, settled: Settled | None) -> bool:
        if settled is None or recorded.originator_id != settled.of:
            return False
        (first, *_) = who.stores().chronicle.history(recorded.originator_id)
        return not settled.before or getattr(first, "called", "") == getattr(settled.before[0], "called", "")


def named(draft: Draft) -> Meant | None:
    try:
        name = texts.name(draft.value(NAMED.name), NAMED.name)
    except Refused as no:
        draft.errors[NAMED.name] = sentence(no)
        return None
    meant = named_organisations.meant(name, draft.value(NAMED.which), draft.command_id)
    if meant is None:
        draft.errors[NAMED.name] = gettext("Say which organisation it is.")
    return meant


def registered(meant: Sequence[Meant], draft: Draft, first: int = 1) -> tuple[Entry, ...]:
    """The registrations of those that are not known yet."""
    new = [one for one in meant if one.registers and not who.stores().chronicle.history(one.id, words=False)]
    return tuple(
        Organisation(id=one.id).register(unknown_day(draft.number(n)), one.registers)
        for n, one in enumerate(new, first)
    )


def unknown_day(command_id: UUID) -> Told:
    account = who.account()
    if account is None:
        raise TypeError("only who signed in may record")
    return Told(occurred=parse("XXXX", at().today), recorded_by=account.id, command_id=command_id)


def called(id: UUID) -> str:
    with reading() as connection:
        return Names(connection).on(id, at().today)


LIFE = "life"
ENTERING = ("joined", "observer_admitted", "applied", "readmitted")
COMMON = (
    "reinstated", "suspended", "withdrawal_revoked", "renewed", "withdrew", "role_changed", "scope_changed",
    "withdrawal_notified", "lapsed", "expelled",
)  # fmt: skip
SELDOM = ("renewal_missed", "reinstatement_requested", "suspension_confirmed", "suspension_expired")
EVERY_MEMBERSHIP = tuple(code_of(kind) for kind in ENTRIES if kind not in ENDS_OF_ORGANISATIONS)
MEMBERSHIP_CODES = tuple(dict.fromkeys((*COMMON, *ENTERING, *EVERY_MEMBERSHIP)))
ENDS = ("withdrew", "lapsed", "expelled")
REGISTERED = code_of(organisation.OrganisationRegistered)
FOUNDED, DISSOLVED = code_of(coalition.Founded), code_of(coalition.Dissolved)
FOUNDING = (FOUNDED, code_of(coalition.Prepared))
COALITION_CODES = tuple(dict.fromkeys((
    *FOUNDING,
    *(code_of(kind) for kind in (coalition.OfficeTaken, coalition.AgreementSigned, coalition.RulesAdopted)),
    *(code_of(kind) for kind in coalition.ENTRIES),
)))  # fmt: skip
ORGANISATION_CODES = tuple(dict.fromkeys((
    *(code_of(kind) for kind in (organisation.OrganisationRenamed, organisation.OrganisationMerged)),
    code_of(organisation.OrganisationDissolved),
    *(code for kind in organisation.ENTRIES if (code := code_of(kind)) != REGISTERED),
)))  # fmt: skip
