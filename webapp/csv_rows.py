"""A CSV file as rows of text: its encoding, separator and header, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from domain.refused import Refused, quoted
from webapp.events import COLUMNS

SEPARATORS = (",", ";", "\t")
NEEDED = ("date", "event")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
NUL = 0  # every other byte of what is written in UTF-16
HARMLESS = re.compile(r"'+[=+\-@\t\r]")
HARMFUL = re.compile(r"'*[=+\-@\t\r]")
NO_TEXT = re.compile("[\udc80-\udcff]|[\0-\x08\x0b\x0c\x0e-\x1f]")  # bytes that are no UTF-8, as Python keeps them


class Row(NamedTuple):
    """`number` as a spreadsheet shows it: the header is row 1. Empty cells are left out; `unreadable` are no text."""

    number: int
    cells: dict[str, str]
    unreadable: Mapping[str, Refused] = MappingProxyType({})


class Problem(NamedTuple):
    """What is wrong with a row; the column is empty when it is the row as a whole."""

    row: int
    column: str
    refused: Refused


class UnreadableFile(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.problems = problems


def read_rows(content: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows, and what is wrong with rows that are none. A file that is no such list is an UnreadableFile."""
    text = decoded(content)
    separator = separator_of(text)
    lines = numbered(text, separator)
    try:
        number, header = next(lines)
    except StopIteration:
        raise wrong_file("file.empty") from None
    columns = read_header(number, header)
    rows: list[Row] = []
    wrong: list[Problem] = []
    for number, cells in lines:
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            wrong.append(Problem(number, "", Refused("row.too_long", cells=len(cells), columns=len(columns))))
        else:
            rows.append(row_of(number, zip(columns, cells, strict=False)))
    if not rows and not wrong:
        raise wrong_file("file.no_rows")
    return rows, wrong


def row_of(number: int, named: Iterable[tuple[str, str]]) -> Row:
    cells = {column: made_plain(cell) for column, cell in named if cell.strip()}
    found = {column: no for column, cell in cells.items() if (no := no_text(cell, number, "row.not_utf_8"))}
    return Row(number, cells, found)


def no_text(text: str, number: int, code: str) -> Refused | None:
    """Why this is none; `code` is for what is not UTF-8."""
    match = NO_TEXT.search(text)
    if match is None:
        return None
    if match[0] >= "\udc80":
        return Refused(code, row=number)
    return Refused("text.unreadable", character=f"U+{ord(match[0]):04X}")


def decoded(content: bytes) -> str:
    """What is no UTF-8 is kept, so that it can be told cell by cell."""
    if content.startswith(WORKBOOKS):
        raise wrong_file("file.workbook")
    if content.startswith(UTF_16) or NUL in content[:2]:
        raise wrong_file("file.not_utf_8", row=1)
    return content.decode("utf-8-sig", "surrogateescape")


def separator_of(text: str) -> str:
    """The one that parts the header into most columns that we know."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(SEPARATORS, key=lambda separator: sum(c in COLUMNS for c in map(column_name, first.split(separator))))


def column_name(cell: str) -> str:
    return cell.strip().strip('"').strip().lower()


def numbered(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with its number. How long a cell may be is said by its column."""
    number = 0
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise wrong_file("file.unreadable_row", row=number + 1, why=str(error)) from error


def read_header(number: int, cells: list[str]) -> list[str]:
    no = no_text("".join(cells), number, "file.not_utf_8")
    if no:
        raise UnreadableFile([Problem(number, "", no)])
    columns = [column_name(cell) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    unknown = [column for column in columns if column not in COLUMNS]
    repeated = sorted({c for c in columns if columns.count(c) > 1} - set(unknown))
    missing = [column for column in NEEDED if column not in columns]
    if not {"coalition", "organisation"} & set(columns):
        missing.append("coalition")
    problems = [
        *(
            Problem(number, quoted(c), Refused("file.unknown_column", column=quoted(c), allowed=_nearest(c)))
            for c in unknown
        ),
        *(Problem(number, c, Refused("file.repeated_column", column=c)) for c in repeated),
        *(Problem(number, c, Refused("file.missing_column", column=c)) for c in missing),
    ]
    if problems:
        raise UnreadableFile(problems)
    return columns


def _nearest(column: str) -> tuple[str, ...]:
    return tuple(get_close_matches(column, COLUMNS, n=1)) or COLUMNS


def made_plain(cell: str) -> str:
    """Takes off the apostrophe that `made_harmless` put on."""
    return cell[1:] if HARMLESS.match(cell) else cell


def made_harmless(cell: str) -> str:
    """A spreadsheet would take a cell that begins like this for a formula."""
    return f"'{cell}" if HARMFUL.match(cell) else cell


def wrong_file(code: str, row: int = 1, **details: object) -> UnreadableFile:
    return UnreadableFile([Problem(row, "", Refused(code, row=row, **details))])
