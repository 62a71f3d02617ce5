"""Does every kind of entry still read as a sentence when its words were removed?"""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest
from flask import Flask

from domain.chronicle.forms import forms
from domain.chronicle.mapper import KINDS
from domain.dates import PartialDate
from domain.entry import Entry
from tests.domain.chronicle.examples import entry_of
from webapp.entry_lines import beside
from webapp.field_names import field_name
from webapp.sentences import Sentences

FORMS = forms(KINDS)


class Names:
    def on(self, id: UUID, when: PartialDate) -> str:
        return "Oak"

    def before(self, id: UUID, called: str) -> str:
        return "Elm"


def wordless(kind: type[Entry]) -> Entry:
    return msgspec.structs.replace(entry_of(kind), **FORMS[kind.stored_name()].empty)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_kind_is_told_without_its_words(app: Flask) -> None:
    told = {}
    with app.test_request_context():
        sentences = Sentences(Names(), lambda _: [wordless(KINDS[-1])], linked=False)
        for kind in KINDS:
            entry = wordless(kind)
            told[entry.stored_name()] = sentences.plain(entry)
            assert "None" not in " ".join(beside(entry))
            assert all(field_name(word) for word in kind.words), kind
    assert [name for name, sentence in told.items() if not sentence or "None" in sentence or "“”" in sentence] == []
    assert [name for name, sentence in told.items() if sentence.startswith((" ", ",", "speaks", "is a"))] == []
