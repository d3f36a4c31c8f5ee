"""A whole runtime in memory, and a way to let it do everything that is due without a single thread."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressroom.testing.clock import ManualClock

if TYPE_CHECKING:
    from pressroom.pipeline import Pipeline
    from pressroom.ports import Clock
    from pressroom.runtime import Runtime


def memory_runtime(*pipelines: Pipeline, clock: Clock | None = None, **sections: Mapping[str, Any]) -> Runtime:
    """Return a runtime whose backends are in memory, with these pipelines, or all that are installed if none.

    `sections` are those of `pressroom.toml`: `channels={"main": {"network": "preview"}}`. The clock stands still
    unless another is given.
    """
    # Whoever needs the clock alone does not load the whole engine with it.
    from pressroom.backends.memory import build_memory_ports
    from pressroom.composition import compose
    from pressroom.config import Config

    config = Config.model_validate({"workspace": Path(), **sections})
    ports = build_memory_ports(clock or ManualClock())
    return compose(config, ports, {pipeline.name: pipeline for pipeline in pipelines} or None)


def work_off(runtime: Runtime, *, most: int = 10_000) -> int:
    """Run everything that is due, and what comes of it, in this thread; return how many deliveries that were.

    What waits for a later time stays: move the clock and call this again.
    """
    from pressroom.waiting import queues
    from pressroom.worker import Worker

    worker = Worker(runtime)
    done = 0
    try:
        while claimed := worker.claim(queues(runtime), 1):
            done += 1
            if done > most:
                raise AssertionError(f"still not at rest after {most} deliveries; the last was {claimed[0].name}")
            worker.run(claimed[0])
    finally:
        worker.stop()
    return done
