"""Four alphabets, as their readers sort and search them."""

from __future__ import annotations

import pytest

from projections.letters import composed, fold, sort_key

ALPHABETS = {
    "lt": "a b c č d e f g h i j k l m n o p r s š t u v z ž",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    "az": "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z",
    "en": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
}


@pytest.mark.parametrize("language", ALPHABETS)
def test_letters_stand_in_the_order_of_the_alphabet(language: str) -> None:
    letters = ALPHABETS[language].split()
    assert sorted(set(letters), key=lambda letter: sort_key(letter, language)) == letters


def test_y_stands_with_i_in_lithuanian() -> None:
    names = ["Jonas", "Ypač", "Ila", "Yla", "Ira"]
    assert sorted(names, key=lambda name: sort_key(name, "lt")) == ["Ila", "Yla", "Ypač", "Ira", "Jonas"]


def test_marks_decide_only_between_names_that_are_else_the_same() -> None:
    names = ["Ąžuolas", "Azuolas", "Aukštis", "Ėjimas", "Ela"]
    assert sorted(names, key=lambda name: sort_key(name, "lt")) == ["Aukštis", "Azuolas", "Ąžuolas", "Ėjimas", "Ela"]


def test_a_mixed_list_has_latin_before_cyrillic_and_quotation_marks_aside() -> None:
    names = ["Яблуко", "„Žalia“", "Zebra", "Ґанок", "Гора", "Ərazi", "Era"]
    assert sorted(names, key=sort_key) == ["Era", "Ərazi", "Zebra", "„Žalia“", "Гора", "Ґанок", "Яблуко"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Žmogaus", "zmogaus"),
        ("Гім ґанок є їжа", "гім ганок е іжа"),
        ("Şəki Iğdır", "seki igdir"),
        ("İmişli", "imisli"),
    ],
)
def test_a_name_is_found_by_what_other_keys_can_type(name: str, typed: str) -> None:
    assert fold(name) == fold(typed)


def test_two_ways_of_typing_one_name_are_one() -> None:
    assert composed("Z\u030cmogaus  Teisės ") == composed("žmogaus teisės")
