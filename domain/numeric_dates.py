"""Which number is the day, which the month, which the year."""

from __future__ import annotations

from domain.refused import Refused

Tokens = list[str]


class NotUnderstood(Exception):
    """These tokens are no date."""


def is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit()


def shape(numbers: Tokens) -> str:
    """Y for each year and n for each shorter number."""
    if any(len(number) == 3 or len(number) > 4 or "/" in number for number in numbers):
        raise NotUnderstood
    return "".join("Y" if is_year(number) else "n" for number in numbers)


def only_year(numbers: Tokens) -> str:
    if shape(numbers) != "Y":
        raise NotUnderstood
    return numbers[0]


def with_month(month: int, numbers: Tokens) -> str:
    match shape(numbers), numbers:
        case "Y", [year]:
            return in_order(year, month)
        case ("nY", [day, year]) | ("Yn", [year, day]):
            return in_order(year, month, day)
    raise NotUnderstood


def numeric(numbers: Tokens) -> str:
    match shape(numbers), numbers:
        case "Y", [year]:
            return year
        case ("nY", [month, year]) | ("Yn", [year, month]):
            return in_order(year, month)
        case ("nnY", [day, month, year]) | ("Ynn", [year, month, day]):
            return in_order(year, month, day)
        case "YY", [start, end]:
            return f"{start}/{end}"
    raise NotUnderstood


def parted_by_slashes(token: str) -> str:
    """Day/month/year here, month/day/year there: read only if one of them is possible."""
    numbers = token.split("/")
    if shape(numbers) != "nnY":
        return numeric(numbers)
    first, second, year = numbers
    if int(second) > 12:
        return in_order(year, first, second)
    if int(first) <= 12 and first != second:
        raise Refused("date.ambiguous", readings=[in_order(year, second, first), in_order(year, first, second)])
    return in_order(year, second, first)


def in_order(year: str, month: str | int, day: str | None = None) -> str:
    text = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    if not 1 <= int(month) <= 12:
        raise Refused("date.no_such_day", text=text)
    return text
