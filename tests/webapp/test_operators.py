"""What does an administrator see of the read tables, and can they be made anew from the page?"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from projections import engine
from projections.alone import alone
from projections.progress import DONE, FILLING, KILLED, STARTING, Diary
from projections.tables import Projection
from tests.webapp.conftest import PASSWORD, Person
from tests.webapp.reading import words
from webapp import rebuilding_apart
from webapp.stores import Stores

PAGE = "/admin/projections"
PATIENCE = 60


def stages(stores: Stores) -> dict[str, str]:
    return {each.projection: each.stage for each in engine.rebuilds(stores.reading)}


def until(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def sick(stores: Stores) -> None:
    """An entry parked by a rebuild of another program, which could not digest it."""

    def fold(*_: object) -> None:
        raise ValueError("a form of later years")

    of = engine.BY_NAME["timeline"]
    engine.rebuild(stores.chronicle, stores.reading, [Projection(**{**vars(of), "fold": fold})])


def test_it_shows_how_far_each_table_is(ztok: UUID, signed_in: Callable[..., Person]) -> None:
    told = words(signed_in("administrator").open(PAGE).text)
    for name, projection in engine.BY_NAME.items():
        assert f"{name} {projection.version} 37 0 0 none yet" in told


@pytest.mark.parametrize("role", ["lead", "secretariat", "auditor", "viewer"])
def test_it_is_for_administrators_alone(signed_in: Callable[..., Person], role: str) -> None:
    person = signed_in(role)
    assert person.open(PAGE).status_code == 404
    assert person.send(f"{PAGE}/rebuild").status_code == 404
    assert person.send(f"{PAGE}/retry").status_code == 404
    assert PAGE not in person.open("/").text


def test_a_rebuild_goes_on_without_the_page_that_began_it(
    ztok: UUID, stores: Stores, signed_in: Callable[..., Person]
) -> None:
    administrator = signed_in("administrator")
    administrator.open(PAGE)
    assert administrator.send(f"{PAGE}/rebuild", projection="timeline").status_code == 303
    until(lambda: stages(stores) == {"timeline": DONE})
    assert "timeline" in words(administrator.open(PAGE).text)
    assert ": done" in words(administrator.open(PAGE).text)


def test_only_one_at_a_time_is_begun(ztok: UUID, stores: Stores, signed_in: Callable[..., Person]) -> None:
    administrator = signed_in("administrator")
    with alone(stores.reading):
        Diary(stores.reading, engine.EVERYTHING, 37).note(FILLING, 12)
        page = administrator.open(PAGE)
        assert "Rebuilding: folding entries. 12 of 37 entries." in words(page.text)
        assert 'hx-trigger="every 2s"' in page.text
        assert "Look again" in page.text
        refused = administrator.send(f"{PAGE}/rebuild")
    assert refused.status_code == 409
    assert "being rebuilt already" in refused.text


def test_a_killed_rebuild_is_told_and_can_be_begun_again(
    ztok: UUID, stores: Stores, signed_in: Callable[..., Person]
) -> None:
    Diary(stores.reading, engine.EVERYTHING, 37).note(FILLING, 12)
    assert set(stages(stores).values()) == {KILLED}
    page = signed_in("administrator").open(PAGE)
    assert "stopped before its end; the old tables serve on" in words(page.text)
    assert "every 2s" not in page.text


def test_one_that_was_just_begun_counts_as_under_way(ztok: UUID, stores: Stores) -> None:
    Diary(stores.reading, engine.EVERYTHING, 37).note(STARTING)
    assert set(stages(stores).values()) == {STARTING}


def test_a_failed_rebuild_says_why(ztok: UUID, stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("projections.rebuilding.append", full)
    with pytest.raises(OSError, match="space"):
        engine.rebuild(stores.chronicle, stores.reading)
    assert {(each.stage, each.reason) for each in engine.rebuilds(stores.reading)} == {
        ("failed", "OSError: [Errno 28] No space left on device")
    }


def test_what_is_parked_has_its_reason_and_is_tried_again(
    ztok: UUID, stores: Stores, signed_in: Callable[..., Person]
) -> None:
    sick(stores)
    administrator = signed_in("administrator")
    page = administrator.open(PAGE)
    assert "ValueError: a form of later years" in page.text
    assert administrator.send(f"{PAGE}/retry").status_code == 303
    assert "Nothing is parked any more." in administrator.open(PAGE).text
    assert engine.parked(stores.reading) == []


def test_the_page_follows_a_rebuild_by_itself(
    ztok: UUID, stores: Stores, known: Callable[..., Person], live_server: str, browser: Browser
) -> None:
    email = known("administrator").email
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{live_server}/sign-in")
        tab.get_by_label("E-mail address").fill(email)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.get_by_label("Password").press("Enter")
        tab.goto(f"{live_server}{PAGE}")
        tab.get_by_role("button", name="Rebuild").click()
        tab.get_by_text("Rebuilding:").first.wait_for()
        tab.get_by_role("button", name="Rebuild").wait_for(timeout=PATIENCE * 1000)
    assert set(stages(stores).values()) == {DONE}


def test_a_rebuild_begun_apart_has_the_settings_of_who_began_it(ztok: UUID, stores: Stores) -> None:
    waiting = rebuilding_apart.begin(stores._config, stores, [engine.BY_NAME["periods"]])
    waiting.join(PATIENCE)
    assert stages(stores) == {"periods": DONE}
