"""When may the words of an entry be removed, and what does that leave as it was?"""

from __future__ import annotations

from typing import Any

import pytest

from domain.entry import Entry, Refused
from domain.history import holding, taken_out
from domain.removal import WordsRemoved, removals, remove_words
from tests.scenario import given, happened, told

JOINED = given(happened("2012", "joined"), happened("2016-03", "suspended", scope=("all",))).before
WITH_WORDS = {1, 2}


def removed(entries: tuple[Entry, ...], of: int, **fields: Any) -> WordsRemoved:
    return remove_words(entries, told("2020"), of, fields.get("sealed", WITH_WORDS), fields.get("reason", "danger"))


def refusal(entries: tuple[Entry, ...], of: int, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        removed(entries, of, **fields)
    return refused.value.code


def test_the_removal_names_the_entry_and_why() -> None:
    new = removed(JOINED.entries, 2, reason="court_order")
    assert (new.originator_id, new.originator_version, new.of, new.reason) == (JOINED.id, 3, 2, "court_order")
    assert removals((*JOINED.entries, new)) == {2: new}


def test_what_holds_is_the_same_afterwards() -> None:
    after = (*JOINED.entries, removed(JOINED.entries, 2))
    assert holding(after) == JOINED.entries
    assert taken_out(after) == frozenset()


def test_there_must_be_words_to_remove() -> None:
    assert refusal(JOINED.entries, 2, sealed={1}) == "entry.no_words"


def test_there_must_be_such_an_entry() -> None:
    assert {refusal(JOINED.entries, of) for of in (-1, 0, 3)} == {"entry.not_there"}
    assert refusal((), 1) == "entry.not_there"


def test_words_are_removed_once() -> None:
    after = (*JOINED.entries, removed(JOINED.entries, 2))
    assert refusal(after, 2) == "entry.words_already_removed"
    assert removed(after, 1).originator_version == 4


def test_words_are_removed_from_what_was_struck_out_and_from_the_striking_out() -> None:
    struck = JOINED.strike(told("2020"), 2, "wrong")
    entries = (*JOINED.entries, struck)
    assert removed(entries, 2).of == 2
    assert removed(entries, 3, sealed={3}).of == 3


@pytest.mark.parametrize("amend", ["strike", "correct", "prefer"])
def test_a_removal_is_never_taken_back(amend: str) -> None:
    after = JOINED.after(removed(JOINED.entries, 2))
    more: dict[str, tuple[Any, ...]] = {
        "strike": ("mistyped",),
        "correct": (JOINED.entries[0], "wrong"),
        "prefer": ((),),
    }
    with pytest.raises(Refused) as refused:
        getattr(after, amend)(told("2020"), 3, *more[amend])
    assert refused.value.code == "entry.words_stay_removed"


def test_what_lost_its_words_can_still_be_struck_out_and_corrected() -> None:
    after = JOINED.after(removed(JOINED.entries, 2))
    assert after.strike(told("2020"), 2, "wrong").of == 2
    assert after.correct(told("2020"), 2, JOINED.entries[1], "wrong")[1].of == 2
