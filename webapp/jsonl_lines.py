"""A JSON Lines file as objects, numbered as an editor numbers its lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from domain.refused import Refused, quoted
from webapp.csv_rows import UTF_16, WORKBOOKS, Problem, UnreadableFile, wrong_file

Object = dict[str, Any]


class Line(NamedTuple):
    number: int
    said: Object

    @property
    def is_exported(self) -> bool:
        """Written by `kronika export`, not by hand."""
        return "name" in self.said and "originator_id" in self.said


def read_lines(content: bytes) -> tuple[list[Line], list[Problem]]:
    """The objects, and what is wrong with lines that are none."""
    if content.startswith((*WORKBOOKS, *UTF_16)):
        raise wrong_file("file.no_jsonl")
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, written in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not written.strip():
            continue
        try:
            lines.append(Line(number, msgspec.json.decode(written, type=Object)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            problems.append(Problem(number, "", Refused("line.no_object", why=quoted(str(error)))))
    if not lines and not problems:
        raise UnreadableFile([Problem(1, "", Refused("file.no_lines"))])
    return lines, problems


def check_one_way(lines: Sequence[Line]) -> None:
    """A file is written by hand or by `kronika export`."""
    first = lines[0].is_exported if lines else False
    other = next((line for line in lines if line.is_exported != first), None)
    if other:
        raise UnreadableFile([Problem(other.number, "", Refused("file.two_kinds_of_lines", row=other.number))])
