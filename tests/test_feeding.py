"""A source feeds a pipeline: each photo starts one job, each edit one more, whatever is cut off or comes twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from structlog.testing import capture_logs

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import AccountDisconnected, BadInput, RateLimited, Unavailable, UnknownName
from pressroom.feeding import Feeder, feeders
from pressroom.photos import PhotoInfo
from pressroom.pipeline import Pipeline, PipelineSettings, Poll
from pressroom.runtime import Runtime
from pressroom.sources.base import FoundPhoto, Item, Original, Page, Setup, Source, SourceSettings
from pressroom.testing import ManualClock, work_off


class Scripted(Source):
    """A source whose pages a test sets; it writes down the cursors that it is given."""

    def __init__(self) -> None:
        clock = ManualClock()
        super().__init__(
            Setup(
                name="inbox",
                settings=SourceSettings(use="scripted"),
                workspace=Path(),
                secrets=build_memory_ports(clock).secrets,
                clock=clock,
            )
        )
        self.pages: list[Page | Exception] = []
        self.cursors: list[str] = []
        self.at_look: Callable[[], object] = lambda: None
        self.at_wait: Callable[[], object] = lambda: None

    def look(self, cursor: str) -> Iterator[Page]:
        self.cursors.append(cursor)
        self.at_look()
        for page in self.pages:
            if isinstance(page, Exception):
                raise page
            yield page

    def fetch(self, item: Item) -> Original:
        raise AssertionError("looking fetches nothing")

    def wait(self, seconds: float) -> None:
        self.at_wait()
        super().wait(seconds)


class Input(BaseModel):
    found: FoundPhoto


class Fed(PipelineSettings):
    source: str = ""


def keep(input: Input) -> None: ...


def item(id: str, version: str = "1") -> Item:
    return Item(id=id, version=version, info=PhotoInfo(name=f"{id}.jpg"))


def page(*items: Item, cursor: str = "") -> Page:
    return Page(items=items, cursor=cursor)


class Bench:
    def __init__(self) -> None:
        self.source = Scripted()
        self.ports = build_memory_ports(ManualClock())
        self.runtime = self.fresh()
        self.feeder = Feeder(self.runtime, self.runtime.runner.pipeline("feed"), "inbox")

    def fresh(self) -> Runtime:
        pipeline = Pipeline("feed", trigger=Poll(), input=Input, settings=Fed, steps=[keep])
        config = Config.model_validate({"workspace": Path(), "pipelines": {"feed": {"source": "inbox"}}})
        runtime = compose(config, self.ports, {"feed": pipeline})
        runtime.sources.make = lambda name: self.source  # type: ignore[method-assign]
        return runtime

    def look(self, *pages: Page | Exception) -> int:
        self.source.pages = list(pages)
        return self.feeder.look()

    def refuse(self, photos: dict[str, Exception]) -> None:
        """Let no job start for these photos from now on."""
        request = type(self.runtime.runner).request

        def refusing(pipeline: str, input: dict[str, Any], **more: Any) -> Any:
            if error := photos.get(input["found"]["id"]):
                raise error
            return request(self.runtime.runner, pipeline, input, **more)

        self.runtime.runner.request = refusing  # type: ignore[method-assign]

    def found(self) -> list[tuple[str, str, bool]]:
        jobs = reversed(self.ports.jobs.find())
        found = [FoundPhoto(**job.input["found"]) for job in jobs]
        return [(one.id, one.version, one.is_edit) for one in found]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_each_photo_starts_one_job_with_what_the_source_said_of_it(bench: Bench) -> None:
    assert bench.look(page(item("a"), item("b"))) == 2
    assert bench.found() == [("a", "1", False), ("b", "1", False)]


def test_a_photo_that_is_found_again_starts_nothing(bench: Bench) -> None:
    bench.look(page(item("a")))
    assert bench.look(page(item("a"), item("b"))) == 1


def test_an_edit_starts_a_job_that_knows_it_is_one(bench: Bench) -> None:
    bench.look(page(item("a")))
    bench.look(page(item("a", "2")))
    assert bench.found() == [("a", "1", False), ("a", "2", True)]


def test_a_look_goes_on_from_the_cursor_of_the_last_whole_page(bench: Bench) -> None:
    with pytest.raises(Unavailable):
        bench.look(page(item("a"), cursor="after a"), Unavailable("Cut off."))
    bench.look(page(item("b"), cursor="after b"))
    bench.look()
    assert bench.source.cursors == ["", "after a", "after b"]
    assert bench.found() == [("a", "1", False), ("b", "1", False)]


@pytest.mark.parametrize("error", [Unavailable("The disk is full."), ZeroDivisionError("a defect")])
def test_a_photo_that_cannot_be_taken_in_now_lets_the_others_pass_and_is_tried_again(
    bench: Bench, error: Exception
) -> None:
    refused: dict[str, Exception] = {"a": error}
    bench.refuse(refused)
    first, second = page(item("a"), item("b"), cursor="after b"), page(item("c"), cursor="after c")
    assert bench.look(first, second) == 2
    refused.clear()
    assert bench.look(first, second) == 1
    bench.look()
    assert bench.source.cursors == ["", "", "after c"]
    assert [id for id, *_ in bench.found()] == ["b", "c", "a"]


def test_a_photo_that_cannot_be_taken_in_is_named_once_and_tried_again_at_growing_pauses(bench: Bench) -> None:
    refused: dict[str, Exception] = {"a": Unavailable("The disk is full.")}
    bench.refuse(refused)
    bench.source.pages = [page(item("a"), item("b"))]
    with capture_logs() as lines:
        pauses = [bench.feeder.look_and_tell() for _ in range(12)]
    assert (pauses[:3], pauses[-1]) == ([5, 10, 20], 300)
    assert [line["photo"] for line in lines if line["log_level"] == "error"] == ["a.jpg"]
    assert "a.jpg" in bench.feeder.trouble
    refused.clear()
    assert (bench.feeder.look_and_tell(), bench.feeder.trouble) == (300, "")


def test_a_photo_that_can_never_be_taken_in_is_named_and_passed(bench: Bench) -> None:
    bench.refuse({"a": BadInput("It has no name.")})
    bench.source.pages = [page(item("a"), item("b"), cursor="after b")]
    with capture_logs() as lines:
        assert (bench.feeder.look_and_tell(), bench.feeder.trouble) == (300, "")
    assert [line["photo"] for line in lines if line["log_level"] == "error"] == ["a.jpg"]
    bench.look()
    assert bench.source.cursors == ["", "after b"]


def test_photos_whose_ids_hold_the_sign_between_the_parts_of_a_key_are_different_photos(bench: Bench) -> None:
    assert bench.look(page(item("a", "b:1"), item("a:b", "1"))) == 2
    assert bench.look(page(item("a:b", "2"))) == 1
    assert [is_edit for *_, is_edit in bench.found()] == [False, False, True]


def test_a_photo_is_not_taken_for_the_version_of_another(bench: Bench) -> None:
    bench.look(page(item("a", "1")))
    assert bench.look(page(item("a:1", "1"))) == 1
    assert bench.found()[-1] == ("a:1", "1", False)


def test_two_processes_do_not_look_at_the_same_time(bench: Bench) -> None:
    other = Feeder(bench.fresh(), bench.runtime.runner.pipeline("feed"), "inbox")
    started_by_other: list[int] = []
    bench.source.at_look = lambda: started_by_other.append(other.look() if len(bench.source.cursors) == 1 else -1)
    assert (bench.look(page(item("a"))), started_by_other) == (1, [0])
    assert bench.source.cursors == [""]


def test_a_feeder_whose_source_another_process_looks_at_says_nothing_and_can_be_stopped(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets, tries = bench.ports.secrets, threading.Event()
    lock = secrets.lock

    def tried(name: str, **how: Any) -> AbstractContextManager[object]:
        tries.set()
        return lock(name, **how)

    with lock("look source inbox for feed"):
        monkeypatch.setattr(secrets, "lock", tried)
        bench.feeder.start()
        assert tries.wait(10)
        assert bench.feeder.stop(timeout=10)
    assert (bench.source.cursors, bench.feeder.trouble) == ([], "")


def test_a_photo_whose_job_was_forgotten_is_still_known(bench: Bench) -> None:
    bench.look(page(item("a")))
    work_off(bench.runtime)
    bench.ports.clock.advance(timedelta(days=200))  # type: ignore[attr-defined]
    from pressroom.retention import remove_expired

    remove_expired(bench.runtime, bench.ports.clock.now())
    assert bench.look(page(item("a"))) == 0


def test_two_processes_start_one_job_for_a_photo(bench: Bench) -> None:
    other = bench.fresh()
    bench.look(page(item("a")))
    ledger = bench.ports.ledger

    class Late:
        """A ledger that another process is just ahead of: it does not yet show the photo when it is asked first."""

        def __init__(self) -> None:
            self.asked = 0

        def get(self, key: str) -> Any:
            self.asked += 1
            return None if self.asked == 1 else ledger.get(key)

    object.__setattr__(other.ports, "ledger", Late())
    bench.source.pages = [page(item("a"))]
    assert Feeder(other, other.runner.pipeline("feed"), "inbox").look() == 0
    assert len(bench.found()) == 1


def test_a_source_that_cannot_be_read_is_left_alone_for_longer_and_longer(bench: Bench) -> None:
    bench.source.pages = [Unavailable("No route.")]
    pauses = [bench.feeder.look_and_tell() for _ in range(12)]
    assert pauses[:3] == [5, 10, 20]
    assert pauses[-1] == 15 * 60
    assert bench.feeder.trouble == "No route."
    bench.source.pages = []
    assert (bench.feeder.look_and_tell(), bench.feeder.trouble) == (300, "")


def test_a_rate_limit_is_waited_for_as_long_as_it_says(bench: Bench) -> None:
    until = bench.ports.clock.now() + timedelta(seconds=77)
    bench.source.pages = [RateLimited("Slowly.", retry_at=until)]
    assert bench.feeder.look_and_tell() == 77


@pytest.mark.parametrize(
    ("away", "pauses"),
    [
        (timedelta(0), [5, 10, 20]),
        (timedelta(days=-1), [5, 10, 20]),
        (timedelta(milliseconds=1), [5, 5, 5]),
        (timedelta(days=400), [86400] * 3),
    ],
)
def test_a_wait_that_a_source_asks_for_is_neither_none_nor_for_ever(
    bench: Bench, away: timedelta, pauses: list[float]
) -> None:
    bench.source.pages = [RateLimited("Slowly.", retry_at=bench.ports.clock.now() + away)]
    assert [bench.feeder.look_and_tell() for _ in range(3)] == pauses


def test_a_source_that_fails_at_waiting_does_not_end_the_feeder(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressroom.feeding.FIRST_PAUSE", timedelta(0))
    monkeypatch.setattr(bench.feeder, "look_and_tell", lambda: 0.0)
    waits, goes_on = iter([OSError("too many watches")]), threading.Event()

    def at_wait() -> None:
        for error in waits:
            raise error
        goes_on.set()

    bench.source.at_wait = at_wait
    bench.feeder.start()
    assert goes_on.wait(10)
    assert bench.feeder.stop(timeout=10)


def test_a_disconnected_account_is_announced_once(bench: Bench) -> None:
    bench.source.pages = [AccountDisconnected("The token is over.", todo="Connect it again.")]
    bench.feeder.look_and_tell()
    bench.feeder.look_and_tell()
    [event] = bench.ports.events.after(0, types=["SourceDisconnected"])
    assert event.data["error"]["todo"] == "Connect it again."


def test_a_defect_of_a_source_does_not_end_the_feeder(bench: Bench) -> None:
    bench.source.pages = [ZeroDivisionError("oops")]
    assert bench.feeder.look_and_tell() == 5


def test_a_feeder_stops_although_its_source_waits(bench: Bench) -> None:
    bench.feeder.start()
    assert bench.feeder.stop(timeout=10)


def test_a_pipeline_without_a_source_is_fed_by_nothing(bench: Bench) -> None:
    pipeline = Pipeline("feed", trigger=Poll(), input=Input, settings=Fed, steps=[keep])
    runtime = compose(Config.model_validate({"workspace": Path()}), bench.ports, {"feed": pipeline})
    assert feeders(runtime) == []


def test_a_source_that_is_not_configured_is_named(bench: Bench) -> None:
    config = Config.model_validate({"workspace": Path(), "pipelines": {"feed": {"source": "inbocks"}}})
    runtime = compose(config, bench.ports, {"feed": bench.runtime.runner.pipeline("feed")})
    with pytest.raises(UnknownName, match="inbocks"):
        feeders(runtime)
