"""Membership ribbons as SVG: a row a member, a band a period, a mark an entry; the chosen day is a line through all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup, escape

from projections.periods import Band
from webapp.ribbon_axis import Span, Tick
from webapp.ribbon_looks import HEIGHT, Look, definitions, look_of
from webapp.ribbon_marks import DEFINITIONS, Spot

RED = "#D55E00"
AXIS, ROW, TOP = 30, 28, 6
NAME, LEGEND = 20, 22  # in a file: above each ribbon its name, below all of them what they mean
MARGIN = 12
NARROWEST = 0.15  # hundredths of the width: a day can still be seen
LONGEST_NAME = 140
LAST_NAMED = 97  # hundredths of the width: further right there is no room for words


class Piece(NamedTuple):
    left: float
    right: float
    look: Look


class Drawn(NamedTuple):
    """A row, for `write`."""

    name: str
    pieces: Sequence[Piece]
    spots: Sequence[Spot]


class Scale(NamedTuple):
    """What all rows have in common."""

    ticks: Sequence[Tick]
    chosen: float | None  # where the chosen day lies; None: outside
    said: str  # what it is called


class Labels(NamedTuple):
    """What is read aloud and written: words only, in one language."""

    title: str
    description: str


def shared(rows: Iterable[Drawn], scale: Scale) -> str:
    """Each look once, the years and the chosen day; the rows refer to them."""
    return "".join(
        (
            "<defs>",
            definitions(piece.look for row in rows for piece in row.pieces),
            DEFINITIONS,
            '<g id="years" stroke="currentColor" stroke-opacity=".12">',
            *(f'<line x1="{at.share:.2f}%" x2="{at.share:.2f}%" y2="{ROW}"/>' for at in scale.ticks),
            "</g>",
            chosen_line(scale),
            "</defs>",
        )
    )


def chosen_line(scale: Scale) -> str:
    x, hidden = (scale.chosen, "") if scale.chosen is not None else (0, ' display="none"')
    place = f'x1="{x:.2f}%" x2="{x:.2f}%" y1="-{TOP}" y2="{ROW + TOP}"'
    return f'<line id="on" {place} stroke="{RED}" stroke-width="2"{hidden}/>'


def pieces(bands: Iterable[Band], span: Span) -> list[Piece]:
    """Bands that touch and look alike are one; an uncertain one fades away from the certain one beside it."""
    by_look: dict[Look, list[Band]] = {}
    for one in bands:
        look = look_of(one)
        if look and span.meets(one.since, one.until):
            by_look.setdefault(look, []).append(one)
    found = [piece for look, alike in by_look.items() for piece in of_look(look, alike, span)]
    return sorted(found, key=lambda piece: (piece.look.fade == "in", piece.left))


def of_look(look: Look, bands: list[Band], span: Span) -> Iterator[Piece]:
    runs = joined(bands)
    for n, (since, until, certain) in enumerate(runs):
        after = n > 0 and runs[n - 1][1] == since and runs[n - 1][2]
        before = n + 1 < len(runs) and runs[n + 1][0] == until and runs[n + 1][2]
        fade = "through" if after == before else "in" if before else "out"
        shown = look if certain else Look(look.kind, look.density, fade)
        yield Piece(span.share(since, 0.0), span.share(until, 100.0), shown)


Run = tuple[date | None, date | None, bool]


def joined(bands: list[Band]) -> list[Run]:
    runs: list[Run] = []
    for one in sorted(bands, key=lambda one: one.since or date.min):
        last = runs[-1] if runs else None
        if last and last[2] == one.certain and last[1] is not None and last[1] >= (one.since or date.min):
            runs[-1] = (last[0], one.until and max(one.until, last[1]), one.certain)
        else:
            runs.append((one.since, one.until, one.certain))
    return runs


def ribbon(row: Drawn, address: tuple[str, str] | None = None) -> Markup:
    """What is drawn in a row. `address`: what stands before and after the position in the address of an entry."""
    inside = (
        '<use href="#years"/>',
        *map(band, row.pieces),
        *(marked(spot, address) for spot in row.spots),
        '<use href="#on"/>',
    )
    return Markup("".join(inside))  # noqa: S704  # what people typed is escaped where it is written


def band(piece: Piece) -> str:
    width = max(NARROWEST, piece.right - piece.left)
    place = f'x="{piece.left:.2f}%" y="{TOP}" width="{width:.2f}%" height="{HEIGHT}"'
    return f'<use href="#{piece.look.symbol}" {place}/>'


def marked(spot: Spot, address: tuple[str, str] | None) -> str:
    place = f'x="{spot.share:.2f}%" y="{ROW // 2 + spot.level}"'
    told = f'<title>{spot.told}</title><use href="#{spot.look}" {place}/>'
    if address is None:
        return f"<g>{told}</g>"
    before, after = address
    return f'<a href="{before}{spot.position}{after}" tabindex="-1">{told}</a>'


def axis(scale: Scale) -> Markup:
    """The years above all rows, and the handle of the chosen day."""
    return Markup("".join((*map(tick, scale.ticks), handle(scale))))  # noqa: S704  # words are escaped where they are written


def tick(at: Tick) -> str:
    x, rare = f"{at.share:.2f}%", "" if at.is_rare else ' class="tick-wide"'
    line = f'<line x1="{x}" x2="{x}" y1="14" y2="{AXIS}" stroke="currentColor" stroke-opacity=".3"/>'
    if at.share > LAST_NAMED:
        return line
    return f'{line}<text x="{x}" dx="4" y="25" font-size="12" fill-opacity=".85"{rare}>{escape(at.label)}</text>'


def handle(scale: Scale) -> str:
    hidden = ' display="none"' if scale.chosen is None else ""
    x = f"{scale.chosen or 0:.2f}%"
    anchor, aside = ("end", -10) if (scale.chosen or 0) > 50 else ("start", 10)
    return (
        f'<g id="chosen"{hidden}><line x1="{x}" x2="{x}" y1="6" y2="{AXIS + TOP}" stroke="{RED}" stroke-width="2"/>'
        f'<circle cx="{x}" cy="6" r="5" fill="{RED}"/>'
        f'<text x="{x}" dx="{aside}" y="11" font-size="12" text-anchor="{anchor}" font-weight="600">'
        f"{escape(scale.said)}</text></g>"
    )


# A file of its own


def svg(rows: Sequence[Drawn], scale: Scale, labels: Labels, legend: Sequence[tuple[Look, str]], width: int) -> str:
    step = NAME + ROW
    bottom = AXIS + step * len(rows) + MARGIN
    height = bottom + LEGEND * len(legend) + MARGIN
    return "".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" font-size="13"'
            f' width="{width}" height="{height}" viewBox="0 0 {width} {height}" fill="currentColor" color="#1d1d1b"'
            ' font-family="system-ui, sans-serif">'
            f'<title id="title">{escape(labels.title)}</title><desc id="desc">{escape(labels.description)}</desc>'
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            shared([*rows, Drawn("", [Piece(0, 0, look) for look, _ in legend], ())], scale),
            f'<svg x="{MARGIN}" width="{width - 2 * MARGIN}" height="{AXIS}">{axis(scale)}</svg>',
            *(named_row(row, AXIS + step * n, width) for n, row in enumerate(rows)),
            *(explained(look, words, bottom + LEGEND * n) for n, (look, words) in enumerate(legend)),
            "</svg>",
        )
    )


def named_row(row: Drawn, top: int, width: int) -> str:
    shown = row.name if len(row.name) <= LONGEST_NAME else row.name[: LONGEST_NAME - 1] + "…"
    across = f'x1="{MARGIN}" x2="{width - MARGIN}" y1="{top}.5" y2="{top}.5"'
    within = f'x="{MARGIN}" y="{top + NAME}" width="{width - 2 * MARGIN}" height="{ROW}"'
    return (
        f'<line {across} stroke="currentColor" stroke-opacity=".14"/>'
        f'<text x="{MARGIN}" y="{top + 16}">{escape(shown)}</text>'
        f'<svg {within} overflow="visible">{ribbon(row)}</svg>'
    )


def explained(look: Look, words: str, top: int) -> str:
    return (
        f'<use href="#{look.symbol}" x="{MARGIN}" y="{top}" width="34" height="{HEIGHT}"/>'
        f'<text x="{MARGIN + 44}" y="{top + 13}">{escape(words)}</text>'
    )
