"""The life of a coalition itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.coalition import (
    MAY_FOLLOW,
    AgreementSigned,
    AssemblyHeld,
    CoalitionRenamed,
    Dissolved,
    DuesSet,
    Founded,
    OfficeTaken,
    Prepared,
    ResolutionPassed,
    UmbrellaJoined,
    UmbrellaLeft,
)
from domain.dates import parse
from domain.entry import Entry, Refused
from domain.organisation import Organisation, OrganisationDissolved, OrganisationMerged
from tests.scenario import told

Deed = tuple[type[Entry], str, dict[str, Any]]
ID, UMBRELLA = UUID(int=7), UUID(int=8)


def coalition(*life: Deed) -> Organisation:
    new = Organisation(id=ID)
    new = new.after(new.register(told("2024"), "Coalition"))
    for kind, on, fields in life:
        new = new.after(new.change(kind, told(on), **fields))
    return new


def no_to(*life: Deed) -> Refused:
    coalition(*life[:-1])
    with pytest.raises(Refused) as no:
        coalition(*life)
    assert isinstance(no.value, Refused)
    return no.value


def refused(*life: Deed) -> tuple[str, str]:
    no = no_to(*life)
    return no.code, no.details["on"]


def met(*life: Deed) -> tuple[str, str, tuple[str, ...]]:
    details = no_to(*life).details
    return details["state"], details["since"], details["allowed"]


FOUNDED: Deed = (Founded, "2011-06-20", {})


def of_umbrella(kind: type[Entry], on: str) -> Deed:
    return kind, on, {"umbrella_id": UMBRELLA}


def test_it_begins_with_its_preparation_or_founding_whichever_can_be_earlier() -> None:
    begins = coalition(FOUNDED, (Prepared, "2010", {})).begins
    assert begins
    assert begins.text == "2010"
    assert coalition().begins is None


def test_whoever_lived_as_one_is_a_coalition() -> None:
    assert coalition(FOUNDED).is_coalition
    assert not coalition().is_coalition


def test_it_is_founded_and_dissolved_once() -> None:
    assert refused(FOUNDED, (Founded, "2012", {})) == ("coalition.only_once", "2012")
    state, since, allowed = met(FOUNDED, (Founded, "2012", {}))
    assert (state, since) == ("founded", "2011-06-20")
    assert "coalition.dissolved" in allowed
    assert "coalition.founded" not in allowed
    assert refused(FOUNDED, (Dissolved, "2020", {}), (Dissolved, "2021", {})) == ("coalition.only_once", "2021")


def test_nothing_happens_after_its_end() -> None:
    end: Deed = (Dissolved, "2020", {})
    assert refused(FOUNDED, end, (AgreementSigned, "2021", {})) == ("coalition.dissolved", "2021")
    assert refused(FOUNDED, (AgreementSigned, "2021", {}), end) == ("coalition.dissolved", "2021")
    assert coalition(FOUNDED, end, (AgreementSigned, "2020-12", {})).dissolves == parse("2020")
    assert met(FOUNDED, end, (AgreementSigned, "2021", {})) == ("dissolved", "2020", ())


@pytest.mark.parametrize(
    ("kind", "fields"), [(OrganisationDissolved, {}), (OrganisationMerged, {"successor_id": UMBRELLA})]
)
def test_who_ends_as_an_organisation_ends_as_a_coalition(kind: type[Entry], fields: dict[str, Any]) -> None:
    ended = coalition(FOUNDED, (kind, "2015-05", fields))
    assert ended.dissolves == parse("2015-05")
    assert coalition(FOUNDED, (Dissolved, "2014", {}), (kind, "2015-05", fields)).dissolves == parse("2014")
    assert coalition(FOUNDED, (kind, "2015-05", fields), (Dissolved, "2015", {})).dissolves == parse("2015-05")


def test_it_is_not_prepared_after_its_founding() -> None:
    prepared: Deed = (Prepared, "2012", {})
    for life in ((FOUNDED, prepared), (prepared, FOUNDED)):
        assert refused(*life) == ("coalition.prepared_after_founding", "2012")
        assert met(*life)[:2] == ("founded", "2011-06-20")
    assert coalition(FOUNDED, (Prepared, "2011", {})).version == 3


def test_it_does_not_end_before_it_begins() -> None:
    assert refused(FOUNDED, (Dissolved, "2010", {})) == ("coalition.ends_before", "2011-06-20")
    assert met(FOUNDED, (Dissolved, "2010", {})) == ("none", "2011-06-20", ())


def test_an_office_does_not_end_before_it_was_taken() -> None:
    office = (OfficeTaken, "2012-03", {"office": "chair", "until": parse("2011")})
    assert refused(FOUNDED, office) == ("coalition.ends_before", "2012-03")
    assert met(FOUNDED, office)[:2] == ("founded", "2011-06-20")
    assert met((Prepared, "2012", {}), office)[:2] == ("prepared", "2012")
    assert met(office) == ("none", "", MAY_FOLLOW["none"])


def test_a_coalition_is_renamed_like_an_organisation() -> None:
    assert coalition(FOUNDED, (CoalitionRenamed, "2019", {"called": "Union"})).names[-1].called == "Union"
    assert refused(FOUNDED, (CoalitionRenamed, "2019", {"called": "Coalition"})) == ("organisation.same_name", "2019")


def test_an_umbrella_is_left_only_by_who_joined_it() -> None:
    joined, left = of_umbrella(UmbrellaJoined, "2012"), of_umbrella(UmbrellaLeft, "2012-06")
    assert coalition(joined, left, of_umbrella(UmbrellaJoined, "2014")).version == 4
    assert refused(left) == ("coalition.umbrella_not_joined", "2012-06")
    assert refused(of_umbrella(UmbrellaJoined, "2013"), left) == ("coalition.umbrella_not_joined", "2012-06")
    assert refused(joined, left, of_umbrella(UmbrellaLeft, "2014")) == ("coalition.umbrella_not_joined", "2014")
    may = ("coalition.umbrella_joined",)
    assert met(joined, left, of_umbrella(UmbrellaLeft, "2014")) == ("none", "2012-06", may)
    assert met(FOUNDED, left) == ("none", "2011-06-20", may)
    assert met(left) == ("none", "", may)


def test_an_umbrella_is_not_joined_twice() -> None:
    joined, again = of_umbrella(UmbrellaJoined, "2012"), of_umbrella(UmbrellaJoined, "2014")
    assert refused(joined, again) == ("coalition.umbrella_already_joined", "2014")
    assert met(joined, again) == ("under_umbrella", "2012", ("coalition.umbrella_left",))


def test_a_coalition_is_not_its_own_umbrella() -> None:
    with pytest.raises(Refused) as no:
        coalition((UmbrellaJoined, "2012", {"umbrella_id": ID}))
    assert no.value.code == "organisation.into_itself"


def test_a_resolution_is_passed_by_an_assembly_that_was_held() -> None:
    held: Deed = (AssemblyHeld, "2012-05-01", {"present": 12, "quorum": 10})
    passed = {"item": "Budget", "in_favour": 11}
    assert coalition(FOUNDED, held, (ResolutionPassed, "2012-05-01", {"of": 3, **passed})).version == 4
    for on, of in (("2012-04-30", 3), ("2012-05-01", 2), ("2012-05-01", 9)):
        without: Deed = (ResolutionPassed, on, {"of": of, **passed})
        assert refused(FOUNDED, held, without) == ("coalition.no_such_assembly", on)


def test_dues_are_set_for_a_period_while_the_coalition_lives() -> None:
    dues = {"amount": "50.00", "currency": "EUR", "period": parse("2013"), "for_role": "associate"}
    of_2013 = coalition(FOUNDED, (DuesSet, "2012-12-01", dues)).entries[-1]
    assert isinstance(of_2013, DuesSet)
    assert (of_2013.amount, of_2013.period.text, of_2013.for_role) == ("50.00", "2013", "associate")
    assert refused(FOUNDED, (Dissolved, "2012", {}), (DuesSet, "2013", dues)) == ("coalition.dissolved", "2013")
    assert no_to(FOUNDED, (DuesSet, "2012", {**dues, "amount": "fifty"})).code == "dues.amount_unreadable"
