"""Do pages stay as quick, and does every request succeed, while all read tables are made anew and people write?"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from math import ceil
from random import Random
from threading import Event
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from domain.organisation import OrganisationRegistered
from projections import engine
from projections.progress import DONE
from webapp import bench_history, rebuilding_apart
from webapp.bench_answers import changed
from webapp.bench_ground import Ground
from webapp.bench_history import coalition_id, told
from webapp.bench_pages import credentials, installed, slowest
from webapp.config import Config
from webapp.stores import Stores

READERS, WRITERS = 20, 5
SECONDS_BETWEEN_PAGES, SECONDS_BETWEEN_ENTRIES = 1.0, 2.0
SECONDS_QUIET, ROUNDS = 15.0, 3
TIMES = 2.0
PAGES = {
    "roster": "/coalitions/{id}",
    "roster_of_2015": "/coalitions/{id}?on=2015-06-01",
    "register": "/register",
    "timeline": "/timeline",
    "desk": "/",
}


class Answer(NamedTuple):
    page: str
    status: int
    seconds: float


def serving(where: Ground, entries: int) -> tuple[dict[str, float], dict[str, tuple[float, float, bool]]]:
    coalitions = ceil(entries / bench_history.PER_COALITION)
    quiet: list[Answer] = []
    rebuilding: list[Answer] = []
    took: list[float] = []
    with installed(where, bench_history.entries(coalitions)) as (config, stores), served(config) as address:
        for n in range(1, ROUNDS + 1):
            quiet += under_load(stores, address, coalitions, lambda: time.sleep(SECONDS_QUIET))
            rebuilding += under_load(stores, address, coalitions, lambda: took.append(rebuilt(config, stores)))
            where.progress("rebuilding", 100 * n, 100 * ROUNDS)
    usual, meanwhile = (slowest([answer.seconds for answer in each]) for each in (quiet, rebuilding))
    failed = sum(answer.status != 200 for answer in (*quiet, *rebuilding))
    figures = {
        "pages": len(quiet) + len(rebuilding),
        "rebuild_seconds": max(took),
        "page_milliseconds": usual * 1000,
        "page_milliseconds_while_rebuilding": meanwhile * 1000,
        **{f"{page}_milliseconds": slowest(each) * 1000 for page, each in by_page(quiet).items()},
    }
    return figures, {
        "while_rebuilding_against_without": (meanwhile / usual, TIMES, False),
        "failed_requests": (failed, 0, False),
    }


def by_page(answers: list[Answer]) -> dict[str, list[float]]:
    """Of each that was asked for at least twice: of one alone nothing is said."""
    found = {page: [answer.seconds for answer in answers if answer.page == page] for page in PAGES}
    return {page: seconds for page, seconds in found.items() if len(seconds) > 1}


def rebuilt(config: Config, stores: Stores) -> float:
    """As from the page of the administrator."""
    began = time.perf_counter()
    rebuilding_apart.begin(config, stores, engine.EVERYTHING).join()
    if any(each.stage != DONE for each in engine.rebuilds(stores.reading)):
        raise RuntimeError("the rebuild did not come to its end")
    return time.perf_counter() - began


@contextmanager
def served(config: Config) -> Iterator[str]:
    """The address of a process of its own."""
    command = [sys.executable, "-c", rebuilding_apart.KRONIKA, "run", "--port", "0"]
    settings = rebuilding_apart.environment(config)
    with subprocess.Popen(  # noqa: S603  # it is us
        command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield urlsplit(next(word for word in line.split() if word.startswith("http://"))).netloc
        finally:
            process.terminate()


def under_load(stores: Stores, address: str, coalitions: int, meanwhile: Callable[[], object]) -> list[Answer]:
    """What readers were answered until it is done, while others write."""
    over, answers = Event(), list[Answer]()
    cookie = signed_in(address)
    with ThreadPoolExecutor(READERS + WRITERS) as pool:
        people = [
            *(pool.submit(read, address, cookie, coalitions, n, answers, over) for n in range(READERS)),
            *(pool.submit(write, stores, n, over) for n in range(WRITERS)),
        ]
        try:
            meanwhile()
        finally:
            over.set()
        for each in people:
            each.result()
    return answers


def read(address: str, cookie: str, coalitions: int, n: int, answers: list[Answer], over: Event) -> None:
    random = Random(n)  # noqa: S311  # repeatable questions, no secret
    connection = HTTPConnection(address, timeout=30)
    over.wait(SECONDS_BETWEEN_PAGES * n / READERS)
    while not over.is_set():
        id = coalition_id(random.randrange(coalitions))
        page = random.choice(tuple(PAGES))
        began = time.perf_counter()
        status = answered(connection, PAGES[page].format(id=id), cookie)
        answers.append(Answer(page, status, time.perf_counter() - began))
        over.wait(SECONDS_BETWEEN_PAGES)
    connection.close()


def answered(connection: HTTPConnection, path: str, cookie: str) -> int:
    """Its status; 0 if nobody answered."""
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        connection.close()
        return 0
    return answer.status


def write(stores: Stores, n: int, over: Event) -> None:
    """What cannot be recorded stops the bench: nothing acknowledged may be missing."""
    over.wait(SECONDS_BETWEEN_ENTRIES * n / WRITERS)
    while not over.wait(SECONDS_BETWEEN_ENTRIES):
        id = uuid4()
        newcomer = OrganisationRegistered(**{**told(id, 1, "2005"), "command_id": uuid4()}, called=f"Newcomer {id}")
        stores.chronicle.record(newcomer, changed(stores.chronicle, id))
        engine.keep_up(stores.chronicle, stores.reading)


def signed_in(address: str, role: str = "viewer") -> str:
    connection = HTTPConnection(address, timeout=30)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    form, jar = credentials(answer.read().decode(), role), SimpleCookie(answer.headers["Set-Cookie"])
    headers = {"Cookie": crumbs(jar), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    for line in answer.headers.get_all("Set-Cookie") or []:
        jar.load(line)
    connection.close()
    return crumbs(jar)


def crumbs(jar: SimpleCookie) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
