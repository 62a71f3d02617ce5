"""What a refusal answers: a status and a sentence, which is translated later."""

from __future__ import annotations

from typing import NamedTuple

FIRST, RULE, UNSEEN = 409, 422, 404


class Answer(NamedTuple):
    status: int
    sentence: str
