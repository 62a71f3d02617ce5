"""How each role and standing looks in a ribbon: colour and pattern, safe for colour-blind readers (Okabe–Ito)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from projections.periods import Band

BLUE, SKY, ORANGE, YELLOW = "#0072B2", "#56B4E9", "#E69F00", "#F0E442"
COLOURS = {"member": BLUE, "associate": SKY, "observer": BLUE, "suspended": ORANGE, "in_arrears": YELLOW}
LINES = {"suspended": "#4A2F00", "in_arrears": "#4A4600"}
HEIGHT = 16
WIDEST = 2400  # pixels that a hatch must be able to fill
FADES = {"in": (0.08, 0.92), "out": (0.92, 0.08), "through": (0.5, 0.5)}
DENSEST = 5
DENSITIES = {4: 6, 3: 7, 2: 9, 1: 13}  # pixels between the lines of a hatch, by how many rights are lost


class Look(NamedTuple):
    """What two bands must share to be drawn alike."""

    kind: str  # member | associate | observer | suspended | in_arrears | leaving | applicant
    density: int = 0
    fade: str = ""  # in | out | through, or empty: certain

    @property
    def symbol(self) -> str:
        return symbol_of(self)


@lru_cache(maxsize=1_000)
def symbol_of(look: Look) -> str:
    return "-".join(part for part in (look.kind, str(look.density or ""), look.fade) if part)


def look_of(band: Band) -> Look | None:
    """None: there is nothing to draw."""
    return drawn(band.place, band.role, band.standing, band.scope)


@lru_cache(maxsize=1_000)
def drawn(place: str, role: str | None, standing: str, scope: str | None) -> Look | None:
    if place == "applicant":
        return Look("applicant")
    if place != "in":
        return None
    if standing == "suspended":
        return Look("suspended", density(scope or "all"))
    return Look(str(role) if standing == "good" else standing)


def density(scope: str) -> int:
    rights = scope.split(";")
    return DENSEST if "all" in rights else DENSITIES.get(len(rights), DENSEST)


def swatch_of(look: Look) -> Markup:
    """A small band for the legend, on a page that shows the picture too."""
    return Markup(
        '<svg class="swatch" width="34" height="18" aria-hidden="true" focusable="false">'
        '<use href="#%s" x="1" y="1" width="32" height="16"/></svg>'
    ) % (look.symbol)


def definitions(looks: Iterable[Look]) -> str:
    """Each look once; the bands refer to them."""
    wanted = sorted(set(looks))
    faded = sorted({(look.kind, look.fade) for look in wanted if look.fade and look.kind in COLOURS})
    return "".join((*(gradient(kind, fade) for kind, fade in faded), *map(symbol, wanted)))


def symbol(look: Look) -> str:
    is_open = look.kind in ("observer", "leaving")
    overflow = ' overflow="visible"' if is_open else ""
    return f'<symbol id="{look.symbol}"{overflow}>{"".join(shapes(look))}</symbol>'


def shapes(look: Look) -> Iterator[str]:
    fill = f"url(#fade-{look.kind}-{look.fade})" if look.fade else COLOURS.get(look.kind, "none")
    match look.kind:
        case "applicant":
            yield line('x2="100%" y1="8" y2="8" stroke="currentColor" stroke-width="2" stroke-dasharray="1 4"')
        case "leaving":
            yield fading("leaving", BLUE, 0.95, 0.2)
            yield bar(f'fill="url(#leaving)" stroke="{BLUE}" stroke-width=".75" stroke-dasharray="2 2"')
        case "observer":
            outline = f'class="outlined" stroke="{BLUE}" stroke-width="1.5" stroke-dasharray="5 3"'
            yield bar(f'rx="2" fill="{fill if look.fade else "none"}" {outline}')
        case "suspended" | "in_arrears":
            yield bar(f'fill="{fill}"')
            yield pattern(look)
            if not look.fade:
                yield bar(f'fill="none" stroke="{LINES[look.kind]}"')
        case _:
            yield bar(f'fill="{fill}"' + ("" if look.fade else f' stroke="{BLUE}"'))


def bar(attributes: str) -> str:
    return f'<rect width="100%" height="{HEIGHT}" {attributes}/>'


def line(attributes: str) -> str:
    return f"<line {attributes}/>"


def pattern(look: Look) -> str:
    """Plain paths: a pattern fill makes printed pages slow and large."""
    if look.kind == "suspended":
        drawn = "".join(f"M{x} {HEIGHT}l{HEIGHT}-{HEIGHT}" for x in range(-HEIGHT, WIDEST, look.density))
        stroke = 'stroke-width="1.3"'
    else:
        drawn = "".join(f"M{x} {y}h0" for x in range(4, WIDEST, 8) for y in (5, 11))
        stroke = 'stroke-width="2.6" stroke-linecap="round"'
    faint = ' stroke-opacity=".45"' if look.fade else ""
    return f'<path d="{drawn}" fill="none" stroke="{LINES[look.kind]}" {stroke}{faint}/>'


def gradient(kind: str, fade: str) -> str:
    thin = 0.35 if kind == "observer" else 1.0
    start, end = FADES[fade]
    return fading(f"fade-{kind}-{fade}", COLOURS[kind], start * thin, end * thin)


def fading(name: str, colour: str, start: float, end: float) -> str:
    return (
        f'<linearGradient id="{name}"><stop offset="0" stop-color="{colour}" stop-opacity="{start:.2f}"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="{end:.2f}"/></linearGradient>'
    )
