"""What happened, newest first: every kind of entry has its sentence, and the filters stand in the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from markupsafe import Markup

import webapp
from domain.chronicle.mapper import KINDS
from domain.dates import parse
from domain.entry import Entry, Told, entry
from tests.domain.chronicle.examples import entry_of
from tests.webapp.conftest import Person
from tests.webapp.reading import id_of, words
from webapp import labels
from webapp.sentences import Sentences
from webapp.stores import Stores
from webapp.timeline import alphabetical, place

SignedIn = Callable[..., Person]
ONE, OTHER = UUID(int=1), UUID(int=2)
TEMPLATES = Path(str(webapp.__file__)).parent / "templates" / "entries"


class TwoNames:
    def on(self, id: UUID, when: object) -> str:
        return "<Alpha>" if id == ONE else "Beta"

    def before(self, id: UUID, called: str) -> str:
        return "Gamma"


def example(kind: type[Entry]) -> Entry:
    if kind.stored_name().startswith(("campaign.", "programme.", "project.")):
        return entry_of(kind)
    fields = {
        "coalition_id": OTHER, "organisation_id": ONE, "successor_id": OTHER, "other_id": OTHER, "umbrella_id": OTHER,
        "role": "associate", "scope": ("vote",), "reason": "other", "called": "Delta",
        "of": 1, "by": 2, "instead_of": (), "result": "upheld",
        "amount": "50.00", "currency": "EUR", "period": parse("2017"),
    }  # fmt: skip
    told = Told(occurred=parse("2017"), recorded_by=ONE, command_id=ONE)
    own = {name: value for name, value in fields.items() if name in kind.__struct_fields__}
    return entry(kind, ONE, 1, told, **own)


@pytest.fixture
def sentences(app: Flask) -> Sentences:
    first = example(KINDS[0] if KINDS[0].stored_name().startswith("member") else KINDS[-1])
    return Sentences(TwoNames(), lambda _id: [first], linked=False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.stored_name())
def test_every_kind_of_entry_has_a_name_and_a_sentence(app: Flask, sentences: Sentences, kind: type[Entry]) -> None:
    with app.test_request_context():
        told = sentences.of(example(kind))
        assert isinstance(told, Markup)
        assert "<Alpha>" not in told
        assert len(sentences.plain(example(kind)).split()) >= 2
        assert labels.entry(kind.stored_name())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_in_a_row_are_told_apart(app: Flask, sentences: Sentences) -> None:
    split = example(next(kind for kind in KINDS if kind.stored_name() == "organisation.split"))
    with app.test_request_context():
        told = sentences.of(msgspec.structs.replace(split, into=(ONE, OTHER)))
    assert told.endswith("split into: “&lt;Alpha&gt;”, “Beta”")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_choices_stand_in_the_order_of_the_readers_alphabet(app: Flask) -> None:
    choices = [(1, "žala"), (2, "šaka"), (3, "Yra"), (4, "ištaisymas"), (5, "sala")]
    with app.test_request_context("/?lang=lt"):
        assert [name for _, name in alphabetical(choices)] == ["Yra", "ištaisymas", "sala", "šaka", "žala"]


def test_there_is_a_sentence_for_each_stored_name_and_no_other() -> None:
    assert (
        {path.stem for path in TEMPLATES.glob("*.html")}
        == {kind.stored_name() for kind in KINDS}
        == set(labels.ENTRIES)
    )


def test_an_imprecise_date_is_read_as_people_write_it(signed_in: SignedIn, ztok: UUID) -> None:
    page = words(signed_in("viewer").open("/timeline").text)
    assert "May 2020 Diversity Development Group became a member of" in page
    assert "before 29 May 2020 Diversity Development Group was admitted" in page
    assert "summer 2011" in page


def test_source_note_initiative_and_another_account_stand_beside_the_sentence(signed_in: SignedIn, ztok: UUID) -> None:
    page = words(signed_in("viewer").open("/timeline").text)
    assert "(all rights): conflict of interest own initiative" in page
    assert "source: ŽTOK „Apie mus“ · recorded by" in page
    assert "another source says Žmogaus teisių organizacijų koalicija was founded" in page


def test_what_has_no_known_beginning_stands_under_a_heading_of_its_own(signed_in: SignedIn, ztok: UUID) -> None:
    before, _, after = words(signed_in("viewer").open("/timeline").text).partition("Beginning not known")
    assert "before 29 May 2020" in after
    assert "before 29 May 2020" not in before


def test_the_timeline_is_filtered_by_its_address(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person = signed_in("viewer")
    institute = id_of(stores, "Žmogaus teisių stebėjimo institutas")
    assert person.open(f"/timeline?organisation={institute}").text.count('class="entry"') == 5
    assert person.open("/timeline?kind=membership.lapsed").text.count('class="entry"') == 1
    assert person.open(f"/timeline?coalition={ztok}&kind=membership.joined").text.count('class="entry"') == 8
    assert "Nothing fits these filters" in person.open(f"/timeline?coalition={institute}&kind=coalition.founded").text


def test_the_timeline_as_it_stood_on_a_day_ends_there(signed_in: SignedIn, ztok: UUID) -> None:
    page = signed_in("viewer").open("/timeline?on=2012-12-31").text
    assert "suspended its own membership" in page
    assert "was reinstated" not in page


def test_older_entries_follow_by_link_and_as_a_fragment(
    signed_in: SignedIn, ztok: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.timeline.A_PAGE", 10)
    person = signed_in("viewer")
    seen: list[str] = []
    path = "/timeline?kind="
    while path:
        page = person.open(path)
        seen += re.findall(r'id="e-(\d+)"', page.text)
        more = re.search(r'id="older"><a [^>]*href="([^"]+)"', page.text)
        path = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) > 30
    fragment = person.open("/timeline?after=1_1_1", HX_Request="true")
    assert "<html" not in fragment.text


@pytest.mark.parametrize("text", ["", "1_2", "a_b_c", "1_2_" + "9" * 30, "-1_2_3"])
def test_an_address_that_was_tampered_with_begins_at_the_top(text: str) -> None:
    assert place(text) is None
