"""Can a short note be guessed from what is stored beside it, and is a row known again although it cannot?"""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.chronicle import Vault
from domain.removal import remove_words
from projections import engine
from tests.scenario import told
from tests.webapp.files import imported, planned, written
from webapp import removal_traces
from webapp.meanings import command_of, of_history
from webapp.stores import Stores

HEADER = "date,event,coalition,organisation,note"
FILE = written("2010,founded,Pines,,", "2011,joined,Pines,Oak,asked by Vardenė", header=HEADER)


def take_in(stores: Stores, content: bytes) -> None:
    imported(stores, content)
    engine.keep_up(stores.chronicle, stores.reading)


def position_of(stores: Stores, name: str) -> int:
    return next(each.position for each in stores.chronicle.after(0, 100) if each.name == name)


def guessed(stores: Stores) -> set[UUID]:
    """What somebody computes who guesses everything that the rows say."""
    return {
        command_of(meaning)
        for id in stores.chronicle.subjects()
        for meaning in of_history(stores.chronicle.history(id))
    }


def remove_words_at(stores: Stores, position: int) -> None:
    recorded = stores.chronicle.at([position])[position]
    history = stores.chronicle.history(recorded.originator_id, words=False)
    of = recorded.originator_version
    stores.chronicle.record(remove_words(history, told("2024"), of, {of}, "danger"))
    removal_traces.repeat(stores)
    engine.keep_up(stores.chronicle, stores.reading)


def test_no_command_can_be_computed_from_what_a_row_says(stores: Stores) -> None:
    take_in(stores, FILE)
    assert len(guessed(stores)) > 1
    assert stores.chronicle.recorded_many(guessed(stores)) == set()


def test_a_file_taken_in_twice_adds_nothing(stores: Stores) -> None:
    take_in(stores, FILE)
    assert (planned(stores, FILE).entries, planned(stores, FILE).already) == ((), 2)


def test_rows_that_an_earlier_version_recorded_are_known(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(Vault, "mark", lambda _vault, id: id)
        take_in(stores, FILE)
    assert stores.chronicle.recorded_many(guessed(stores))
    joined = position_of(stores, "membership.joined")
    remove_words_at(stores, joined)  # now nothing but the mark tells
    assert (planned(stores, FILE).entries, planned(stores, FILE).already) == ((), 2)


@pytest.mark.parametrize("note", ["asked by Vardenė", "another note", ""])
def test_a_file_from_before_does_not_bring_back_words_that_were_removed(stores: Stores, note: str) -> None:
    take_in(stores, FILE)
    remove_words_at(stores, position_of(stores, "membership.joined"))
    plan = planned(stores, written("2010,founded,Pines,,", f"2011,joined,Pines,Oak,{note}", header=HEADER))
    assert (plan.entries, plan.already, plan.problems) == ((), 2, ())
