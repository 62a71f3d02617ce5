"""In which language does a page speak?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.webapp.conftest import Person
from webapp.accounts import Accounts
from webapp.config import LANGUAGES


def _language(person: Person, path: str = "/sign-in", **headers: str) -> str:
    answer = person.open(path, **headers)
    language = next(code for code in LANGUAGES if f'<html lang="{code}">' in answer.text)
    assert answer.headers["Content-Language"] == language
    return language


def test_the_browser_decides_at_first(stranger: Person) -> None:
    assert _language(stranger, Accept_Language="fr, lt;q=0.8, en;q=0.5") == "lt"
    assert _language(stranger, Accept_Language="fr") == "en"
    assert _language(stranger) == "en"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_choice_is_kept_before_and_after_signing_in(
    known: Callable[..., Person], accounts: Accounts, code: str
) -> None:
    person = known("viewer")
    person.open("/sign-in")
    assert person.send("/language", language=code, next="/sign-in").location == "/sign-in"
    assert _language(person, Accept_Language="az") == code
    person.sign_in()
    assert _language(person, "/", Accept_Language="az") == code
    assert accounts.by_email(person.email).language is None


def test_the_choice_of_an_account_goes_with_it(
    known: Callable[..., Person], signed_in: Callable[..., Person], stranger: Person, accounts: Accounts
) -> None:
    person = signed_in("viewer")
    person.open("/")
    person.send("/language", language="uk", next="/?kind=all")
    assert accounts.by_email(person.email).language == "uk"
    stranger.email = person.email
    stranger.sign_in()
    assert _language(stranger, "/") == "uk"


def test_an_address_may_ask_for_a_language(stranger: Person) -> None:
    assert _language(stranger, "/sign-in?lang=az") == "az"
    assert _language(stranger, "/sign-in?lang=xx") == "en"
    assert _language(stranger, "/sign-in") == "en"


def test_each_language_is_offered_by_its_own_name(stranger: Person) -> None:
    text = stranger.open("/sign-in").text
    for code, name in LANGUAGES.items():
        assert f'name="language" value="{code}" lang="{code}"' in text
        assert f">{name}</button>" in text


def test_an_unknown_language_changes_nothing(stranger: Person) -> None:
    stranger.open("/sign-in")
    assert stranger.send("/language", language="xx", next="//evil.example").location == "/"
    assert stranger.client.get_cookie("language") is None
