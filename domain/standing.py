"""How an organisation stands to a coalition between two changes."""

from __future__ import annotations

from typing import Literal, NamedTuple

Role = Literal["observer", "associate", "member"]
Rights = Literal["all", "vote", "office", "meetings", "public_statements"]
Scope = tuple[Rights, ...]


class Standing(NamedTuple):
    """How an organisation stands to the coalition between two changes."""

    place: str = "none"  # none | applicant | in | former | merged | dissolved
    role: str | None = None
    was_in: bool = False
    in_arrears: bool = False
    scope: Scope | None = None  # suspended from these
    notice: tuple[int, int] | None = None  # first and last day on which the notice given can take effect
    appealed: tuple[Appealed, ...] = ()  # decisions taken so far that an appeal speaks of

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


class Appealed(NamedTuple):
    """A decision that an appeal speaks of: the standing without it and with it, and whether it has effect now.

    It is over when something else has settled what it decided; then an appeal changes nothing any more.
    """

    of: int  # its version in this history
    event: str
    without: Standing
    having: Standing
    is_open: bool = False  # an appeal waits for its decision
    has_effect: bool = True
    is_over: bool = False
    was_overturned: bool = False
