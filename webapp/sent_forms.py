"""Forms as they are sent: what is not UTF-8 arrives marked as unreadable, and never as something nobody typed."""

from __future__ import annotations

from io import RawIOBase
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from flask import request
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
    forgets_files = False

    def _get_file_stream(self, *told: Any, **more: Any) -> IO[bytes]:
        if self.forgets_files:
            return cast("IO[bytes]", Forgotten())
        return cast("IO[bytes]", super()._get_file_stream(*told, **more))


class Forgotten(RawIOBase):
    """Where a file goes that nobody will keep."""

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return len(content)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0


def has_files() -> bool:
    """True when files were chosen in the form of this request."""
    return any(file.filename for file in request.files.values())
