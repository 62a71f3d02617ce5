"""How long does it take to log an action in a long register, and do twenty leads who log at once lose or double one?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from flask.testing import FlaskClient

from domain.action import ActionLogged
from domain.campaign_entries import CampaignLaunched, CampaignPlanned, DecisionMakerNamed
from domain.entry import Entry
from domain.organisation import OrganisationRegistered
from webapp import bench_history, create_app
from webapp.accounts import Accounts
from webapp.bench_ground import Ground
from webapp.bench_history import coalition_id, told
from webapp.bench_pages import PASSWORD, installed, seconds, sign_in, slowest, token_in
from webapp.bench_preview import HIDDEN
from webapp.bench_serving import served, signed_in
from webapp.commands.serving import spare_what_stays
from webapp.demo import address_of
from webapp.stores import Stores

CAMPAIGNS, ACTIONS = 5, 2_000
LOGGED, PAGES, WARM_UP = 200, 100, 10
LEADS, SECONDS, BETWEEN = 20, 60.0, 1.0
SENT_AGAIN = 5  # each fifth form is sent twice, as where an answer got lost
MOST = {"sqlite": 40.0, "postgresql": 60.0}  # milliseconds
MOST_OF_PAGE, MOST_AT_ONCE = 80.0, 300.0
AUTHORITY = uuid5(bench_history.SPACE, "an authority")


class Sent(NamedTuple):
    """One request: which action, how it was answered, and how long that took."""

    title: str
    status: int
    seconds: float


def log(where: Ground, entries: int) -> tuple[dict[str, float], dict[str, tuple[float, float, bool]]]:
    with installed(where, histories(entries)) as (config, stores):
        client = create_app(config, stores).test_client()
        token = sign_in(client, "secretariat")
        spare_what_stays()
        form = {**open_form(client.get(page_of(0)).text), "csrf_token": token}
        pages = [seconds(client, page_of(0)) for _ in range(WARM_UP + PAGES)][WARM_UP:]
        took = [seconds_to_log(client, form, n) for n in range(WARM_UP + LOGGED)][WARM_UP:]
        for n in range(LEADS):
            Accounts(stores.accounts).add(address_of(f"lead{n}"), f"Lead {n}", "lead", PASSWORD)
        with served(config) as address:
            sent = at_once(address)
        doubled, lost = counted(stores, sent)
    figures = {
        "logged_milliseconds": slowest(took) * 1000,
        "campaign_page_milliseconds": slowest(pages) * 1000,
        "at_once_actions": len({each.title for each in sent}),
        "at_once_milliseconds": slowest([each.seconds for each in sent]) * 1000,
    }
    return figures, {
        "logged_milliseconds": (figures["logged_milliseconds"], MOST[where.kind], False),
        "campaign_page_milliseconds": (figures["campaign_page_milliseconds"], MOST_OF_PAGE, False),
        "at_once_milliseconds": (figures["at_once_milliseconds"], MOST_AT_ONCE, False),
        "at_once_failed": (sum(each.status != 200 for each in sent), 0, False),
        "at_once_lost": (lost, 0, False),
        "at_once_doubled": (doubled, 0, False),
    }


# What is there


def campaign_id(n: int) -> UUID:
    return uuid5(bench_history.SPACE, f"campaign {n}")


def page_of(n: int) -> str:
    return f"/campaigns/{campaign_id(n)}"


def histories(entries: int) -> Iterator[list[Entry]]:
    """Coalitions with their members, and campaigns of the first of them; the first campaign has 2,000 actions."""
    yield from bench_history.entries(ceil((entries - ACTIONS) / bench_history.PER_COALITION))
    yield [OrganisationRegistered(**told(AUTHORITY, 1, "2005"), called="Municipality", kind="authority")]
    for n in range(CAMPAIGNS):
        yield campaign(n)
    yield [action(n) for n in range(ACTIONS)]


def campaign(n: int) -> list[Entry]:
    id, lead = campaign_id(n), uuid5(coalition_id(0), f"member {n}")
    planned: dict[str, Any] = {"lead_id": lead, "coalition_id": coalition_id(0), "title": f"Campaign {n}"}
    return [
        CampaignPlanned(**told(id, 1, "2012-01-01"), **planned),
        CampaignLaunched(**told(id, 2, "2012-02-01")),
        DecisionMakerNamed(**told(id, 3, "2012-02-01"), authority_id=AUTHORITY, ask="Publish the budget"),
    ]


def action(n: int) -> ActionLogged:
    on = (date(2012, 3, 1) + timedelta(days=2 * n)).isoformat()
    said: dict[str, Any] = {"campaign_id": campaign_id(0), "by": (uuid5(coalition_id(0), "member 0"),)}
    return ActionLogged(
        **told(uuid5(campaign_id(0), f"action {n}"), 1, on), **said, kind="meeting", title=f"Talk {n} with the mayor",
        participants=n % 40,
    )  # fmt: skip


# One who logs after another


def open_form(page: str) -> dict[str, str]:
    _, found, form = page.partition('<form id="log-form"')
    if not found:
        raise RuntimeError("there is no form for an action")
    return {name: unescape(value) for name, value in HIDDEN.findall(form.partition("</form>")[0])}


def filled(form: dict[str, str], title: str, n: int) -> dict[str, str]:
    on = (date(2024, 1, 1) + timedelta(days=n % 300)).isoformat()
    action = {"title": title, "kind": "letter", "occurred": on, "place": "Vilnius", "participants": "12"}
    return {**form, **action, "command_id": str(uuid4()), "do": "save"}


def seconds_to_log(client: FlaskClient, form: dict[str, str], n: int) -> float:
    fields = filled(form, f"Letter {n}", n)
    began = time.perf_counter()
    answer = client.post(f"{page_of(0)}/actions", data=fields, headers={"HX-Request": "true"})
    took = time.perf_counter() - began
    if answer.status_code != 200 or "Letter" not in answer.text:
        raise RuntimeError(f"an action was answered {answer.status}")
    return took


# Many at once


def at_once(address: str) -> list[Sent]:
    with ThreadPoolExecutor(LEADS) as people:
        cookies = [signed_in(address, f"lead{n}") for n in range(LEADS)]
        return [each for sent in people.map(lambda n: by_lead(address, cookies[n], n), range(LEADS)) for each in sent]


def by_lead(address: str, cookie: str, n: int) -> list[Sent]:
    """Every second an action, for a minute, in a campaign that three others have too."""
    connection, path, sent = HTTPConnection(address, timeout=30), page_of(n % CAMPAIGNS), list[Sent]()
    status, page = answer_of(connection, "GET", path, cookie)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    form = {**open_form(page), "csrf_token": token_in(page)}
    time.sleep(BETWEEN * n / LEADS)
    until, count = time.perf_counter() + SECONDS, 0
    while (began := time.perf_counter()) < until:
        title, count = f"Lead {n}, action {count}", count + 1
        body = urlencode(filled(form, title, count))
        for _ in range(2 if count % SENT_AGAIN == 0 else 1):
            start = time.perf_counter()
            status, _text = answer_of(connection, "POST", f"{path}/actions", cookie, body)
            sent.append(Sent(title, status, time.perf_counter() - start))
        time.sleep(max(0.0, BETWEEN - (time.perf_counter() - began)))
    connection.close()
    return sent


def answer_of(connection: HTTPConnection, method: str, path: str, cookie: str, body: str = "") -> tuple[int, str]:
    """Status and text; 0 if nobody answered."""
    headers = {"Cookie": cookie}
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
    try:
        connection.request(method, path, body or None, headers)
        answer: HTTPResponse = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        connection.close()
        return 0, ""


def counted(stores: Stores, sent: list[Sent]) -> tuple[int, int]:
    """How many actions are there more than once, and how many that were acknowledged are not there."""
    positions = [each.position for each in stores.chronicle.named(ActionLogged.stored_name())]
    recorded = [each.entry for each in stores.chronicle.at(positions).values()]
    titles = [e.title for e in recorded if isinstance(e, ActionLogged) and e.title.startswith("Lead ")]
    acknowledged = {each.title for each in sent if each.status == 200}
    return len(titles) - len(set(titles)), len(acknowledged - set(titles))
