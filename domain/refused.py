"""How the domain says no: a stable code, and what the sentence made of it needs to know."""

from __future__ import annotations

from typing import Any

LONGEST_QUOTE = 80


class Refused(Exception):
    """A rule of the domain forbids the command. `code` is stable; people read its translation."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, details)
        self.code, self.details = code, details


def quoted(text: str) -> str:
    """What somebody wrote, short and printable, so that a message can repeat it wherever it is shown."""
    start = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:LONGEST_QUOTE])
    return start + "…" if len(text) > LONGEST_QUOTE else start
