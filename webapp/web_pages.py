"""Links as evidence, as people type them: one on each line, with title and the day on which it was read."""

from __future__ import annotations

from collections.abc import Iterable

from domain import texts
from domain.action import WebPage
from domain.dates import PartialDate, parse
from domain.refused import Refused
from domain.typed_dates import read
from webapp.dates import show_date
from webapp.languages import shown_language
from webapp.moments import at
from webapp.parts import LINKS


def read_all(text: str) -> tuple[WebPage, ...]:
    return tuple(web_page(line) for line in texts.note(text, "evidence").splitlines() if line.strip())


def web_page(line: str) -> WebPage:
    """`title | https://… | 3 May 2020`; title and day may be left out."""
    parts = [part.strip() for part in line.split("|")]
    place = next((n for n, part in enumerate(parts) if part.startswith(LINKS)), None)
    if place is None or len(parts[place].split()) != 1:
        raise Refused("text.no_link", field="evidence")
    title, accessed = " | ".join(parts[:place]), " ".join(parts[place + 1 :])
    return WebPage(title, parts[place], day(accessed) if accessed else None)


def day(text: str) -> PartialDate:
    return read(text, shown_language(), at().today)


def written(pages: Iterable[WebPage]) -> str:
    lines = ([page.title, page.link, date_as_typed(page.accessed) if page.accessed else ""] for page in pages)
    return "\n".join(" | ".join(part for part in line if part) for line in lines)


def date_as_typed(partial: PartialDate) -> str:
    """In words, where these are read as the same."""
    words = show_date(partial, shown_language())
    try:
        return words if day(words) == partial else parse(partial.text).text
    except Refused:
        return partial.text
