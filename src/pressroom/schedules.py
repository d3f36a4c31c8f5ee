"""Decides when a schedule is due, what was missed, and what is made up for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pressroom.errors import ConfigurationError
from pressroom.pipeline import Pipeline, PipelineSettings, Schedule

OFF = "off"


@dataclass(frozen=True, slots=True)
class Due:
    """What a look at the clock comes to."""

    runs: datetime | None
    """The time that is run now; None if nothing is."""
    missed: tuple[datetime, ...]
    """Times that went by and are not made up for."""
    next_at: datetime


def schedule_of(pipeline: Pipeline, settings: PipelineSettings) -> Schedule | None:
    """Return the pipeline's schedule as configured; None if it has none or it is switched off."""
    if not isinstance(pipeline.trigger, Schedule) or settings.schedule == OFF:
        return None
    declared = pipeline.trigger
    hours = settings.catch_up_hours
    return Schedule(
        settings.schedule or declared.cron,
        settings.zone or declared.zone,
        declared.catch_up if hours is None else timedelta(hours=hours),
    )


def next_after(schedule: Schedule, time: datetime) -> datetime:
    """Return the first time of the schedule after `time`, in UTC.

    A time that daylight saving skips is run when the clock has jumped; one that it repeats is run once, unless
    the schedule runs every hour anyway. Several times a day (`*/6`) may be one fewer or more on such a day.
    Raises `ConfigurationError` for a wrong expression or zone.
    """
    from cronsim import CronSim, CronSimError

    try:
        zone = ZoneInfo(schedule.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"There is no time zone called {schedule.zone!r}.",
            todo="Use a name of the IANA database, such as America/New_York or UTC.",
        ) from error
    try:
        found: datetime = next(CronSim(schedule.cron, time.astimezone(zone)))
    except (CronSimError, StopIteration) as error:
        raise ConfigurationError(
            f"{schedule.cron!r} is not a time that comes: {str(error) or 'it never does'}.",
            todo='Write minute, hour, day, month and weekday: "0 8 * * 1-5" is Monday to Friday at eight.',
        ) from error
    return found.astimezone(UTC)


def look(schedule: Schedule, stored: datetime, now: datetime) -> Due:
    """Say what is to be done at `now`, when `stored` was the next time."""
    if stored > now:
        return Due(None, (), stored)
    times = [stored]
    while (following := next_after(schedule, times[-1])) <= now:
        times.append(following)
        if len(times) > 1000:
            # Off for very long: what lies further back than anything could be made up for is one gap.
            times = times[:1] + times[-500:]
    # Of several that went by only the last is made up for: nobody wants a week of posts at once.
    runs = times[-1] if now - times[-1] <= schedule.catch_up else None
    missed = tuple(time for time in times if time != runs)
    return Due(runs, missed, following)
