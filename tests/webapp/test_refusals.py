"""Has every refusal its sentence, and every sentence its refusal?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask_babel import Babel

from domain.membership_rules import MAY_FOLLOW
from domain.refused import Refused
from webapp import labels
from webapp.capitals import capitalised
from webapp.refusals import SENTENCES, TABLES, sentence, status_of

ROOMS = [Path(str(files(room))) for room in ("domain", "projections", "webapp")]
REFUSERS = ("Refused", "wrong_file", "_problem")
CODE = re.compile(r"[a-z]+\.[a-z_0-9]+")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
BUILT = {"chronicle.someone_was_first", "chronicle.version_missing", "action.unknown"}  # put together from two parts
NO_CODES = {"account.id", "row.originator_id"}  # a column and an attribute
ADDED = {"_problem": {"name"}}  # what such a function tells besides its own arguments


class Said(NamedTuple):
    """A place in the code that refuses; `told` is None where it passes on details that another place has gathered."""

    code: str
    place: str
    told: frozenset[str] | None


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in sorted(room.rglob("*.py")):
            if path.parent.name != "refusal_sentences" and path.name not in ("refusals.py", "labels.py"):
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def _said() -> list[Said]:
    return [
        _as_said(path, node)
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) in REFUSERS and node.args and _text(node.args[0])
    ]


def _as_said(path: Path, call: ast.Call) -> Said:
    names = [keyword.arg for keyword in call.keywords]
    told = frozenset(name for name in names if name) | ADDED.get(_called(call), set())
    return Said(_text(call.args[0]), f"{path.name}:{call.lineno}", None if None in names else told)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts() -> set[str]:
    return {_text(node) for _, tree in _trees() for node in ast.walk(tree)} - {""}


def test_every_refusal_has_its_sentence() -> None:
    assert {said.code: said.place for said in _said() if said.code not in SENTENCES} == {}


def test_every_code_that_is_chosen_among_others_has_its_sentence() -> None:
    kinds = {code.partition(".")[0] for code in SENTENCES}
    codes = {text for text in _texts() if CODE.fullmatch(text) and text.partition(".")[0] in kinds}
    assert codes - SENTENCES.keys() - labels.ENTRIES.keys() - NO_CODES == set()


def test_no_sentence_is_without_its_refusal() -> None:
    assert SENTENCES.keys() - _texts() - BUILT == set()


def test_each_sentence_stands_in_one_table() -> None:
    assert sum(len(table.SENTENCES) for table in TABLES) == len(SENTENCES)


def test_every_refusal_tells_what_its_sentence_says() -> None:
    lacking = [
        (said.place, said.code, missing)
        for said in _said()
        if said.told is not None and (missing := _placeholders(said.code) - said.told)
    ]
    assert lacking == []


def _placeholders(code: str) -> set[str]:
    return set(PLACEHOLDER.findall(SENTENCES[code].sentence)) if code in SENTENCES else set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_sentences(code: str) -> None:
    text = SENTENCES[code].sentence
    assert text.endswith((".", "?"))
    assert text % dict.fromkeys(PLACEHOLDER.findall(text), "x")
    assert SENTENCES[code].status in (404, 409, 422)


def test_a_refusal_reads_as_people_speak() -> None:
    refused = Refused(
        "membership.not_suspended",
        event="reinstated",
        on="2011-22",
        since="2012-04-05",
        state="member, good",
        allowed=("suspended", "withdrew"),
    )
    assert sentence(refused) == (
        "Not suspended in summer 2011 (member, full rights since 5 April 2012). Possible now: suspension, withdrawal."
    )
    assert status_of(refused) == 422


def test_a_sentence_begins_with_a_capital() -> None:
    refused = Refused("organisation.gone", event="organisation.renamed", on="2013", state="dissolved", since="2012")
    assert sentence(refused) == (
        "Organisation renamed in 2013 is not possible: dissolved since 2012, and nothing can follow."
    )
    named = Refused(
        "organisation.same_name",
        event="organisation.renamed",
        on="2013",
        called="A",
        state="A",
        since="XXXX",
        allowed=(),
    )
    assert sentence(named) == (
        "Organisation renamed in 2013 is not possible: “A” is the name already (since: not known)."
    )
    later = Refused("membership.ends_before", event="renewed", on="2013", field="until", end="2012")
    assert sentence(later) == "2012 lies before 2013, when it begins. Check both dates."


@pytest.mark.parametrize("state", [*MAY_FOLLOW, "member, leaving", "associate, suspended", "associate, in_arrears"])
def test_every_state_has_its_words(state: str) -> None:
    told = Refused(
        "membership.not_now", event="renewed", on="2013", state=state, since="", allowed=MAY_FOLLOW.get(state)
    )
    assert "_" not in sentence(told)
    assert "since an unknown day" in sentence(told)


def test_a_file_is_told_in_its_own_words() -> None:
    refused = Refused("row.unknown_event", text="suspend", allowed=("suspended", "joined"))
    assert sentence(refused) == "“suspend” is not known. Did you mean: suspended, joined?"


@contextmanager
def reading_in(language: str) -> Iterator[None]:
    app = Flask("webapp")
    Babel(app, default_locale=language)
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("language", "refused", "told"),
    [
        (
            "lt",
            Refused("row.unknown_event", text="suspend", allowed=("suspended", "left_umbrella")),
            "suspended (narystės",
        ),
        (
            "lt",
            Refused("row.unknown_choice", column="role", text="x", allowed=("member", "chair")),
            "member (narys), chair (pirm",
        ),
        ("lt", Refused("row.missing", column="role", event="joined"), "„joined (įstojimas)“"),
        ("lt", Refused("account.role_unknown", role="x", allowed=("viewer",)), "viewer ("),
        ("en", Refused("account.role_unknown", role="x", allowed=("viewer",)), "Roles are: viewer."),
    ],
)
def test_a_code_that_is_typed_says_what_it_means_to_who_has_no_english(
    language: str, refused: Refused, told: str
) -> None:
    with reading_in(language):
        assert told in sentence(refused)


def test_each_language_begins_with_its_own_capital() -> None:
    refused = Refused("membership.ends_before", event="renewed", on="2013", end="../..")
    with reading_in("uk"):
        assert sentence(refused)[0].isupper()
    assert (capitalised("iyun", "az"), capitalised("ışıq", "az"), capitalised("it", "lt")) == ("İyun", "Işıq", "It")
    assert capitalised("", "en") == ""


def test_a_percent_sign_in_what_was_typed_stays() -> None:
    assert sentence(Refused("date.unreadable", text="100 %(x)s")).startswith("“100 %(x)s” cannot be read")
