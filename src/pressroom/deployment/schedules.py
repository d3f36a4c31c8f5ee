"""What EventBridge Scheduler is told: the pipelines' schedules in its own words, and the look around each minute."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pressroom.pipeline import Schedule
from pressroom.schedules import next_after

_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LAST_DAYS = {-1000: "L", -1001: "LW"}
"""As cronsim writes the last day, and the last working day, of a month."""
_ALL = {"minutes": range(60), "hours": range(24), "days": range(1, 32), "months": range(1, 13)}
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Calls a function by the clock. A second call, or a late one, does no harm: the core decides what is due."""

    name: str
    expression: str
    zone: str
    function: str
    input: dict[str, Any]

    def as_variables(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "expression": self.expression,
            "zone": self.zone,
            "function": self.function,
            "input": json.dumps(self.input, sort_keys=True),
        }


def cron_expressions(schedule: Schedule) -> list[str]:
    """Write a schedule as EventBridge reads it: six fields, one of the two kinds of day always `?`.

    Where cron means "the 13th, and every Friday too", that is two expressions. Raises `ConfigurationError` for a
    schedule that never comes.
    """
    from cronsim import CronSim

    next_after(schedule, ANY_DAY)
    read = CronSim(schedule.cron, ANY_DAY)
    minutes, hours, months = (_numbers(name, getattr(read, name)) for name in ("minutes", "hours", "months"))
    days, weekdays = _days(read.days), _weekdays(read.weekdays)
    if not days and not weekdays:
        pairs = [("*", "?")]
    else:
        # What is both restricted to days and to weekdays "and"-wise (`*/2` and Monday) cannot be said there: it is
        # asked on each such weekday, and the core, which knows the schedule, finds nothing due on the others.
        pairs = [("?", weekday) for weekday in weekdays]
        if not (read.day_and and weekdays):
            pairs += [(day, "?") for day in days]
    return [f"cron({minutes} {hours} {day} {months} {weekday} *)" for day, weekday in pairs]


def _numbers(name: str, numbers: set[int]) -> str:
    return "*" if numbers >= set(_ALL[name]) else ",".join(map(str, sorted(numbers)))


def _days(days: set[int]) -> list[str]:
    """Return the days of the month, as one list and one expression for each special one; nothing for every day."""
    if days >= set(_ALL["days"]):
        return []
    plain = sorted(day for day in days if day > 0)
    return [",".join(map(str, plain))] * bool(plain) + [_LAST_DAYS[day] for day in sorted(days) if day < 0]


def _weekdays(weekdays: set[Any]) -> list[str]:
    plain = sorted({day % 7 for day in weekdays if isinstance(day, int)})
    if len(plain) == len(_WEEKDAYS):
        return []
    special = sorted(day for day in weekdays if not isinstance(day, int))
    return [",".join(_WEEKDAYS[day] for day in plain)] * bool(plain) + [
        f"{day % 7 + 1}L" if which < 0 else f"{day % 7 + 1}#{which}" for day, which in special
    ]
