"""Several processes on one deployment: one of two commits is refused, and one that is killed leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo, keys, open_dynamo
from pressroom.backends.dynamodb.asides import UNSURE
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import all_of, begins, is_
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.config import Aws
from pressroom.contracts.samples import a_new_job, a_step
from tests.backends.dynamodb.program import KILLED

HERE = Path(__file__).resolve().parents[3]
ROUNDS = 5


def _start(work: str, aws: Aws) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.backends.dynamodb.program", work, aws.name, aws.region, aws.endpoint_url]
    return subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def stored(clients: AwsClients) -> Dynamo:
    dynamo = open_dynamo(clients, SystemClock(), hold_back=timedelta(0))
    dynamo.store.commit(a_new_job("job_1") + Change(steps=(a_step("job_1"),)))
    return dynamo


@pytest.fixture
def racers(aws: Aws, stored: Dynamo) -> Iterator[list[subprocess.Popen[str]]]:
    racers = [_start("race", aws) for _ in range(2)]
    yield racers
    for racer in racers:
        racer.kill()
        racer.communicate()


def _tell(racer: subprocess.Popen[str], line: str) -> None:
    assert racer.stdin is not None
    racer.stdin.write(f"{line}\n")
    racer.stdin.flush()


def _hear(racer: subprocess.Popen[str]) -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def test_of_two_processes_that_change_one_job_one_is_refused(
    racers: list[subprocess.Popen[str]], stored: Dynamo
) -> None:
    for number in range(ROUNDS):
        for racer in racers:
            _tell(racer, f"round {number}")
        assert [_hear(racer) for racer in racers] == ["ready", "ready"]
        for racer in racers:
            _tell(racer, "go")
        assert sorted(_hear(racer) for racer in racers) == ["conflict", "stored"]
    job = stored.jobs.get("job_1")
    assert job is not None
    assert job.version == 1 + ROUNDS
    assert len(stored.events.of_job("job_1")) == 1 + ROUNDS


def test_a_process_that_is_killed_before_its_transaction_stores_nothing(
    aws: Aws, clients: AwsClients, stored: Dynamo
) -> None:
    dying = _start("die", aws)
    dying.communicate()
    assert dying.returncode == KILLED
    assert len(_aside(clients)) == 2, "the long value was to be put aside before"
    assert stored.jobs.steps("job_1")["draw"] == a_step("job_1")
    assert len(stored.events.of_job("job_1")) == 1
    now = SystemClock().now()
    stored.sweep(now)
    assert len(_aside(clients)) == 2, "it may be that the transaction is still to come"
    stored.sweep(now + UNSURE + timedelta(minutes=1))
    assert _aside(clients) == []


def _aside(clients: AwsClients) -> list[str]:
    found = Calls(clients).query(STATE, all_of(is_("of", keys.of_job("job_1")), begins("part", "aside#")))
    return [str(record["part"]) for record in found]
