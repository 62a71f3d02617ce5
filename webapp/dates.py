"""How a person reads a date, however precise it is, and an instant."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_datetime, get_date_format, get_timezone
from flask_babel import force_locale, gettext

from domain.dates import PartialDate
from domain.edtf import neighbour

DAY_PATTERNS = {  # what stands after a no-break space reads badly at the start of a line
    "en": "d MMMM y",
    "uk": "d\u00a0MMMM y\u00a0'р'.",
    "lt": "y\u00a0'm'. MMMM\u00a0d\u00a0'd'.",
    "az": "d\u00a0MMMM y",
}
MONTH_PATTERNS = {"lt": "y\u00a0'm'. LLLL"}
OPEN_ENDS = frozenset(["..", "", "XXXX", "XXXX~", "XXXX?", "XXXX%"])


def _(message: str, **placeholders: str | int) -> str:
    return str(gettext(message, **placeholders))


def show_date(partial: PartialDate, locale: str) -> str:
    with force_locale(locale):
        return worded(partial.text, locale)


def show_period(partial: PartialDate, locale: str) -> str:
    """What lasts from the first of its days to the last, where `show_date` means some day among them."""
    start, slash, end = partial.text.partition("/")
    if not slash or OPEN_ENDS & {start, end}:
        return show_date(partial, locale)
    with force_locale(locale):
        return f"{single(start, locale)} – {single(end, locale)}"


def show_day(day: date, locale: str) -> str:
    return format_date(day, day_pattern(locale), locale)


def show_instant(instant: datetime, locale: str, timezone: str | tzinfo) -> str:
    """Day, hour and minute there; an instant without a zone is UTC."""
    zone = get_timezone(timezone) if isinstance(timezone, str) else timezone
    return format_datetime(instant, f"{day_pattern(locale)}, HH:mm", zone, locale)


def day_pattern(locale: str) -> str:
    return DAY_PATTERNS.get(locale) or str(get_date_format("long", locale).pattern)


def worded(text: str, locale: str) -> str:
    if "/" in text:
        start, _slash, end = text.partition("/")
        return stretch(start, end, locale)
    if text.startswith("["):
        return one_of([part.strip() for part in text.strip("[]").split(",")], locale)
    return single(text, locale)


def one_of(parts: list[str], locale: str) -> str:
    shown = [element(part, locale) for part in parts]
    return shown[0] if len(shown) == 1 else _("one of: %(dates)s", dates="; ".join(shown))


def element(text: str, locale: str) -> str:
    start, dots, end = text.partition("..")
    return stretch(start, end, locale) if dots else single(text, locale)


def stretch(start: str, end: str, locale: str) -> str:
    if start in OPEN_ENDS and end in OPEN_ENDS:
        return _("not known")
    if start in OPEN_ENDS:
        return until(end, locale)
    if end in OPEN_ENDS:
        return since(start, locale)
    return _("between %(start)s and %(end)s", start=single(start, locale), end=single(end, locale))


def until(end: str, locale: str) -> str:
    following = neighbour(end, 1)
    if following is None:
        return _("not later than %(date)s", date=single(end, locale))
    return _("before %(date)s", date=single(following, locale))


def since(start: str, locale: str) -> str:
    preceding = neighbour(start, -1)
    if preceding is None:
        return _("not before %(date)s", date=single(start, locale))
    return _("after %(date)s", date=single(preceding, locale))


def single(text: str, locale: str) -> str:
    if text in OPEN_ENDS:
        return _("not known")
    shown = unit(text.rstrip("~?%").replace("-XX", ""), locale)
    match text[-1]:
        case "~":
            return _("about %(date)s", date=shown)
        case "?":
            return _("%(date)s, uncertain", date=shown)
        case "%":
            return _("about %(date)s, uncertain", date=shown)
    return shown


def unit(text: str, locale: str) -> str:
    if "X" in text:
        return f"{text.replace('X', '0')}–{text.replace('X', '9')}"
    if len(text) == len("2011"):
        return text
    if len(text) == len("2011-06-20"):
        return show_day(date.fromisoformat(text), locale)
    year, month = map(int, text.split("-"))
    if month > 12:
        return season(month, year)
    return format_date(date(year, month, 1), MONTH_PATTERNS.get(locale, "LLLL y"), locale)


def season(number: int, year: int) -> str:
    match number:
        case 21:
            return _("spring %(year)s", year=year)
        case 22:
            return _("summer %(year)s", year=year)
        case 23:
            return _("autumn %(year)s", year=year)
    return _("winter %(year)s/%(next)s", year=year, next=year + 1)
