"""The memory backend keeps every port's contract; it declares that nothing survives reopening."""

from __future__ import annotations

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.contracts.asset_index import AssetIndexContract
from pressroom.contracts.base import Reopen
from pressroom.contracts.blob_store import BlobStoreContract
from pressroom.contracts.costs import CostsContract
from pressroom.contracts.dead_letters import DeadLettersContract
from pressroom.contracts.event_log import EventLogContract
from pressroom.contracts.job_store import JobStoreContract
from pressroom.contracts.marks import ChannelStatesContract, CursorsContract, LedgerContract, SchedulesContract
from pressroom.contracts.publications import PublicationsContract
from pressroom.contracts.queue import QueueContract
from pressroom.contracts.queue_model import QueueModelContract
from pressroom.contracts.queue_one import OneDeliveryContract
from pressroom.contracts.secrets import SecretsContract
from pressroom.contracts.store import StoreContract
from pressroom.contracts.tables import TablesContract
from pressroom.contracts.upload_store import UploadStoreContract
from pressroom.contracts.views import ViewsContract
from pressroom.contracts.wake import WakeContract
from pressroom.ports import Ports
from pressroom.testing import ManualClock


class Memory:
    survives_reopening = False

    @pytest.fixture
    def ports(self, clock: ManualClock) -> Ports:
        return build_memory_ports(clock)

    @pytest.fixture
    def reopen(self, ports: Ports, clock: ManualClock) -> Reopen:
        def closed_and_opened() -> Ports:
            ports.close()
            return build_memory_ports(clock)

        return closed_and_opened


class TestStore(Memory, StoreContract): ...


class TestEventLog(Memory, EventLogContract): ...


class TestQueue(Memory, QueueContract): ...


class TestQueueModel(Memory, QueueModelContract): ...


class TestOneDelivery(Memory, OneDeliveryContract): ...


class TestDeadLetters(Memory, DeadLettersContract): ...


class TestJobStore(Memory, JobStoreContract): ...


class TestPublications(Memory, PublicationsContract): ...


class TestAssetIndex(Memory, AssetIndexContract): ...


class TestBlobStore(Memory, BlobStoreContract): ...


class TestUploadStore(Memory, UploadStoreContract): ...


class TestLedger(Memory, LedgerContract): ...


class TestSchedules(Memory, SchedulesContract): ...


class TestCursors(Memory, CursorsContract): ...


class TestTables(Memory, TablesContract): ...


class TestChannelStates(Memory, ChannelStatesContract): ...


class TestCosts(Memory, CostsContract): ...


class TestSecrets(Memory, SecretsContract): ...


class TestViews(Memory, ViewsContract): ...


class TestWake(Memory, WakeContract): ...
