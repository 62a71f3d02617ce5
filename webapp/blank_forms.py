"""What did a form hold before anybody typed into it? A mark of that comes back with it, and tells an empty draft."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from html.parser import HTMLParser

import msgspec
from flask import Response, request

BLANK = "form_blank"
NOT_TYPED = ("csrf_token", "whose", "command_id", "form_key", "form_title", BLANK, "do", "source_upload")
UNMARKED = f'name="{BLANK}" value=""'
BUTTONS = ("submit", "button", "reset", "image", "file")


def mark(fields: Iterable[tuple[str, str]]) -> str:
    """The same for the same fields, however their lines end; what is empty is as if it were not there."""
    said = sorted((name, " ".join(value.split())) for name, value in fields if name not in NOT_TYPED and value.strip())
    return sha256(msgspec.json.encode(said)).hexdigest()[:20]


NOTHING = mark([])


def is_blank(fields: Iterable[tuple[str, str]]) -> bool:
    """True where nothing is filled in, or only what was filled in when the form was opened."""
    sent = list(fields)
    return mark(sent) in (NOTHING, dict(sent).get(BLANK))


class Untouched(HTMLParser):
    """The fields of a form as a browser sends them when nobody has touched it."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._within, self._value, self._has_option = "", "", False
        self.feed(form)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "input":
            self._input(told)
        elif tag in ("select", "textarea"):
            self._within, self._value, self._has_option = told.get("name", ""), "", False
        elif tag == "option" and self._within and ("selected" in told or not self._has_option):
            self._value, self._has_option = told.get("value", ""), True

    def _input(self, told: dict[str, str]) -> None:
        kind = told.get("type", "text")
        if kind not in BUTTONS and (kind not in ("radio", "checkbox") or "checked" in told):
            self.fields.append((told.get("name", ""), told.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea":
            self._value += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.fields.append((self._within, self._value))
            self._within = ""


def marked(answer: Response) -> Response:
    """After each request: a form that opens says how it is before anybody types."""
    is_page = request.method == "GET" and answer.mimetype == "text/html" and answer.is_sequence
    if is_page and UNMARKED.encode() in answer.data:
        answer.set_data(with_mark(answer.get_data(as_text=True)))
    return answer


def with_mark(html: str) -> str:
    at = html.index(UNMARKED)
    form = html[html.rindex("<form", 0, at) : html.index("</form>", at)]
    return html.replace(UNMARKED, f'name="{BLANK}" value="{mark(Untouched(form).fields)}"', 1)
