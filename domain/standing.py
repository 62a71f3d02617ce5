"""How an organisation stands to a coalition between two changes."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Role = Literal["observer", "associate", "member"]
Rights = Literal["all", "vote", "office", "meetings", "public_statements"]
Scope = tuple[Rights, ...]
GONE = ("merged", "dissolved")


class Standing(NamedTuple):
    """How an organisation stands to the coalition between two changes."""

    place: str = "none"  # none | applicant | in | former | merged | dissolved
    role: str | None = None
    was_in: bool = False
    in_arrears: bool = False
    scope: Scope | None = None  # suspended from these
    notice: tuple[int, int] | None = None  # first and last day on which the notice given can take effect
    contested: tuple[Contested, ...] = ()
    told: Fork | None = None  # without and with these, where that makes a difference

    @property
    def standing(self) -> str:
        """good | suspended | in_arrears | leaving, or the place of who is not in."""
        if self.place != "in":
            return self.place
        if self.scope is not None:
            return "suspended"
        return "leaving" if self.notice else "in_arrears" if self.in_arrears else "good"

    @property
    def label(self) -> str:
        """The state's name in the table of DOMAIN.md, by which the rules are looked up."""
        if self.place == "applicant" and self.was_in:
            return "applicant, former"
        if self.place != "in":
            return "former, suspended" if self.place == "former" and self.scope is not None else self.place
        if self.standing == "good":
            return f"{self.role}, good" if self.role == "member" else str(self.role)
        return f"{self.role}, {self.standing}"

    @property
    def seen(self) -> tuple[str, str | None, str, Scope | None]:
        """What people see of it; a state that differs only in memory has not begun anew."""
        return self.place, self.role, self.standing, self.scope if self.place == "in" else None


class Contested(NamedTuple):
    """A decision that was taken, as long as an appeal against it is yet to be made or decided."""

    of: int  # its version in this history
    to_come: int  # appeals that are yet to be made
    is_open: bool = False  # one is made and not decided
    is_stayed: bool = False  # and that one keeps the decision from having effect


class Fork(msgspec.Struct, frozen=True, cache_hash=True):
    """How it stands when the history is told without a decision, and with it: standings that are not contested
    themselves."""

    of: int
    without: Standing | Fork
    having: Standing | Fork
