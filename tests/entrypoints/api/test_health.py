"""Health looks at the work, not at the port."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import Unavailable
from tests.entrypoints.site import a_site


@dataclass
class FixedHeart:
    heartbeat: datetime
    is_alive: bool = True


def test_a_process_that_answers_is_alive() -> None:
    assert a_site().client.get("/healthz").json() == {"status": "alive"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_check_may_ask_for_the_head_alone(path: str) -> None:
    assert a_site().client.request("HEAD", path).status_code == 200


def test_a_server_with_nothing_to_do_is_ready() -> None:
    response = a_site().client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "ready"


def test_a_delivery_that_nobody_fetches_makes_it_not_ready_and_names_the_queue() -> None:
    site = a_site()
    site.edition.waiting("publish.main")
    site.clock.advance(minutes=6)
    response = site.client.get("/readyz")
    assert response.status_code == 503
    [finding] = [check for check in response.json()["checks"] if not check["ok"]]
    assert finding["late"] == ["publish.main"]
    assert "1 waits, the oldest for 6 minutes" in finding["what"]
    assert finding["todo"]


def test_a_server_that_is_not_ready_says_so_as_every_other_error_is_told() -> None:
    site = a_site(worker=FixedHeart(a_site().clock.now(), is_alive=False))
    response = site.client.get("/readyz")
    found = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (found["type"], found["status"], found["instance"]) == ("urn:pressroom:problem:not-ready", 503, "/readyz")
    assert found["detail"] == found["message"] == "Work does not get done: worker: It has stopped."
    assert found["todo"].startswith("Restart this process")
    assert [check["name"] for check in found["checks"]] == ["database", "worker", "queues"]


def test_a_delivery_that_is_young_is_no_reason_to_worry() -> None:
    site = a_site()
    site.edition.waiting()
    site.clock.advance(minutes=4)
    assert site.client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("age", "is_alive", "status"),
    [(timedelta(seconds=5), True, 200), (timedelta(minutes=3), True, 503), (timedelta(0), False, 503)],
)
def test_a_worker_must_live_and_show_it(age: timedelta, is_alive: bool, status: int) -> None:
    heart = FixedHeart(a_site().clock.now() - age, is_alive)
    assert a_site(worker=heart).client.get("/readyz").status_code == status


def test_a_database_that_cannot_be_read_makes_it_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    site = a_site()

    def broken(*_: Any) -> int:
        raise OSError("disk I/O error at /secret/place")

    monkeypatch.setattr(type(site.runtime.ports.events), "last_position", broken)
    response = site.client.get("/readyz")
    assert response.status_code == 503
    assert "/secret/place" not in response.text


def test_a_database_that_says_what_is_wrong_is_quoted_without_the_place_of_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = a_site()

    def full(*_: Any) -> int:
        raise Unavailable("The disk is full.", where="/secret/place", todo="Make room.")

    monkeypatch.setattr(type(site.runtime.ports.events), "last_position", full)
    response = site.client.get("/readyz")
    assert response.status_code == 503
    assert (
        response.json()["checks"][0] | {"what": "The disk is full.", "todo": "Make room."}
        == response.json()["checks"][0]
    )
    assert "/secret/place" not in response.text
