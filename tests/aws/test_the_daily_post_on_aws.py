"""The daily post as it is installed, on AWS: the same events in the same order as on one machine."""

from __future__ import annotations

from pressroom import registry
from pressroom.runtimes.embedded import put_samples
from pressroom.testing import ManualClock, memory_runtime, work_off
from tests.on_aws import on_aws, until

DAY = {"date": "2026-10-30"}
CHANNELS = {"main": {"network": "preview"}}
SETTINGS = {"daily_post": {"channels": ["main"]}}


def test_the_daily_post_leaves_the_same_events_as_on_one_machine() -> None:
    daily_post = registry.pipeline("daily_post")
    here = memory_runtime(daily_post, clock=ManualClock(), channels=CHANNELS, pipelines=SETTINGS)
    put_samples(here)
    embedded = here.runner.request("daily_post", DAY)
    work_off(here)
    with on_aws(daily_post, channels=CHANNELS, pipelines=SETTINGS) as aws:
        jobs = aws.runtime.runner.request("daily_post", DAY)
        finished = [aws.finished(job.id) for job in jobs]
        told = [[event.type for event in aws.runtime.ports.events.of_job(job.id)] for job in jobs]
        until(lambda: set(aws.executions("daily_post").values()) == {"SUCCEEDED"})
        picture = aws.runtime.assets.read(str(finished[0].result["image"]))
    assert [job.phase for job in finished] == ["posted"] * len(embedded)
    assert told == [[event.type for event in here.ports.events.of_job(job.id)] for job in embedded]
    assert picture == here.assets.read(str(finished[0].result["image"]))
