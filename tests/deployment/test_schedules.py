"""Schedules in EventBridge's words."""

from __future__ import annotations

import pytest

from pressroom.deployment.schedules import cron_expressions
from pressroom.errors import ConfigurationError
from pressroom.pipeline import Schedule


@pytest.mark.parametrize(
    ("cron", "expressions"),
    [
        ("0 8 * * 1-5", ["cron(0 8 ? * MON,TUE,WED,THU,FRI *)"]),
        ("15 19 * * *", ["cron(15 19 * * ? *)"]),
        ("*/20 * * * *", ["cron(0,20,40 * * * ? *)"]),
        ("0 9 1,15 * *", ["cron(0 9 1,15 * ? *)"]),
        ("0 9 L * *", ["cron(0 9 L * ? *)"]),
        ("0 9 LW * *", ["cron(0 9 LW * ? *)"]),
        ("0 9 * * 5#3", ["cron(0 9 ? * 6#3 *)"]),
        ("0 9 * * 5L", ["cron(0 9 ? * 6L *)"]),
        ("0 9 * 6-8 7", ["cron(0 9 ? 6,7,8 SUN *)"]),
        ("0 9 * * 0-7", ["cron(0 9 * * ? *)"]),
    ],
)
def test_a_schedule_is_written_in_six_fields_with_one_kind_of_day_open(cron: str, expressions: list[str]) -> None:
    assert cron_expressions(Schedule(cron)) == expressions


def test_the_thirteenth_and_every_friday_too_are_two_expressions() -> None:
    assert cron_expressions(Schedule("0 9 13 * 5")) == ["cron(0 9 ? * FRI *)", "cron(0 9 13 * ? *)"]


def test_days_and_weekdays_that_must_both_match_are_asked_on_each_such_weekday() -> None:
    """The core, which knows the schedule, finds nothing due on the others."""
    assert cron_expressions(Schedule("0 9 */2 * 1")) == ["cron(0 9 ? * MON *)"]


@pytest.mark.parametrize("wrong", [Schedule("0 25 * * *"), Schedule("0 8 * * *", "Nowhere/Land")])
def test_a_schedule_that_never_comes_is_refused(wrong: Schedule) -> None:
    with pytest.raises(ConfigurationError):
        cron_expressions(wrong)
