"""What holds of what was recorded: struck out, corrected, told in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.entry import Entry, Refused
from domain.history import EntryCorrected, EntryStruck, History, VariantPreferred, holding, in_force, taken_out
from domain.membership_entries import Renewed
from tests.scenario import COALITION, ORGANISATION, told


class Diary(History, frozen=True, kw_only=True):
    """A history in which everything is allowed."""

    def check_since(self, before: Diary, new: Sequence[Entry]) -> None:
        pass

    def write(self, **fields: Any) -> Diary:
        return self.after(self.page(**fields))

    def page(self, **fields: Any) -> Renewed:
        of = {"coalition_id": COALITION, "organisation_id": ORGANISATION}
        return self.next(Renewed, told("2011", **fields), **of)

    def struck(self, of: int) -> Diary:
        return self.after(self.strike(told("2020"), of, "wrong"))

    def corrected(self, of: int, **fields: Any) -> Diary:
        return self.after(*self.correct(told("2020"), of, self.page(**fields), "wrong"))

    def preferred(self, of: int, *instead_of: int) -> Diary:
        return self.after(self.prefer(told("2020"), of, instead_of))

    @property
    def holds(self) -> list[int]:
        return [e.originator_version for e in holding(self.entries)]


def diary() -> Diary:
    return Diary(id=ORGANISATION)


def refused(amend: Any, *args: int) -> tuple[str, int]:
    with pytest.raises(Refused) as no:
        amend(*args)
    return no.value.code, no.value.details["of"]


def test_what_was_struck_does_not_hold() -> None:
    assert diary().write().write().struck(1).holds == [2]


def test_a_striking_out_can_be_struck() -> None:
    assert diary().write().struck(1).struck(2).holds == [1]


def test_a_correction_holds_in_place_of_what_it_corrects() -> None:
    assert diary().write().corrected(1).holds == [2]


def test_a_corrected_correction_holds_alone() -> None:
    assert diary().write().corrected(1).corrected(2).holds == [4]


def test_when_a_correction_is_struck_the_first_content_holds_again() -> None:
    assert diary().write().corrected(1).struck(3).holds == [1]


def test_when_the_content_of_a_correction_is_struck_nothing_holds() -> None:
    assert diary().write().corrected(1).struck(2).holds == []


@pytest.mark.parametrize("version", [0, -1, 2])
def test_what_does_not_exist_cannot_be_amended(version: int) -> None:
    assert refused(diary().write().struck, version) == ("entry.not_there", version)
    assert refused(diary().write().corrected, version) == ("entry.not_there", version)
    assert refused(diary().write().preferred, version) == ("entry.not_there", version)


def test_what_was_superseded_cannot_be_amended() -> None:
    for superseded in (diary().write().struck(1), diary().write().corrected(1)):
        assert refused(superseded.struck, 1) == ("entry.superseded", 1)
        assert refused(superseded.corrected, 1) == ("entry.superseded", 1)
        assert refused(superseded.preferred, 1) == ("entry.superseded", 1)


def test_amendments_of_one_entry_are_taken_back_last_first() -> None:
    assert refused(diary().write().corrected(1).corrected(2).struck, 3) == ("entry.superseded", 3)
    assert diary().write().corrected(1).corrected(2).struck(5).struck(3).holds == [1]
    assert refused(diary().write().struck(1).struck(2).corrected(1).struck, 3) == ("entry.superseded", 3)


def test_an_amendment_is_struck_and_not_rewritten() -> None:
    assert refused(diary().write().struck(1).corrected, 2) == ("entry.only_struck", 2)
    assert refused(diary().write().write().struck(1).preferred, 3) == ("entry.only_struck", 3)


def test_of_two_accounts_the_preferred_one_holds() -> None:
    two = diary().write().write(variant="alternative")
    assert two.holds == [1]
    assert two.preferred(2, 1).holds == [2]
    assert two.preferred(2, 1).struck(3).holds == [1]
    assert two.preferred(2, 1).preferred(1, 2).holds == [1]


def test_a_corrected_account_stands_where_it_stood() -> None:
    two = diary().write().write(variant="alternative")
    assert two.corrected(2, variant="alternative").holds == [1]
    assert two.preferred(2, 1).corrected(2, variant="alternative").holds == [4]
    assert two.preferred(2, 1).corrected(1).holds == [2]


def test_when_the_preferred_account_is_struck_the_one_that_it_stood_in_place_of_counts_again() -> None:
    two = diary().write().write(variant="alternative").preferred(2, 1)
    assert two.struck(2).holds == [1]
    assert two.struck(2).struck(4).holds == [2]
    assert two.corrected(2, variant="alternative").struck(4).holds == [1]


def test_of_several_preferences_the_last_one_whose_account_holds_decides() -> None:
    three = diary().write().write(variant="alternative").preferred(2, 1).write(variant="alternative").preferred(4, 2)
    assert three.holds == [4]
    assert three.struck(4).holds == [2]
    assert three.struck(2).holds == [4]
    assert three.struck(4).struck(2).holds == [1]
    there_and_back = three.preferred(2, 4)
    assert there_and_back.struck(4).holds == there_and_back.holds == [2]
    assert there_and_back.struck(2).holds == [4]


def test_a_correction_can_correct_which_account_it_is() -> None:
    assert diary().write(variant="alternative").corrected(1, variant="preferred").holds == [2]
    assert diary().write().corrected(1, variant="alternative").holds == []


@pytest.mark.parametrize("circle", [[(1, 2), (2, 1)], [(1, 2), (2, 3), (3, 1)], [(1, 1)], [(2, 1), (3, 2), (1, 3)]])
def test_a_circle_of_corrections_and_preferences_comes_to_an_end(circle: list[tuple[int, int]]) -> None:
    it = diary().write().write().write(variant="alternative")
    for of, by in circle:
        it = it.after(it.next(EntryCorrected, told("2020"), of=of, by=by, reason="wrong"))
    for of, instead_of in circle:
        it = it.after(it.next(VariantPreferred, told("2020"), of=of, instead_of=(instead_of,)))
    amendments = in_force(it.write().entries)
    assert [e.of for e in amendments if isinstance(e, EntryCorrected)] == [of for of, _ in circle]
    assert it.write().holds[-1] == it.version + 1


@st.composite
def diaries(draw: st.DrawFn) -> Diary:
    """Any amendments, also such as no command would allow."""
    it = diary().write()
    for _ in range(draw(st.integers(0, 12))):
        of = draw(st.integers(1, it.version))
        kind = draw(st.sampled_from(("page", "alternative", "strike", "correct", "prefer")))
        if kind in ("page", "alternative"):
            it = it.write(variant="preferred" if kind == "page" else "alternative")
        elif kind == "strike":
            it = it.after(it.next(EntryStruck, told("2020"), of=of, reason="wrong"))
        elif kind == "correct":
            it = it.write()
            it = it.after(it.next(EntryCorrected, told("2020"), of=of, by=it.version, reason="wrong"))
        else:
            others = tuple(draw(st.sets(st.integers(1, it.version), max_size=2)) - {of})
            it = it.after(it.next(VariantPreferred, told("2020"), of=of, instead_of=others))
    return it


def is_out(entries: tuple[Entry, ...], version: int) -> bool:
    """Struck out or corrected by something that holds, or the content of a correction that does not hold."""
    for e in entries[version:]:
        amendment_holds = not is_out(entries, e.originator_version)
        if isinstance(e, EntryStruck) and e.of == version and amendment_holds:
            return True
        if isinstance(e, EntryCorrected) and (e.of if amendment_holds else e.by) == version:
            return True
    return False


def stands(entries: tuple[Entry, ...], version: int, since: int) -> bool:
    """Whether an account that was preferred then holds, or what corrects it, or one that was preferred to it since."""
    if not is_out(entries, version):
        return True
    speaking = [e for e in entries if not is_out(entries, e.originator_version)]
    corrections = [e.by for e in speaking if isinstance(e, EntryCorrected) and e.of == version]
    return any(stands(entries, by, since) for by in corrections[-1:]) or any(
        isinstance(e, VariantPreferred) and version in e.instead_of and stands(entries, e.of, e.originator_version)
        for e in speaking
        if e.originator_version > since
    )


def is_aside(entries: tuple[Entry, ...], version: int, before: int) -> bool:
    """Whether the last word on which account is preferred, spoken before an entry, speaks against this one."""
    for e in reversed(entries[: before - 1]):
        if is_out(entries, e.originator_version):
            continue
        if isinstance(e, VariantPreferred) and version in (e.of, *e.instead_of):
            if not stands(entries, e.of, e.originator_version):
                continue
            return version != e.of
        if (
            isinstance(e, EntryCorrected)
            and version == e.by
            and entries[e.of - 1].variant == entries[version - 1].variant
        ):
            return is_aside(entries, e.of, e.originator_version)
    return entries[version - 1].variant == "alternative"


@for_any(diaries())
def test_what_holds_equals_its_definition(it: Diary) -> None:
    versions = range(1, it.version + 1)
    assert taken_out(it.entries) == {v for v in versions if is_out(it.entries, v)}
    contents = [v for v in versions if isinstance(it.entries[v - 1], Renewed)]
    amended = any(not isinstance(e, Renewed) or e.variant == "alternative" for e in it.entries)
    expected = [v for v in contents if not is_out(it.entries, v) and not is_aside(it.entries, v, it.version + 1)]
    assert it.holds == (expected if amended else contents)


@for_any(st.lists(st.tuples(st.sampled_from(("write", "struck", "corrected")), st.integers(1, 12)), max_size=10))
def test_each_account_holds_at_most_once_however_it_was_amended(amendments: list[tuple[str, int]]) -> None:
    it, written = diary().write(), 1
    for kind, of in amendments:
        try:
            it = it.write() if kind == "write" else getattr(it, kind)(of)
            written += kind == "write"
        except Refused:
            continue
    assert len(it.holds) <= written
