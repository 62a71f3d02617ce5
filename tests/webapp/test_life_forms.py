"""Recording the life of organisations and coalitions: each kind by its form, what is refused, what follows."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.webapp.conftest import Person
from tests.webapp.reading import id_of, open_form, words
from webapp.stores import Stores

SignedIn = Callable[..., Person]
CENTRE, INSTITUTE = "Romų visuomenės centras", "Žmogaus teisių stebėjimo institutas"


class Form:
    """Somebody of the secretariat with a form open, without script."""

    def __init__(self, person: Person, page: str, change: str = "life") -> None:
        self.person = person
        opened = person.open(f"{page}?change={change}")
        self.address = opened.text.partition('<form id="change-form" method="post" action="')[2].partition('"')[0]
        self.hidden = {name: value for name, value in open_form(opened).items() if name != "csrf_token"}

    def send(self, do: str, event: str, **fields: str | list[str]) -> TestResponse:
        return self.person.send(self.address, {**self.hidden, "do": do, "event": event, "shown": event, **fields})

    def reads_on(self, event: str, **fields: str | list[str]) -> str:
        """What would follow."""
        return words(self.send("check", event, **fields).text.partition('id="preview"')[2])


@pytest.fixture
def secretary(signed_in: SignedIn, ztok: UUID) -> Person:
    return signed_in("secretariat")


@pytest.fixture
def centre(stores: Stores, ztok: UUID) -> str:
    return f"/organisations/{id_of(stores, CENTRE)}"


OF_A_COALITION = [
    ("renamed", {"new_name": "Nauja koalicija", "language": "lt"}, "Nauja koalicija"),
    ("agreement_signed", {"decision_body": "Assembly", "decision_minutes": "7"}, "Assembly, minutes 7"),
    ("incorporated", {"legal_form": "association"}, "association"),
    ("umbrella_joined", {"organisation": "World House", "organisation_which": "new"}, "World House"),
    ("umbrella_left", {"organisation": "World House", "occurred": "4 March 2025"}, "World House"),
    ("office_taken", {"role": "secretariat", "organisation": CENTRE, "until": "2030"}, CENTRE),
    ("rules_adopted", {"source_title": "The rules", "source_link": "https://example.org/r"}, "The rules"),
    (
        "dues_set",
        {"amount": "50,00", "currency": "EUR", "period": "2025-07-01/2026-06-30", "for_role": "member"},
        "set its dues (1 July 2025 – 30 June 2026, member): 50.00 EUR",
    ),
    ("dissolved", {"occurred": "today"}, "dissolved"),
]
OF_AN_ORGANISATION = [
    ("renamed", {"new_name": "Naujas vardas"}, "Naujas vardas"),
    ("split", {"into_1": INSTITUTE, "into_2": "Second part", "into_2_which": "new"}, "Second part"),
    ("same_as", {"other": INSTITUTE}, INSTITUTE),
    ("contact_added", {"person": "Ona", "post": "contact", "email": "ona@example.org"}, "Ona"),
    ("dissolved", {"occurred": "today", "note": "By its own assembly"}, "dissolved"),
]


def test_the_life_of_a_coalition_is_recorded_and_shown(secretary: Person, ztok: UUID, stores: Stores) -> None:
    for kind, typed, told in OF_A_COALITION:
        assert_recorded(secretary, f"/coalitions/{ztok}", f"coalition.{kind}", typed, told, stores)


def test_the_life_of_an_organisation_is_recorded_and_shown(secretary: Person, centre: str, stores: Stores) -> None:
    for kind, typed, told in OF_AN_ORGANISATION:
        assert_recorded(secretary, centre, f"organisation.{kind}", typed, told, stores)


def assert_recorded(secretary: Person, page: str, event: str, typed: dict[str, str], told: str, stores: Stores) -> None:
    """Once, however often the button was pressed; on its page, in the timeline and in the register."""
    form = Form(secretary, page)
    typed = {"occurred": "3 March 2025", **typed}
    assert "Nothing is stored yet" in form.reads_on(event, **typed)
    answers = [form.send("save", event, **typed) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], words(answers[0].text)
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    position = int(answers[0].headers["Location"].partition("recorded=")[2])
    recorded = stores.chronicle.at([position])[position].entry
    assert recorded.stored_name() == event
    for shown in (answers[0].headers["Location"], "/timeline", f"/register/{position}"):
        assert told in words(secretary.open(shown).text), shown
    with_name = [e for e in stores.chronicle.history(recorded.originator_id) if e.stored_name() == event]
    assert len({e.command_id for e in with_name}) == len(with_name)


def test_a_merger_ends_the_memberships_and_says_so_before(
    secretary: Person, centre: str, ztok: UUID, stores: Stores
) -> None:
    form = Form(secretary, centre)
    typed = {"occurred": "1 May 2025", "new_name": INSTITUTE}
    preview = form.reads_on("organisation.merged", **typed)
    assert "member, full rights; from 1 May 2025: merged into another organisation" in preview
    assert "keeps its own memberships" in preview
    assert form.send("save", "organisation.merged", **typed).status_code == 303
    assert CENTRE not in words(secretary.open(f"/coalitions/{ztok}").text.partition("The life of the coalition")[0])


WRONG = [
    (f"organisation.{kind}", typed, field)
    for kind, typed, field in (
        ("merged", {"new_name": CENTRE}, "new_name"),
        ("merged", {"new_name": "Nobody at all"}, "new_name"),
        ("merged", {"new_name": ""}, "new_name"),
        ("same_as", {"other": CENTRE}, "other"),
        ("same_as", {"other": "Nobody at all", "other_which": "new"}, "other"),
        ("renamed", {"new_name": CENTRE}, "new_name"),
        ("renamed", {"new_name": "a\x07b"}, "new_name"),
    )
] + [
    (f"coalition.{kind}", typed, field)
    for kind, typed, field in (
        ("office_taken", {"role": "chair", "until": "2001"}, "until"),
        ("office_taken", {"role": "king"}, "role"),
        ("dissolved", {"occurred": "1980"}, "occurred"),
        ("dues_set", {"amount": "-5", "currency": "EUR", "period": "2025"}, "amount"),
        ("dues_set", {"amount": "1.000", "currency": "EUR", "period": "2025"}, "amount"),
        ("dues_set", {"amount": "5", "currency": "euro", "period": "2025"}, "currency"),
        ("dues_set", {"amount": "5", "currency": "EUR", "period": "soon"}, "period"),
        ("dues_set", {"amount": "5", "currency": "EUR", "period": ""}, "period"),
        ("founded", {"source_link": "javascript:alert(1)"}, "source_link"),
        ("umbrella_joined", {"organisation": "Žmogaus teisių koalicija"}, "organisation"),
        ("rules_adopted", {"occurred": "31.02.2020"}, "occurred"),
    )
]


def test_what_cannot_be_is_told_beside_its_field(secretary: Person, centre: str, ztok: UUID, stores: Stores) -> None:
    last = stores.chronicle.last_position()
    for event, typed, field in WRONG:
        form = Form(secretary, centre if event.startswith("organisation") else f"/coalitions/{ztok}")
        answer = form.send("save", event, **{"occurred": "3 March 2025", **typed})
        assert answer.status_code == 422, event
        assert f'id="{field}-error"' in answer.text, words(answer.text)
    assert stores.chronicle.last_position() == last


def test_a_circle_of_umbrellas_is_refused(secretary: Person, ztok: UUID, stores: Stores) -> None:
    joined = {"occurred": "2020-03-03", "organisation": "World House", "organisation_which": "new"}
    assert Form(secretary, f"/coalitions/{ztok}").send("save", "coalition.umbrella_joined", **joined).status_code == 303
    house = f"/coalitions/{id_of(stores, 'World House')}"
    assert secretary.open(house).status_code == 404
    founded = Form(secretary, "/coalitions", "new")
    typed = {"occurred": "2019", "called": "Roof", "called_which": "new"}
    answer = founded.send("save", "coalition.founded", **typed)
    assert answer.status_code == 303, words(answer.text)
    roof = answer.headers["Location"].partition("?")[0]
    form = Form(secretary, f"/coalitions/{ztok}")
    assert form.send("save", "coalition.umbrella_joined", occurred="2021", organisation="Roof").status_code == 303
    circle = Form(secretary, roof).send(
        "save", "coalition.umbrella_joined", occurred="2022", organisation="Žmogaus teisių koalicija"
    )
    assert circle.status_code == 422
    assert "under itself" in words(circle.text)


def test_an_organisation_is_registered_once_and_not_beside_one_of_its_name(secretary: Person, stores: Stores) -> None:
    form = Form(secretary, "/organisations", "new")
    typed = {
        "called": "Romų visuomenė", "kind": "ngo", "language": "lt", "country": "Lietuva", "region": "Kaunas",
        "founded": "summer 2001", "links": "https://example.org\nhttps://example.com",
    }  # fmt: skip
    asked = form.send("save", "organisation.registered", **typed)
    assert asked.status_code == 422
    assert "None of these" in words(asked.text)
    answers = [form.send("save", "organisation.registered", **typed, called_which="new") for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], words(answers[0].text)
    page = words(secretary.open(answers[0].headers["Location"]).text)
    assert "Recorded." in page
    assert "Kaunas, Lietuva" in page
    assert "summer 2001" in page
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_a_coalition_is_founded_with_its_name(secretary: Person) -> None:
    form = Form(secretary, "/coalitions", "new")
    typed = {"occurred": "May 2020", "called": "Tylos namai", "called_which": "new", "language": "lt"}
    assert "Nobody is in before May 2020" in form.reads_on("coalition.founded", **typed)
    answers = [form.send("save", "coalition.founded", **typed) for _click in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    page = secretary.open(answers[0].headers["Location"])
    assert page.status_code == 200
    assert "Tylos namai" in words(page.text)
    assert words(secretary.open("/coalitions").text).count("Tylos namai") == 1


def test_who_was_second_sees_what_the_first_recorded(signed_in: SignedIn, secretary: Person, centre: str) -> None:
    first, second = Form(secretary, centre), Form(signed_in("administrator"), centre)
    first.send("save", "organisation.renamed", occurred="2020", new_name="Pirmas")
    answer = second.send("save", "organisation.renamed", occurred="2021", new_name="Antras")
    assert answer.status_code == 409
    assert "Pirmas" in words(answer.text.partition("Someone was first")[2])
    assert "Record it all the same" in answer.text
    second.hidden = {name: value for name, value in open_form(answer).items() if name != "csrf_token"}
    assert second.send("save", "organisation.renamed", occurred="2021", new_name="Antras").status_code == 303


def test_before_it_is_saved_it_says_what_follows(secretary: Person, centre: str, ztok: UUID) -> None:
    life, own = Form(secretary, f"/coalitions/{ztok}"), Form(secretary, centre)
    assert "organisations are in until then" in life.reads_on("coalition.dissolved", occurred="today")
    named = own.reads_on("organisation.renamed", occurred="2020", new_name="Kitas")
    assert f"{CENTRE} (the first name known) Kitas (since: 2020)" in named
    same = own.reads_on("organisation.same_as", occurred="today", other=INSTITUTE)
    assert "Striking this entry out parts them again" in same
    office = {"role": "chair", "organisation": CENTRE}
    life.send("save", "coalition.office_taken", occurred="2019", **office)
    again = Form(secretary, f"/coalitions/{ztok}")
    assert f"Held until then by {CENTRE} (since: 2019)" in again.reads_on(
        "coalition.office_taken", occurred="2021", role="chair", organisation=INSTITUTE
    )


def test_who_may_only_read_has_no_form(signed_in: SignedIn, ztok: UUID, centre: str) -> None:
    auditor = signed_in("auditor")
    for page, change in (
        ("/organisations", "new"),
        ("/coalitions", "new"),
        (centre, "life"),
        (f"/coalitions/{ztok}", "life"),
    ):
        assert 'id="change-form"' not in auditor.open(f"{page}?change={change}").text
    for address in ("/organisations", "/coalitions", f"{centre}/changes", f"/coalitions/{ztok}/life"):
        assert auditor.send(address, event="organisation.dissolved").status_code == 404


def test_two_records_of_one_organisation_lead_to_each_other_until_they_are_parted(
    secretary: Person, centre: str, stores: Stores
) -> None:
    answer = Form(secretary, centre).send("save", "organisation.same_as", occurred="today", other=INSTITUTE)
    position = answer.headers["Location"].partition("recorded=")[2]
    for page, other in ((centre, INSTITUTE), (f"/organisations/{id_of(stores, INSTITUTE)}", CENTRE)):
        shown = secretary.open(page).text
        assert f"The same as {other}" in words(shown)
        assert f'href="/register/{position}/strike"' in shown


def test_an_entry_speaks_of_an_earlier_one(secretary: Person, centre: str, stores: Stores) -> None:
    typed = {"occurred": "2020", "post": "contact", "person": "Ona Onaitė"}
    assert Form(secretary, centre).send("save", "organisation.contact_added", **typed).status_code == 303
    form = Form(secretary, centre)
    assert "Ona Onaitė" in words(form.send("choose", "organisation.contact_removed").text.partition('id="of"')[2])
    contact = len(stores.chronicle.history(id_of(stores, CENTRE)))
    gone = form.send("save", "organisation.contact_removed", occurred="2021", of=str(contact))
    assert gone.status_code == 303, words(gone.text)
    for made_up in ("0", "99", "x", str(contact)):
        again = Form(secretary, centre).send("save", "organisation.contact_removed", occurred="2022", of=made_up)
        assert again.status_code == 422, made_up


def test_a_file_is_kept_with_the_source(secretary: Person, ztok: UUID, stores: Stores) -> None:
    form = Form(secretary, f"/coalitions/{ztok}")
    fields: dict[str, Any] = {**form.hidden, "csrf_token": secretary.token(), "do": "save"}
    upload = (BytesIO(b"the rules, as adopted"), "rules.txt")
    adopted = "coalition.rules_adopted"
    fields |= {"event": adopted, "shown": adopted, "occurred": "2020", "source_upload": upload}
    answer = secretary.client.post(form.address, data=fields, content_type="multipart/form-data")
    assert answer.status_code == 303, words(answer.text)
    last = stores.chronicle.last_position()
    source = stores.chronicle.at([last])[last].entry.source
    assert source is not None
    assert len(source.files) == 1
    assert "rules.txt" in words(secretary.open(f"/register/{last}").text)


CONTACT = {"post": "contact", "person": "Ona Onaitė", "email": "ona@example.org", "telephone": "+370 600"}


def test_contacts_and_delegates_stand_on_the_page_of_their_organisation_but_not_for_viewers(
    secretary: Person, signed_in: SignedIn, ztok: UUID, centre: str, stores: Stores
) -> None:
    Form(secretary, centre).send("save", "organisation.contact_added", occurred="2020", **CONTACT)
    at = stores.chronicle.last_position()
    delegate = {"post": "delegate", "person": "Jonas Jonaitis", "email": "jonas@example.org"}
    form = Form(secretary, f"/coalitions/{ztok}", centre.rpartition("/")[2])
    answer = form.send("save", "delegate_appointed", occurred="2021", **delegate)
    assert answer.status_code == 303, words(answer.text)
    page = words(secretary.open(centre).text)
    assert "Ona Onaitė ona@example.org +370 600 2020" in page
    assert "Jonas Jonaitis jonas@example.org" in page
    assert "ona@example.org" not in secretary.open(f"{centre}?on=2019-05-01").text
    viewer = signed_in("viewer")
    for address in (centre, f"/register/{at}", f"/register/{at + 1}", "/timeline", "/register", "/"):
        shown = viewer.open(address).text
        for withheld in ("Ona Onaitė", "ona@example.org", "+370 600", "Jonas Jonaitis", "jonas@example.org"):
            assert withheld not in shown, (address, withheld)
    assert "not shown to viewers" in viewer.open(f"/register/{at}").text
    contact = str(len(stores.chronicle.history(id_of(stores, CENTRE))))
    Form(secretary, centre).send("save", "organisation.contact_removed", occurred="2022", of=contact)
    assert "ona@example.org" not in secretary.open(centre).text
    assert "ona@example.org" in secretary.open(f"{centre}?on=2021-05-01").text
    assert "Ona" not in viewer.open(f"/register/{stores.chronicle.last_position()}").text


def test_rows_of_records_of_one_organisation_say_so(secretary: Person, centre: str, ztok: UUID) -> None:
    follows = Form(secretary, centre).reads_on("organisation.same_as", occurred="today", other=INSTITUTE)
    assert "each counted by itself" in follows
    Form(secretary, centre).send("save", "organisation.same_as", occurred="today", other=INSTITUTE)
    for page in (f"/coalitions/{ztok}", f"/coalitions/{ztok}/voters"):
        shown = words(secretary.open(page).text)
        for other in (CENTRE, INSTITUTE):
            assert f"Another record of the same organisation, counted by itself: {other}" in shown


@pytest.mark.parametrize(
    ("event", "field"), [("organisation.split", "into_1"), ("organisation.contact_added", "person")]
)
def test_what_says_nothing_is_asked_for_beside_its_field(
    secretary: Person, centre: str, event: str, field: str
) -> None:
    answer = Form(secretary, centre).send("save", event, occurred="2020", post="contact")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_dissolved_coalition_says_so_first(secretary: Person, ztok: UUID) -> None:
    Form(secretary, f"/coalitions/{ztok}").send("save", "coalition.dissolved", occurred="3 May 2024")
    page = secretary.open(f"/coalitions/{ztok}").text
    assert "was dissolved" in words(page.partition('<ul class="counts"')[0])
    assert "3 May 2024:" in words(page.partition('<ul class="counts"')[0])
    earlier = secretary.open(f"/coalitions/{ztok}?on=2020-01-01").text
    assert "was dissolved" not in words(earlier)


def test_a_refusal_stands_also_where_the_preview_stands(secretary: Person, centre: str) -> None:
    preview = Form(secretary, centre).reads_on("organisation.renamed", occurred="5 May 2001", new_name=CENTRE)
    assert "Organisation renamed on 5 May 2001 is not possible" in preview.partition("Understood 5 May 2001")[2]


def test_a_name_like_others_is_offered_as_a_new_coalition(secretary: Person) -> None:
    form = Form(secretary, "/coalitions", "new")
    answer = form.send("check", "coalition.founded", occurred="today", called="Žmogaus teisių centras")
    assert "as a new coalition" in words(answer.text)
    assert "as a new organisation" not in words(answer.text)
