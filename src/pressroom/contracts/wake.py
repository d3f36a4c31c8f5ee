"""The contracts of `Wake` and `Clock`: when to look for work, and what time it is."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from pressroom.contracts.base import Contract
from pressroom.ports import Clock, Ports, Wake

SOON = 0.05
"""Seconds that a test may wait in vain."""


class WakeContract(Contract):
    """What is no whole backend provides `wake` instead of `ports`."""

    @pytest.fixture
    def wake(self, ports: Ports) -> Wake:
        return ports.wake

    def test_a_notice_given_before_waiting_is_not_lost(self, wake: Wake) -> None:
        listener = wake.listen()
        wake.notify()
        assert listener.wait(SOON)
        listener.close()

    def test_a_notice_wakes_once(self, wake: Wake) -> None:
        listener = wake.listen()
        wake.notify()
        wake.notify()
        assert listener.wait(SOON)
        assert not listener.wait(SOON)
        wake.notify()
        assert listener.wait(SOON)
        listener.close()

    def test_waiting_ends_after_its_time(self, wake: Wake) -> None:
        listener = wake.listen()
        assert not listener.wait(0)
        begun = time.monotonic()
        assert not listener.wait(SOON)
        assert time.monotonic() - begun >= SOON * 0.9
        listener.close()

    def test_a_notice_wakes_every_listener(self, wake: Wake) -> None:
        listeners = [wake.listen() for _ in range(4)]
        woken: list[bool] = []
        waiting = [threading.Thread(target=lambda one=one: woken.append(one.wait(30))) for one in listeners]
        for thread in waiting:
            thread.start()
        wake.notify()
        for thread in waiting:
            thread.join(10)
        assert woken == [True] * 4
        for listener in listeners:
            listener.close()

    def test_one_listener_takes_nothing_from_another(self, wake: Wake) -> None:
        one, other = wake.listen(), wake.listen()
        wake.notify()
        assert one.wait(SOON)
        assert other.wait(SOON)
        one.close()
        wake.notify()
        assert other.wait(SOON)
        other.close()

    def test_a_notice_for_a_queue_wakes_who_listens_to_it_or_to_everything(self, wake: Wake) -> None:
        its_own, everything = wake.listen(["events", "steps"]), wake.listen()
        wake.notify(["events"])
        assert its_own.wait(SOON)
        assert everything.wait(SOON)
        wake.notify()
        assert its_own.wait(SOON)
        its_own.close()
        everything.close()

    def test_one_listener_can_be_woken_alone(self, wake: Wake) -> None:
        one, other = wake.listen(), wake.listen()
        one.ring()
        assert not other.wait(0)
        assert one.wait(SOON)
        one.close()
        other.close()


class ClockContract(Contract):
    """Provides `real_clock`, the clock that is tested."""

    def test_the_time_is_in_utc(self, real_clock: Clock) -> None:
        assert real_clock.now().utcoffset() == timedelta(0)

    def test_time_does_not_go_backwards(self, real_clock: Clock) -> None:
        moments = [real_clock.now() for _ in range(1000)]
        assert moments == sorted(moments)
