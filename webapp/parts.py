"""How several things stand in one cell: a list parted by semicolons, a source with its link, a decision."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from domain import texts
from domain.entry import Decision, Source
from domain.refused import Refused, quoted

LINKS = ("https://", "http://")
TITLE_AND_LINK = re.compile(r"(?:(.*)\|\s*)?(https?://\S+)", re.DOTALL)


def read_list(text: str) -> tuple[str, ...]:
    """`vote; office`. A part that holds a semicolon itself stands in quotation marks."""
    try:
        (parts,) = csv.reader([" ".join(text.split())], delimiter=";", skipinitialspace=True, strict=True)
    except (csv.Error, ValueError) as error:
        raise Refused("row.quotes", text=quoted(text)) from error
    return tuple(part.strip() for part in parts)


def write_list(parts: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="").writerow(parts)
    return written.getvalue()


def read_source(text: str) -> Source:
    """`title | link`, or either alone."""
    told = texts.note(text, "source")
    match = TITLE_AND_LINK.fullmatch(told)
    return Source(title=(match[1] or "").strip(), link=match[2]) if match else Source(title=told)


def write_source(source: Source) -> str:
    return " | ".join(part for part in (source.title, source.link) if part)


def read_decision(text: str) -> Decision:
    """`body; minutes number; item`, the last ones optional."""
    parts = read_list(texts.note(text, "decision"))
    if len(parts) > 3:
        raise Refused("row.decision_parts", text=quoted(text))
    return Decision(*parts)


def write_decision(decision: Decision) -> str:
    return write_list((decision.body, decision.minutes, decision.item)).rstrip("; ")
