"""The histories that lines written by hand touch, as they will be with them; or which lines are to blame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from domain import subjects
from domain.action import Action, ActionLogged
from domain.campaign import Campaign
from domain.campaign_entries import LIFE, CampaignPlanned, Concern, PromiseMade
from domain.chronicle import Chronicle
from domain.concerns import strangers
from domain.dates import PartialDate
from domain.entry import Entry, Told
from domain.history import History, holding
from domain.membership import Membership
from domain.membership_entries import bounds
from domain.organisation import Organisation
from domain.programme import Programme
from domain.project import IndicatorSet, Project
from domain.refused import Refused
from projections.letters import composed
from webapp.csv_rows import Problem
from webapp.jsonl_fields import BEGIN, SPEAKS_OF, Said, Work

EMPTY: dict[str, type[History]] = {"campaign": Campaign, "programme": Programme, "project": Project}
SPOKEN_OF: dict[str, tuple[type[Entry], str, str]] = {
    "promise": (PromiseMade, "promise", "campaign.no_such_promise"),
    "indicator": (IndicatorSet, "measure", "project.no_such_indicator"),
}


class Deed(NamedTuple):
    """A line whose names are known: its own words, the history that it belongs to, and what it would record."""

    said: Said
    id: UUID
    told: Told
    fields: Mapping[str, Any]


class Histories:
    """`pending`: what else the file brings along, by history."""

    def __init__(self, chronicle: Chronicle, pending: Mapping[UUID, Sequence[Entry]]) -> None:
        self._chronicle, self._pending = chronicle, pending
        self.problems: list[Problem] = []
        self.parts: list[list[Entry]] = []
        self._campaigns: dict[UUID, Campaign] = {}

    def add(self, deeds: Iterable[Deed]) -> None:
        """Actions last: what is said of one depends on the life of its campaign."""
        by_history: dict[UUID, list[Deed]] = {}
        for deed in deeds:
            by_history.setdefault(deed.id, []).append(deed)
        for id, of_one in sorted(by_history.items(), key=lambda each: each[1][0].said.kind is ActionLogged):
            self._tell(id, of_one)

    def in_order(self) -> list[Entry]:
        """First what begins, programmes before campaigns, then actions, then what names them; each by its days."""
        ranks = {kind: rank for rank, kind in enumerate((*BEGIN, ActionLogged))}
        ordered = sorted(self.parts, key=lambda part: bounds(part[-1].occurred)[::-1])
        entries = [e for part in ordered for e in part]
        return sorted(entries, key=lambda e: ranks.get(type(e), len(ranks)))

    def _tell(self, id: UUID, deeds: list[Deed]) -> None:
        """What is refused in its natural order is tried again when the others are in."""
        history = self._history(id, deeds[0].said)
        waiting, added = sorted(deeds, key=_place), list[Entry]()
        while waiting:
            refused: list[tuple[Deed, Refused]] = []
            for deed in waiting:
                try:
                    new = self._decided(history, deed)
                except Refused as no:
                    refused.append((deed, no))
                else:
                    history = history.after(new)
                    added.append(new)
            if len(refused) == len(waiting):
                self.problems += [Problem(deed.said.number, key_of(deed.said, no), no) for deed, no in refused]
                break
            waiting = [deed for deed, _ in refused]
        if added:
            self.parts.append(added)
        if isinstance(history, Campaign):
            self._campaigns[id] = history

    def _history(self, id: UUID, said: Said) -> History:
        kind: type[History] = Action if said.kind is ActionLogged else EMPTY[said.of]
        return kind(id=id, entries=self._chronicle.history(id))

    def _decided(self, history: History, deed: Deed) -> Entry:
        fields = {name: _meant(history, value) for name, value in deed.fields.items()}
        match history:
            case Action():
                on, by = deed.told.occurred, fields.get("by", ())
                return history.log(deed.told, **fields, warnings=self._concerns(fields["campaign_id"], by, on))
            case Campaign() if deed.said.kind is CampaignPlanned:
                return history.plan(deed.told, **fields)
            case Campaign() | Programme() | Project():
                return history.change(deed.said.kind, deed.told, **fields)
        raise TypeError(type(history))

    def _concerns(self, campaign_id: UUID, by: Iterable[UUID], on: PartialDate) -> tuple[Concern, ...]:
        campaign = self._campaigns.get(campaign_id) or subjects.campaign(self._chronicle, campaign_id)
        self._campaigns[campaign_id] = campaign
        said = campaign.concerns(ActionLogged, on)
        coalition_id = campaign.planned.coalition_id if campaign.planned else None
        if coalition_id is None:
            return said
        coalition = Organisation(id=coalition_id)
        memberships = [
            subjects.membership_in(coalition, id, self._with_pending(Membership.id_of(coalition_id, id)))
            for id in by
            if id != coalition_id
        ]
        return (*said, "not_a_member") if strangers(memberships, on) else said

    def _with_pending(self, id: UUID) -> tuple[Entry, ...]:
        return (*self._chronicle.history(id, words=False), *self._pending.get(id, ()))


def _place(deed: Deed) -> tuple[bool, bool, tuple[int, int], str, int]:
    kind = deed.said.kind
    is_life = kind in (*BEGIN, *LIFE)
    return kind not in BEGIN, not is_life, bounds(deed.told.occurred), kind.stored_name(), deed.said.number


def _meant(history: History, value: Any) -> Any:
    """The version of the promise or the indicator that has these words."""
    if not isinstance(value, Work):
        return value
    kind, field, code = SPOKEN_OF[value.kind]
    for e in holding(history.entries):
        if isinstance(e, kind) and composed(getattr(e, field)) == composed(value.text):
            return e.originator_version
    raise Refused(code, field="of", event="", on="", since="")


def key_of(said: Said, no: Refused) -> str:
    """The key to look at first."""
    field = no.details.get("field", "")
    if field == "of":
        return SPEAKS_OF.get(said.kind, "of")
    if no.code == "entry.only_alternative":
        return "variant"
    return str(field).removesuffix("_id") or ("date" if no.details.get("since") else "event")
