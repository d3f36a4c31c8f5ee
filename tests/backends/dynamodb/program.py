"""What other processes do to a deployment's tables in the tests: change one job at the same moment, or die."""

from __future__ import annotations

import os
import sys

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo, open_dynamo
from pressroom.backends.dynamodb.transaction import Transaction
from pressroom.changes import Change, change_job
from pressroom.clocks import SystemClock
from pressroom.config import Aws
from pressroom.contracts.samples import a_step, happened
from pressroom.errors import Conflict
from pressroom.jobs import StepStatus

LONG = "a word and another " * 20_000
KILLED = 9


def main(work: str, name: str, region: str, endpoint_url: str) -> None:
    dynamo = open_dynamo(AwsClients(Aws(name=name, region=region, endpoint_url=endpoint_url)), SystemClock())
    {"race": race, "die": die}[work](dynamo)


def race(dynamo: Dynamo) -> None:
    """Change the job as it is now once a line comes in, and print what became of it; again with the next line."""
    for line in sys.stdin:
        job = dynamo.jobs.get("job_1")
        change = change_job(job, [happened("JobAdvanced", "job_1", by=line.strip())])
        print("ready", flush=True)  # noqa: T201 - the test listens
        sys.stdin.readline()
        try:
            dynamo.store.commit(change)
        except Conflict:
            print("conflict", flush=True)  # noqa: T201
        else:
            print("stored", flush=True)  # noqa: T201


def die(dynamo: Dynamo) -> None:
    """Be killed when the long values of a step are put aside and the transaction is about to be sent."""

    def killed(self: Transaction) -> None:
        os._exit(KILLED)

    Transaction.commit = killed  # type: ignore[method-assign]
    step = a_step("job_1", status=StepStatus.COMPLETED, output={"text": LONG})
    dynamo.store.commit(Change(events=(happened("StepNoted", "job_1"),), steps=(step,)))


if __name__ == "__main__":
    main(*sys.argv[1:])
