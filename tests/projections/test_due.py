"""What ends soon, or should have ended: told of those that are in, as things stood on a day and were known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.coalition import Dissolved
from domain.history import EntryCorrected, EntryStruck
from domain.membership_entries import AppealDecided, DecisionAppealed
from projections import engine
from projections.due import due
from tests.projections.archive import Archive

Ending = tuple[str, str]


def ending(archive: Archive, on: str = "2017-01-01", by: str = "2017-03-01", known: int | None = None) -> list[Ending]:
    """What, and the day as it was told."""
    with archive.asked() as connection:
        found = due(connection, date.fromisoformat(on), date.fromisoformat(by), known)
    return [(each.name.removeprefix("membership."), each.day) for each in found]


def test_a_term_ends_on_its_last_day_and_is_late_until_it_is_renewed(archive: Archive) -> None:
    of, who, _ = archive.member()
    archive.changed("2015-01-01", "renewed", of, who, until="2017-02")
    assert ending(archive) == [("renewed", "2017-02")]
    assert ending(archive, by="2017-02-27") == []
    assert ending(archive, "2020-01-01", "2020-03-01") == [("renewed", "2017-02")]
    assert ending(archive, "2014-12-31") == []
    archive.changed("2017-01-15", "renewed", of, who)
    assert ending(archive) == [("renewed", "2017-02")]
    assert ending(archive, "2017-01-15") == []


def test_the_earliest_end_stands_first(archive: Archive) -> None:
    of, who, _ = archive.member()
    other = archive.organisation("Other")
    archive.changed("2015", "joined", of, other)
    archive.changed("2015-01-01", "renewed", of, who, until="2017-02-01")
    archive.changed("2016-01-01", "suspended", of, other, review_by="2016-12-31")
    archive.changed("2016-02-01", "withdrawal_notified", of, who, effective="2017-01-31")
    assert [what for what, _ in ending(archive)] == ["suspended", "withdrawal_notified", "renewed"]


@pytest.mark.parametrize(
    ("event", "fields", "over"),
    [
        ("suspended", {"review_by": "2017-01-31"}, "reinstated"),
        ("suspended", {"review_by": "2017-01-31"}, "withdrew"),
        ("withdrawal_notified", {"effective": "2017-01-31"}, "withdrawal_revoked"),
        ("renewed", {"until": "2017-01-31"}, "lapsed"),
    ],
)
def test_what_is_over_before_its_day_ends_no_more(
    archive: Archive, event: str, fields: dict[str, Any], over: str
) -> None:
    of, who, _ = archive.member()
    archive.changed("2016-01-01", event, of, who, **fields)
    before = archive.chronicle.last_position()
    archive.changed("2016-12-01", over, of, who)
    assert ending(archive) == []
    assert ending(archive, "2016-11-30") == ending(archive, known=before) == [(event, "2017-01-31")]


def test_a_term_does_not_come_back_with_who_is_admitted_anew(archive: Archive) -> None:
    of, who, _ = archive.member()
    archive.changed("2014-01-01", "renewed", of, who, until="2015-12-31")
    archive.changed("2015-01-01", "withdrew", of, who)
    archive.changed("2016-01-01", "readmitted", of, who, role="member")
    assert ending(archive) == []


def test_an_expulsion_that_is_overturned_leaves_the_term(archive: Archive) -> None:
    of, who, subject = archive.member()
    pair = {"coalition_id": of, "organisation_id": who}
    archive.changed("2015-01-01", "renewed", of, who, until="2017-01-31")
    archive.changed("2016-01-01", "expelled", of, who)
    archive.add(DecisionAppealed, subject, "2016-02-01", of=3, **pair)
    assert ending(archive) == []
    archive.add(AppealDecided, subject, "2016-03-01", of=3, result="overturned", **pair)
    assert ending(archive) == [("renewed", "2017-01-31")]


def test_an_entry_that_was_struck_or_corrected_says_nothing(archive: Archive) -> None:
    of, who, subject = archive.member()
    first = archive.changed("2015-01-01", "renewed", of, who, until="2017-01-31")
    archive.changed("2015-01-01", "renewed", of, who, until="2017-02-15")
    corrected = archive.add(EntryCorrected, subject, of=2, by=3, reason="wrong")
    assert ending(archive) == [("renewed", "2017-02-15")]
    assert ending(archive, known=first) == [("renewed", "2017-01-31")]
    archive.add(EntryStruck, subject, of=3, reason="wrong")
    assert ending(archive) == []
    assert ending(archive, known=corrected) == [("renewed", "2017-02-15")]


def test_nothing_ends_in_a_coalition_that_is_no_more(archive: Archive) -> None:
    of, who, _ = archive.member()
    archive.changed("2015-01-01", "renewed", of, who, until="2017-01-31")
    archive.add(Dissolved, of, "2016-12-31")
    assert ending(archive) == []
    assert ending(archive, "2016-12-30") == [("renewed", "2017-01-31")]


def test_a_suspension_that_is_only_possible_is_told(archive: Archive) -> None:
    of, who, _ = archive.member()
    archive.changed("2016", "suspended", of, who, review_by="2017")
    archive.changed("2016", "reinstated", of, who)
    assert ending(archive, "2016-06-01", "2017-12-31") == [("suspended", "2017")]


def test_the_ends_are_the_same_when_made_anew(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2015-01-01", "renewed", of, who, until="2017-01-31")
    archive.keep_up()
    archive.changed("2015-06-01", "renewed", of, who, until="2017-02-15")
    archive.add(EntryStruck, subject, of=3, reason="wrong")
    kept_up = ending(archive)
    assert list(engine.compare(archive.chronicle, archive.reading)) == []
    engine.rebuild(archive.chronicle, archive.reading)
    assert ending(archive) == kept_up == [("renewed", "2017-01-31")]
