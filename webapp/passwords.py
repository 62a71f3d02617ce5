"""Which passwords are strong enough: long, not well known, not made of one's own name."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from itertools import combinations

from domain.refused import Refused

SHORTEST, LONGEST = 15, 1000
TOO_MUCH_ALIKE = 5


def check_password(password: str, *own_words: str) -> None:
    if len(password) < SHORTEST:
        raise Refused("password.too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password.too_long", longest=LONGEST)
    plain = _plain(password)
    if plain in _well_known() or _is_one_piece_repeated(plain) or plain in _runs():
        raise Refused("password.well_known")
    if _is_mostly(plain, own_words):
        raise Refused("password.own_name")


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalnum())


def _is_one_piece_repeated(text: str) -> bool:
    """True of "abcabcabcabcabc": it takes no longer to guess than its piece."""
    return text in (text + text)[1:-1]


@cache
def _runs() -> frozenset[str]:
    """Pieces of the alphabet, of the digits and of the rows of a keyboard, there and back."""
    rows = [
        "abcdefghijklmnopqrstuvwxyz",
        "1234567890" * 4,
        "qwertyuiopasdfghjklzxcvbnm",
        "йцукенгшщзхїфівапролджєячсмитьбю",
    ]
    both = rows + [row[::-1] for row in rows]
    return frozenset(row[start:end] for row in both for start, end in combinations(range(len(row) + 1), 2))


def _is_mostly(plain: str, own_words: tuple[str, ...]) -> bool:
    rest = plain
    words = {_plain(part) for whole in own_words for part in (whole, *whole.replace("@", " ").split())}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 3:
            rest = rest.replace(word, "")
    return len(rest.replace("kronika", "")) < TOO_MUCH_ALIKE


@cache
def _well_known() -> frozenset[str]:
    text = files("webapp").joinpath("well_known_passwords.txt").read_text(encoding="utf-8")
    return frozenset(map(_plain, text.split("\n")))
