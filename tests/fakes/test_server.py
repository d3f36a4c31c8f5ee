"""The machinery under every fake: what each fault does on the wire, to the service, and to the account of it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.faults import Fault, FaultScript, RandomFaults, ScriptedFault, TakesEffect
from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.server import FakeServer


class Guestbook(FakeServer):
    """The smallest service that has an effect to look for."""

    def __init__(self, state_file: Path | None = None) -> None:
        super().__init__(state_file=state_file)
        self.entries: list[str] = []

    def answer(self, request: Request) -> Answer:
        if request.path == "/crash":
            raise ZeroDivisionError
        if request.method == "POST":
            self.entries.append(request.body.decode())
            self.mark_changed()
        return json_answer(201, {"entries": self.entries})

    def usual_status(self, request: Request) -> int:
        return 201

    def holdings(self) -> dict[str, Any]:
        return {"entries": self.entries}

    def dump(self) -> dict[str, Any]:
        return {"entries": self.entries}

    def load(self, state: dict[str, Any]) -> None:
        self.entries = state["entries"]


@pytest.fixture
def book() -> Iterator[Guestbook]:
    with Guestbook() as guestbook:
        yield guestbook


@pytest.fixture
def client(book: Guestbook) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=book.base_url, timeout=5) as http:
        yield http


def impatient(book: Guestbook, path: str = "/") -> None:
    """A client that gives up soon."""
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(book.base_url + path, content="late", timeout=httpx.Timeout(5, read=0.05))


IMMEDIATE = [fault for fault in Fault if fault.reply.name not in ("HOLD", "ANSWER")]


@pytest.mark.parametrize("fault", IMMEDIATE, ids=lambda fault: fault.value)
def test_a_fault_has_the_effect_that_it_declares(book: Guestbook, client: httpx.Client, fault: Fault) -> None:
    book.script(fault, seconds=0)
    try:
        status: int | None = client.post("/", content="hello").status_code
    except httpx.TransportError:
        status = None
    if fault.takes_effect is TakesEffect.LATER:
        book.wait_until(lambda: book.entries)
    assert book.entries == ([] if fault.takes_effect is TakesEffect.NO else ["hello"])
    if fault.status:
        assert status == fault.status
    (struck,) = book.faults.struck
    assert struck.fault is fault
    assert struck.took_effect is (fault.takes_effect is not TakesEffect.NO)


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE_READING, Fault.CUT_BEFORE_PROCESSING, Fault.CUT_AFTER_PROCESSING])
def test_a_cut_is_seen_as_a_broken_connection(book: Guestbook, client: httpx.Client, fault: Fault) -> None:
    book.script(fault)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        client.post("/", content="x" * 100_000)
    assert client.post("/", content="next").status_code == 201


def test_a_cut_before_reading_never_sees_the_body(book: Guestbook, client: httpx.Client) -> None:
    book.script(Fault.CUT_BEFORE_READING)
    with pytest.raises(httpx.TransportError):
        client.post("/", content="secret")
    assert [request.body for request in book.requests] == [b""]


def test_a_truncated_answer_promises_more_than_it_sends(book: Guestbook, client: httpx.Client) -> None:
    book.script(Fault.PROCESSED_BUT_TRUNCATED)
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        client.post("/", content="hello")


def test_junk_and_empty_answers_carry_the_usual_status(book: Guestbook, client: httpx.Client) -> None:
    for fault in (Fault.JUNK_BODY, Fault.PROCESSED_BUT_JUNK):
        book.script(fault)
        answer = client.post("/")
        assert (answer.status_code, answer.text[:6]) == (201, "<html>")
    for fault in (Fault.EMPTY_BODY, Fault.PROCESSED_BUT_EMPTY):
        book.script(fault)
        answer = client.post("/")
        assert (answer.status_code, answer.content) == (201, b"")


def test_a_held_answer_keeps_the_client_waiting_although_the_work_is_done(book: Guestbook) -> None:
    book.script(Fault.TIMEOUT_AFTER_PROCESSING)
    impatient(book)
    assert book.entries == ["late"]


def test_a_time_out_without_acceptance_does_nothing(book: Guestbook, client: httpx.Client) -> None:
    book.script(Fault.TIMEOUT_NOT_PROCESSED)
    impatient(book)
    client.get("/")
    assert book.entries == []


def test_a_late_acceptance_comes_after_the_client_gave_up(book: Guestbook) -> None:
    book.script(Fault.ACCEPTED_LATE)
    impatient(book)
    assert book.entries == []
    book.release()
    book.wait_until(lambda: book.entries == ["late"])
    assert book.faults.struck[0].took_effect


def test_what_would_be_accepted_late_is_dropped_when_the_service_stops() -> None:
    with Guestbook() as book:
        book.script(Fault.ACCEPTED_LATE)
        impatient(book)
    assert book.entries == []


def test_a_slow_answer_arrives_when_it_is_released(book: Guestbook, client: httpx.Client) -> None:
    book.script(Fault.SLOW_ANSWER)
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(client.post("/", content="slow")))
    thread.start()
    book.wait_until(lambda: book.entries)
    assert answers == []
    book.release()
    thread.join()
    assert answers[0].status_code == 201


def test_a_connection_is_kept_for_the_next_request(book: Guestbook, client: httpx.Client) -> None:
    ports = set()
    for _ in range(3):
        stream = client.post("/").extensions["network_stream"]
        ports.add(stream.get_extra_info("client_addr"))
    assert len(ports) == 1


def test_a_body_without_a_length_is_read_in_chunks(book: Guestbook, client: httpx.Client) -> None:
    client.post("/", content=iter([b"one ", b"two"]))
    assert book.entries == ["one two"]


def test_a_body_beyond_the_limit_is_refused_unread(book: Guestbook, client: httpx.Client) -> None:
    book.body_limit_bytes = 10
    assert client.post("/", content="x" * 11).status_code == 413
    assert book.entries == []


def test_a_client_that_dies_in_the_middle_of_its_request_leaves_no_effect(book: Guestbook) -> None:
    import socket

    host, port = book.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    httpx.get(book.base_url)
    assert book.entries == []


def test_a_bug_of_the_fake_fails_the_test_that_met_it() -> None:
    with pytest.raises(ZeroDivisionError), Guestbook() as book, pytest.raises(httpx.TransportError):
        httpx.get(book.base_url + "/crash")
    assert book.crashes


def test_what_is_held_outlives_the_process(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with Guestbook(state) as book:
        httpx.post(book.base_url, content="kept")
        assert json.loads(state.read_text()) == {"entries": ["kept"]}
    with Guestbook(state) as book:
        assert book.entries == ["kept"]


def test_a_fault_waits_for_its_route_and_its_turn() -> None:
    script = FaultScript()
    script.add(ScriptedFault(Fault.SERVER_ERROR, "POST", "/2/users/*/tweets", times=2, skip=1))
    assert script.next_for("GET", "/2/users/1/tweets") is None
    met = [script.next_for("POST", "/2/users/1/tweets") for _ in range(4)]
    assert [line is not None for line in met] == [False, True, True, False]


def test_random_faults_come_in_the_same_order_for_the_same_seed() -> None:
    def sequence(seed: int) -> list[str]:
        script = FaultScript()
        script.add(RandomFaults(0.3, seed))
        lines = [script.next_for("GET", "/") for _ in range(200)]
        return [line.fault.value if line else "" for line in lines]

    assert sequence(1) == sequence(1) != sequence(2)
    assert 30 <= sum(map(bool, sequence(1))) <= 90


def test_the_control_api_scripts_shows_and_resets(book: Guestbook, client: httpx.Client) -> None:
    line = {"fault": "processed_but_500", "method": "POST", "path": "/*"}
    assert client.post("/_fake/faults", json=line).status_code == 200
    assert client.post("/", content="hello").status_code == 500
    assert client.get("/_fake/entries").json() == ["hello"]
    assert client.get("/_fake/faults").json()[0]["took_effect"] is True
    assert client.get("/_fake/requests").json()[0]["body"] == "hello"
    client.post("/_fake/reset")
    assert client.get("/_fake/requests").json() == []


def test_the_control_api_names_the_faults_if_one_is_unknown(client: httpx.Client) -> None:
    answer = client.post("/_fake/faults", json={"fault": "meteor"})
    assert answer.status_code == 400
    assert "cut_after_processing" in answer.json()["error"]


def test_a_fake_runs_as_a_program_and_ends_on_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fakes.x", "--state", str(tmp_path / "x.json"), "--fault-rate", "1"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout is not None
            base_url = process.stdout.readline().strip()
            assert httpx.get(base_url + "/_fake/posts").json() == []
            assert len(httpx.get(base_url + "/_fake/accounts").json()) == 1
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
