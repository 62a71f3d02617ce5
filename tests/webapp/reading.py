"""What does somebody read on a page? Its words, its rows, its figures; and the form that is open on it."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

from werkzeug.test import TestResponse

from projections import organisations
from webapp.stores import Stores

FORM = re.compile(r'<form id="change-form".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
ROW = re.compile(r'<tr id="m-([0-9a-f-]+)".*?</tr>', re.DOTALL)
FIGURE = re.compile(r'show=(\w+)[^"]*"[^>]*><strong>(\d+)</strong>')


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def row_of(page: TestResponse, id: UUID) -> str:
    return next(words(found[0]) for found in ROW.finditer(page.text) if found[1] == str(id))


def rows(page: TestResponse) -> list[str]:
    return [words(found[0]) for found in ROW.finditer(page.text)]


def figures(page: TestResponse) -> dict[str, int]:
    return {name: int(number) for name, number in FIGURE.findall(page.text)}


def open_form(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the form for a change."""
    found = FORM.search(page.text)
    assert found, words(page.text)
    return {name: unescape(value) for name, value in HIDDEN.findall(found[0])}


def id_of(stores: Stores, name: str) -> UUID:
    with stores.reading.connect() as connection:
        return next(found.id for found in organisations.find(connection, name))
