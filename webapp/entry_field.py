"""A field of a form: what it is called, how it is typed, what may be chosen, what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from babel import Locale
from flask_babel import gettext

from domain.entry import Initiative
from webapp import labels
from webapp.labels import N_
from webapp.languages import shown_language

Input = Literal[
    "date",
    "end",
    "name",
    "fresh",
    "words",
    "link",
    "choice",
    "picks",
    "several",
    "organisation",
    "lines",
    "links",
    "entry",
    "number",
    "amount",
    "tags",
    "pages",
    "offered",
]


class Field(NamedTuple):
    """`name` in the form, `of` in the entry. A `seldom` one is shown only where something stands in it, one that
    `folds` with the source and the note, one that `trails` after those of the entry. `words`: what its codes mean."""

    name: str
    of: str
    input: Input
    label: str
    hint: str = ""
    codes: tuple[str, ...] = ()
    usual: str = ""
    optional: bool = False
    size: str = ""
    seldom: bool = False
    folds: bool = False
    trails: bool = False
    words: Mapping[str, str] | None = None

    @property
    def said(self) -> str:
        return str(gettext(self.label))

    @property
    def advice(self) -> str:
        return str(gettext(self.hint)) if self.hint else ""

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        if self.of == "language":
            return languages()
        words = self.words or WORDS.get(self.of, {})
        return [(code, labels.said(words[code])) for code in self.codes]

    @property
    def which(self) -> str:
        """The field that says which of the organisations with such names is meant."""
        return f"{self.name}_which"


WORDS: Mapping[str, Mapping[str, str]] = {
    "role": labels.ROLES,
    "for_role": labels.ROLES,
    "scope": labels.SCOPES,
    "reason": labels.REASONS,
    "office": labels.OFFICES,
    "initiative": labels.INITIATIVES,
    "kind": labels.ORGANISATION_KINDS,
    "result": labels.APPEAL_RESULTS,
    "stays_effect": labels.STAYS,
    "post": labels.POSTS,
    "convened": labels.CONVENED,
}


def languages() -> list[tuple[str, str]]:
    """Those with a code of two letters, by what they are called in the language of the page."""
    called = Locale.parse(shown_language()).languages
    return sorted(((code, name) for code, name in called.items() if len(code) == 2), key=lambda one: one[1].casefold())


def ending(of: str, label: str, hint: str = "") -> Field:
    return Field("until", of, "end", label, hint, optional=True, size="date")


DATE = Field(
    "occurred", "occurred", "date", N_("When did it take effect?"),
    N_("For instance 20.06.2011, May 2020, summer 2011, 2017, not known"), size="date",
)  # fmt: skip
INITIATIVE = Field(
    "initiative", "initiative", "choice", N_("On whose initiative?"), codes=get_args(Initiative), optional=True
)
DECISION = (
    Field("decided", "decided", "date", N_("When was it decided, if on another day?"), optional=True, size="date"),
    Field("decision_body", "decision", "words", N_("Who decided?"), optional=True),
    Field("decision_minutes", "decision", "words", N_("Number of the minutes"), optional=True, size="short"),
    Field("decision_item", "decision", "words", N_("Item of the agenda"), optional=True, size="short"),
)
SOURCE = (
    Field("source_title", "source", "words", N_("Source"), optional=True),
    Field("source_link", "source", "link", N_("Link to the source"), optional=True),
    Field("note", "note", "lines", N_("Note"), optional=True),
)
ANY_NAME = N_("Any of its names. An organisation that is not known yet is registered with this one.")


def organisation(of: str, label: str, hint: str = ANY_NAME, optional: bool = False) -> Field:
    return Field(of.removesuffix("_id"), of, "organisation", label, hint, optional=optional)


def count(of: str, label: str, hint: str = "") -> Field:
    return Field(of, of, "number", label, hint, optional=True, size="short")
