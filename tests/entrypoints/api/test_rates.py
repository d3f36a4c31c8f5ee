"""The buckets of requests."""

from __future__ import annotations

from pressroom.entrypoints.api.rates import Rates


class Seconds:
    """A clock of seconds that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_come_at_once_and_then_as_fast_as_it_refills() -> None:
    clock = Seconds()
    rates = Rates(60, clock)
    assert [rates.take("one") for _ in range(60)] == [0] * 60
    assert rates.take("one") == 1
    clock.now += 1
    assert rates.take("one") == 0
    assert rates.take("one") == 1


def test_a_wait_that_is_told_is_long_enough() -> None:
    clock = Seconds()
    rates = Rates(7, clock)
    for _ in range(7):
        rates.take("one")
    for _ in range(20):
        wait = rates.take("one")
        assert wait > 0
        clock.now += wait
        assert rates.take("one") == 0


def test_a_long_rest_earns_no_more_than_a_full_bucket() -> None:
    clock = Seconds()
    rates = Rates(2, clock)
    rates.take("one")
    clock.now += 86_400
    assert [rates.take("one") > 0 for _ in range(3)] == [False, False, True]


def test_refusals_do_not_prolong_the_wait() -> None:
    clock = Seconds()
    rates = Rates(60, clock)
    for _ in range(200):
        rates.take("one")
    clock.now += 1
    assert rates.take("one") == 0


def test_callers_are_counted_apart_and_nought_lets_everybody() -> None:
    rates = Rates(1, Seconds())
    assert (rates.take("one"), rates.take("other")) == (0, 0)
    assert {Rates(0).take("one") for _ in range(100)} == {0}
