"""How are names of four languages compared? A search form without marks, and a sort key."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

FOLDED = str.maketrans(
    {"ə": "e", "ı": "i", "ґ": "г", "є": "е", "ї": "і", "ё": "е", "й": "и", "ß": "ss", "ł": "l", "ø": "o", "đ": "d"}
    | dict.fromkeys("'’ʼ`´„“”\"«»‘‚", None)
)
ORDER = {
    "": "a b c ç č d e ə f g ğ h ı i y j k l m n o ö p q r s ş š t u ü v w x z ž"
    " а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    "en": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "lt": "a b c č d e f g h i y j k l m n o p q r s š t u v w x z ž",
    "az": "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v w y z",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
}
SAME = {"lt": {"y": "i"}, "": {"y": "i"}}
LETTERS = {language: frozenset(order.split()) for language, order in ORDER.items()}


def composed(text: str) -> str:
    """Two ways of typing one name are one name: composed, folded in case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def fold(text: str) -> str:
    """What people type who have other keys: no marks, no case, no letter that only one alphabet has."""
    lowered = lower(text, "").translate(FOLDED)
    parts = unicodedata.normalize("NFD", lowered)
    return " ".join("".join(letter for letter in parts if not unicodedata.combining(letter)).split())


def lower(text: str, language: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if language == "az":
        text = text.replace("I", "ı")
    return unicodedata.normalize("NFC", text.replace("İ", "i").casefold())


@lru_cache(maxsize=20_000)
def sort_key(text: str, language: str = "") -> str:
    """Comparable as plain text, byte by byte. Letters first, then their marks, then their case."""
    language = language if language in ORDER else ""
    weighed = [weighed_letter(letter, language) for letter in lower(text, language)]
    return f"{''.join(weight for weight, _ in weighed)} {''.join(base for _, base in weighed)} {text}"


@lru_cache(maxsize=5_000)
def weighed_letter(letter: str, language: str) -> tuple[str, str]:
    """Its weight and itself without the marks that are none of the alphabet's."""
    base = base_of(letter, language)
    return (weight(base, language), letter) if base else ("", "")


def base_of(letter: str, language: str) -> str:
    """The letter of the alphabet under its marks; nothing for marks and quotation signs."""
    if letter in LETTERS[language] or letter in LETTERS[""]:
        return letter
    if letter.isalnum():
        return unicodedata.normalize("NFD", letter)[0]
    return " " if letter.isspace() or letter in "-–—/" else ""


def weight(letter: str, language: str) -> str:
    """Spaces before digits before Latin before Cyrillic before all else."""
    letter = SAME.get(language, {}).get(letter, letter)
    if letter == " ":
        return "0"
    if letter.isdigit():
        return f"1{letter}"
    if letter in RANKS[language]:
        return f"2{RANKS[language][letter]:02}"
    return f"4{ord(letter):06x}"


def _ranks(language: str) -> dict[str, int]:
    """Places in the alphabet; letters of other alphabets come after their neighbour in the mixed order."""
    order = ORDER[language].split()
    mixed = ORDER[""].split()
    for position, letter in enumerate(mixed):
        if letter not in order:
            before = mixed[position - 1] if position else None
            order.insert(order.index(before) + 1 if before in order else 0, letter)
    return {letter: place for place, letter in enumerate(order)}


RANKS = {language: _ranks(language) for language in ORDER}
