"""An action of a campaign: what was done, where, by whom, with whom, and how many took part. A history of its own, so
that who logs one waits for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self
from uuid import UUID, uuid5

import msgspec

from domain.beginnings import check_only_alternatives, once_only
from domain.campaign_entries import CampaignEntry
from domain.dates import PartialDate
from domain.entry import Entry, Refused, Told
from domain.history import History, holding

ActionKind = Literal[
    "meeting", "briefing", "letter", "petition", "statement", "demonstration", "public_hearing", "media", "publication",
    "research", "monitoring_visit", "training", "forum", "networking", "mentoring", "small_grant", "legal_aid_day",
    "community_meeting", "other",
]  # fmt: skip
MOST_PEOPLE = 100_000_000


class WebPage(msgspec.Struct, frozen=True):
    """Evidence that lies elsewhere: its title, its address, and the day on which it was read."""

    title: str = ""
    link: str = ""
    accessed: PartialDate | None = None


class ActionLogged(CampaignEntry, tag="campaign.action_logged", frozen=True, kw_only=True):
    """By these organisations, to these authorities. Numbers that nobody counted are None, and none follows from the
    others; women and youth may be the same people. Files are those of its source."""

    words = (*Entry.words, "title", "place", "media", "evidence")

    campaign_id: UUID
    kind: ActionKind
    by: tuple[UUID, ...] = ()
    decision_makers: tuple[UUID, ...] = ()
    participants: int | None = None
    women: int | None = None
    youth: int | None = None
    title: str = ""
    place: str = ""
    media: str = ""
    evidence: tuple[WebPage, ...] = ()

    def check_written(self) -> None:
        super().check_written()
        for field in ("participants", "women", "youth"):
            number: int | None = getattr(self, field)
            if number is not None and not 0 <= number <= MOST_PEOPLE:
                raise Refused("action.no_number_of_people", field=field)
        for field in ("women", "youth"):
            part: int | None = getattr(self, field)
            if part is not None and self.participants is not None and part > self.participants:
                raise Refused("action.part_exceeds_all", field=field, part=part, all=self.participants)


class Action(History, frozen=True, kw_only=True):
    """What was recorded of one action: one entry, and what amends it."""

    @staticmethod
    def id_of(command_id: UUID) -> UUID:
        return uuid5(command_id, "action")

    @property
    def logged(self) -> ActionLogged | None:
        return next((e for e in holding(self.entries) if isinstance(e, ActionLogged)), None)

    def log(self, told: Told, **fields: Any) -> ActionLogged:
        new = self.next(ActionLogged, told, **fields)
        self.after(new).check(new)
        return new

    def check_since(self, before: Self, new: Sequence[Entry]) -> None:
        held = holding(self.entries)
        check_only_alternatives(self.entries, held)
        once_only(held, ActionLogged, "action.only_once", "logged")
