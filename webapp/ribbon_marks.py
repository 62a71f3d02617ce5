"""Where do the marks of entries lie in a ribbon, how do they look, and what do they say?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from domain.clusters import MAX, MIN
from projections.marks import Mark
from webapp import labels
from webapp.band_lines import in_words
from webapp.labels import N_, said_in
from webapp.ribbon_axis import Span

NOT_KNOWN = "XXXX"  # such a mark has no place in the picture
CLOSE = 0.9  # hundredths of the width: marks so near stand above each other
LEVELS = (0, -8, 8)
EXACT, FUZZY, OTHER, OTHER_FUZZY = "mark", "mark-about", "mark-other", "mark-other-about"
INK, PAPER = "#1d1d1b", "#fff"
REACH = '<circle r="7" fill="#fff" fill-opacity="0"/>'  # what a pointer can hit
SHAPES = {
    EXACT: f'<circle r="3.5" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>',
    FUZZY: '<circle r="8" fill="url(#about)"/>'
    f'<circle r="3.5" fill="{PAPER}" stroke="{INK}" stroke-width="1.5" stroke-dasharray="2.2 1.5"/>',
    OTHER: f'<path d="M0-4.5L4.5 0 0 4.5-4.5 0z" fill="{PAPER}" stroke="{INK}" stroke-width="1.3"/>',
    OTHER_FUZZY: '<circle r="8" fill="url(#about)"/><path d="M0-4.5L4.5 0 0 4.5-4.5 0z"'
    f' fill="{PAPER}" stroke="{INK}" stroke-width="1.3" stroke-dasharray="2.2 1.5"/>',
}
HAZE = (
    f'<radialGradient id="about"><stop offset=".2" stop-color="{PAPER}" stop-opacity=".85"/>'
    f'<stop offset="1" stop-color="{PAPER}" stop-opacity="0"/></radialGradient>'
)
DEFINITIONS = HAZE + "".join(f'<g id="{name}">{REACH}{shape}</g>' for name, shape in SHAPES.items())


class Spot(NamedTuple):
    """A mark in its row."""

    share: float
    level: int  # pixels below the middle of the band
    look: str
    position: int
    told: Markup


def spots(marks: Iterable[Mark], span: Span, language: str) -> Iterator[Spot]:
    """Of the days shown; a mark whose day is not known stands in the middle of the days that it can be."""
    first, last = span.first.toordinal(), span.last.toordinal()
    before, level = -100.0, 0
    for mark in marks:
        if mark.occurred != NOT_KNOWN and first <= (at := middle(mark)) <= last:
            share = span.share_of(at)
            level = (level + 1) % len(LEVELS) if share - before < CLOSE else 0
            before = share
            said = told(mark.occurred, mark.name, mark.is_alternative, language)
            yield Spot(share, LEVELS[level], look(mark), mark.position, said)


def middle(mark: Mark) -> float:
    if mark.earliest == MIN:
        return mark.latest
    return mark.earliest if mark.latest == MAX else (mark.earliest + mark.latest) / 2


def look(mark: Mark) -> str:
    if mark.earliest == mark.latest:
        return OTHER if mark.is_alternative else EXACT
    return OTHER_FUZZY if mark.is_alternative else FUZZY


@lru_cache(20_000)
def told(occurred: str, name: str, is_alternative: bool, language: str) -> Markup:
    words = f"{in_words(occurred, language)}: {labels.entry(name)}"
    return escape(f"{words} ({said_in(N_('another source says'), language)})" if is_alternative else words)
