"""Membership ribbons as SVG: a row a member, a band a period, the chosen day a line through all rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from markupsafe import escape

from projections.periods import Band, Ribbon
from webapp.ribbon_looks import HEIGHT, Look, definitions, look_of

RED = "#D55E00"
AXIS, ROW, BAND_TOP = 30, 44, 21
NARROWEST = 0.15  # hundredths of the width: a day can still be seen
TICKS_AT_MOST, WIDE_TICKS = 21, 4
LONGEST_NAME = 60
LAST = date(9999, 12, 31)


class Span(NamedTuple):
    first: date
    last: date

    def share(self, day: date | None, open_end: float) -> float:
        """Where a day lies, in hundredths of the width."""
        if day is None:
            return open_end
        first, last = self
        return min(100.0, max(0.0, 100 * (day - first).days / ((last - first).days or 1)))


class Labels(NamedTuple):
    """What is read aloud and written: words only, in one language."""

    title: str
    description: str
    chosen: str


class Piece(NamedTuple):
    left: float
    right: float
    look: Look


def svg(
    rows: Sequence[Ribbon],
    names: Mapping[UUID, str],
    span: Span,
    on: date,
    labels: Labels,
    width: int | None = None,
) -> str:
    """The whole picture. Without `width` it fills the page; with it, it is a file of its own."""
    height = AXIS + ROW * len(rows) + 8
    drawn = [pieces(row.bands, span) for row in rows]
    called = [names[row.organisation_id] for row in rows]
    return "".join(
        (
            head(height, width),
            f'<title id="ribbons-title">{escape(labels.title)}</title>',
            f'<desc id="ribbons-desc">{escape(labels.description)}</desc>',
            definitions(piece.look for row in drawn for piece in row),
            *years(span, height),
            *(row_of(row, name, AXIS + ROW * n) for n, (row, name) in enumerate(zip(drawn, called, strict=True))),
            *chosen_day(span, on, labels.chosen, height),
            "</svg>",
        )
    )


def head(height: int, width: int | None) -> str:
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" class="ribbons" role="img"'
        ' aria-labelledby="ribbons-title ribbons-desc" font-size="13" fill="currentColor"'
        f' width="{width or "100%"}" height="{height}"'
    )
    if width is None:
        return f"{opening}>"
    return (
        f'{opening} viewBox="0 0 {width} {height}" color="#1d1d1b" font-family="system-ui, sans-serif">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    )


def pieces(bands: Iterable[Band], span: Span) -> list[Piece]:
    """Bands that touch and look alike are one; an uncertain one fades away from the certain one beside it."""
    by_look: dict[Look, list[Band]] = {}
    for one in bands:
        look = look_of(one)
        if look and (one.until is None or one.until > span.first):
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


def row_of(row: list[Piece], name: str, top: int) -> str:
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    faded = {(piece.look.kind, piece.look.density, piece.right) for piece in row if piece.look.fade}
    return "".join(
        (
            f'<line x2="100%" y1="{top}.5" y2="{top}.5" stroke="currentColor" stroke-opacity=".14"/>',
            f'<g><title>{escape(name)}</title><text y="{top + 16}">{escape(shown)}</text>',
            *(band(piece, top + BAND_TOP) for piece in row),
            *(marker(piece, top + BAND_TOP) for piece in row if is_known_beginning(piece, faded)),
            "</g>",
        )
    )


def band(piece: Piece, top: int) -> str:
    width = max(NARROWEST, piece.right - piece.left)
    place = f'x="{piece.left:.2f}%" y="{top}" width="{width:.2f}%" height="{HEIGHT}"'
    return f'<use href="#{piece.look.symbol}" {place}/>'


def is_known_beginning(piece: Piece, faded: set[tuple[str, int, float]]) -> bool:
    """Where the day is not known, nothing pretends to know it."""
    look = piece.look
    return not look.fade and piece.left > 0 and (look.kind, look.density, piece.left) not in faded


def marker(piece: Piece, top: int) -> str:
    return f'<use href="#begun" x="{piece.left:.2f}%" y="{top + HEIGHT // 2}"/>'


def years(span: Span, height: int) -> Iterator[str]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if (span.last.year - span.first.year) / s < TICKS_AT_MOST)
    begins = [date(year, 1, 1) for year in range(span.first.year + 1, span.last.year + 1) if year % step == 0]
    for n, day in enumerate(begins):
        x = f"{span.share(day, 0):.2f}%"
        yield f'<line x1="{x}" x2="{x}" y1="14" y2="{height}" stroke="currentColor" stroke-opacity=".12"/>'
        if span.share(day, 0) <= 98:
            rare = "" if n % WIDE_TICKS == 0 else ' class="tick-wide"'
            yield f'<text x="{x}" dx="4" y="25" font-size="12" fill-opacity=".78"{rare}>{day.year}</text>'


def chosen_day(span: Span, on: date, label: str, height: int) -> Iterator[str]:
    if not span.first <= on <= span.last:
        return
    x = span.share(on, 0)
    anchor, aside = ("end", -10) if x > 60 else ("start", 10)
    yield f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="0" y2="{height}" stroke="{RED}" stroke-width="2"/>'
    yield f'<g><title>{escape(label)}</title><circle cx="{x:.2f}%" cy="5" r="4.5" fill="{RED}"/></g>'
    place = f'x="{x:.2f}%" dx="{aside}" y="10" font-size="12" text-anchor="{anchor}"'
    yield f'<text class="chosen-day" {place}>{escape(label)}</text>'


def span_of(rows: Sequence[Ribbon], today: date) -> Span:
    """From the year of the first known day to the end of this one, or of what has been announced."""
    days = [day for row in rows for band in row.bands for day in (band.since, band.until) if day]
    first, last = min(days, default=today), max([*days, today])
    return Span(date(first.year, 1, 1), min(date(last.year, 12, 31), LAST))
