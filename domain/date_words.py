"""The words that people write dates with, by language, in every grammatical case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

ONE_LETTER = str.maketrans({"İ": "i", "I": "i", "ı": "i", "ə": "e", "Ə": "e"})
SPELLING = re.compile(r"([^\s()]+)(?:\(([^)]*)\))?")


class Spellings(NamedTuple):
    """A name: `stem(ending ending) word`, the stem with each ending, then words as they are. Phrases: parted by `|`."""

    months: tuple[str, ...]
    seasons: tuple[str, ...]  # spring, summer, autumn, winter
    idle: str  # words that add nothing: year, day, ordinal endings
    phrases: dict[str, str]  # by meaning; `…` begins what only follows a date; "until" may or may not include its day
    between: str  # opening > middle > closing


AZ = "in un i u a e da de dan den inda inde unda unde indan inden undan unden"

SPELLINGS = {
    "en": Spellings(
        months=(
            *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul"),
            *("august aug", "september sept sep", "october oct", "november nov", "december dec"),
        ),
        seasons=("spring", "summer", "autumn fall", "winter"),
        idle="the of in on year st nd rd th",
        phrases={
            "yesterday": "yesterday",
            "today": "today",
            "tomorrow": "tomorrow",
            "unknown": "not known|unknown|date not known|date unknown",
            "before": "before|earlier than",
            "at_latest": "by|not later than|no later than|at the latest",
            "inclusive": "inclusive|included",
            "until": "until|till",
            "after": "after|later than",
            "at_earliest": "not before|not earlier than|no earlier than|or later",
            "about": "about|around|circa|c|ca|approximately|approx|~",
            "uncertain": "uncertain|possibly|perhaps|maybe|probably|?",
        },
        between="between > and >|from > to >|> – >|> to >",
    ),
    "uk": Spellings(
        months=(
            *("січ(ень ня ню нем ні) січ", "лют(ий ого ому им ім) лют", "берез(ень ня ню нем ні) берез бер"),
            *("квіт(ень ня ню нем ні) квіт кві", "трав(ень ня ню нем ні) трав тра", "черв(ень ня ню нем ні) черв чер"),
            *("лип(ень ня ню нем ні) лип", "серп(ень ня ню нем ні) серп сер", "верес(ень ня ню нем ні) верес вер"),
            *("жовт(ень ня ню нем ні) жовт жов", "листопад(а у ові ом і) листопад лист лис"),
            "груд(ень ня ню нем ні) груд гру",
        ),
        seasons=(
            "весн(а и і у ою) навесні",
            "літ(о а у ом і) влітку улітку",
            "осін(ь і ню) восени",
            "зим(а и і у ою) взимку узимку",
        ),
        idle="рік року році роком років роки р рр у в на місяць місяця міс день дня числа го те е ше ого",
        phrases={
            "yesterday": "вчора|учора",
            "today": "сьогодні",
            "tomorrow": "завтра",
            "unknown": "невідомо|невідома|дата невідома|дату не встановлено|не відомо",
            "before": "раніше ніж|раніше|перед",
            "at_latest": "не пізніше ніж|не пізніше",
            "inclusive": "включно",
            "until": "до",
            "after": "пізніше ніж|пізніше|після",
            "at_earliest": "не раніше ніж|не раніше|або пізніше",
            "about": "близько|приблизно|орієнтовно|біля|бл|коло|~",
            "uncertain": "непевно|непевна|неточно|можливо|імовірно|ймовірно|мабуть|?",
        },
        between="між > і >|між > та >|між > й >|від > до >|з > до >|із > до >|у проміжку > – >|> – >",
    ),
    "lt": Spellings(
        months=(
            *("saus(is io iui į iu yje) saus", "vasar(is io iui į iu yje) vas", "kov(as o ui ą u e) kov"),
            *("baland(is žio žiui į žiu yje) bal", "geguž(ė ės ei ę e ėje) geg", "biržel(is io iui į iu yje) birž"),
            *("liep(a os ai ą oje) liep", "rugpjū(tis čio čiui tį čiu tyje) rugp", "rugsėj(is o ui į u yje) rugs"),
            *(
                "spal(is io iui į iu yje) spal",
                "lapkri(tis čio čiui tį čiu tyje) lapkr",
                "gruod(is žio žiui į žiu yje) gruod",
            ),
        ),
        seasons=(
            *("pavasar(is io iui į iu yje)", "vasar(a os ai ą oje)"),
            *("rud(uo ens eniui enį eniu enyje)", "žiem(a os ai ą oje)"),
        ),
        idle="m metai metų metais metus metams mėn mėnuo mėnesį mėnesio mėnesis d diena dieną dienos oji ąją osios",
        phrases={
            "yesterday": "vakar",
            "today": "šiandien",
            "tomorrow": "rytoj",
            "unknown": "nežinoma|nežinomas|nežinia|nežinoma data|data nežinoma",
            "before": "prieš|anksčiau nei|anksčiau negu|anksčiau kaip",
            "at_latest": "ne vėliau kaip|ne vėliau nei|ne vėliau negu",
            "inclusive": "imtinai",
            "until": "iki",
            "after": "po|vėliau nei|vėliau negu|vėliau kaip",
            "at_earliest": "ne anksčiau kaip|ne anksčiau nei|ne anksčiau negu|arba vėliau",
            "about": "apie|maždaug|apytiksliai|apytikriai|~",
            "uncertain": "neaišku|neaiški|netikslu|netiksli|abejotina|galbūt|tikriausiai|turbūt|?",
        },
        between="tarp > ir >|nuo > iki >|laikotarpiu > – >|> – >",
    ),
    "az": Spellings(
        months=(
            *(f"yanvar({AZ}) yanvar yan", f"fevral({AZ}) fevral fev", f"mart({AZ}) mart mar", f"aprel({AZ}) aprel apr"),
            *(f"may({AZ}) may", f"iyun({AZ}) iyun iyn", f"iyul({AZ}) iyul iyl", f"avqust({AZ}) avqust avq"),
            *(f"sentyabr({AZ}) sentyabr sen", f"oktyabr({AZ}) oktyabr okt", f"noyabr({AZ}) noyabr noy"),
            f"dekabr({AZ}) dekabr dek",
        ),
        seasons=(f"yaz({AZ}) yaz bahar({AZ}) bahar", f"yay({AZ}) yay", f"payız({AZ}) payız", f"qış({AZ}) qış"),
        idle="il ili ilin ildə ilində ildən ilindən ci cu si su i u da də dan dən ay ayı ayının ayında gün günü tarixi "
        "tarixində tarixindən",
        phrases={
            "yesterday": "dünən",
            "today": "bu gün|bugün",
            "tomorrow": "sabah",
            "unknown": "məlum deyil|naməlum|naməlumdur|bilinmir|tarix məlum deyil",
            "before": "əvvəl|qabaq",
            "at_latest": "gec olmayaraq|ən gec",
            "inclusive": "daxil olmaqla|daxil",
            "until": "ilə qədər|ilədək|ilinə qədər|qədər|…dək|kimi",
            "after": "sonra",
            "at_earliest": "tez olmayaraq|ən tez",
            "about": "təxminən|haradasa|təqribən|ətrafında|ətrafı|~",
            "uncertain": "dəqiq deyil|ehtimal|ehtimal ki|bəlkə|?",
        },
        between="> ilə > arasında|> və > arasında|> – >",
    ),
}


class Phrase(NamedTuple):
    words: list[str]
    meaning: str
    follows: bool  # it is never said before a date


class Between(NamedTuple):
    opening: list[str]
    middle: str
    closing: list[str]


class Words(NamedTuple):
    """What is understood on a page: the words of its language and the English ones, folded."""

    months: dict[str, int]
    seasons: dict[str, int]
    idle: frozenset[str]
    phrases: tuple[Phrase, ...]  # the longest first
    between: tuple[Between, ...]  # the longest first


def fold(text: str) -> str:
    """Without case and marks: i and ı are one, and so are e and ə."""
    letters = unicodedata.normalize("NFD", text.translate(ONE_LETTER).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def words_of(language: str) -> Words:
    spoken = [SPELLINGS[name] for name in dict.fromkeys(("en", language))]
    idle = frozenset(word for one in spoken for word in fold(one.idle).split())
    return Words(
        months={word: number for one in spoken for number, row in enumerate(one.months, 1) for word in spelled(row)},
        seasons={word: number for one in spoken for number, row in enumerate(one.seasons, 21) for word in spelled(row)},
        idle=idle,
        phrases=tuple(sorted((p for one in spoken for p in phrases(one, idle)), key=lambda p: -len(p.words))),
        between=tuple(
            sorted((b for one in spoken for b in betweens(one, idle)), key=lambda b: -len(b.opening + b.closing))
        ),
    )


def spelled(row: str) -> list[str]:
    found = SPELLING.findall(fold(row))
    return [stem + ending for stem, endings in found for ending in endings.split() or [""]]


def phrases(one: Spellings, idle: frozenset[str]) -> Iterator[Phrase]:
    for meaning, row in one.phrases.items():
        for said in fold(row).split("|"):
            words = [word for word in said.lstrip("…").split() if word not in idle]
            yield Phrase(words, meaning, said.startswith("…"))


def betweens(one: Spellings, idle: frozenset[str]) -> Iterator[Between]:
    for row in fold(one.between).split("|"):
        opening, middle, closing = ([word for word in part.split() if word not in idle] for part in row.split(">"))
        yield Between(opening, middle[0], closing)
