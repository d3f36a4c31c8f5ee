"""Polling and measuring on AWS: called by the clock, each source and channel when it is due, by one at a time."""

from __future__ import annotations

from pathlib import Path

from pressroom.entrypoints.aws_lambda import measuring, polling
from pressroom.testing import ManualClock, memory_runtime
from tests.carried import carried
from tests.lambdas import LambdaContext
from tests.press import Press
from tests.test_measuring import Counting

CONTEXT = LambdaContext("press-polling", remaining_ms=300_000)
SHORT = LambdaContext("press-polling", remaining_ms=10_000)


def test_a_source_is_looked_at_as_often_as_its_settings_say(tmp_path: Path) -> None:
    clock = ManualClock()
    sources = {"inbox": {"use": "folder", "path": str(tmp_path), "every_seconds": 300}}
    pipelines = {"photo_feed": {"source": "inbox", "channels": ["preview"]}}
    runtime = memory_runtime(clock=clock, sources=sources, pipelines=pipelines)
    with carried(runtime):
        assert polling.handler({}, CONTEXT) == {"sources": ["inbox"]}
        clock.advance(seconds=240)
        assert polling.handler({}, CONTEXT) == {"sources": []}
        clock.advance(seconds=60)
        assert polling.handler({}, CONTEXT) == {"sources": ["inbox"]}


def test_a_source_is_left_to_the_next_call_when_the_time_is_nearly_over(tmp_path: Path) -> None:
    sources = {"inbox": {"use": "folder", "path": str(tmp_path)}}
    runtime = memory_runtime(
        clock=ManualClock(), sources=sources, pipelines={"photo_feed": {"source": "inbox", "channels": ["preview"]}}
    )
    with carried(runtime):
        assert polling.handler({}, SHORT) == {"sources": []}
        assert polling.handler({}, CONTEXT) == {"sources": ["inbox"]}


def test_the_counts_of_posts_that_are_due_are_read_once() -> None:
    clock = ManualClock()
    on = Press(Counting(clock), clock=clock)
    on.ask()
    on.work()
    clock.advance(hours=1)
    with carried(on.runtime):
        assert measuring.handler({}, CONTEXT) == {"posts": 1}
        assert measuring.handler({}, CONTEXT) == {"posts": 0}
    assert on.ports.events.latest(types=["EngagementRead"])
