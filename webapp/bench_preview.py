"""How long does it take to see what a change would lead to, in a history of a hundred changes?"""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from html import unescape
from random import Random
from typing import Any
from uuid import uuid5

from flask.testing import FlaskClient

from domain.coalition import Founded
from domain.entry import Entry
from domain.membership import Membership
from domain.membership_entries import Joined, Reinstated, Suspended
from domain.organisation import OrganisationRegistered
from webapp import bench_history, create_app
from webapp.bench_ground import Ground
from webapp.bench_history import coalition_id, text_of, told
from webapp.bench_pages import installed, sign_in, slowest
from webapp.commands.serving import spare_what_stays

CHANGES, PREVIEWS, WARM_UP = 100, 200, 10
MOST = 100.0  # milliseconds
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
FORM = re.compile(r'<form id="change-form".*?</form>', re.DOTALL)
MEMBER = uuid5(bench_history.SPACE, "often suspended")


def preview(where: Ground, _entries: int) -> tuple[dict[str, float], dict[str, tuple[float, float, bool]]]:
    with installed(where, [[*opening(), *life()]]) as (config, stores):
        client = create_app(config, stores).test_client()
        token = sign_in(client, "secretariat")
        spare_what_stays()
        form = open_form(client)
        took = [seconds(client, {**form, "csrf_token": token}, n) for n in range(WARM_UP + PREVIEWS)]
    milliseconds = slowest(took[WARM_UP:]) * 1000
    return {"changes": CHANGES, "preview_milliseconds": milliseconds}, {"milliseconds": (milliseconds, MOST, False)}


def opening() -> list[Entry]:
    id = coalition_id(0)
    return [
        OrganisationRegistered(**told(id, 1, "2005"), called="Coalition", kind="coalition"),
        Founded(**told(id, 2, "2005-01-01")),
        OrganisationRegistered(**told(MEMBER, 1, "2005"), called="Member"),
    ]


def life() -> list[Entry]:
    """In, then suspended and back again every two months, a third of the days not known exactly."""
    random, id = Random(1), coalition_id(0)  # noqa: S311  # a repeatable example, no secret
    pair: dict[str, Any] = {"coalition_id": id, "organisation_id": MEMBER}
    subject = Membership.id_of(id, MEMBER)
    changes: list[Entry] = [Joined(**told(subject, 1, "2006-01-01"), **pair)]
    for n in range(2, CHANGES + 1):
        on = told(subject, n, text_of(date(2006, 1, 1) + timedelta(60 * n), random))
        changes.append(Reinstated(**on, **pair) if n % 2 else Suspended(**on, **pair, scope=("vote",)))
    return changes


def open_form(client: FlaskClient) -> dict[str, str]:
    found = FORM.search(client.get(f"/coalitions/{coalition_id(0)}?change={MEMBER}").text)
    if found is None:
        raise RuntimeError("there is no form for a change")
    return {name: unescape(value) for name, value in HIDDEN.findall(found[0])}


def seconds(client: FlaskClient, form: dict[str, str], n: int) -> float:
    """One after all that is there, and the next one in the midst of it."""
    on = date(2023, 1, 1) + timedelta(n) if n % 2 else date(2007, 1, 1) + timedelta(n * 20)
    fields = {**form, "do": "preview", "event": "reinstated", "occurred": on.isoformat()}
    began = time.perf_counter()
    answer = client.post(f"/coalitions/{coalition_id(0)}/changes", data=fields, headers={"HX-Request": "true"})
    if answer.status_code != 200 or not answer.text.strip():
        raise RuntimeError(f"a preview answered {answer.status}")
    return time.perf_counter() - began
