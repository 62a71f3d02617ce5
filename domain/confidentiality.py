"""Who may know of a campaign, a project, an entry or a file."""

from __future__ import annotations

from typing import Literal, get_args

Confidentiality = Literal["public", "coalition", "organisation", "team"]
LEVELS: tuple[Confidentiality, ...] = get_args(Confidentiality)  # each narrower than the one before


def narrower(one: str, other: str) -> str:
    """The narrower of two levels; an empty one says nothing."""
    return max(one, other, key=("", *LEVELS).index)
