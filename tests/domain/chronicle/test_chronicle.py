"""Is everything recorded once, together, in one order, and found again?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.chronicle import PORTION, Chronicle, Recorded, Vault
from domain.chronicle.merkle import leaf_hash
from domain.entry import NOT_YET, Entry, Refused
from tests.domain.chronicle.entries import MOMENT, Noted, chronicle_at, mapper, noted

FIRST, SECOND = UUID(int=1 << 100), UUID(int=2 << 100)


def titles(found: list[Recorded]) -> list[str]:
    return [title(each.entry) for each in found]


def title(entry: Entry) -> str:
    assert isinstance(entry, Noted)
    return entry.title


def test_an_empty_chronicle_has_nothing(chronicle: Chronicle) -> None:
    assert chronicle.last_position() == 0
    assert chronicle.position_at(datetime.now(UTC)) == 0
    assert chronicle.history(FIRST) == ()
    assert chronicle.after(0, 10) == []
    assert chronicle.subjects() == []
    assert list(chronicle.by_subject()) == []
    assert chronicle.ranges(10) == [(UUID(int=0), None)]
    assert chronicle.at([1, 2]) == {}
    assert chronicle.recorded(uuid4()) is None


def test_a_history_is_read_in_order_of_version(chronicle: Chronicle) -> None:
    chronicle.record(noted(FIRST, title="a"), noted(SECOND, title="b"), noted(FIRST, 2, title="c"))
    assert list(map(title, chronicle.history(FIRST))) == ["a", "c"]
    assert [entry.originator_version for entry in chronicle.history(FIRST)] == [1, 2]


def test_a_history_can_be_read_without_its_words(chronicle: Chronicle) -> None:
    chronicle.record(noted(FIRST, title="a"))
    assert list(map(title, chronicle.history(FIRST, words=False))) == [""]


def test_positions_are_dense_over_calls(chronicle: Chronicle) -> None:
    assert chronicle.record(noted(FIRST), noted(FIRST, 2)) == 2
    assert chronicle.record(noted(SECOND)) == 3
    assert chronicle.last_position() == 3
    assert [each.position for each in chronicle.after(0, 10)] == [1, 2, 3]
    assert [each.position for each in chronicle.after(1, 1)] == [2]


def test_positions_stay_dense_after_conflicts_and_refusals(chronicle: Chronicle) -> None:
    chronicle.record(noted(FIRST))
    for _ in range(3):
        with pytest.raises(Refused):
            chronicle.record(noted(SECOND), noted(FIRST))
        with pytest.raises(Refused):
            chronicle.record(noted(SECOND), noted(SECOND, 2, title="\ud800"))
    assert chronicle.record(noted(SECOND)) == 2


def test_what_was_recorded_is_not_stored_again(chronicle: Chronicle) -> None:
    entries = (noted(FIRST, title="a"), noted(FIRST, 2, title="b"))
    assert chronicle.record(*entries) == 2
    chronicle.record(noted(SECOND))
    assert chronicle.record(*entries) == 2
    assert chronicle.record(entries[0]) == 1
    assert chronicle.last_position() == 3


def test_a_double_click_decided_on_a_later_state_stores_one_entry(chronicle: Chronicle) -> None:
    command_id = uuid4()
    assert chronicle.record(noted(FIRST, 1, command_id=command_id)) == 1
    assert chronicle.record(noted(FIRST, 2, command_id=command_id)) == 1
    assert len(chronicle.history(FIRST)) == 1


def test_the_second_of_two_is_told_that_someone_was_first(chronicle: Chronicle) -> None:
    chronicle.record(noted(FIRST), noted(FIRST, 2))
    with pytest.raises(Refused) as refused:
        chronicle.record(noted(SECOND), noted(FIRST, 2))
    assert refused.value.code == "chronicle.someone_was_first"
    assert refused.value.details == {"id": FIRST, "version": 2}
    assert chronicle.history(SECOND) == ()


def test_a_version_cannot_be_left_out(chronicle: Chronicle) -> None:
    with pytest.raises(Refused) as refused:
        chronicle.record(noted(FIRST), noted(FIRST, 3))
    assert (refused.value.code, refused.value.details["version"]) == ("chronicle.version_missing", 3)
    assert chronicle.last_position() == 0


def test_some_recorded_and_some_not_is_refused(chronicle: Chronicle) -> None:
    old, new = noted(FIRST), noted(SECOND)
    chronicle.record(old)
    with pytest.raises(Refused) as refused:
        chronicle.record(old, new)
    assert refused.value.code == "chronicle.partly_recorded"
    assert refused.value.details == {"recorded": 1, "missing": new.command_id}


def test_a_command_cannot_stand_twice_in_one_call(chronicle: Chronicle) -> None:
    command_id = uuid4()
    with pytest.raises(Refused) as refused:
        chronicle.record(noted(FIRST, command_id=command_id), noted(SECOND, command_id=command_id))
    assert refused.value.code == "chronicle.command_twice"


def test_to_record_nothing_is_a_mistake_of_the_program(chronicle: Chronicle) -> None:
    with pytest.raises(ValueError, match="nothing"):
        chronicle.record()


def test_a_recorded_command_is_found(chronicle: Chronicle) -> None:
    entry, other = noted(FIRST, title="a"), noted(SECOND)
    chronicle.record(other)
    chronicle.record(entry)
    found = chronicle.recorded(entry.command_id)
    assert found is not None
    assert (found[0], title(found[1])) == (2, "a")
    assert chronicle.recorded_many([entry.command_id, uuid4(), other.command_id]) == {
        entry.command_id,
        other.command_id,
    }


def test_many_commands_are_asked_about_at_once(chronicle: Chronicle) -> None:
    entries = [noted(uuid4()) for _ in range(PORTION + 5)]
    chronicle.record(*entries)
    ids = {entry.command_id for entry in entries}
    assert chronicle.recorded_many([*ids, *(uuid4() for _ in range(PORTION))]) == ids


def test_the_chronicle_says_when_something_was_recorded(chronicle: Chronicle) -> None:
    before = datetime.now(UTC)
    entry = noted(FIRST)
    chronicle.record(entry)
    (recorded,) = chronicle.after(0, 1)
    assert entry.recorded_at == NOT_YET
    assert before <= recorded.recorded_at <= datetime.now(UTC)
    assert recorded.entry.recorded_at == recorded.recorded_at


def ticking(moments: list[datetime]) -> Callable[[], datetime]:
    return lambda: moments.pop(0)


def test_recorded_at_never_goes_back(database_url: str, vault: Vault) -> None:
    clock = ticking([MOMENT, MOMENT - timedelta(days=2), MOMENT + timedelta(seconds=1)])
    with Chronicle(database_url, vault, mapper=mapper(vault), clock=clock) as chronicle:
        chronicle.create_tables()
        chronicle.record(noted(FIRST))
        assert chronicle.clock_behind == timedelta(0)
        chronicle.record(noted(FIRST, 2))
        assert chronicle.clock_behind == timedelta(days=2)
        chronicle.record(noted(FIRST, 3))
        assert chronicle.clock_behind == timedelta(0)
        times = [each.recorded_at - MOMENT for each in chronicle.after(0, 10)]
        assert times == [timedelta(0), timedelta(0), timedelta(seconds=1)]
        assert [entry.recorded_at - MOMENT for entry in chronicle.history(FIRST)] == times


def test_what_was_known_at_a_moment(database_url: str, vault: Vault) -> None:
    hours = [MOMENT, MOMENT + timedelta(hours=1), MOMENT + timedelta(hours=1), MOMENT + timedelta(hours=2)]
    with Chronicle(database_url, vault, mapper=mapper(vault), clock=ticking(list(hours))) as chronicle:
        chronicle.create_tables()
        for version in range(1, 5):
            chronicle.record(noted(FIRST, version))
        moments = [-timedelta(seconds=1), timedelta(0), timedelta(minutes=59), timedelta(hours=1), timedelta(days=9)]
        assert [chronicle.position_at(MOMENT + after) for after in moments] == [0, 1, 1, 3, 4]


def test_the_leaf_is_that_of_what_was_stored(chronicle: Chronicle) -> None:
    chronicle.record(noted(FIRST, title="a"), noted(FIRST, 2))
    assert [each.leaf for each in chronicle.after(0, 10)] == [leaf_hash(each) for each in chronicle.after(0, 10)]


def test_entries_are_found_by_position(chronicle: Chronicle) -> None:
    chronicle.record(*(noted(uuid4(), title=str(n)) for n in range(1, PORTION + 11)))
    found = chronicle.at([PORTION + 10, 7, 999_999, *range(20, PORTION + 5)])
    assert {position: title(found[position].entry) for position in (7, PORTION + 10)} == {7: "7", PORTION + 10: "1010"}
    assert 999_999 not in found
    assert len(found) == 2 + PORTION + 5 - 20


def test_one_entry_that_cannot_be_read_does_not_stop_the_reader(
    chronicle: Chronicle, database_url: str, vault: Vault
) -> None:
    chronicle.record(noted(FIRST), noted(FIRST, 2), noted(SECOND))
    with Chronicle(database_url, vault) as without_the_kind:
        assert [each.problem is None for each in without_the_kind.after(0, 10)] == [False] * 3
        assert [each.position for each in without_the_kind.after(0, 10)] == [1, 2, 3]


def shuffled(chronicle: Chronicle) -> dict[UUID, int]:
    """Many histories, recorded round by round so that the sequence mixes them."""
    lengths = {uuid4(): length for length in (1, 2, 3, 5, 8, 40) * 12}
    lengths[uuid4()] = 200
    for version in range(1, 201):
        wanted = [noted(id, version) for id, length in lengths.items() if version <= length]
        chronicle.record(*wanted)
    return lengths


def test_everything_can_be_read_history_by_history_in_ranges(chronicle: Chronicle) -> None:
    lengths = shuffled(chronicle)
    expected = [(id, version) for id in sorted(lengths) for version in range(1, lengths[id] + 1)]
    assert [(each.originator_id, each.originator_version) for each in chronicle.by_subject()] == expected
    ranges = chronicle.ranges(100)
    in_ranges = [list(chronicle.by_subject(*each)) for each in ranges]
    assert [(each.originator_id, each.originator_version) for part in in_ranges for each in part] == expected
    assert len(ranges) > 4
    assert all(len(part) <= 100 + 200 for part in in_ranges)


def test_ranges_larger_than_a_portion_lose_nothing(chronicle: Chronicle) -> None:
    chronicle.record(*(noted(FIRST, version) for version in range(1, 2 * PORTION + 2)), noted(SECOND))
    assert len(list(chronicle.by_subject())) == 2 * PORTION + 2


def test_reading_by_history_can_stop_at_a_position(chronicle: Chronicle) -> None:
    shuffled(chronicle)
    found = list(chronicle.by_subject(upto=150))
    assert sorted(each.position for each in found) == list(range(1, 151))
    low, high = chronicle.ranges(100)[1]
    assert high is not None
    assert {each.position for each in chronicle.by_subject(low, high, upto=150)} == {
        each.position for each in found if low <= each.originator_id < high
    }


def test_subjects_are_listed_in_order(chronicle: Chronicle) -> None:
    ids = sorted(uuid4() for _ in range(25))
    chronicle.record(*(noted(id) for id in reversed(ids)), noted(ids[0], 2))
    assert chronicle.subjects() == ids
    assert chronicle.subjects(limit=10) == ids[:10]
    assert chronicle.subjects(after=ids[9], limit=100) == ids[10:]


def test_many_entries_are_recorded_together_with_progress(chronicle: Chronicle) -> None:
    entries = [noted(uuid4(), title="words" if n % 2 else "") for n in range(2 * PORTION + 10)]
    told: list[int] = []
    assert chronicle.record(*entries, progress=told.append) == 2 * PORTION + 10
    assert told == [PORTION, 2 * PORTION, 2 * PORTION + 10]
    assert chronicle.record(*entries) == 2 * PORTION + 10
    assert chronicle.last_position() == 2 * PORTION + 10


def test_of_many_entries_with_a_bad_one_none_is_stored(chronicle: Chronicle) -> None:
    entries = [noted(uuid4()) for _ in range(PORTION + 10)]
    with pytest.raises(Refused):
        chronicle.record(*entries, noted(FIRST, title="\ud800"))
    assert chronicle.last_position() == 0
    assert chronicle.record(*entries) == PORTION + 10


def test_sixteen_threads_record_and_read_at_once(database_url: str, vault: Vault) -> None:
    with chronicle_at(database_url, vault) as chronicle:
        chronicle.create_tables()

        def work(number: int) -> None:
            id = uuid4()
            for version in range(1, 11):
                chronicle.record(noted(id, version, title=str(number)))
                assert len(chronicle.history(id)) == version

        with ThreadPoolExecutor(16) as threads:
            list(threads.map(work, range(16)))
        assert [each.position for each in chronicle.after(0, 1000)] == list(range(1, 161))


def test_sixteen_threads_race_for_each_version(database_url: str, vault: Vault) -> None:
    with chronicle_at(database_url, vault) as chronicle:
        chronicle.create_tables()

        def attempt(version: int) -> str:
            try:
                chronicle.record(noted(FIRST, version))
            except Refused as refused:
                return refused.code
            return "recorded"

        with ThreadPoolExecutor(16) as threads:
            for version in range(1, 6):
                outcomes = Counter(threads.map(attempt, [version] * 16))
                assert outcomes == {"recorded": 1, "chronicle.someone_was_first": 15}
        assert chronicle.last_position() == 5


def test_the_same_command_from_sixteen_threads_is_stored_once(database_url: str, vault: Vault) -> None:
    with chronicle_at(database_url, vault) as chronicle:
        chronicle.create_tables()
        entry = noted(FIRST, title="a")
        with ThreadPoolExecutor(16) as threads:
            assert set(threads.map(lambda _: chronicle.record(entry), range(16))) == {1}
        assert chronicle.last_position() == 1
