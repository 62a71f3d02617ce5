"""Is a correction, a striking-out, another account that was typed half-way offered again, and gone when recorded?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.webapp.amending import WHY, Amender, Filled, position_of
from tests.webapp.conftest import Person
from tests.webapp.reading import id_of, words
from webapp.drafts_kept import draft
from webapp.stores import Stores

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
SOURCE = {"source_title": "Minutes of Ona", "source_link": "https://example.org/7"}


class Half(NamedTuple):
    """What is typed at first, and what is missing until it can be recorded."""

    what: str
    typed: dict[str, str]
    later: dict[str, str]


HALVES = (
    Half("correct", {"occurred": "5 August 20"}, {"occurred": "5 August 2017"}),
    Half("strike", {"why_note": "Ona says so"}, {}),
    Half("dispute", {"occurred": "5 August 2017"}, SOURCE),
)
EACH = pytest.mark.parametrize("half", HALVES, ids=lambda half: half.what)


@pytest.fixture
def reinstated(stores: Stores, ztok: UUID) -> int:
    return position_of(stores, "membership.reinstated", id_of(stores, "Žmogaus teisių stebėjimo institutas"))


def drafts(stores: Stores) -> int:
    with stores.accounts.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(draft)).scalar_one())


def type_on(form: Amender, **typed: str) -> str:
    """What the line beside the form says a second later."""
    return words(form.person.send("/drafts", {**Filled(form.page).sent, **typed}, headers=PARTIAL).text)


@EACH
def test_what_was_typed_half_way_is_offered_again_and_ends_when_it_is_recorded(
    rasa: Person, stores: Stores, reinstated: int, half: Half
) -> None:
    form = Amender(rasa, reinstated, half.what)
    assert type_on(form) == ""
    assert drafts(stores) == 0
    assert re.fullmatch(r"saved \d\d:\d\d", type_on(form, **half.typed))
    again = rasa.open(form.path)
    assert "You began this on" in words(again.text)
    (desk,) = re.findall(r'<a class="button button-small" href="(/drafts/[^"]+)"', rasa.open("/").text)
    assert f"Entry {reinstated}" in words(rasa.open("/").text)
    resumed = rasa.open(rasa.open(desk).location)
    assert resumed.request.path == form.path
    filled = Filled(resumed).fields
    assert {name: filled[name] for name in half.typed} == half.typed
    assert filled["command_id"] == form.filled["command_id"]
    before = stores.chronicle.last_position()
    saved = rasa.send(form.path, {**WHY, **filled, **half.later, "do": "save"})
    assert saved.status_code == 303, words(saved.text)
    assert stores.chronicle.last_position() > before
    assert drafts(stores) == 0
    assert "You began this on" not in words(rasa.open(form.path).text)


@EACH
def test_each_of_them_is_kept_beside_the_others_and_shown_to_nobody_else(
    rasa: Person, signed_in: Callable[..., Person], stores: Stores, reinstated: int, half: Half
) -> None:
    for each in HALVES:
        type_on(Amender(rasa, reinstated, each.what), **each.typed)
    assert drafts(stores) == len(HALVES)
    assert words(rasa.open(f"/register/{reinstated}/{half.what}").text).count("You began this on") == 1
    other = signed_in("administrator")
    assert "You began this on" not in words(other.open(f"/register/{reinstated}/{half.what}").text)


def test_a_choice_between_accounts_is_a_draft_too(rasa: Person, stores: Stores, reinstated: int) -> None:
    assert Amender(rasa, reinstated, "dispute").send(occurred="5 August 2017", **SOURCE).status_code == 303
    prefer = Amender(rasa, stores.chronicle.last_position(), "prefer")
    assert type_on(prefer, why_note="Ona was there").startswith("saved")
    assert words(rasa.open(prefer.path).text).count("You began this on") == 1
    assert prefer.send(why_note="Ona was there").status_code == 303
    assert drafts(stores) == 0
