"""What the tests of state machines share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deployment.machine_steps import Gate
from tests.engine import Calls


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()
