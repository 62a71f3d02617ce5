"""Is every entry stored so that it can be read again, its words sealed, and nothing else believed?"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.chronicle import Misplaced, NewerForm, SealBroken, UnknownName, Vault
from domain.chronicle.forms import Form, instant, stamp_of
from domain.chronicle.keys import WrappedKey
from domain.chronicle.mapper import EntryMapper, Fresh, Recorded, Row
from domain.dates import parse
from domain.entry import Decision, Entry, Refused, Source
from tests.domain.chronicle.entries import MOMENT, SOMEBODY, Noted, mapper, noted

ID = UUID("22222222-2222-4222-8222-222222222222")
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def row_of(fresh: Fresh, **changes: Any) -> Row:
    return Row(
        1, fresh.originator_id, fresh.originator_version, fresh.name, stamp_of(MOMENT), fresh.state, b""
    )._replace(**changes)


def read(using: EntryMapper, fresh: Fresh, words: bool = True, **changes: Any) -> Recorded:
    return using.read([row_of(fresh, **changes)], words)[0]


def stamped(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, recorded_at=MOMENT)


@given(title=TEXT, note=TEXT, link=TEXT, codes=st.tuples(TEXT, TEXT))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_is_read_again(vault: Vault, title: str, note: str, link: str, codes: tuple[str, ...]) -> None:
    entry = noted(ID, title=title, note=note, source=Source(link=link, files=("00" * 32,)), codes=codes)
    using = mapper(vault)
    recorded = read(using, using.fresh(entry, MOMENT))
    assert recorded.entry == stamped(entry)
    assert recorded.words_removed is None


def test_no_word_is_readable_in_what_is_stored(vault: Vault) -> None:
    entry = noted(
        ID, title="Ona Onaitė", note="spoke of it", source=Source("minutes of Vilnius", "https://example.org")
    )
    state = mapper(vault).fresh(entry, MOMENT).state
    assert not any(word in state for word in ("Ona Onaitė".encode(), b"spoke", b"Vilnius", b"example.org", b"Onait"))
    assert b"2012~" in state


def test_the_same_entry_is_never_stored_as_the_same_bytes(vault: Vault) -> None:
    entry = noted(ID)
    assert mapper(vault).fresh(entry, MOMENT).state != mapper(vault).fresh(entry, MOMENT).state


def test_an_entry_without_words_needs_no_key(vault: Vault) -> None:
    fresh = mapper(vault).fresh(noted(ID), MOMENT)
    assert "sealed" not in json.loads(fresh.state)
    assert read(mapper(vault), fresh).sealed_by is None


def test_the_state_says_version_salt_and_when_it_was_recorded(vault: Vault) -> None:
    state = json.loads(mapper(vault).fresh(noted(ID), MOMENT).state)
    assert (state["v"], len(bytes.fromhex(state["salt"])), state["recorded_at"]) == (1, 16, "2026-11-22T12:00:00Z")


def test_words_can_stay_sealed(vault: Vault) -> None:
    entry, using = noted(ID, title="Ona", note="n", source=Source("s")), mapper(vault)
    recorded = read(using, using.fresh(entry, MOMENT), words=False)
    assert recorded.entry == stamped(msgspec.structs.replace(entry, title="", note="", source=None))


def test_erased_words_read_empty_and_say_why(vault: Vault) -> None:
    entry, using = noted(ID, title="Ona", codes=("a",)), mapper(vault)
    fresh = using.fresh(entry, MOMENT)
    key_id = read(using, fresh).sealed_by
    assert key_id is not None
    vault.erase(key_id, "asked by the person")
    recorded = read(using, fresh)
    assert recorded.words_removed == "asked by the person"
    assert recorded.entry == stamped(msgspec.structs.replace(entry, title=""))


def test_a_key_that_is_missing_without_a_fence_is_an_alarm(vault: Vault) -> None:
    using = mapper(vault)
    fresh = using.fresh(noted(ID, title="Ona"), MOMENT)
    state = json.loads(fresh.state)
    state["sealed"]["key"] = str(uuid4())
    recorded = read(using, fresh, state=json.dumps(state).encode())
    assert isinstance(recorded.problem, SealBroken)
    with pytest.raises(SealBroken):
        recorded.entry.stored_name()


def swapped(fresh: Fresh, other: Fresh) -> bytes:
    state = json.loads(fresh.state)
    state["sealed"] = json.loads(other.state)["sealed"]
    return json.dumps(state).encode()


def test_words_moved_from_another_entry_do_not_open(vault: Vault) -> None:
    using = mapper(vault)
    first, second = (using.fresh(noted(ID, n, title=f"title {n}"), MOMENT) for n in (1, 2))
    assert isinstance(read(using, first, state=swapped(first, second)).problem, SealBroken)


@pytest.mark.parametrize("box", ["", "AAAA", "%%"])
def test_a_damaged_seal_is_a_problem_of_that_entry(vault: Vault, box: str) -> None:
    using = mapper(vault)
    fresh = using.fresh(noted(ID, title="Ona"), MOMENT)
    state = json.loads(fresh.state)
    state["sealed"]["box"] = box
    assert read(using, fresh, state=json.dumps(state).encode()).problem is not None


@pytest.mark.parametrize("changes", [{"originator_version": 2}, {"originator_id": uuid4()}])
def test_content_in_the_row_of_another_entry_is_a_problem(vault: Vault, changes: dict[str, Any]) -> None:
    using = mapper(vault)
    assert isinstance(read(using, using.fresh(noted(ID), MOMENT), **changes).problem, Misplaced)


def test_content_under_another_name_is_a_problem(vault: Vault) -> None:
    using = mapper(vault)
    assert read(using, using.fresh(noted(ID), MOMENT), name="membership.joined").problem is not None


@pytest.mark.parametrize("name", ["test.unheard", "os.system", "domain.entry:Entry", ""])
def test_a_name_outside_the_list_is_not_read(vault: Vault, name: str) -> None:
    using = mapper(vault)
    assert isinstance(read(using, using.fresh(noted(ID), MOMENT), name=name).problem, UnknownName)


def test_a_kind_outside_the_list_is_not_stored(vault: Vault) -> None:
    with pytest.raises(UnknownName):
        EntryMapper(vault, ()).fresh(noted(ID), MOMENT)


class Pretender(Entry, tag="test.noted", frozen=True, kw_only=True):
    """Another kind under a stored name that is taken."""


def test_a_kind_under_a_name_of_another_is_refused(vault: Vault) -> None:
    entry = Pretender(
        originator_id=ID, originator_version=1, occurred=parse("2012"), recorded_by=SOMEBODY, command_id=uuid4()
    )
    with pytest.raises(UnknownName):
        mapper(vault).fresh(entry, MOMENT)
    with pytest.raises(TypeError):
        EntryMapper(vault, (Noted, Pretender))


@pytest.mark.parametrize(
    "state", [b"", b"{}", b"null", b"[]", b"\xff\xfe", b'{"v":1,"salt":""}', b'{"v":"1","salt":""}']
)
def test_garbage_is_a_problem_and_no_crash(vault: Vault, state: bytes) -> None:
    using = mapper(vault)
    good = using.fresh(noted(ID), MOMENT)
    found = using.read([row_of(good), row_of(good, state=state), row_of(good)])
    assert [each.problem is None for each in found] == [True, False, True]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "\ud800"},
        {"note": "a\udfffb"},
        {"codes": ("\ud800",)},
        {"source": Source(title="\ud800")},
        {"codes": ["a list"]},
        {"title": 7},
        {"title": b"bytes"},
        {"count": 1.5},
        {"count": "7"},
        {"until": "2012"},
        {"decided": parse("2012").latest},
        {"command_id": "no uuid"},
        {"originator_version": None},
        {"variant": "third"},
    ],
    ids=str,
)
def test_what_cannot_be_read_back_is_refused_at_the_door(vault: Vault, change: dict[str, Any]) -> None:
    entry = msgspec.structs.replace(noted(ID, title="Ona"), **change)
    with pytest.raises(Refused) as refused:
        mapper(vault).fresh(entry, MOMENT)
    assert refused.value.code == "entry.unreadable"


@pytest.mark.parametrize(
    "title", ["\x00", "\x1b[31m", "a" * 10_000, "\u202e", "\u00e9", "e\u0301", "\U0001f600", '"\\', "]]>"]
)
def test_strange_but_whole_words_are_kept_to_the_letter(vault: Vault, title: str) -> None:
    using = mapper(vault)
    recorded = read(using, using.fresh(noted(ID, title=title), MOMENT)).entry
    assert isinstance(recorded, Noted)
    assert recorded.title == title


class Second(Entry, tag="test.grown", frozen=True, kw_only=True):
    """A kind in its third version: `label` was called `title`, then `caption`; `weight` was added."""

    version_of_form: ClassVar[int] = 3
    words = ("note", "label")

    label: str = ""
    weight: int


class First(Entry, tag="test.grown", frozen=True, kw_only=True):
    words = ("note", "title")

    title: str = ""


def second_from_first(content: dict[str, Any]) -> dict[str, Any]:
    caption = {"caption": content.pop("title")} if "title" in content else {}
    return {**content, **caption}


def third_from_second(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "label": content.pop("caption", ""), "weight": 1}


GROWN = {("test.grown", 1): second_from_first, ("test.grown", 2): third_from_second}


def first(vault: Vault) -> Fresh:
    told = {"originator_id": ID, "originator_version": 1, "recorded_by": SOMEBODY, "command_id": uuid4()}
    entry = msgspec.convert({**told, "occurred": parse("2012"), "title": "Ona"}, First)
    return EntryMapper(vault, (First,)).fresh(entry, MOMENT)


@pytest.mark.parametrize(("words", "label"), [(True, "Ona"), (False, "")])
def test_an_older_form_is_read_as_the_present_one(vault: Vault, words: bool, label: str) -> None:
    entry = read(EntryMapper(vault, (Second,), GROWN), first(vault), words).entry
    assert isinstance(entry, Second)
    assert (entry.label, entry.weight, entry.recorded_at) == (label, 1, MOMENT)


def test_an_older_form_without_a_way_to_the_present_one_is_a_problem(vault: Vault) -> None:
    assert read(EntryMapper(vault, (Second,), {}), first(vault)).problem is not None


def test_a_newer_form_is_refused_with_both_versions_named(vault: Vault) -> None:
    using = mapper(vault)
    fresh = using.fresh(noted(ID), MOMENT)
    problem = read(using, fresh, state=fresh.state.replace(b'{"v":1,', b'{"v":7,')).problem
    assert isinstance(problem, NewerForm)
    assert (problem.name, problem.stored, problem.known) == ("test.noted", 7, 1)


class Salted(Entry, tag="test.salted", frozen=True, kw_only=True):
    salt: str


class Nameless(Entry, tag="test.nameless", frozen=True, kw_only=True):
    words = ("number",)

    number: int


@pytest.mark.parametrize("kind", [Salted, Nameless])
def test_a_kind_that_could_not_be_stored_stops_the_program(kind: type[Entry]) -> None:
    with pytest.raises(TypeError):
        Form(kind)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_kept_to_the_microsecond(moment: datetime) -> None:
    assert instant(stamp_of(moment)) == moment


def test_all_words_of_an_entry_share_one_key_and_every_entry_has_its_own(vault: Vault) -> None:
    using = mapper(vault)
    entry = msgspec.structs.replace(
        noted(ID, title="t", note="n", source=Source("s")), decision=Decision("board", "12", "3")
    )
    keys = {read(using, using.fresh(entry, MOMENT)).sealed_by for _ in range(5)}
    assert len(keys) == 5
    assert read(using, using.fresh(entry, MOMENT)).entry == stamped(entry)


def test_reading_asks_the_vault_once_for_a_batch(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    using, asked, find = mapper(vault), list[int](), vault._keys.find
    rows = [row_of(using.fresh(noted(ID, title=os.urandom(4).hex()), MOMENT)) for _ in range(20)]

    def counted(ids: Sequence[UUID]) -> list[WrappedKey]:
        asked.append(len(ids))
        return find(ids)

    monkeypatch.setattr(vault._keys, "find", counted)
    assert len({read.sealed_by for read in using.read(rows)}) == 20
    using.read(rows, words=False)
    assert asked == [20]
