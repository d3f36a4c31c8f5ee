"""The DynamoDB backend keeps every port's contract on an emulator; what it leaves to other backends is in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.config import Aws
from pressroom.contracts.asset_index import AssetIndexContract
from pressroom.contracts.base import Reopen
from pressroom.contracts.costs import CostsContract
from pressroom.contracts.dead_letters import DeadLettersContract
from pressroom.contracts.event_log import EventLogContract
from pressroom.contracts.job_store import JobStoreContract
from pressroom.contracts.marks import ChannelStatesContract, CursorsContract, LedgerContract, SchedulesContract
from pressroom.contracts.publications import PublicationsContract
from pressroom.contracts.queue import QueueContract
from pressroom.contracts.queue_model import QueueModelContract
from pressroom.contracts.queue_one import OneDeliveryContract
from pressroom.contracts.store import StoreContract
from pressroom.contracts.tables import TablesContract
from pressroom.contracts.views import ViewsContract
from pressroom.ports import Ports
from pressroom.testing import ManualClock
from tests.backends.dynamodb.ports import dynamo_ports
from tests.emulated_dynamodb import deployment_with_tables


class Dynamo:
    @pytest.fixture
    def aws(self) -> Aws:
        return deployment_with_tables()

    @pytest.fixture
    def opened(self) -> Iterator[list[Ports]]:
        opened: list[Ports] = []
        yield opened
        for ports in opened:
            ports.close()

    @pytest.fixture
    def ports(self, aws: Aws, clock: ManualClock, opened: list[Ports]) -> Ports:
        opened.append(dynamo_ports(AwsClients(aws), clock))
        return opened[0]

    @pytest.fixture
    def reopen(self, ports: Ports, aws: Aws, clock: ManualClock, opened: list[Ports]) -> Reopen:
        def closed_and_opened() -> Ports:
            opened.pop().close()
            opened.append(dynamo_ports(AwsClients(aws), clock))
            return opened[0]

        return closed_and_opened


class TestStore(Dynamo, StoreContract): ...


class TestEventLog(Dynamo, EventLogContract):
    counts_positions = False


class TestQueue(Dynamo, QueueContract): ...


class TestOneDelivery(Dynamo, OneDeliveryContract): ...


class TestQueueModel(Dynamo, QueueModelContract): ...


class TestDeadLetters(Dynamo, DeadLettersContract): ...


class TestJobStore(Dynamo, JobStoreContract): ...


class TestPublications(Dynamo, PublicationsContract): ...


class TestAssetIndex(Dynamo, AssetIndexContract): ...


class TestLedger(Dynamo, LedgerContract): ...


class TestSchedules(Dynamo, SchedulesContract): ...


class TestCursors(Dynamo, CursorsContract): ...


class TestTables(Dynamo, TablesContract): ...


class TestChannelStates(Dynamo, ChannelStatesContract): ...


class TestCosts(Dynamo, CostsContract): ...


class TestViews(Dynamo, ViewsContract): ...
