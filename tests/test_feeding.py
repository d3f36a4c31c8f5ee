"""A source feeds a pipeline: each photo starts one job, each edit one more, whatever is cut off or comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import AccountDisconnected, RateLimited, Unavailable, UnknownName
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

    def look(self, cursor: str) -> Iterator[Page]:
        self.cursors.append(cursor)
        for page in self.pages:
            if isinstance(page, Exception):
                raise page
            yield page

    def fetch(self, item: Item) -> Original:
        raise AssertionError("looking fetches nothing")


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
    pauses = [bench.feeder._round() for _ in range(12)]
    assert pauses[:3] == [5, 10, 20]
    assert pauses[-1] == 15 * 60
    assert bench.feeder.trouble == "No route."
    bench.source.pages = []
    assert (bench.feeder._round(), bench.feeder.trouble) == (300, "")


def test_a_rate_limit_is_waited_for_as_long_as_it_says(bench: Bench) -> None:
    until = bench.ports.clock.now() + timedelta(seconds=77)
    bench.source.pages = [RateLimited("Slowly.", retry_at=until)]
    assert bench.feeder._round() == 77


def test_a_disconnected_account_is_announced_once(bench: Bench) -> None:
    bench.source.pages = [AccountDisconnected("The token is over.", todo="Connect it again.")]
    bench.feeder._round()
    bench.feeder._round()
    [event] = bench.ports.events.after(0, types=["SourceDisconnected"])
    assert event.data["error"]["todo"] == "Connect it again."


def test_a_defect_of_a_source_does_not_end_the_feeder(bench: Bench) -> None:
    bench.source.pages = [ZeroDivisionError("oops")]
    assert bench.feeder._round() == 5


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
