"""Actions: page after page, as known when, for whom to see, and sums of people only where somebody counted."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from domain.action import ActionLogged
from domain.campaign import confidentiality
from domain.chronicle import Recorded
from domain.confidentiality import narrower
from domain.entry import Entry
from domain.history import EntryCorrected, EntryStruck, VariantPreferred, holding, taken_out
from projections import actions
from projections.actions import Counted, Logged, People
from projections.sight import ALL, LEAST, Sight
from tests.projections.archive import Archive
from tests.projections.random_archive import filled

COALITION = Sight(base="coalition")


def listed(archive: Archive, known: int | None = None, **asked: Any) -> list[Logged]:
    with archive.asked() as connection:
        of = {"sight": ALL, **asked}
        return actions.find(connection, known, **of)


def counted(archive: Archive, known: int | None = None, **asked: Any) -> list[Counted]:
    with archive.asked() as connection:
        of = {"sight": ALL, **asked}
        return actions.counted(connection, known, **of)


def test_page_after_page_gives_every_action_once_newest_first(archive: Archive) -> None:
    of = archive.campaign("Ramps")
    days = ["2012-05-05", "2013", "2012-05-05", "2012-06", "XXXX", "2012-05-05"]
    logged = dict.fromkeys(archive.logged(of, day) for day in days)
    archive.logged(archive.campaign("Other"), "2012")
    pages, after = list[Logged](), None
    with archive.asked() as connection:
        while page := actions.of_campaign(connection, of, after=after, limit=2, sight=ALL):
            pages += page
            after = page[-1].key
    assert [each.key for each in pages] == sorted((each.key for each in pages), reverse=True)
    assert {each.id for each in pages} == {*logged}
    assert len(pages) == len(days)


def test_a_corrected_action_is_told_once_and_as_it_was_known_then(archive: Archive) -> None:
    of, by, mayor = archive.campaign("Ramps"), archive.organisation("We"), archive.organisation("Mayor")
    id = archive.logged(of, "2012-05-05", "meeting", by=(by,), decision_makers=(mayor,), participants=12)
    then = archive.chronicle.last_position()
    archive.add(ActionLogged, id, "2012-05-06", campaign_id=of, kind="forum", by=(by, mayor), women=3)
    archive.add(EntryCorrected, id, "2026", of=1, by=2, reason="wrong")
    (now,), (before,) = listed(archive), listed(archive, then)
    assert (now.id, now.kind, now.occurred, now.by) == (id, "forum", "2012-05-06", (by, mayor))
    assert (now.participants, now.women, now.youth, now.decision_makers) == (None, 3, None, ())
    assert (before.kind, before.participants, before.by, before.decision_makers) == ("meeting", 12, (by,), (mayor,))
    assert listed(archive, then - 1) == []


def test_a_struck_action_is_gone_and_another_account_does_not_count(archive: Archive) -> None:
    of = archive.campaign("Ramps")
    struck, disputed = archive.logged(of, "2012"), archive.logged(of, "2013")
    archive.add(EntryStruck, struck, "2026", of=1, reason="mistyped")
    archive.add(ActionLogged, disputed, "2014", campaign_id=of, kind="forum", variant="alternative")
    assert [each.occurred for each in listed(archive)] == ["2013"]
    archive.add(VariantPreferred, disputed, "2026", of=2, instead_of=(1,))
    assert [(each.id, each.occurred) for each in listed(archive)] == [(disputed, "2014")]


def test_an_action_counts_in_the_month_or_year_in_which_it_lies_wholly(archive: Archive) -> None:
    of = archive.campaign("Ramps")
    for day in (
        "2012-05-05",
        "2012-05",
        "2012-05-31/2012-06-01",
        "2012",
        "2012-12/2013-01",
        "../2012-03-03",
        "2013-05",
    ):
        archive.logged(of, day)
    months = {(each.year, each.month): each.actions for each in counted(archive)}
    assert months == {(2012, 5): 2, (2012, None): 2, (None, None): 2, (2013, 5): 1}
    months = {(each.year, each.month): each.actions for each in counted(archive, year=2012)}
    assert months == {(2012, 5): 2, (2012, None): 2, (None, None): 2}
    assert {(each.year, each.actions) for each in counted(archive, year=2014)} == set()
    assert len(listed(archive, year=2012)) == 6


def test_people_are_summed_where_somebody_counted_them(archive: Archive) -> None:
    of = archive.campaign("Ramps")
    archive.logged(of, "2012-05-05", participants=20, women=12)
    archive.logged(of, "2012-05-06", participants=5, women=0, youth=5)
    archive.logged(of, "2012-05-07")
    archive.logged(of, "2012-06-07", "forum", women=100_000_000)
    meetings, forum = sorted(counted(archive), key=lambda each: each.month or 0)
    assert (meetings.participants, meetings.women, meetings.youth) == (People(25, 1), People(12, 1), People(5, 2))
    assert (forum.participants, forum.women) == (People(0, 1), People(100_000_000, 0))
    whole = actions.together([meetings, forum])
    assert (whole.actions, whole.participants, whole.women) == (4, People(25, 2), People(100_000_012, 1))
    assert actions.together([]).actions == 0


def test_actions_are_found_and_counted_by_each_filter(archive: Archive) -> None:
    lead, member, coalition = archive.organisation("Lead"), archive.organisation("M"), archive.coalition("Coalition")
    direction = archive.programme("Direction", organisation_id=lead)
    of = archive.campaign("Ramps", lead_id=lead, coalition_id=coalition, programme_id=direction)
    own, joint = archive.logged(of, "2012"), archive.logged(of, "2013", "forum", by=(lead, member))
    members = archive.logged(of, "2014", by=(member,))
    strange = archive.logged(archive.campaign("Other"), "2015")
    for asked, expected in (
        ({}, [strange, members, joint, own]), ({"campaign_id": of}, [members, joint, own]),
        ({"coalition_id": coalition}, [members, joint, own]), ({"programme_id": direction}, [members, joint, own]),
        ({"organisation_id": lead}, [joint, own]), ({"organisation_id": member}, [members, joint]),
        ({"organisation_id": member, "year": 2014}, [members]), ({"kind": "forum"}, [joint]),
    ):  # fmt: skip
        assert [each.id for each in listed(archive, **asked)] == expected
        if "kind" not in asked:
            assert sum(each.actions for each in counted(archive, **asked)) == len(expected)


def test_actions_that_are_not_to_be_seen_are_in_no_list_and_no_sum(archive: Archive) -> None:
    public, team = archive.campaign("P", confidentiality="public"), archive.campaign("T", confidentiality="team")
    seen = archive.logged(public, "2012", participants=3)
    narrow = archive.logged(public, "2013", participants=5, confidentiality="team")
    hidden = archive.logged(team, "2014", participants=7, confidentiality="public")
    last = archive.chronicle.last_position()
    for sight, expected in (
        (LEAST, {seen}), (Sight(team=frozenset({public})), {seen, narrow}),
        (Sight(team=frozenset({team})), {seen, hidden}), (ALL, {seen, narrow, hidden}),
    ):  # fmt: skip
        people = {seen: 3, narrow: 5, hidden: 7}
        for known in (None, last):
            assert {each.id for each in listed(archive, known, sight=sight)} == expected
            whole = actions.together(counted(archive, known, sight=sight))
            assert (whole.actions, whole.participants.counted) == (len(expected), sum(people[id] for id in expected))
        with archive.asked() as connection:
            for id in people:
                assert bool(actions.action(connection, id, sight=sight)) == (id in expected)


def test_an_action_whose_level_was_narrowed_is_hidden_in_the_past_too(archive: Archive) -> None:
    of = archive.campaign("P", confidentiality="public")
    id = archive.logged(of, "2012")
    then = archive.chronicle.last_position()
    archive.add(ActionLogged, id, "2012", campaign_id=of, kind="meeting", confidentiality="team")
    archive.add(EntryCorrected, id, "2026", of=1, by=2, reason="wrong")
    assert listed(archive, sight=LEAST) == listed(archive, then, sight=LEAST) == []
    assert len(listed(archive, then)) == 1


@pytest.mark.parametrize("seed", range(2))
def test_lists_and_sums_are_those_of_a_count_over_the_chronicle(archive: Archive, seed: int) -> None:
    filled(archive, seed, 160)
    last = archive.chronicle.last_position()
    everything = archive.chronicle.after(0, last, words=False)
    for known in (None, last // 2, last // 3):
        for sight in (ALL, COALITION, Sight(base="organisation")):
            held = (
                [e for e in holding(history) if isinstance(e, ActionLogged)]
                for history in told_by(everything, known).values()
            )
            first = [hold[0] for hold in held if hold and is_seen(everything, hold[0], sight)]
            ids = {each.id for each in listed(archive, known, sight=sight, limit=1000)}
            assert ids == {e.originator_id for e in first}
            assert first or known or sight is COALITION
            kinds = Counter[str]()
            for each in counted(archive, known, sight=sight):
                kinds[each.kind] += each.actions
            assert kinds == Counter(e.kind for e in first)
            whole = actions.together(counted(archive, known, sight=sight))
            women = [e.women for e in first if e.women is not None]
            assert whole.women == People(sum(women), len(first) - len(women))


def told_by(everything: list[Recorded], known: int | None = None) -> dict[UUID, tuple[Entry, ...]]:
    histories: dict[UUID, tuple[Entry, ...]] = {}
    for each in everything:
        if known is None or each.position <= known:
            histories[each.originator_id] = (*histories.get(each.originator_id, ()), each.entry)
    return histories


def is_seen(everything: list[Recorded], e: ActionLogged, sight: Sight) -> bool:
    """By the levels of the campaign and of the action as they are now."""
    now = told_by(everything)
    level = narrower(confidentiality(now[e.campaign_id]), own_level(now[e.originator_id], e.originator_version))
    return sight.clears(e.campaign_id, level)


def own_level(history: tuple[Entry, ...], version: int, since: int = 0) -> str:
    """Never wider than that of what stands in its place."""
    e, out = history[version - 1], taken_out(history)
    level: str = e.confidentiality if isinstance(e, ActionLogged) else ""
    for later in history[since:]:
        if isinstance(later, EntryCorrected) and later.of == version and later.originator_version not in out:
            level = narrower(level, own_level(history, later.by, later.originator_version))
    return level
