"""Is every entry read from its form as it was recorded, and does a form have a field for all that an entry says?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from flask import Flask, render_template_string

from domain.action import ActionLogged, WebPage
from domain.dates import parse
from domain.entry import Decision, Entry, Source, Told, entry
from domain.membership_entries import MembershipEntry
from domain.refused import Refused
from tests.webapp.reading import id_of, words
from webapp.entry_fields import KINDS, fields_of
from webapp.entry_forms import EntryForm, Said, field_of, told_of, typed_of, usual
from webapp.refusals import sentence
from webapp.stores import Stores

TODAY = date(2026, 6, 15)
LANGUAGES = ("en", "uk", "lt", "az")
DATES = ("2011-06-20", "2020-05", "2017", "2011-22", "2017-09/2017-12", "2012~", "2014?", "../2014-12-03", "XXXX",
         "[2011-06-21..2017-12-31]", "2011-24", "201X", "[2011-01-01,2012-01-01]")  # fmt: skip


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, app: Flask, ztok: UUID) -> Iterator[str]:
    with app.test_request_context(f"/?lang={request.param}"):
        yield request.param


def of_kind(kind: type[Entry], occurred: str, /, **fields: Any) -> Entry:
    told = Told(
        occurred=parse(occurred, TODAY),
        recorded_by=uuid4(),
        command_id=uuid4(),
        decided=parse("2010-10", TODAY),
        note="two\nlines",
        source=Source("The minutes", "https://example.org/a?b=c"),
        initiative="coalition",
        decision=Decision("Board; council", "7", "2"),
    )
    of = {"coalition_id": uuid4(), "organisation_id": uuid4()} if issubclass(kind, MembershipEntry) else {}
    of |= {"campaign_id": uuid4()} if kind is ActionLogged else {}
    return entry(kind, uuid4(), 1, told, **of, **fields)


def filled(kind: type[Entry], organisations: list[UUID]) -> dict[str, Any]:
    """Something in each field of the entry's own."""
    values: dict[str, Any] = {
        "date": parse("2010", TODAY), "end": parse("2031-01-01"), "name": "Žmogus", "links": ("https://a.b", "http://c.d"),
        "organisation": organisations[0], "lines": "a\nb", "words": "words",
    }  # fmt: skip
    own = [field for field in fields_of(kind, {}) if field.of not in Told.__struct_fields__]
    values |= {"fresh": "A name", "entry": 7, "number": 12, "amount": "50.00", "tags": ("Žemaitija", "Vilnius")}
    page = WebPage("Page | two", "https://example.org/x?y=z", parse("2020-05", TODAY))
    values |= {"offered": uuid4(), "pages": (page, WebPage(link="http://c.d"))}
    several = {f.of: f.codes[1:3] for f in own if f.input == "several"}
    fields = {f.of: f.choices[-1][0] if f.input in ("choice", "picks") else values.get(f.input) for f in own} | several
    fields |= {name: tuple(organisations) for name in ("by", "decision_makers") if name in fields}
    if "stays_effect" in fields:
        fields["stays_effect"] = True
    return fields | ({"into": tuple(organisations)} if "into" in fields else {})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_entry_of_any_kind_reads_as_it_was_recorded(language: str, stores: Stores) -> None:
    organisations = [id_of(stores, "Romų visuomenės centras"), id_of(stores, "Žmogaus teisių stebėjimo institutas")]
    for kind in KINDS.values():
        recorded = of_kind(kind, "2011-06", **filled(kind, organisations))
        read = told_of(kind, typed_of(recorded), language, TODAY)
        assert isinstance(read, Said), (kind, read)
        assert read.is_told_by(recorded), kind


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_date_is_typed_so_that_it_reads_as_the_same(language: str) -> None:
    kind = KINDS["coalition.founded"]
    for text in DATES:
        recorded = of_kind(kind, text)
        read = told_of(kind, typed_of(recorded), language, TODAY)
        assert isinstance(read, Said), text
        assert read.occurred == recorded.occurred


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_field_of_every_entry_is_in_its_form(language: str, stores: Stores) -> None:
    for kind in KINDS.values():
        names = {field.name for field in msgspec.structs.fields(kind)} - set(Entry.__struct_fields__)
        names -= {"coalition_id", "organisation_id", "campaign_id", "warnings"}
        of_form = {field.of for field in fields_of(kind, {})}
        assert names - of_form <= ({"role"} if kind.stored_name() == "membership.observer_admitted" else set()), kind
        shown = EntryForm(kind=kind, typed=usual(kind), registers=True)
        page = render_template_string('{% include "_entry_fields.html" %}', form=shown)
        for field in shown.fields:
            assert f'name="{field.name}"' in page
            assert field.said in words(page)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_wrong_stands_at_its_field(app: Flask, ztok: UUID) -> None:
    with app.test_request_context("/"):
        kind = KINDS["organisation.registered"]
        typed = {"called": " ", "founded": "the day", "links": "nowhere", "kind": "zoo", "language": "xx"}
        assert told_of(kind, typed, "en", TODAY).keys() == typed.keys()  # type: ignore[union-attr]  # a Said has no keys and fails
        merged = KINDS["organisation.merged"]
        assert told_of(merged, {"occurred": "2011", "new_name": "Nobody"}, "en", TODAY) == {
            "new_name": "Say which organisation it is."
        }
        assert field_of(merged, Refused("organisation.merged_in_a_circle")) == "new_name"
        assert field_of(KINDS["coalition.office_taken"], Refused("coalition.ends_before", field="until")) == "until"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_organisation_that_is_not_known_is_registered_where_that_is_said(app: Flask, ztok: UUID) -> None:
    with app.test_request_context("/"):
        typed = {
            "occurred": "2011",
            "into_1": "First part",
            "into_1_which": "new",
            "into_2": "Second",
            "into_2_which": "new",
        }
        key = uuid4()
        read = told_of(KINDS["organisation.split"], typed, "en", TODAY, key=key)
        assert isinstance(read, Said)
        assert [one.registers for one in read.registers] == ["First part", "Second"]
        assert read.fields["into"] == tuple(one.id for one in read.registers)
        assert told_of(KINDS["organisation.split"], typed, "en", TODAY, key=key) == read
        joined = {"occurred": "2011", "other": "First part", "other_which": "new"}
        assert "other" in told_of(KINDS["organisation.same_as"], joined, "en", TODAY, key=key)  # type: ignore[operator]  # a Said holds nothing and fails


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_readings_of_an_ambiguous_date_are_told_in_words_and_of_a_file_as_it_is_written(app: Flask) -> None:
    readings = {"readings": ["2020-02-01", "2020-01-02"]}
    with app.test_request_context("/"):
        assert "1 February 2020 · 2 January 2020" in sentence(Refused("date.ambiguous", **readings))
        assert "2020-02-01 (1 February 2020)" in sentence(Refused("date.ambiguous", **readings, in_file=True))
