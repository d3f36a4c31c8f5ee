"""A turn is had by one at a time, and nobody waits for it for long."""

from __future__ import annotations

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.errors import Busy
from pressroom.ports import Secrets
from pressroom.testing import ManualClock
from pressroom.turns import turn


@pytest.fixture
def secrets() -> Secrets:
    return build_memory_ports(ManualClock()).secrets


def test_a_turn_that_somebody_else_has_is_not_waited_for(secrets: Secrets) -> None:
    with turn(secrets, "look") as first, turn(secrets, "look") as second:
        assert (first, second) == (True, False)
    with turn(secrets, "look") as again:
        assert again


def test_another_lock_that_is_busy_is_not_taken_for_the_turn(secrets: Secrets) -> None:
    with pytest.raises(Busy, match="of something else"), turn(secrets, "look"):
        raise Busy("The lock of something else is held.")
    with turn(secrets, "look") as again:
        assert again
