"""Jobs that real functions, state machines and queues carry from their request to their end."""

from __future__ import annotations

from pressroom.arguments import Context
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.contracts.samples import happened
from pressroom.entrypoints.aws_lambda import _tokens
from pressroom.errors import BadInput, Unavailable
from pressroom.pipeline import On, Parallel, Part, Pipeline, Request
from pressroom.steps import PublishingSettings, publish_everywhere
from pressroom.testing.clock import ManualClock
from tests.engine import Calls, a_pipeline
from tests.on_aws import on_aws, until
from tests.press import Leaflet, Network, write


def test_a_request_travels_by_the_bus_to_its_execution_and_through_every_step() -> None:
    calls = Calls()
    pipeline = a_pipeline(calls.step("write"), Parallel(*calls.steps("draw", "narrate")), calls.step("mail"))
    with on_aws(pipeline) as aws:
        [job] = aws.runtime.runner.request("work_through", {})
        assert aws.finished(job.id).status == "completed"
        until(lambda: aws.executions("work_through") == {job.id: "SUCCEEDED"})
    assert sorted(calls.completed) == ["draw", "mail", "narrate", "write"]


def test_a_step_that_fails_is_tried_again_and_a_dead_one_is_redriven_in_an_execution_of_its_own() -> None:
    calls = Calls()
    errors: list[Exception] = [Unavailable("It is away."), BadInput("It is not there.")]

    def draw(_: Context) -> None:
        if errors:
            raise errors.pop(0)

    with on_aws(a_pipeline(calls.step("write"), calls.step("draw", draw))) as aws:
        [job] = aws.runtime.runner.request("work_through", {})
        assert aws.finished(job.id).status == "failed"
        until(lambda: aws.executions("work_through") == {job.id: "FAILED"})
        aws.runtime.runner.retry(job.id)
        until(lambda: aws.job(job.id).status == "completed", aws.why(job.id))
        until(lambda: aws.executions("work_through").get(f"{job.id}.1") == "SUCCEEDED")
    assert calls.paths == ["write", "draw", "draw", "draw"]


def test_a_job_waits_for_its_event_without_anything_running() -> None:
    calls = Calls()
    with on_aws(a_pipeline(calls.step("write"), On("PhotoArrived"), calls.step("draw"))) as aws:
        [job] = aws.runtime.runner.request("work_through", {})
        until(lambda: bool(list(_tokens.waiting(aws.runtime.ports.tables, job.id))), aws.why(job.id))
        assert calls.completed == ["write"]
        aws.runtime.bus.commit(Change(events=(happened("PhotoArrived", job.id),)))
        assert aws.finished(job.id).status == "completed"
        assert list(_tokens.waiting(aws.runtime.ports.tables, job.id)) == []


def test_a_cancelled_job_ends_its_execution_also_while_that_waits() -> None:
    calls = Calls()
    with on_aws(a_pipeline(On("PhotoArrived"), calls.step("draw"))) as aws:
        [job] = aws.runtime.runner.request("work_through", {})
        until(lambda: bool(list(_tokens.waiting(aws.runtime.ports.tables, job.id))), aws.why(job.id))
        aws.runtime.runner.cancel(job.id)
        until(lambda: aws.executions("work_through") == {job.id: "SUCCEEDED"})
    assert calls.paths == []


def _leaflet() -> Pipeline:
    steps: list[Part] = [write, publish_everywhere()]
    return Pipeline("leaflet", trigger=Request(), input=Leaflet, settings=PublishingSettings, steps=steps)


def test_posts_go_out_by_their_channels_queues_each_once() -> None:
    networks = {name: Network(ManualClock(SystemClock().now()), name) for name in ("main", "sky")}
    channels = {name: {"network": "preview"} for name in networks}
    settings = {"leaflet": {"channels": list(networks)}}
    with on_aws(_leaflet(), publishers=networks, channels=channels, pipelines=settings) as aws:
        jobs = [aws.runtime.runner.request("leaflet", {"text": f"Boo {number}!"})[0] for number in range(3)]
        assert {aws.finished(job.id).status.value for job in jobs} == {"completed"}
    for network in networks.values():
        assert sorted(post.text for post in network.posts) == ["Boo 0!", "Boo 1!", "Boo 2!"]
        assert len(network.calls) == 3
