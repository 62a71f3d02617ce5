"""What can be read at /metrics, and by whom? Numbers alone, from this machine or with the token."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from domain.chronicle import ChronicleUnavailable
from tests.webapp.conftest import Person
from webapp import create_app, last_backup, rights
from webapp.config import Config
from webapp.stores import Stores

TOKEN = "a token of thirty-two characters"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def numbers(client: FlaskClient) -> dict[str, float]:
    """By name and labels, in the order of their names."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_counts_entries_tables_sessions_and_requests(ztok: UUID, signed_in: Callable[..., Person]) -> None:
    person = signed_in("viewer")
    assert person.open("/").status_code == 200
    assert person.open("/nowhere").status_code == 404
    told = numbers(person.client)
    assert told["kronika_entries"] == 37
    assert told["kronika_projection_position timeline"] == 37
    assert told["kronika_projection_lag timeline"] == told["kronika_projection_parked timeline"] == 0
    assert told["kronika_sessions_open"] == 1
    assert told["kronika_requests_total desk.desk 200"] >= 1
    assert told["kronika_request_seconds_count desk.desk"] >= told["kronika_requests_total desk.desk 200"]
    assert told["kronika_requests_total none 404"] == 1
    assert told["kronika_clock_behind_seconds"] == 0
    assert told["kronika_unavailable_total full"] == 0
    assert {told[f"kronika_up {name}"] for name in ("entries", "read_tables", "accounts")} == {1}
    assert told["process_resident_memory_bytes"] > 0


def test_it_says_how_old_the_last_backup_is(config: Config, stranger: Person) -> None:
    assert "kronika_backup_age_seconds" not in numbers(stranger.client)
    last_backup.note(config.folder)
    assert 0 <= numbers(stranger.client)["kronika_backup_age_seconds"] < 60


def test_it_counts_what_a_database_could_not_serve_and_tells_the_rest(
    app: Flask, stores: Stores, signed_in: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> str:
        raise ChronicleUnavailable("full")

    app.add_url_rule("/failing", "failing", away)
    monkeypatch.setitem(rights.RIGHTS, "failing", rights.SIGNED_IN)
    person = signed_in("viewer")
    monkeypatch.setattr(stores.chronicle, "last_position", away)
    assert person.open("/failing").status_code == 503
    told = numbers(person.client)
    assert told["kronika_unavailable_total full"] == 1
    assert (told["kronika_up entries"], told["kronika_up accounts"]) == (0, 1)
    assert told["kronika_sessions_open"] == 1


def test_no_name_and_no_word_is_in_it(ztok: UUID, signed_in: Callable[..., Person]) -> None:
    person = signed_in("administrator", "rasa@example.org")
    for path in (f"/coalitions/{ztok}", "/organisations", "/timeline", "/register"):
        person.open(path)
    told = person.open("/metrics").text
    assert not re.search(rf"koalicij|centras|rasa|administrator|{ztok}", told, re.IGNORECASE)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_the_world_behind_a_proxy_does_not_read_it(config: Config, stores: Stores, header: str) -> None:
    for proxies in (0, 1):
        client = create_app(msgspec.structs.replace(config, proxies=proxies), stores).test_client()
        hidden, missing = (client.get(path, headers={header: "192.0.2.7"}) for path in ("/metrics", "/nowhere-at-all"))
        assert "kronika_" not in hidden.text
        assert hidden.status_code == 404
        assert missing.status_code in (303, 404)


def test_from_elsewhere_it_takes_the_token(config: Config, stores: Stores) -> None:
    client = create_app(msgspec.structs.replace(config, metrics_token=TOKEN), stores).test_client()
    assert client.get("/metrics", environ_base=ELSEWHERE).status_code == 404
    wrong = {"Authorization": f"Bearer {TOKEN}x"}
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=wrong).status_code == 404
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=right).status_code == 200
    without = create_app(config, stores).test_client()
    assert without.get("/metrics", environ_base=ELSEWHERE, headers={"Authorization": "Bearer "}).status_code == 404


def test_this_machine_asks_for_health_by_its_own_name(config: Config, stores: Stores) -> None:
    https = msgspec.structs.replace(config, base_url="https://kronika.example.org", proxies=1)
    client = create_app(https, stores).test_client()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path, base_url="http://127.0.0.1:8001").status_code == 200
        assert client.get(path, base_url="http://attacker.example").status_code == 400


def test_what_a_proxy_says_is_believed_from_this_machine_alone(config: Config, stores: Stores) -> None:
    app = create_app(msgspec.structs.replace(config, proxies=1, metrics_token=TOKEN), stores)
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))
    client = app.test_client()
    client.get("/healthz", headers={"X-Forwarded-For": "198.51.100.9"})
    client.get("/healthz", headers={"X-Forwarded-For": "127.0.0.1"}, environ_base=ELSEWHERE)
    assert seen == ["198.51.100.9", "192.0.2.7"]


def test_the_time_of_the_last_backup_is_that_of_the_latest(tmp_path: Path) -> None:
    assert last_backup.when(tmp_path) is None
    last_backup.note(tmp_path)
    first = last_backup.when(tmp_path)
    last_backup.note(tmp_path)
    assert first
    assert (last_backup.when(tmp_path) or first) >= first
