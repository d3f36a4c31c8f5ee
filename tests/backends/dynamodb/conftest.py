"""A deployment's tables and the DynamoDB backend on them, opened as many times as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo, open_dynamo
from pressroom.config import Aws
from pressroom.ports import Clock
from pressroom.testing import ManualClock
from tests.emulated_dynamodb import deployment_with_tables

Open = Callable[..., Dynamo]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def aws() -> Aws:
    return deployment_with_tables()


@pytest.fixture
def clients(aws: Aws) -> Iterator[AwsClients]:
    clients = AwsClients(aws)
    yield clients
    clients.close()


@pytest.fixture
def opened(clients: AwsClients, clock: ManualClock) -> Open:
    """Open the backend as a process of its own would, with the test's clock or another."""

    def another(of: Clock = clock, hold_back: timedelta = timedelta(0)) -> Dynamo:
        return open_dynamo(clients, of, hold_back=hold_back)

    return another


@pytest.fixture
def dynamo(opened: Open) -> Dynamo:
    return opened()
