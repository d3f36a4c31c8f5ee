"""Pauses: a token is kept until there is news, and no news that comes meanwhile is missed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.changes import Change
from pressroom.contracts.samples import happened
from pressroom.deployment.standing import Question
from pressroom.entrypoints.aws_lambda import _tokens, handing_over, pause, waking
from pressroom.jobs import Job
from pressroom.nodes import Parallel
from pressroom.triggers import On
from tests.carried import Carried, asked, batch, carried
from tests.engine import Bench, Calls, a_pipeline
from tests.lambdas import LambdaContext

CONTEXT = LambdaContext("press-pause")
GATE = On("PhotoArrived")


@pytest.fixture
def bench() -> Bench:
    return Bench(a_pipeline(GATE, *Calls().steps("draw")))


@pytest.fixture(autouse=True)
def here(bench: Bench) -> Iterator[Carried]:
    with carried(bench.runtime) as made:
        yield made


def _arrives(bench: Bench, job: Job) -> None:
    """Let the event come that the job waits for, and its subscriber take it."""
    bench.runtime.bus.commit(Change(events=(happened("PhotoArrived", job.id),)))
    bench.work()


def _kept(bench: Bench, job: Job) -> list[Question]:
    return list(_tokens.waiting(bench.runtime.ports.tables, job.id))


def test_a_token_is_kept_while_the_node_waits(bench: Bench, here: Carried) -> None:
    job = bench.request()
    pause.handler(asked(job.id, GATE.name, "token-1"), CONTEXT)
    assert _kept(bench, job) == [Question(job.id, GATE.name, "token-1")]
    assert here.executions.answers == []


def test_news_lets_the_node_go_on_and_the_token_is_forgotten(bench: Bench, here: Carried) -> None:
    job = bench.request()
    pause.handler(asked(job.id, GATE.name, "token-1"), CONTEXT)
    _arrives(bench, job)
    waking.handler(batch("press-wake", f'{{"job_id": "{job.id}"}}'), CONTEXT)
    [(token, answered)] = here.executions.answers
    assert (token, answered["go"]) == ("token-1", "stop")  # the job has ended by then
    assert _kept(bench, job) == []


def test_news_that_came_before_the_token_was_kept_answers_it_at_once(bench: Bench, here: Carried) -> None:
    job = bench.request()
    _arrives(bench, job)
    pause.handler(asked(job.id, GATE.name, "token-1"), CONTEXT)
    assert [token for token, _ in here.executions.answers] == ["token-1"]
    assert _kept(bench, job) == []


def test_a_word_without_news_leaves_the_token_where_it_is(bench: Bench, here: Carried) -> None:
    job = bench.request()
    here.executions.start(job.pipeline, job.id, {"job_id": job.id})
    pause.handler(asked(job.id, GATE.name, "token-1"), CONTEXT)
    waking.handler(batch("press-wake", f'{{"job_id": "{job.id}"}}'), CONTEXT)
    assert here.executions.answers == []
    assert _kept(bench, job)


def test_a_cancelled_job_answers_what_waits_for_it(bench: Bench, here: Carried) -> None:
    job = bench.request()
    pause.handler(asked(job.id, GATE.name, "token-1"), CONTEXT)
    bench.runtime.runner.cancel(job.id)
    event = f'{{"detail-type": "JobCancelled", "detail": {{"type": "JobCancelled", "jobid": "{job.id}"}}}}'
    waking.handler(batch("press-wake", event), CONTEXT)
    assert [(token, answer["go"]) for token, answer in here.executions.answers] == [("token-1", "stop")]


def test_a_token_that_nobody_waits_for_any_more_is_forgotten(bench: Bench, here: Carried) -> None:
    job = bench.request()
    here.executions.nobody_waits_for.add("token-1")
    pause.handler(asked(job.id, GATE.name, "token-1"), CONTEXT)
    bench.runtime.runner.cancel(job.id)
    waking.handler(batch("press-wake", f'{{"job_id": "{job.id}"}}'), CONTEXT)
    assert _kept(bench, job) == []


def test_a_pause_that_begins_anew_takes_the_place_of_the_one_before(bench: Bench) -> None:
    job = bench.request()
    for token in ("token-1", "token-2"):
        pause.handler(asked(job.id, GATE.name, token), CONTEXT)
    assert [question.task_token for question in _kept(bench, job)] == ["token-2"]
    _tokens.forget(bench.runtime.ports.tables, Question(job.id, GATE.name, "token-1"))
    assert [question.task_token for question in _kept(bench, job)] == ["token-2"]


def test_branches_that_wait_at_the_same_time_are_answered_each() -> None:
    calls = Calls()
    gates = [On("PhotoArrived"), On("WordsArrived")]
    bench = Bench(a_pipeline(Parallel([gates[0], calls.step("draw")], [gates[1], calls.step("write")])))
    with carried(bench.runtime) as here:
        job = bench.request()
        for number, gate in enumerate(gates):
            pause.handler(asked(job.id, gate.name, f"token-{number}"), CONTEXT)
        _arrives(bench, job)
        waking.handler(batch("press-wake", f'{{"job_id": "{job.id}"}}'), CONTEXT)
        assert [(token, answer["go"]) for token, answer in here.executions.answers] == [("token-0", "on")]


def test_the_event_that_a_job_waits_for_is_followed_by_a_word_to_wake_it(bench: Bench, here: Carried) -> None:
    job = bench.request()
    pause.handler(asked(job.id, GATE.name, "token-1"), CONTEXT)
    event = happened("PhotoArrived", job.id)
    bench.runtime.bus.commit(Change(events=(event,)))
    queue = here.deployed.names.subscription_queue("pipeline:work_through")
    told = f'{{"detail": {{"id": "{event.id}", "jobid": "{job.id}"}}}}'
    assert handing_over.handler(batch(queue, told), CONTEXT) == {"batchItemFailures": []}
    assert bench.standing(job)[GATE.name] == "completed"
    assert here.words.to("press-wake") == [{"job_id": job.id}]


def test_no_token_is_ever_written_to_the_log(bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    job = bench.request()
    pause.handler(asked(job.id, GATE.name, "token-very-secret"), CONTEXT)
    bench.runtime.runner.cancel(job.id)
    waking.handler(batch("press-wake", f'{{"job_id": "{job.id}"}}'), CONTEXT)
    assert "very-secret" not in repr(Question(job.id, GATE.name, "token-very-secret"))
    out, err = capfd.readouterr()
    assert "very-secret" not in out + err
