"""Which entries have a mark in the picture: those that stand, where they stand, as known at a moment."""

from __future__ import annotations

from uuid import UUID

from domain.history import EntryCorrected, EntryStruck, VariantPreferred
from domain.organisation import OrganisationRenamed
from projections.marks import Mark, marks
from tests.projections.archive import Archive


def marked(archive: Archive, of: UUID, known: int | None = None) -> dict[UUID, list[Mark]]:
    with archive.asked() as connection:
        return marks(connection, of, known)


def test_each_entry_has_a_mark_in_the_row_of_whom_it_is_about(archive: Archive) -> None:
    of, who, _ = archive.member()
    archive.changed("2013-05", "renewed", of, who)
    archive.add(OrganisationRenamed, who, "2014", called="Union")
    found = marked(archive, of)
    assert [mark.name for mark in found[who]] == ["membership.joined", "membership.renewed", "organisation.renamed"]
    assert [mark.name for mark in found[of]] == ["coalition.founded"]
    assert found[who][1].earliest < found[who][1].latest


def test_another_coalition_leaves_no_mark(archive: Archive) -> None:
    of, who, _ = archive.member()
    archive.changed("2013", "joined", archive.coalition("Another"), who)
    assert [mark.name for mark in marked(archive, of)[who]] == ["membership.joined"]


def test_what_was_struck_or_corrected_has_no_mark_and_had_one_before(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2013", "suspended", of, who)
    archive.changed("2014", "suspended", of, who)
    before = archive.chronicle.last_position()
    archive.add(EntryCorrected, subject, "2026-11-22", of=2, by=3, reason="wrong")
    assert [mark.occurred for mark in marked(archive, of)[who]] == ["2012-01-01", "2014"]
    assert [mark.occurred for mark in marked(archive, of, before)[who]] == ["2012-01-01", "2013", "2014"]
    archive.add(EntryStruck, subject, "2026-11-22", of=1, reason="wrong")
    assert [mark.occurred for mark in marked(archive, of)[who]] == ["2014"]


def test_an_account_that_does_not_drive_the_roster_is_marked_as_another_one(archive: Archive) -> None:
    of, who, subject = archive.member()
    archive.changed("2011-12-31", "joined", of, who, variant="alternative")
    assert [(mark.occurred, mark.is_alternative) for mark in marked(archive, of)[who]] == [
        ("2011-12-31", True),
        ("2012-01-01", False),
    ]
    archive.add(VariantPreferred, subject, "2026-11-22", of=2, instead_of=(1,))
    assert [(mark.occurred, mark.is_alternative) for mark in marked(archive, of)[who]] == [
        ("2011-12-31", False),
        ("2012-01-01", True),
    ]
