"""Forms as they are sent: what is not UTF-8 arrives marked as unreadable, and never as something nobody typed."""

from __future__ import annotations

from typing import IO
from urllib.parse import parse_qsl

from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

UNREADABLE = "\ufffd"

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class FormReader(FormDataParser):
    """Werkzeug writes percent signs for what it cannot read, and does so itself only for this kind of form."""

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Parsed:
        items = parse_qsl(stream.read().decode(errors="replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(items), self.cls()


class SentRequest(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask has no types
    form_data_parser_class = FormReader
