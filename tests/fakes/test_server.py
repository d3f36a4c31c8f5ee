"""The machinery under every fake: what each fault does on the wire, to the service, and to the account of it."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import httpx
import pytest

from tests.fakes.faults import Fault, FaultScript, RandomFaults, ScriptedFault, TakesEffect
from tests.fakes.guestbook import Guestbook


def impatient(book: Guestbook, path: str = "/") -> None:
    """A client that gives up soon."""
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(book.base_url + path, content="late", timeout=httpx.Timeout(5, read=0.05))


IMMEDIATE = [fault for fault in Fault if fault.reply.name not in ("HOLD", "ANSWER")]


@pytest.mark.parametrize("fault", IMMEDIATE, ids=lambda fault: fault.value)
def test_a_fault_has_the_effect_that_it_declares(book: Guestbook, visitor: httpx.Client, fault: Fault) -> None:
    book.script(fault, seconds=0)
    try:
        status: int | None = visitor.post("/", content="hello").status_code
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
def test_a_cut_is_seen_as_a_broken_connection(book: Guestbook, visitor: httpx.Client, fault: Fault) -> None:
    book.script(fault)
    with pytest.raises((httpx.NetworkError, httpx.RemoteProtocolError)):
        visitor.post("/", content="x" * 100_000)
    assert visitor.post("/", content="next").status_code == 201


def test_a_cut_before_reading_never_sees_the_body(book: Guestbook, visitor: httpx.Client) -> None:
    book.script(Fault.CUT_BEFORE_READING)
    with pytest.raises(httpx.TransportError):
        visitor.post("/", content="secret")
    assert [request.body for request in book.requests] == [b""]


def test_a_truncated_answer_promises_more_than_it_sends(book: Guestbook, visitor: httpx.Client) -> None:
    book.script(Fault.PROCESSED_BUT_TRUNCATED)
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        visitor.post("/", content="hello")


def test_junk_and_empty_answers_carry_the_usual_status(book: Guestbook, visitor: httpx.Client) -> None:
    for fault in (Fault.JUNK_BODY, Fault.PROCESSED_BUT_JUNK):
        book.script(fault)
        answer = visitor.post("/")
        assert (answer.status_code, answer.text[:6]) == (201, "<html>")
    for fault in (Fault.EMPTY_BODY, Fault.PROCESSED_BUT_EMPTY):
        book.script(fault)
        answer = visitor.post("/")
        assert (answer.status_code, answer.content) == (201, b"")


def test_a_held_answer_keeps_the_client_waiting_although_the_work_is_done(book: Guestbook) -> None:
    book.script(Fault.TIMEOUT_AFTER_PROCESSING)
    impatient(book)
    book.wait_until(lambda: book.entries == ["late"])


def test_a_time_out_without_acceptance_does_nothing(book: Guestbook, visitor: httpx.Client) -> None:
    book.script(Fault.TIMEOUT_NOT_PROCESSED)
    impatient(book)
    visitor.get("/")
    assert book.entries == []


def test_a_late_acceptance_comes_after_the_client_gave_up(book: Guestbook) -> None:
    book.script(Fault.ACCEPTED_LATE)
    impatient(book)
    book.wait_until(lambda: book.faults.struck)
    assert book.entries == []
    book.release()
    book.wait_until(lambda: book.entries == ["late"])
    assert book.faults.struck[0].took_effect


def test_what_would_be_accepted_late_is_dropped_when_the_service_stops() -> None:
    with Guestbook() as book:
        book.script(Fault.ACCEPTED_LATE)
        impatient(book)
    assert book.entries == []


def test_a_slow_answer_arrives_when_it_is_released(book: Guestbook, visitor: httpx.Client) -> None:
    book.script(Fault.SLOW_ANSWER)
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(visitor.post("/", content="slow")))
    thread.start()
    book.wait_until(lambda: book.entries)
    assert answers == []
    book.release()
    thread.join()
    assert answers[0].status_code == 201


def test_a_connection_is_kept_for_the_next_request(book: Guestbook, visitor: httpx.Client) -> None:
    ports = set()
    for _ in range(3):
        stream = visitor.post("/").extensions["network_stream"]
        ports.add(stream.get_extra_info("client_addr"))
    assert len(ports) == 1


def test_a_body_without_a_length_is_read_in_chunks(book: Guestbook, visitor: httpx.Client) -> None:
    visitor.post("/", content=iter([b"one ", b"two"]))
    assert book.entries == ["one two"]


def test_a_body_beyond_the_limit_is_refused_unread(book: Guestbook, visitor: httpx.Client) -> None:
    book.body_limit_bytes = 10
    assert visitor.post("/", content="x" * 11).status_code == 413
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
