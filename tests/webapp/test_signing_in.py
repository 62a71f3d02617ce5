"""Who comes in, how, and for how long?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy import update

from domain.refused import Refused
from tests.webapp.conftest import PASSWORD, Person
from webapp import accounts as kept_accounts
from webapp.accounts import Accounts, hash_of, open_session
from webapp.stores import Stores


def test_who_has_an_account_comes_to_the_desk(known: Callable[..., Person]) -> None:
    rasa = known("secretariat")
    answer = rasa.sign_in()
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Secretariat" in rasa.open("/").text


def test_an_address_is_the_same_in_capitals(known: Callable[..., Person]) -> None:
    rasa = known("lead", "rasa@example.org")
    rasa.email = "  Rasa@Example.ORG "
    assert rasa.sign_in().status_code == 303


def test_a_password_is_the_same_composed_and_decomposed(app: Flask, accounts: Accounts) -> None:
    accounts.add("a@example.org", "Aušra", "lead", "žąsų pulkas eina namo")
    decomposed = "z\u030ca\u0328su\u0328 pulkas eina namo"
    assert Person(app.test_client(), "a@example.org").sign_in(decomposed).status_code == 303


def test_who_is_not_signed_in_is_asked_to_and_comes_back(known: Callable[..., Person]) -> None:
    rasa = known("viewer")
    asked = rasa.open("/?on=2016-06-01")
    assert asked.location == "/sign-in?next=/?on%3D2016-06-01"
    assert 'name="next" value="/?on=2016-06-01"' in rasa.open(asked.location).text
    assert (
        rasa.send("/sign-in", email=rasa.email, password=PASSWORD, next="/?on=2016-06-01").location == "/?on=2016-06-01"
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "evil.example",
        "/\t/evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(known: Callable[..., Person], elsewhere: str) -> None:
    rasa = known("viewer")
    assert rasa.sign_in(next=elsewhere).location == "/"


def test_nobody_learns_which_addresses_have_an_account(known: Callable[..., Person], stranger: Person) -> None:
    rasa = known("viewer", "rasa@example.org")
    rasa.open("/sign-in")
    stranger.open("/sign-in")
    wrong = rasa.send("/sign-in", email="rasa@example.org", password="not the right words")
    unknown = stranger.send("/sign-in", email="rosa@example.org", password="not the right words")
    assert wrong.status_code == unknown.status_code == 422
    assert _without_tokens(wrong.text) == _without_tokens(unknown.text).replace("rosa@", "rasa@")
    assert sorted(dict(wrong.headers)) == sorted(dict(unknown.headers))


def test_an_unknown_address_takes_as_long_as_a_wrong_password(accounts: Accounts) -> None:
    accounts.add("rasa@example.org", "Rasa", "viewer", PASSWORD)
    accounts.who_proves("nobody@example.org", "warm the hash of nobody")
    assert _fastest(accounts, "nobody@example.org") > _fastest(accounts, "rasa@example.org") / 3


def _fastest(accounts: Accounts, email: str) -> float:
    def once() -> float:
        start = perf_counter()
        assert accounts.who_proves(email, "not the right words") is None
        return perf_counter() - start

    return min(once() for _ in range(4))


def _without_tokens(text: str) -> str:
    return re.sub(r"[\w.-]{60,}", "", text)


def test_a_captured_cookie_is_dead_after_signing_out(app: Flask, signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("secretariat")
    cookie = rasa.client.get_cookie("kronika")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("kronika", cookie.value)
    assert thief.get("/").status_code == 200
    rasa.open("/")
    left = rasa.send("/sign-out")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert thief.get("/").status_code == 303
    assert rasa.open("/").status_code == 303


def test_only_the_hash_of_a_session_is_stored(stores: Stores, signed_in: Callable[..., Person]) -> None:
    cookie = signed_in("viewer").client.get_cookie("kronika")
    assert cookie is not None
    assert len(cookie.value) >= 43
    with stores.accounts.connect() as connection:
        row = connection.execute(open_session.select()).mappings().one()
    assert row["token_sha256"] == hash_of(cookie.value)
    assert cookie.value not in str(row)


def test_the_cookie_is_for_this_site_and_no_script(known: Callable[..., Person]) -> None:
    cookie = next(c for c in known("viewer").sign_in().headers.getlist("Set-Cookie") if c.startswith("kronika="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(
    ("column", "ago"),
    [("last_seen_at", timedelta(hours=12, minutes=1)), ("expires_at", timedelta(seconds=1))],
)
def test_a_session_ends_when_idle_or_old(
    stores: Stores, signed_in: Callable[..., Person], column: str, ago: timedelta
) -> None:
    rasa = signed_in("viewer")
    assert rasa.open("/").status_code == 200
    with stores.accounts.begin() as connection:
        connection.execute(update(open_session).values({column: datetime.now(UTC) - ago}))
    assert rasa.open("/").status_code == 303


def test_a_session_in_use_is_not_idle(signed_in: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> None:
    rasa = signed_in("viewer")
    for hours in (11, 22, 33):
        later = datetime.now(UTC) + timedelta(hours=hours)
        monkeypatch.setattr(kept_accounts, "instant_now", lambda later=later: later)
        assert rasa.open("/").status_code == 200


def test_disabling_an_account_ends_its_sessions_at_once(accounts: Accounts, signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("lead")
    accounts.disable(rasa.email)
    assert rasa.open("/").status_code == 303
    assert rasa.sign_in().status_code == 422
    accounts.enable(rasa.email)
    assert rasa.sign_in().status_code == 303


def test_a_new_password_ends_the_sessions_of_the_old(accounts: Accounts, signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("lead")
    accounts.change_password(rasa.email, "eleven brown otters")
    assert rasa.open("/").status_code == 303
    assert rasa.sign_in().status_code == 422
    assert rasa.sign_in("eleven brown otters").status_code == 303


def test_a_changed_role_holds_from_the_next_request(accounts: Accounts, signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("viewer")
    accounts.change_role(rasa.email, "auditor")
    assert "Auditor" in rasa.open("/").text


def test_guessing_is_stopped_for_an_address(stranger: Person) -> None:
    stranger.open("/sign-in")
    statuses = [
        stranger.send("/sign-in", email=f"{n}@example.org", password="guess guess guess").status_code for n in range(31)
    ]
    assert statuses == [422] * 30 + [429]
    answer = stranger.send("/sign-in", email="0@example.org", password="guess guess guess")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Too many attempts" in answer.text


def test_guessing_locks_out_neither_the_owner_elsewhere_nor_others_here(known: Callable[..., Person]) -> None:
    rasa, other = known("lead", "rasa@example.org"), known("viewer")
    assert [rasa.sign_in("guess guess guess").status_code for _ in range(11)] == [422] * 10 + [429]
    assert other.sign_in().status_code == 303
    rasa.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert rasa.sign_in().status_code == 303


def test_guessing_is_stopped_for_an_account_from_anywhere(app: Flask, known: Callable[..., Person]) -> None:
    rasa = known("viewer", "rasa@example.org")
    for n in range(50):
        guesser = Person(app.test_client(), "rasa@example.org")
        guesser.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        assert guesser.sign_in("guess guess guess").status_code == 422
    rasa.client.environ_base["REMOTE_ADDR"] = "198.51.100.99"
    assert rasa.sign_in().status_code == 429


def test_signing_in_often_is_not_guessing(known: Callable[..., Person]) -> None:
    rasa = known("viewer")
    for _ in range(12):
        assert rasa.sign_in().status_code == 303
        rasa.client.delete_cookie("kronika")


def test_a_form_sent_by_htmx_stays_on_its_page_when_the_session_has_ended(stranger: Person) -> None:
    answer = stranger.send("/some/form", csrf=False, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#messages"
    assert 'target="_blank"' in answer.text
    assert "<html" not in answer.text


def test_a_whole_page_asked_by_htmx_leads_to_signing_in(stranger: Person) -> None:
    answer = stranger.open("/", HX_Request="true", HX_Request_Type="full")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password.too_short"),
        ("x" * 1001, "password.too_long"),
        ("aaaaaaaaaaaaaaaa", "password.well_known"),
        ("abcabcabcabcabcabc", "password.well_known"),
        ("qwertyuiopasdfgh", "password.well_known"),
        ("Correct Horse Battery Staple", "password.well_known"),
        ("12345678901234567890", "password.well_known"),
        ("rasa.zukaite@example.org", "password.own_name"),
        ("Rasa Žukaitė 2024", "password.own_name"),
    ],
)
def test_weak_passwords_are_refused(accounts: Accounts, password: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        accounts.add("rasa.zukaite@example.org", "Rasa Žukaitė", "lead", password)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("email", "name", "role", "code"),
    [
        ("rasa@example.org", "Rasa", "lead", "account.email_taken"),
        ("RASA@example.org", "Rasa", "lead", "account.email_taken"),
        ("rasa", "Rasa", "lead", "account.email_unreadable"),
        ("a b@example.org", "Rasa", "lead", "account.email_unreadable"),
        ("x" * 250 + "@example.org", "Rasa", "lead", "account.email_unreadable"),
        ("a@example.org", " ", "lead", "account.name_missing"),
        ("a@example.org", "x" * 201, "lead", "account.name_too_long"),
        ("a@example.org", "Rasa", "emperor", "account.role_unknown"),
    ],
)
def test_accounts_that_cannot_be_are_refused(accounts: Accounts, email: str, name: str, role: str, code: str) -> None:
    accounts.add("rasa@example.org", "Rasa", "lead", PASSWORD)
    with pytest.raises(Refused) as refused:
        accounts.add(email, name, role, PASSWORD)
    assert refused.value.code == code


def test_hostile_input_to_sign_in_is_only_wrong(stranger: Person) -> None:
    stranger.open("/sign-in")
    for email in ("\x00", "a\x00@b", "x" * 100_000, "' OR 1=1 --", "\ud7ff\uffff@\u202e"):
        assert stranger.send("/sign-in", email=email, password="\x00" * 20).status_code == 422
