"""What a form that amends an entry would record: asked of the domain, with its refusals in words."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from flask import request

from domain import amending
from domain.amending import Amended, Records, Striking
from domain.entry import Told
from domain.refused import Refused
from webapp import amending_contents, amending_forms, who
from webapp.amending_contents import CONTENTS
from webapp.amending_forms import OpenAmendment, What
from webapp.amending_previews import changed, compared
from webapp.archive import records
from webapp.at_moment import reading
from webapp.entry_forms import field_of
from webapp.entry_lines import in_time, lines_at
from webapp.names import Names
from webapp.refusals import sentence

MOST_IN_THE_WAY = 60
Plan = Callable[[OpenAmendment, Records, Told], Amended | None]


def opened(amendment: OpenAmendment) -> None:
    """As it is shown before anything was typed: where a content is to be told, there is nothing to plan yet."""
    if amendment.what in CONTENTS:
        amendment.form = amending_contents.opened(amendment)
        return
    planned(amendment)
    amendment.errors = {field: said for field, said in amendment.errors.items() if not field}


def planned(amendment: OpenAmendment) -> Amended | None:
    """With what it changes; None where something is wrong, which then stands at the fields of the form."""
    if amendment.what in CONTENTS:
        amendment.form = amending_contents.opened(amendment)
    told = amending_forms.told(amendment)
    try:
        with records(who.stores()) as recorded:
            plan = PLANS[amendment.what](amendment, recorded, told)
    except Refused as refused:
        plan = None
        _refuse(amendment, refused)
        if request.form.get("do") != "preview":
            _find_in_the_way(amendment, told, refused)
    if amendment.form:
        amendment.form.errors = amendment.errors
    if plan:
        _preview(amendment, plan)
    return plan


def _preview(amendment: OpenAmendment, plan: Amended) -> None:
    with reading() as connection:
        amendment.changes = changed(plan.before, plan.after, Names(connection))
        if amendment.form:
            amendment.compared = compared(connection, amendment.entry.entry, plan.entries[0])


def _refuse(amendment: OpenAmendment, refused: Refused) -> None:
    field = field_of(amendment.form.kind, refused) if amendment.form else ""
    amendment.errors["" if "position" in refused.details else field] = sentence(refused)


def _find_in_the_way(amendment: OpenAmendment, told: Told, refused: Refused) -> None:
    """All later entries that would have to go with it, found one after the other."""
    found: list[int] = []
    tried = msgspec.structs.replace(amendment, errors={})
    while (position := refused.details.get("position")) and len(found) < MOST_IN_THE_WAY:
        if position in (amendment.position, *tried.also):
            return
        found.append(position)
        tried.also = (*amendment.also, *found)
        try:
            with records(who.stores()) as recorded:
                PLANS[amendment.what](tried, recorded, told)
        except Refused as next_one:
            refused = next_one
        else:
            break
    with reading() as connection:
        amendment.in_the_way = sorted(lines_at(connection, found), key=in_time)


def _strike(amendment: OpenAmendment, recorded: Records, told: Told) -> Amended:
    return amending.strike(recorded, amendment.position, told, amendment.reason, _also(amendment))


def _prefer(amendment: OpenAmendment, recorded: Records, told: Told) -> Amended:
    return amending.prefer(recorded, amendment.position, told, amendment.chosen)


def _also(amendment: OpenAmendment) -> list[Striking]:
    return [Striking(position) for position in amendment.also]


PLANS: dict[What, Plan] = {
    "strike": _strike,
    "correct": amending_contents.correct,
    "dispute": amending_contents.dispute,
    "prefer": _prefer,
}
