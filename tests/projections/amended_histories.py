"""Random histories of one subject with amendments, of which it is known by construction what holds in the end.

Each fact is recorded plainly, struck out, struck out and taken back, corrected (also twice), or told in two or three
ways of which one is preferred, and struck out or corrected after that; facts are recorded in any order, and amendments
between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple
from uuid import uuid5

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain.dates import PartialDate
from domain.entry import Entry
from domain.history import EntryCorrected, EntryStruck, VariantPreferred
from tests.domain.test_membership_properties import days, histories
from tests.projections.histories import RECORDED, SECRETARY, SUBJECT

SCRIPTS: dict[str, tuple[str, ...]] = {
    "plain": ("right",),
    "struck out": ("right", "strike"),
    "taken back": ("right", "strike", "strike back"),
    "corrected": ("wrong", "correct"),
    "corrected twice": ("wrong", "correct wrongly", "correct"),
    "disputed": ("right", "another source"),
    "preferred": ("wrong", "another right source", "prefer"),
    "preferred and struck out": ("right", "another source", "prefer", "strike"),
    "preferred and corrected": ("wrong", "another source", "prefer", "correct another source"),
    "preferred, corrected, struck out": ("right", "another source", "prefer", "correct wrongly", "strike"),
    "preferred twice, struck out": (
        *("wrong", "another right source", "prefer", "another source", "prefer", "strike"),
    ),
    "preferred twice, the first struck out": (
        *("wrong", "another source", "prefer", "another right source", "prefer", "strike the one before"),
    ),
}
RIGHT = {  # which of its contents is the right one, where it is not the last
    "disputed": 0,
    "preferred and struck out": 0,
    "preferred, corrected, struck out": 0,
    "preferred twice, struck out": 1,
}
FATES = ("plain", "plain", *SCRIPTS)


class Amended(NamedTuple):
    """All entries in the order of recording, and the changes that hold in the end."""

    entries: tuple[Entry, ...]
    hold: tuple[Entry, ...]


class Scribe:
    """Records facts one touch after the other."""

    def __init__(self, truth: Sequence[Entry], fates: Sequence[str], wrong_days: Sequence[PartialDate]) -> None:
        self.truth, self.fates, self.wrong_days = truth, fates, wrong_days
        self.entries: list[Entry] = []
        self.contents: list[list[int]] = [[] for _ in truth]  # of each fact the versions of its contents
        self.done = [0 for _ in truth]
        self.amendment = [0 for _ in truth]

    def advance(self, n: int) -> None:
        """The next touch of this fact; what it speaks of was recorded before."""
        if self.done[n] < len(SCRIPTS[self.fates[n]]):
            touch = SCRIPTS[self.fates[n]][self.done[n]]
            self.done[n] += 1
            getattr(self, touch.replace(" ", "_"))(n)

    def right(self, n: int, **told: Any) -> None:
        self.content(n, self.truth[n].occurred, **told)

    def wrong(self, n: int, **told: Any) -> None:
        self.content(n, self.wrong_days[n], **told)

    def another_source(self, n: int) -> None:
        self.wrong(n, variant="alternative")

    def another_right_source(self, n: int) -> None:
        self.right(n, variant="alternative")

    def strike(self, n: int) -> None:
        self.amend(n, EntryStruck, of=self.contents[n][-1], reason="wrong")

    def strike_the_one_before(self, n: int) -> None:
        self.amend(n, EntryStruck, of=self.contents[n][-2], reason="wrong")

    def strike_back(self, n: int) -> None:
        self.amend(n, EntryStruck, of=self.amendment[n], reason="wrong")

    def correct_another_source(self, n: int) -> None:
        self.correct(n, variant="alternative")

    def correct(self, n: int, **told: Any) -> None:
        self.right(n, **told)
        self.amend(n, EntryCorrected, of=self.contents[n][-2], by=self.contents[n][-1], reason="wrong")

    def correct_wrongly(self, n: int) -> None:
        self.wrong(n)
        self.amend(n, EntryCorrected, of=self.contents[n][-2], by=self.contents[n][-1], reason="wrong")

    def prefer(self, n: int) -> None:
        *_, before, this = self.contents[n]
        self.amend(n, VariantPreferred, of=this, instead_of=(before,))

    def content(self, n: int, occurred: PartialDate, **told: Any) -> None:
        fact = self.truth[n]
        if (of := self.spoken_of(fact)) is not None:
            if not self.contents[of]:
                self.advance(of)
            told["of"] = self.contents[of][0]
        self.contents[n].append(len(self.entries) + 1)
        self.entries.append(msgspec.structs.replace(fact, **self.placed(), occurred=occurred, **told))

    def amend(self, n: int, kind: type[Entry], **fields: Any) -> None:
        self.amendment[n] = len(self.entries) + 1
        self.entries.append(kind(**self.placed(), occurred=self.truth[n].occurred, recorded_by=SECRETARY, **fields))

    def placed(self) -> dict[str, Any]:
        version = len(self.entries) + 1
        command = uuid5(SUBJECT, str(version))
        place = {"originator_id": SUBJECT, "originator_version": version, "command_id": command}
        return {**place, "recorded_at": RECORDED}

    def spoken_of(self, fact: Entry) -> int | None:
        of = getattr(fact, "of", None)
        return of - 1 if of and of <= len(self.truth) and self.truth[of - 1] is not fact else None

    def hold(self) -> tuple[Entry, ...]:
        return tuple(
            msgspec.structs.replace(fact, originator_version=self.version(n), recorded_at=RECORDED, **self.of_now(fact))
            for n, fact in enumerate(self.truth)
            if self.fates[n] != "struck out"
        )

    def version(self, n: int) -> int:
        """Where the right content stands."""
        return self.contents[n][RIGHT.get(self.fates[n], -1)]

    def of_now(self, fact: Entry) -> dict[str, int]:
        of = self.spoken_of(fact)
        return {} if of is None else {"of": self.version(of)}


def amended_histories(longest: int = 4) -> SearchStrategy[Amended]:
    return amended(histories(longest).map(lambda history: history.changes))


@st.composite
def amended(draw: st.DrawFn, truths: SearchStrategy[Sequence[Entry]]) -> Amended:
    truth = draw(truths)
    fates = [draw(st.sampled_from(FATES)) for _ in truth]
    scribe = Scribe(truth, fates, [draw(days(draw(st.integers(1, 12)))) for _ in truth])
    touches = [n for n, fate in enumerate(fates) for _ in SCRIPTS[fate]]
    random: Random = draw(st.randoms(use_true_random=False))
    random.shuffle(touches)
    for n in (*touches, *touches):
        scribe.advance(n)
    return Amended(tuple(scribe.entries), scribe.hold())
