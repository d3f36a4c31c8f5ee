"""The SQLite backend, with the files beside it, keeps every port's contract and survives reopening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

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
from tests.backends.sqlite_ports import sqlite_ports


class Sqlite:
    @pytest.fixture
    def opened(self) -> Iterator[list[Ports]]:
        opened: list[Ports] = []
        yield opened
        for ports in opened:
            ports.close()

    @pytest.fixture
    def ports(self, tmp_path: Path, clock: ManualClock, opened: list[Ports]) -> Ports:
        opened.append(sqlite_ports(tmp_path / "pressroom.db", clock))
        return opened[0]

    @pytest.fixture
    def reopen(self, ports: Ports, tmp_path: Path, clock: ManualClock, opened: list[Ports]) -> Reopen:
        def closed_and_opened() -> Ports:
            opened.pop().close()
            opened.append(sqlite_ports(tmp_path / "pressroom.db", clock))
            return opened[0]

        return closed_and_opened


class TestStore(Sqlite, StoreContract): ...


class TestEventLog(Sqlite, EventLogContract): ...


class TestQueue(Sqlite, QueueContract): ...


class TestQueueModel(Sqlite, QueueModelContract): ...


class TestOneDelivery(Sqlite, OneDeliveryContract): ...


class TestDeadLetters(Sqlite, DeadLettersContract): ...


class TestJobStore(Sqlite, JobStoreContract): ...


class TestPublications(Sqlite, PublicationsContract): ...


class TestAssetIndex(Sqlite, AssetIndexContract): ...


class TestLedger(Sqlite, LedgerContract): ...


class TestSchedules(Sqlite, SchedulesContract): ...


class TestCursors(Sqlite, CursorsContract): ...


class TestTables(Sqlite, TablesContract): ...


class TestChannelStates(Sqlite, ChannelStatesContract): ...


class TestCosts(Sqlite, CostsContract): ...


class TestViews(Sqlite, ViewsContract): ...
