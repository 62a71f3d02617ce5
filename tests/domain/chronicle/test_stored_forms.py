"""Can everything that was ever stored still be read, and does the list of stored names only grow?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.chronicle.forms import forms
from domain.chronicle.mapper import KINDS, read_head
from tests.domain.chronicle.examples import NAMES, STORED, path_of

FORMS = forms(KINDS)
EXAMPLES = sorted(STORED.glob("*.json"))


def example(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def test_the_list_of_stored_names_only_grows() -> None:
    """A name missing here was taken away; a name to be added is written by tests/domain/chronicle/examples.py."""
    assert NAMES.read_text("utf-8").split() == sorted(FORMS)


def test_every_version_of_every_form_has_its_example() -> None:
    wanted = {
        path_of(form.name, version) for form in FORMS.values() for version in range(1, form.kind.version_of_form + 1)
    }
    assert wanted == set(EXAMPLES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_stored_example_is_read_as_its_kind(path: Path) -> None:
    stored = example(path)
    form, state = FORMS[stored["name"]], stored["state"].encode()
    version = read_head(state).v
    entry = form.read(version, state, stored["words"].encode() if stored["words"] else None)
    assert type(entry) is form.kind
    assert path == path_of(entry.stored_name(), version)
    assert entry.originator_id == UUID(json.loads(state)["originator_id"])
    assert bool(form.words_of(entry)) == bool(stored["words"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_stored_example_is_read_without_its_words(path: Path) -> None:
    stored = example(path)
    form, state = FORMS[stored["name"]], stored["state"].encode()
    assert form.words_of(form.read(read_head(state).v, state, None)) == {}
