"""What people type for a date, in the words of the page's language or else of another one, read as EDTF."""

from __future__ import annotations

import re
from datetime import date

from domain.date_words import SPELLINGS, Words, fold, words_of
from domain.dates import PartialDate, parse
from domain.edtf import LONGEST_TEXT, neighbour, shifted, unreadable
from domain.numeric_dates import NotUnderstood, Tokens, is_year, numeric, only_year, parted_by_slashes, with_month
from domain.refused import Refused, quoted

EDTF = re.compile(r"[0-9Xx.,/\[\]~?%\- ]+")
TOKEN = re.compile(r"[0-9]+(?:/[0-9]+)*|[^\W\d_]+|[–—]|(?<=\s)-(?=\s)|[~?]")
DASHES = re.compile("[—-]")
PUNCTUATION = frozenset(" \u00a0\u202f.,:;'’()-")
RELATED_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
RELATIONS = ("before", "at_latest", "until", "after", "at_earliest")
MARKS = {
    frozenset([""]): "",
    frozenset(["about", ""]): "~",
    frozenset(["uncertain", ""]): "?",
    frozenset(["about", "uncertain"]): "%",
}


def read(text: str, language: str, today: date) -> PartialDate:
    """The date meant; its text is EDTF. Refused with what was typed, and `readings` (EDTF) if it has more than one."""
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise unreadable(text)
    try:
        return written_as_edtf(text, today) or parse(in_words(text, language, today), today)
    except Refused as refusal:
        raise Refused(refusal.code, **{**refusal.details, "text": quoted(text)}) from None


def in_words(text: str, language: str, today: date) -> str:
    """In the first language in which it can be read: the page's own (with English), then the others."""
    for spoken in dict.fromkeys((language, *SPELLINGS)):
        try:
            return Reading(spoken, today).of(text)
        except NotUnderstood:
            continue
    raise unreadable(text)


def written_as_edtf(text: str, today: date) -> PartialDate | None:
    if text and not EDTF.fullmatch(text):
        return None
    try:
        return parse(text.upper(), today)
    except Refused as refusal:
        if refusal.code != "date.unreadable":
            raise
        return None


class Reading:
    """How tokens are read in one language on one day; each method gives EDTF or raises NotUnderstood."""

    def __init__(self, language: str, today: date) -> None:
        self.words: Words = words_of(language)
        self.today = today

    def of(self, text: str) -> str:
        folded = fold(text)
        if "-" in (folded[:1], folded[-1:]):
            raise NotUnderstood  # a year before the first, or an end left open
        if not set(TOKEN.sub("", folded)) <= PUNCTUATION:
            raise NotUnderstood
        tokens = [DASHES.sub("–", token) for token in TOKEN.findall(folded) if token not in self.words.idle]
        return self.whole(tokens)

    def whole(self, tokens: Tokens) -> str:
        meaning, rest = self.taken_off(tokens, ("unknown", *RELATED_DAYS))
        if meaning and not rest:
            return "XXXX" if meaning == "unknown" else self.day(RELATED_DAYS[meaning])
        inclusive, tokens = self.taken_off(tokens, ("inclusive",))
        relation, tokens = self.taken_off(tokens, RELATIONS)
        if inclusive and relation != "until":
            raise NotUnderstood
        if relation:
            return bounded("at_latest" if inclusive else relation, self.marked(tokens))
        return self.winter(tokens) or self.between(tokens) or self.marked(tokens)

    def taken_off(self, tokens: Tokens, meanings: tuple[str, ...]) -> tuple[str, Tokens]:
        """The meaning that a phrase at the start or the end gives to the rest; empty if there is none."""
        for phrase, meaning, follows in self.words.phrases:
            if meaning in meanings and tokens[: len(phrase)] == phrase and not follows:
                return meaning, tokens[len(phrase) :]
            if meaning in meanings and tokens[-len(phrase) :] == phrase:
                return meaning, tokens[: -len(phrase)]
        return "", tokens

    def day(self, steps: int) -> str:
        found = shifted(self.today, steps)
        if found is None:
            raise NotUnderstood
        return found.isoformat()

    def winter(self, tokens: Tokens) -> str:
        """Winter is named by both of its years: 2011/12, 2011/2012, 2011–2012."""
        seasons = [self.words.seasons.get(token) for token in tokens if token[0] not in "0123456789–"]
        years = "/".join(token for token in tokens if token[0] in "0123456789").split("/")
        if seasons != [24] or len(years) != 2 or not is_year(years[0]):
            return ""
        following = f"{int(years[0]) + 1:04}"
        return f"{years[0]}-24" if years[1] in (following, following[2:]) else ""

    def between(self, tokens: Tokens) -> str:
        for opening, middle, closing in self.words.between:
            inner = tokens[len(opening) : len(tokens) - len(closing)]
            if [*opening, *inner, *closing] == tokens and inner.count(middle) == 1:
                start, end = inner[: inner.index(middle)], inner[inner.index(middle) + 1 :]
                return f"{self.marked(self.completed(start, end))}/{self.marked(self.completed(end, start))}"
        return ""

    def completed(self, tokens: Tokens, other: Tokens) -> Tokens:
        """`5` of `5–7 May 2020` and `September` of `September–December 2017` borrow what they do not say."""
        if any(map(is_year, tokens)) or any("/" in token for token in tokens):
            return tokens
        if any(map(self.is_name, tokens)):
            return [*tokens, *filter(is_year, other)]
        if len(tokens) < 2 and not any(map(self.is_name, other)):
            raise NotUnderstood
        return [*tokens, *(token for token in other if is_year(token) or self.is_name(token))]

    def is_name(self, token: str) -> bool:
        return token in self.words.months or token in self.words.seasons

    def marked(self, tokens: Tokens) -> str:
        first, rest = self.taken_off(tokens, ("about",))
        second, rest = self.taken_off(rest, ("uncertain",))
        if not first:
            first, rest = self.taken_off(rest, ("about",))
        mark, text = MARKS[frozenset((first, second))], self.plain(rest)
        if mark and "/" in text:
            raise NotUnderstood
        return text + mark

    def plain(self, tokens: Tokens) -> str:
        return self.winter(tokens) or self.named_or_numeric(tokens)

    def named_or_numeric(self, tokens: Tokens) -> str:
        names = [token for token in tokens if self.is_name(token)]
        numbers = [token for token in tokens if token[0] in "0123456789"]
        if not numbers or len(names) > 1 or len(names) + len(numbers) != len(tokens):
            raise NotUnderstood
        if not names:
            return parted_by_slashes(numbers[0]) if "/" in numbers[0] and len(numbers) == 1 else numeric(numbers)
        if names[0] in self.words.months:
            return with_month(self.words.months[names[0]], numbers)
        return f"{only_year(numbers)}-{self.words.seasons[names[0]]}"


def bounded(relation: str, text: str) -> str:
    if relation == "at_latest":
        return f"../{text}"
    if relation == "at_earliest":
        return f"{text}/.."
    before, after = neighbour(text, -1), neighbour(text, 1)
    if before is None or after is None:
        raise NotUnderstood
    if relation == "until":
        raise Refused("date.ambiguous", readings=[f"../{before}", f"../{text}"])
    return f"../{before}" if relation == "before" else f"{after}/.."
