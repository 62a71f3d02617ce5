"""A JSON Lines file into the chronicle, whole or not at all: what `kronika export` wrote, or lines written by hand."""

from __future__ import annotations

from webapp.archive import Archive
from webapp.csv_rows import UnreadableFile
from webapp.importing import Plan, Terms, with_problems
from webapp.jsonl_exported import Exported
from webapp.jsonl_lines import check_one_way, read_lines
from webapp.jsonl_told import plan_lines


def plan_file(content: bytes, archive: Archive, terms: Terms) -> Plan:
    """Reads, checks and orders everything, and stores nothing. What is wrong is in the plan."""
    try:
        lines, problems = read_lines(content)
        check_one_way(lines)
    except UnreadableFile as unreadable:
        return Plan(problems=tuple(unreadable.problems))
    if lines and lines[0].is_exported:
        return with_problems(Exported(archive, terms).plan(lines), problems)
    return with_problems(plan_lines(lines, archive, terms), problems)
