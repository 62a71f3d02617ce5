"""What was recorded, when and by whom: as the auditor reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine

from tests.webapp.conftest import Person
from tests.webapp.reading import id_of, words
from webapp.config import Config
from webapp.stores import Stores

SignedIn = Callable[..., Person]


def numbers(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'<tr id="e-(\d+)"', html)]


@pytest.fixture
def auditor(signed_in: SignedIn, ztok: UUID) -> Person:
    return signed_in("auditor")


def test_the_register_shows_everything_newest_first(auditor: Person, stores: Stores) -> None:
    shown = numbers(auditor.open("/register").text)
    assert shown == list(range(stores.chronicle.last_position(), 0, -1))


def test_the_register_is_filtered_by_kind_subject_and_author(auditor: Person, stores: Stores, ztok: UUID) -> None:
    assert len(numbers(auditor.open("/register?kind=membership.joined").text)) == 8
    institute = id_of(stores, "Žmogaus teisių stebėjimo institutas")
    assert len(numbers(auditor.open(f"/register?subject={institute}").text)) == 5
    assert len(numbers(auditor.open(f"/register?subject={ztok}&kind=coalition.founded").text)) == 2
    assert numbers(auditor.open(f"/register?author={uuid4()}").text) == []
    assert numbers(auditor.open(f"/register?author={UUID(int=9)}").text) != []


def test_the_register_is_filtered_by_the_day_of_recording(auditor: Person) -> None:
    assert numbers(auditor.open("/register?from=today&to=today").text) != []
    assert numbers(auditor.open("/register?to=yesterday").text) == []
    page = auditor.open("/register?from=blah")
    assert page.status_code == 422
    assert 'value="blah"' in page.text
    assert 'id="from-error"' in page.text


def test_long_registers_are_paged(auditor: Person, ztok: UUID, stores: Stores) -> None:
    page = auditor.open("/register?before=20")
    assert numbers(page.text) == list(range(19, 0, -1))
    assert "Newest" in words(page.text)


def test_an_entry_shows_its_times_content_place_and_hash(auditor: Person, stores: Stores) -> None:
    position = next(
        at for at, one in stores.chronicle.at(range(1, 40)).items() if one.entry.stored_name() == "membership.suspended"
    )
    page = auditor.open(f"/register/{position}")
    read = words(page.text)
    assert "5 April 2012: Žmogaus teisių stebėjimo institutas suspended its own membership" in read
    assert "Took effect 5 April 2012 Decided" in read
    assert "Took effect, as stored 2012-04-05" in read
    assert "Rights concerned all rights Reason conflict of interest Initiative own initiative" in read
    assert "Source ŽTOK „Apie mus“" in read
    assert stores.chronicle.at([position])[position].leaf.hex() in page.text


def test_an_entry_leads_to_its_coalition_as_known_before_and_after_it(
    auditor: Person, stores: Stores, ztok: UUID
) -> None:
    last = numbers(auditor.open("/register?kind=membership.suspended").text)[0]
    found = re.findall(rf'href="(/coalitions/{ztok}\?known=[^"]+)"', auditor.open(f"/register/{last}").text)
    before, after = (auditor.open(address) for address in found)
    assert "As known on" in after.text
    assert f'id="e-{last}"' in auditor.open("/register?" + found[1].partition("?")[2]).text
    assert f'id="e-{last}"' not in auditor.open("/register?" + found[0].partition("?")[2]).text
    assert before.status_code in (200, 404)


def test_another_account_is_marked(auditor: Person, stores: Stores) -> None:
    read = words(auditor.open("/register?kind=coalition.founded").text)
    assert "another source says Žmogaus teisių organizacijų koalicija was founded" in read


@pytest.mark.parametrize("number", ["0", "99999", "9" * 40, "-1", "x"])
def test_an_entry_that_is_not_there_is_not_found(auditor: Person, number: str) -> None:
    assert auditor.open(f"/register/{number}").status_code == 404


def test_what_was_not_known_yet_is_not_shown(auditor: Person) -> None:
    assert numbers(auditor.open("/register?known=2001-01-01").text) == []
    assert auditor.open("/register/5?known=2001-01-01").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_entry_whose_words_cannot_be_opened_is_shown_without_them(auditor: Person, config: Config) -> None:
    vault = create_engine(config.vault_url)
    with vault.begin() as connection:
        connection.exec_driver_sql("UPDATE keys SET wrapped = zeroblob(length(wrapped))")
    vault.dispose()
    page = auditor.open("/register/23")
    assert page.status_code == 200
    assert "Its words are missing" in words(page.text)
    assert auditor.open("/timeline").status_code == 200
