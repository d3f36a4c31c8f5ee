"""Events are posted to a real receiver on this machine, which answers as it likes."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.changes import Change
from pressroom.errors import BadInput, ConfigurationError, PressroomError, Unavailable
from pressroom.events import Event
from pressroom.handlers.base import Setup
from pressroom.handlers.notify import Notify, NotifySettings
from pressroom.ports import Secrets
from pressroom.testing import ManualClock, memory_runtime, work_off
from tests.engine import Calls, a_pipeline

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
HELD = Event(type="PostHeld", subject="pub_1", time=NOW, data={"channel": "main"}, job_id="job_1", cause_id="evt_0")


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.received: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answers: list[int] = []
        """Statuses to answer with, the next first; 204 when none is left."""
        self.repeats_the_path = False
        self.silent = threading.Event()
        """While set, nothing is answered."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/events"


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, json.loads(body)))
        if self.server.silent.is_set():
            self.server.silent.wait()
            self.connection.recv(1)  # until the caller has hung up
            return
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        text = b"" if status == 204 else b"The receiver's own words."
        if self.server.repeats_the_path:
            text = f"Cannot POST {self.path}".encode()
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Tests need no access log."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def notify(url: str, **settings: Any) -> Notify:
    return Notify(Setup(name="notify", settings=NotifySettings(enabled=True, url=url, **settings), secrets=secrets()))


def secrets(**values: str) -> Secrets:
    kept = build_memory_ports(ManualClock()).secrets
    kept.set_many({f"handlers.notify.{name}": value for name, value in values.items()})
    return kept


def test_an_event_is_posted_as_a_cloudevent(receiver: Receiver) -> None:
    notify(receiver.url).handle(HELD)
    [(headers, body)] = receiver.received
    assert headers["content-type"] == "application/cloudevents+json"
    assert body == {
        "specversion": "1.0",
        "id": HELD.id,
        "source": "pressroom",
        "type": "PostHeld",
        "subject": "pub_1",
        "time": "2026-10-31T08:00:00Z",
        "datacontenttype": "application/json",
        "data": {"channel": "main"},
        "jobid": "job_1",
        "causeid": "evt_0",
    }


def test_only_the_events_that_are_asked_for_are_posted(receiver: Receiver) -> None:
    sections = {"notify": {"enabled": True, "url": receiver.url, "events": ["PaperArrived"]}}
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")), handlers=sections)
    runtime.bus.commit(Change(events=(HELD, Event(type="PaperArrived", subject="tray", time=NOW))))
    assert work_off(runtime) == 1
    assert [body["type"] for _, body in receiver.received] == ["PaperArrived"]


def test_what_needs_a_person_is_posted_unless_it_is_said_otherwise() -> None:
    needs_a_person = {"PostRejected", "PostHeld", "JobFailed", "ChannelPaused", "ScheduleMissed"}
    needs_a_person |= {"TokenEnding", "TokenEnded"}
    assert needs_a_person <= set(NotifySettings().events)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_a_receiver_that_is_overloaded_is_asked_again_later(receiver: Receiver, status: int) -> None:
    receiver.answers.append(status)
    with pytest.raises(Unavailable, match=str(status)):
        notify(receiver.url).handle(HELD)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
def test_a_receiver_that_refuses_is_not_asked_again(receiver: Receiver, status: int) -> None:
    receiver.answers.append(status)
    with pytest.raises(BadInput, match=f"refused PostHeld: {status}") as refused:
        notify(receiver.url).handle(HELD)
    assert not isinstance(refused.value, Unavailable)
    assert refused.value.detail == "The receiver's own words."
    assert refused.value.todo


def test_a_receiver_that_is_away_is_asked_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable, match="cannot be reached"):
        notify(f"http://127.0.0.1:{port}").handle(HELD)


def test_a_receiver_that_does_not_answer_in_time_is_asked_again_later(receiver: Receiver) -> None:
    receiver.silent.set()
    with pytest.raises(Unavailable, match="cannot be reached"):
        notify(receiver.url, timeout_seconds=0.05).handle(HELD)


def test_a_handler_without_a_url_is_refused_when_it_is_made() -> None:
    with pytest.raises(ConfigurationError, match="no URL to post to") as refused:
        notify("")
    assert refused.value.where == "[handlers.notify] url"
    assert "enabled = false" in refused.value.todo
    assert "handlers.notify.url" in refused.value.todo


@pytest.mark.parametrize(
    "url", ["example.com/hook-7f3a", "ftp://example.com/hook-7f3a", "https:///hook-7f3a", "https://a:b/hook-7f3a"]
)
def test_what_is_no_url_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigurationError, match="is no URL") as refused:
        notify(url)
    assert "hook-7f3a" not in str(refused.value.problem())


def test_the_url_may_be_a_secret(receiver: Receiver) -> None:
    settings = NotifySettings(enabled=True)
    Notify(Setup(name="notify", settings=settings, secrets=secrets(url=receiver.url))).handle(HELD)
    assert len(receiver.received) == 1


@pytest.mark.parametrize("status", [404, 503])
def test_of_the_url_only_scheme_and_host_are_told(receiver: Receiver, status: int) -> None:
    receiver.answers.append(status)
    receiver.repeats_the_path = True
    base = receiver.url.removesuffix("/events")
    url = f"{base}/services/T0/hook-7f3a?key=8c1d9e"
    with pytest.raises(PressroomError) as failed:
        notify(url).handle(HELD)
    said = str(failed.value.problem())
    assert receiver.received
    assert base in said
    assert "hook-7f3a" not in said
    assert "8c1d9e" not in said
    assert "hook-7f3a" not in repr(NotifySettings(url=url))


def test_a_receiver_that_refuses_the_death_of_its_own_delivery_is_not_told_of_it(receiver: Receiver) -> None:
    receiver.answers += [404] * 20
    sections = {"notify": {"enabled": True, "url": receiver.url, "events": ["DeliveryDied"]}}
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")), handlers=sections)
    died = Event(type="DeliveryDied", subject="7", time=NOW, data={"queue": "steps", "name": "draw"})
    runtime.bus.commit(Change(events=(died,)))
    work_off(runtime, most=10)
    assert len(receiver.received) == 1
    assert len(runtime.ports.dead_letters.find()) == 1


def test_a_receiver_that_comes_back_gets_each_event_and_repeats_bear_the_same_id(receiver: Receiver) -> None:
    clock = ManualClock()
    receiver.answers += [503, 503]
    sections = {"notify": {"enabled": True, "url": receiver.url}}
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")), clock=clock, handlers=sections)
    runtime.bus.commit(Change(events=(HELD,)))
    for _ in range(4):
        work_off(runtime)
        clock.advance(timedelta(minutes=1))
    assert [body["id"] for _, body in receiver.received] == [HELD.id] * 3


def test_a_replay_posts_the_events_of_its_range_again(receiver: Receiver) -> None:
    sections = {"notify": {"enabled": True, "url": receiver.url}}
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")), handlers=sections)
    for hours in range(3):
        event = Event(type="PostHeld", subject=f"pub_{hours}", time=NOW + timedelta(hours=hours))
        runtime.bus.commit(Change(events=(event,)))
    work_off(runtime)
    receiver.received.clear()
    assert runtime.replay.through("notify", NOW + timedelta(hours=1), NOW + timedelta(hours=2)) == 1
    assert [body["subject"] for _, body in receiver.received] == ["pub_1"]
