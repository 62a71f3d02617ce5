"""What a form is about: a campaign, a programme, a project, or a new one of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID, uuid5

import msgspec
from flask import url_for
from flask_babel import gettext

from domain import campaign_entries, programme
from domain.campaign import MAY_FOLLOW, Campaign, state_on
from domain.campaign_entries import CampaignLaunched, CampaignPlanned, GoalSet, PromiseMade
from domain.entry import Entry, Told
from domain.history import holding
from domain.programme import Programme, ProgrammeOpened
from domain.project import IndicatorSet, Project, ProjectOpened
from webapp import who
from webapp.campaign_fields import NOT_KNOWN, STAGE, STATEMENT
from webapp.change_forms import Draft
from webapp.change_subjects import Settled, Then
from webapp.entry_field import DATE, Field
from webapp.entry_fields import code_of
from webapp.entry_forms import USUAL_DATE, Said, told_of
from webapp.labels import N_
from webapp.languages import shown_language
from webapp.moments import at
from webapp.named_organisations import NEW
from webapp.titles import titles

LIFE = "life"
FIRST_OF_THEN = 100  # the numbers before it are those of organisations that are registered
LAUNCHED = DATE._replace(
    name="launched", of="launched", label=N_("If it runs already: since when?"), hint=NOT_KNOWN, optional=True,
    trails=True,
)  # fmt: skip
GOAL = (STATEMENT._replace(trails=True), STAGE._replace(label=N_("Policy stage of the goal"), trails=True))


class Began(msgspec.Struct, frozen=True):
    """A history that was begun, and what its forms share. `part`: of the site, where it has its page."""

    part: ClassVar[str]

    id: UUID

    @property
    def address(self) -> str:
        return url_for(f"{self.part}.record", id=self.id)

    @property
    def home(self) -> str:
        return url_for(f"{self.part}.{self.part.removesuffix('s')}", id=self.id)

    @property
    def form_key(self) -> str:
        return f"{self.home}?change={LIFE}"

    @property
    def title(self) -> str:
        called = titles().on(self.id, at().today) or gettext("without a title")
        return str(gettext("Record an entry: %(organisation)s", organisation=called))

    @property
    def extra(self) -> tuple[Field, ...]:
        return ()

    @property
    def history(self) -> tuple[Entry, ...]:
        return who.stores().chronicle.history(self.id)

    @property
    def bare(self) -> tuple[Entry, ...]:
        return who.stores().chronicle.history(self.id, words=False)

    def entry(self, settled: Settled, said: Said, told: Told) -> Entry:
        return settled.history.change(said.kind, told, **said.fields)

    def place(self, recorded: Entry) -> str:
        return self.home

    def is_subject_of(self, recorded: Entry, settled: Settled | None) -> bool:
        return recorded.originator_id == self.id


class CampaignOf(Began, frozen=True):
    part: ClassVar[str] = "campaigns"

    @property
    def codes(self) -> Sequence[str]:
        return CAMPAIGN_CODES

    def possible(self, today: date) -> Sequence[str]:
        """What may follow from how it stands, the most usual first."""
        held = holding(self.bare)
        usual = [code for state in state_on(held, today.toordinal()) for code in USUAL.get(state, ())]
        allowed = {event for state in state_on(held, today.toordinal()) for event in MAY_FOLLOW[state]}
        codes = dict.fromkeys((*usual, *(code for code in CAMPAIGN_CODES if code in allowed or code not in LIFE_CODES)))
        return [code for code in codes if not lacks(code, held)]

    def settle(self, draft: Draft) -> Settled | None:
        return Settled(Campaign(id=self.id, entries=self.bare), of=self.id)


class ProgrammeOf(Began, frozen=True):
    part: ClassVar[str] = "programmes"

    @property
    def codes(self) -> Sequence[str]:
        return (code_of(programme.ProgrammeClosed),)

    def possible(self, today: date) -> Sequence[str]:
        is_closed = any(isinstance(e, programme.ProgrammeClosed) for e in holding(self.bare))
        return () if is_closed else self.codes

    def settle(self, draft: Draft) -> Settled | None:
        return Settled(Programme(id=self.id, entries=self.bare), of=self.id)


class ProjectOf(Began, frozen=True):
    part: ClassVar[str] = "projects"

    @property
    def codes(self) -> Sequence[str]:
        return PROJECT_CODES

    def possible(self, today: date) -> Sequence[str]:
        held = holding(self.bare)
        return [code for code in PROJECT_CODES if not lacks(code, held)]

    def settle(self, draft: Draft) -> Settled | None:
        return Settled(Project(id=self.id, entries=self.bare), of=self.id)


def lacks(code: str, held: Sequence[Entry]) -> bool:
    """Whether that of which it speaks is not there, or it was recorded already and is recorded once."""
    kinds = {type(e) for e in held}
    needed = NEEDS.get(code)
    return (needed is not None and needed not in kinds) or (code in ONCE and code in {code_of(k) for k in kinds})


class Beginning(msgspec.Struct, frozen=True):
    """A history that begins, with its first entry."""

    kind: ClassVar[type[Entry]]
    part: ClassVar[str]

    @property
    def codes(self) -> Sequence[str]:
        return (code_of(self.kind),)

    @property
    def address(self) -> str:
        return url_for(f"{self.part}.begin")

    @property
    def home(self) -> str:
        return url_for(f"{self.part}.{self.part}")

    @property
    def form_key(self) -> str:
        return f"{self.home}?change={NEW}"

    @property
    def extra(self) -> tuple[Field, ...]:
        return ()

    @property
    def history(self) -> tuple[Entry, ...]:
        return ()

    def possible(self, today: date) -> Sequence[str]:
        return self.codes

    def entry(self, settled: Settled, said: Said, told: Told) -> Entry:
        begun = settled.history
        if isinstance(begun, Campaign):
            return begun.plan(told, **said.fields)
        return begun.change(said.kind, told, **said.fields)

    def place(self, recorded: Entry) -> str:
        return url_for(f"{self.part}.{self.part.removesuffix('s')}", id=recorded.originator_id)

    def is_subject_of(self, recorded: Entry, settled: Settled | None) -> bool:
        """With what was recorded beside it, as it is told now."""
        if settled is None or recorded.originator_id != settled.of:
            return False
        first, *others = (self._history_of(recorded)[n - 1] for n in range(1, len(settled.then) + 2))
        return isinstance(first, self.kind) and all(map(says, others, settled.then))

    @staticmethod
    def _history_of(recorded: Entry) -> tuple[Entry, ...]:
        return who.stores().chronicle.history(recorded.originator_id)


def says(recorded: Entry, then: Then) -> bool:
    told = {"occurred": then.told.occurred, **then.fields}
    return isinstance(recorded, then.kind) and all(getattr(recorded, name) == value for name, value in told.items())


class NewCampaign(Beginning, frozen=True):
    kind: ClassVar[type[Entry]] = CampaignPlanned
    part: ClassVar[str] = "campaigns"

    @property
    def title(self) -> str:
        return str(gettext("A new campaign"))

    @property
    def extra(self) -> tuple[Field, ...]:
        return (*GOAL, LAUNCHED)

    def settle(self, draft: Draft) -> Settled | None:
        id = uuid5(draft.command_id, "campaign")
        then = list(self._then(draft))
        if any(field.name in draft.errors for field in self.extra):
            return None
        return Settled(Campaign(id=id), of=id, then=tuple(then))

    def _then(self, draft: Draft) -> Iterator[Then]:
        """Launched, if it runs already, and with a goal, if one was told; what is wrong stands at the draft."""
        typed = {name: draft.value(name) for name in ("stage", "statement")}
        launched, planned = draft.value(LAUNCHED.name).strip(), draft.value("occurred").strip()
        if launched:
            yield from self._said(draft, CampaignLaunched, {"occurred": launched}, 0)
        if typed["statement"].strip():
            yield from self._said(draft, GoalSet, {"occurred": launched or planned or USUAL_DATE, **typed}, 1)

    @staticmethod
    def _said(draft: Draft, kind: type[Entry], typed: dict[str, str], n: int) -> Iterator[Then]:
        said = told_of(kind, typed, shown_language(), at().today)
        if isinstance(said, Said):
            yield Then(kind, said.told(recorded_by(), draft.number(FIRST_OF_THEN + n)), said.fields)
            return
        dated = LAUNCHED.name if draft.value(LAUNCHED.name).strip() else "occurred"
        draft.errors.update({dated if name == "occurred" else name: wrong for name, wrong in said.items()})


def recorded_by() -> UUID:
    account = who.account()
    if account is None:
        raise TypeError("only who signed in may record")
    return account.id


class NewProgramme(Beginning, frozen=True):
    kind: ClassVar[type[Entry]] = ProgrammeOpened
    part: ClassVar[str] = "programmes"

    @property
    def title(self) -> str:
        return str(gettext("A new programme"))

    def settle(self, draft: Draft) -> Settled | None:
        id = uuid5(draft.command_id, "programme")
        return Settled(Programme(id=id), of=id)


class NewProject(Beginning, frozen=True):
    kind: ClassVar[type[Entry]] = ProjectOpened
    part: ClassVar[str] = "projects"

    @property
    def title(self) -> str:
        return str(gettext("A new project"))

    def settle(self, draft: Draft) -> Settled | None:
        id = uuid5(draft.command_id, "project")
        return Settled(Project(id=id), of=id)


LIFE_CODES = tuple(code_of(kind) for kind in campaign_entries.LIFE)
CAMPAIGN_CODES = tuple(code for kind in campaign_entries.ENTRIES if (code := code_of(kind)) != "campaign.planned")
PROJECT_CODES = (
    "project.indicator_reached", "project.indicator_set", "project.reported", "project.closed",
)  # fmt: skip
USUAL: dict[str, Sequence[str]] = {
    "planned": ("campaign.launched", "campaign.goal_set", "campaign.decision_maker_named"),
    "active": (
        "campaign.stance_changed", "campaign.promise_made", "campaign.outcome_recorded",
        "campaign.decision_maker_named", "campaign.partner_joined",
    ),
    "paused": ("campaign.resumed", "campaign.concluded", "campaign.stance_changed"),
    "concluded": ("campaign.outcome_recorded", "campaign.evaluated", "campaign.promise_updated"),
    "cancelled": ("campaign.evaluated", "campaign.outcome_recorded", "campaign.promise_updated"),
}  # fmt: skip
NEEDS: dict[str, type[Entry]] = {
    "campaign.stance_changed": campaign_entries.DecisionMakerNamed,
    "campaign.decision_maker_responded": campaign_entries.DecisionMakerNamed,
    "campaign.partner_left": campaign_entries.PartnerJoined,
    "campaign.promise_updated": PromiseMade,
    "project.indicator_reached": IndicatorSet,
}
ONCE = ("project.closed", "programme.closed")
