"""The manual clock, and the real one beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pressroom.clocks import SystemClock
from pressroom.contracts.wake import ClockContract
from pressroom.ports import Clock
from pressroom.testing import ManualClock

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


class TestManualClock(ClockContract):
    @pytest.fixture
    def real_clock(self) -> Clock:
        return ManualClock()


class TestSystemClock(ClockContract):
    @pytest.fixture
    def real_clock(self) -> Clock:
        return SystemClock()


def test_it_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(NOW)
    assert clock.now() == clock.now() == NOW
    assert clock.advance(minutes=5) == clock.now() == NOW + timedelta(minutes=5)
    assert clock.advance(timedelta(hours=1)) == NOW + timedelta(hours=1, minutes=5)


def test_it_can_be_moved_to_a_moment() -> None:
    assert ManualClock(NOW).move_to(NOW + timedelta(days=1)) == NOW + timedelta(days=1)


def test_it_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="does not go back"):
        ManualClock(NOW).move_to(NOW - timedelta(seconds=1))


def test_it_needs_a_zone_and_speaks_utc() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        ManualClock(datetime(2026, 10, 31))  # noqa: DTZ001
    elsewhere = datetime(2026, 10, 31, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    assert ManualClock(elsewhere).now().isoformat() == "2026-10-31T08:00:00+00:00"
