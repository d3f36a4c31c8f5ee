"""The same request twice does one thing, and gets one answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from pressroom.api_keys import Scope
from pressroom.changes import Change
from pressroom.entrypoints.api.once import VALID
from pressroom.jobs import Job
from pressroom.retention import remove_expired
from tests.entrypoints.api.desk import Desk, a_desk, outside
from tests.entrypoints.site import KEY

ONCE = {"idempotency-key": "5f8b0c1e"}


def test_the_same_request_with_the_same_key_starts_one_job_and_gets_one_answer() -> None:
    desk = a_desk()
    first, second = desk.order(headers=ONCE), desk.order(headers=ONCE)
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert first.headers["location"] == second.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert desk.jobs() == [first.json()["id"]]


def test_without_a_key_each_request_is_one_of_its_own() -> None:
    desk = a_desk()
    desk.order()
    desk.order()
    assert len(desk.jobs()) == 2


def test_another_body_with_the_same_key_is_refused() -> None:
    desk = a_desk()
    desk.order("Boo", headers=ONCE)
    refused = desk.order("Cake", headers=ONCE)
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:pressroom:problem:idempotency-key-reused"
    assert len(desk.jobs()) == 1


def test_another_query_with_the_same_key_is_refused() -> None:
    desk = a_desk()
    desk.order(headers=ONCE)
    assert desk.client.post("/api/v1/orders?x=1", json={"word": "Boo"}, headers=ONCE).status_code == 422


def test_the_same_said_in_another_way_is_the_same_request() -> None:
    desk = a_desk()
    content = {"content-type": "application/json"}
    first = desk.client.post("/api/v1/orders", content=b'{"word":"B\\u00f6","times":2}', headers=ONCE | content)
    again = '{ "times": 2,\n "word": "Bö" }'.encode()
    second = desk.client.post("/api/v1/orders", content=again, headers=ONCE | content)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert second.headers["idempotency-replayed"] == "true"


def test_what_was_refused_leaves_no_trace_of_its_key() -> None:
    desk = a_desk()
    assert desk.client.post("/api/v1/orders", json={"word": ""}, headers=ONCE).status_code == 422
    assert desk.order(headers=ONCE).status_code == 202


def test_each_caller_has_keys_of_its_own() -> None:
    desk = outside()
    one, other = desk.key(Scope.WRITE), desk.key(Scope.WRITE)
    ids = {
        desk.order(headers=ONCE | caller).json()["id"] for caller in (one, other, {"authorization": f"Bearer {KEY}"})
    }
    assert len(ids) == 3


def test_a_key_that_may_not_write_is_not_told_what_was_answered() -> None:
    desk = outside()
    desk.order(headers=ONCE | desk.key(Scope.WRITE))
    assert desk.order(headers=ONCE | desk.key(Scope.READ)).status_code == 403


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "ключ".encode()])
def test_a_key_of_another_form_is_refused(key: Any) -> None:
    refused = a_desk().order(headers={"idempotency-key": key})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["name"] == "Idempotency-Key"


def test_two_keys_in_one_request_are_refused() -> None:
    desk = a_desk()
    headers = [("idempotency-key", "one"), ("idempotency-key", "two")]
    assert desk.client.post("/api/v1/orders", json={"word": "Boo"}, headers=headers).status_code == 400
    assert desk.jobs() == []


def test_after_a_day_at_the_earliest_a_key_may_stand_for_another_request() -> None:
    desk = a_desk()
    desk.order("Boo", headers=ONCE)
    desk.clock.advance(VALID - timedelta(seconds=1))
    remove_expired(desk.runtime, desk.clock.now())
    assert desk.order("Cake", headers=ONCE).status_code == 422
    desk.clock.advance(seconds=1)
    remove_expired(desk.runtime, desk.clock.now())
    assert desk.order("Cake", headers=ONCE).status_code == 202


# --- at once


class Stopped:
    """Lets a commit go on only when it is told to, and says when one has come."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.has_come, self.may_go = threading.Event(), threading.Event()
        commit = desk.runtime.bus.commit

        def stop(change: Change) -> None:
            self.has_come.set()
            assert self.may_go.wait(30)
            commit(change)

        monkeypatch.setattr(desk.runtime.bus, "commit", stop)


def test_while_the_first_is_under_way_the_same_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    stopped = Stopped(desk, monkeypatch)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(desk.order, headers=ONCE)
        assert stopped.has_come.wait(30)
        same, other = desk.order(headers=ONCE), desk.order("Cake", headers=ONCE)
        stopped.may_go.set()
        assert first.result().status_code == 202
    assert same.status_code == 409
    assert same.headers["retry-after"] == "1"
    assert same.json()["type"] == "urn:pressroom:problem:idempotency-key-in-flight"
    assert other.status_code == 422
    assert desk.order(headers=ONCE).headers["idempotency-replayed"] == "true"
    assert len(desk.jobs()) == 1


def test_of_two_servers_that_get_the_same_at_once_one_starts_the_job_and_both_tell_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = a_desk()
    other = a_desk(ports=desk.runtime.ports)
    stopped = Stopped(desk, monkeypatch)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(desk.order, headers=ONCE)
        assert stopped.has_come.wait(30)
        fast = other.order(headers=ONCE)
        stopped.may_go.set()
        late = slow.result()
    assert fast.json() == late.json()
    assert "idempotency-replayed" not in fast.headers
    assert late.headers["idempotency-replayed"] == "true"
    assert desk.jobs() == [fast.json()["id"]]


def test_of_two_servers_that_get_different_things_under_one_key_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    other = a_desk(ports=desk.runtime.ports)
    stopped = Stopped(desk, monkeypatch)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(desk.order, "Cake", headers=ONCE)
        assert stopped.has_come.wait(30)
        fast = other.order("Boo", headers=ONCE)
        stopped.may_go.set()
        late = slow.result()
    assert (fast.status_code, late.status_code) == (202, 422)
    assert desk.jobs() == [fast.json()["id"]]


def test_what_fails_before_the_commit_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()

    def fail(change: Change) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(desk.runtime.bus, "commit", fail)
        assert desk.order(headers=ONCE).status_code == 500
    assert desk.jobs() == []
    answer = desk.order(headers=ONCE)
    assert answer.status_code == 202
    assert "idempotency-replayed" not in answer.headers


def test_a_job_that_stands_already_is_told_of_once_too() -> None:
    desk = a_desk()
    request = desk.runtime.runner.request

    def standing(*given: Any, **more: Any) -> list[Job]:
        return request(*given, **more, key="the one")

    desk.runtime.runner.request = standing  # type: ignore[method-assign]
    first = desk.order(headers=ONCE)
    another = desk.order(headers={"idempotency-key": "another"})
    again = desk.order(headers={"idempotency-key": "another"})
    assert first.json() == another.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
