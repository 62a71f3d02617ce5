"""What holds again, because what took it out was taken out, is looked at like what is new."""

from __future__ import annotations

import pytest

from domain import amending
from domain.amending import Striking
from domain.organisation import OrganisationMerged, OrganisationRenamed, OrganisationSameAs
from domain.removal import remove_words
from tests.domain.registers import Register, refused


def registration(register: Register, called: str) -> int:
    """Its position."""
    register.registered(called)
    return register.chronicle.last_position()


def strike_both(register: Register, *positions: int) -> dict[int, int]:
    """Struck together: by the position of what was struck, that of its strike."""
    first, *others = positions
    at = register.tell(register.struck(first, *map(Striking, others)))
    return {of: at + n for n, of in enumerate(positions)}


@pytest.mark.parametrize("which", ["Front", "Heron"])
def test_a_membership_does_not_come_back_without_the_registration_of_either_side(
    register: Register, which: str
) -> None:
    begun = {"Front": registration(register, "Front"), "Heron": registration(register, "Heron")}
    joined = register.changed("2005", "joined", "Front", "Heron")
    struck = strike_both(register, begun[which], joined)
    assert refused(register.struck, struck[joined]).code == "organisation.unknown"
    register.tell(register.struck(struck[begun[which]]))
    register.tell(register.struck(struck[joined]))
    assert register.stands("Front", "Heron", "2006-06-01") == {"member, good"}


@pytest.mark.parametrize("which", ["Front", "Heron"])
def test_nothing_new_is_told_of_what_has_no_registration_any_more(register: Register, which: str) -> None:
    begun = {"Front": registration(register, "Front"), "Heron": registration(register, "Heron")}
    joined = register.change("2005", "joined", "Front", "Heron")
    register.tell(register.struck(begun[which]))
    assert refused(amending.record, register.records, joined).code == "organisation.unknown"


def test_a_merger_does_not_come_back_without_the_registration_of_its_successor(register: Register) -> None:
    registration(register, "Heron")
    stork = registration(register, "Stork")
    merged = register.happened("2010", OrganisationMerged, "Heron", successor_id=register.id("Stork"))
    struck = strike_both(register, stork, merged)
    assert refused(register.struck, struck[merged]).code == "organisation.unknown"


def merged_member(register: Register) -> tuple[int, int]:
    """The positions of a joining and of the merger that ended the membership."""
    register.founded("Front", "2000")
    register.registered("Heron", "Stork")
    joined = register.changed("2005", "joined", "Front", "Heron")
    into = register.id("Stork")
    return joined, register.happened("2010", OrganisationMerged, "Heron", successor_id=into, note="By agreement")


def test_an_end_that_comes_back_has_its_words(register: Register) -> None:
    _, merged = merged_member(register)
    struck = register.tell(register.struck(merged))
    register.tell(register.struck(struck))
    history = register.chronicle.history(register.membership("Front", "Heron").id)
    assert (history[-1].stored_name(), history[-1].note) == ("membership.organisation_merged", "By agreement")


def test_an_end_in_a_membership_that_is_told_later_has_its_words(register: Register) -> None:
    merged_member(register)
    register.founded("Union", "2000")
    register.changed("2006", "joined", "Union", "Heron")
    history = register.chronicle.history(register.membership("Union", "Heron").id)
    assert (history[-1].stored_name(), history[-1].note) == ("membership.organisation_merged", "By agreement")


def test_an_end_that_was_superseded_is_not_said_to_be_amended_elsewhere(register: Register) -> None:
    joined, merged = merged_member(register)
    register.tell(register.struck(merged))
    assert refused(register.struck, merged + 1).code == "entry.superseded"
    assert joined < merged


@pytest.mark.parametrize("again", [("Heron", "Stork"), ("Stork", "Heron")])
def test_two_records_are_joined_once_from_whichever_side(register: Register, again: tuple[str, str]) -> None:
    register.registered("Heron", "Stork")
    joined = register.happened("2010", OrganisationSameAs, "Heron", other_id=register.id("Stork"))

    def join() -> int:
        return register.happened("2011", OrganisationSameAs, again[0], other_id=register.id(again[1]))

    no = refused(join)
    assert (no.code, no.details["since"]) == ("organisation.already_same", "2010")
    register.tell(register.struck(joined))
    assert join()


def test_removed_words_are_not_said_to_be_too_old_to_take_back(register: Register) -> None:
    register.registered("Heron")
    register.happened("2010", OrganisationRenamed, "Heron", called="Crane", note="Not to be read")
    history = register.chronicle.history(register.id("Heron"))
    position = register.chronicle.record(
        remove_words(history, register.today(), len(history), {len(history)}, "danger")
    )
    assert refused(register.undone, position).code == "entry.words_stay_removed"
