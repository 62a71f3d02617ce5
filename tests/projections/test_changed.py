"""What became of a roster between two moments of knowledge, corrections among it."""

from __future__ import annotations

from uuid import UUID

from domain.history import EntryStruck
from domain.membership import Membership
from domain.organisation import OrganisationRenamed
from projections.changed import Changed, changed
from tests.projections.archive import Archive


def since(archive: Archive, of: UUID, moment: int, on: str = "2020-01-01") -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in found(archive, of, moment, on)]


def found(archive: Archive, of: UUID, moment: int, on: str = "2020-01-01") -> list[Changed]:
    return changed(archive.roster(of, on, moment), archive.roster(of, on))


def test_who_came_who_left_and_whose_standing_changed(archive: Archive) -> None:
    of = archive.coalition("Coalition")
    stays, goes, comes = (archive.organisation(name) for name in ("Stays", "Goes", "Comes"))
    for who in (stays, goes):
        archive.changed("2012", "joined", of, who)
    then = archive.chronicle.last_position()
    assert since(archive, of, then) == []
    archive.changed("2015", "suspended", of, stays, scope=("vote",))
    archive.changed("2016", "withdrew", of, goes)
    archive.changed("2017", "joined", of, comes)
    assert since(archive, of, then) == [("came", "Comes"), ("left", "Goes"), ("changed", "Stays")]
    assert since(archive, of, then, on="2014-01-01") == []
    (one,) = [one for one in found(archive, of, then) if one.kind == "changed"]
    assert (one.before and one.before.standing, one.after and one.after.standing) == ("good", "suspended")


def test_what_was_struck_out_changes_the_roster_back(archive: Archive) -> None:
    of, who = archive.coalition("Coalition"), archive.organisation("Member")
    archive.changed("2012", "joined", of, who)
    archive.changed("2013", "withdrew", of, who)
    then = archive.chronicle.last_position()
    archive.add(EntryStruck, Membership.id_of(of, who), "2026-11-22", of=2, reason="wrong")
    assert since(archive, of, then) == [("came", "Member")]
    assert since(archive, of, archive.chronicle.last_position()) == []


def test_another_name_is_told_with_the_former_one(archive: Archive) -> None:
    of, who = archive.coalition("Coalition"), archive.organisation("Member")
    archive.changed("2012", "joined", of, who)
    then = archive.chronicle.last_position()
    archive.add(OrganisationRenamed, who, "2014", called="Union")
    (one,) = found(archive, of, then)
    assert (one.kind, one.name, one.before and one.before.organisation) == ("renamed", "Union", "Member")
