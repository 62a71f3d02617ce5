"""Organisations are found by any of their names, and called as they were called on the day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.history import EntryStruck
from domain.organisation import OrganisationMerged, OrganisationRenamed, OrganisationSameAs
from projections import coalitions, organisations
from tests.projections import ztok
from tests.projections.archive import Archive


def test_a_name_is_found_without_its_marks(archive: Archive) -> None:
    ztok.told(archive)
    with archive.asked() as connection:
        assert [found.called_now for found in organisations.search(connection, "zmogaus teisiu STEB")] == [
            ztok.INSTITUTE
        ]
        assert organisations.search(connection, "100%") == organisations.search(connection, " ") == []


def test_a_name_that_is_nearly_right_finds_the_nearest(archive: Archive) -> None:
    ztok.told(archive)
    with archive.asked() as connection:
        nearest = organisations.nearest(connection, "Tolerantisko jaunimo asociacia")
        assert nearest[0].called_now == ztok.YOUTH
        assert len(nearest) <= 3


def test_namesakes_are_all_found(archive: Archive) -> None:
    first, second = archive.organisation("Sąjunga"), archive.organisation("Union")
    archive.add(OrganisationRenamed, second, "2015", called="SĄJUNGA")
    with archive.asked() as connection:
        assert {found.id for found in organisations.find(connection, "sąjunga")} == {first, second}


def test_where_the_day_of_a_renaming_is_not_known_the_present_name_is_used(archive: Archive) -> None:
    id = archive.organisation("Old")
    archive.add(OrganisationRenamed, id, "XXXX", called="New")
    with archive.asked() as connection:
        assert organisations.names_on(connection, [id], date(1990, 1, 1)) == {id: "New"}


def test_a_name_as_known_before_the_renaming_is_the_old_one(archive: Archive) -> None:
    id = archive.organisation("Old")
    renamed = archive.add(OrganisationRenamed, id, "2015-03", called="New")
    with archive.asked() as connection:
        assert organisations.names_on(connection, [id], date(2020, 1, 1), renamed - 1) == {id: "Old"}
        assert [name.called for name in organisations.names_of(connection, id)] == ["Old", "New"]
        assert [name.called for name in organisations.names_of(connection, id, renamed - 1)] == ["Old"]


def test_a_renaming_that_was_struck_out_is_no_name(archive: Archive) -> None:
    id = archive.organisation("Old")
    archive.add(OrganisationRenamed, id, "2015", called="New")
    archive.add(EntryStruck, id, "2026-11-22", of=2, reason="wrong")
    with archive.asked() as connection:
        assert organisations.find(connection, "New") == []
        assert organisations.names_on(connection, [id]) == {id: "Old"}


def test_what_is_known_of_an_organisation(archive: Archive) -> None:
    id, other = archive.organisation("One", kind="ngo", country="LT", founded="1999"), archive.organisation("Two")
    archive.add(OrganisationSameAs, id, "2020", other_id=other)
    merged = archive.add(OrganisationMerged, id, "2021-05", successor_id=other)
    with archive.asked() as connection:
        state = organisations.state(connection, id)
        before = organisations.state(connection, id, merged - 1)
        assert organisations.state(connection, other, 1) is None
    assert state is not None
    assert before is not None
    assert (state.kind, state.country, state.founded, state.is_coalition) == ("ngo", "LT", "1999", False)
    assert (state.ended, state.ended_on, state.ended_by, state.successor_id) == ("merged", "2021-05", merged, other)
    assert state.same_as == (other,)
    assert before.ended is None


def test_only_coalitions_are_listed_as_such(archive: Archive) -> None:
    of = ztok.told(archive)
    with archive.asked() as connection:
        listed = organisations.coalitions(connection, date(2012, 1, 1))
        assert [(found.id, found.called_now) for found in listed] == [(of, ztok.FIRST_NAME)]
        everyone = organisations.everyone(connection)
    assert len(everyone) == len(archive.ids)
    assert everyone == organisations.by_name(everyone)


def test_the_life_of_a_coalition_is_told_in_order_with_both_accounts(archive: Archive) -> None:
    of = ztok.told(archive)
    with archive.asked() as connection:
        deeds = coalitions.life(connection, of)
        assert [(deed.kind, deed.occurred, deed.variant) for deed in deeds][:4] == [
            ("prepared", "2011-22", "preferred"),
            ("founded", "2011-06-20", "preferred"),
            ("founded", "2014", "alternative"),
            ("umbrella_joined", "2014", "preferred"),
        ]
        assert coalitions.span(connection, of).since == date(2011, 6, 1)
        assert coalitions.span(connection, of).until is None


def test_words_that_are_common_make_no_two_names_alike(archive: Archive) -> None:
    archive.organisation("Alpha Union")
    archive.organisation("Gamma Fund")
    with archive.asked() as connection:
        assert [found.called_now for found in organisations.nearest(connection, "Gama Fund")] == ["Gamma Fund"]
        assert organisations.nearest(connection, "Beta Union") == []
        assert organisations.nearest(connection, "Delta Fund") == []


def test_a_long_list_is_read_page_by_page(archive: Archive) -> None:
    for called in ("Žara", "Alfa", "Yra", "Šaka", "Ilgas"):
        archive.organisation(called)
    renamed = archive.organisation("Beta")
    archive.add(OrganisationRenamed, renamed, "2020", called="Gama")
    with archive.asked() as connection:
        seen: list[str] = []
        page = organisations.listed(connection, limit=2)
        while page:
            seen += [found.called_now for found in page]
            page = organisations.listed(connection, after=page[-1].id, limit=2)
        assert seen == ["Alfa", "Gama", "Ilgas", "Yra", "Šaka", "Žara"]
        assert organisations.how_many(connection) == 6
        assert organisations.how_many(connection, known=2) == 2
        assert [found.called_now for found in organisations.listed(connection, known=2)] == ["Alfa", "Žara"]
        assert [found.called_now for found in organisations.listed(connection, "bet")] == ["Gama"]
        assert organisations.how_many(connection, "saka") == 1
        assert organisations.listed(connection, "!'") == []
        assert organisations.listed(connection, after=UUID(int=5), limit=1)[0].called_now == "Alfa"
