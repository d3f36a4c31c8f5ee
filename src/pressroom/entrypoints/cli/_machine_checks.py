"""What `doctor` looks at on the machine itself: the settings file, the clock and the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pressroom.entrypoints.cli._findings import Line, ok, warning, wrong
from pressroom.entrypoints.cli._output import size

if TYPE_CHECKING:
    from pressroom.config import Config

LITTLE_BYTES = 1_000_000_000
TOO_LITTLE_BYTES = 100_000_000
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows a time before this program was written."""


def configuration_checks(config: Config) -> Iterator[Line]:
    yield ok("configuration", f"{config.file} is usable.")
    server = config.server
    if server.gallery and not server.public_base_url:
        yield warning(
            "configuration",
            "The gallery is on, but public_base_url is not set: links in posts would lead nowhere.",
            'Add to pressroom.toml:\n  [server]\n  public_base_url = "https://…"',
        )


def clock_checks(now: datetime) -> Iterator[Line]:
    """Look at the clock and at the zone data that schedules need."""
    if now < EARLIEST:
        yield wrong("clock", f"It shows {now:%Y-%m-%d %H:%M} UTC.", "Set the machine's clock; signatures depend on it.")
    else:
        yield ok("clock", f"It shows {now:%Y-%m-%d %H:%M:%S} UTC.")
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        offsets = {datetime(2026, month, 1, tzinfo=ZoneInfo("America/New_York")).utcoffset() for month in (1, 7)}
    except (ZoneInfoNotFoundError, OSError) as error:
        yield wrong("time zones", f"There is no usable zone data: {error}.", "Install it: pip install tzdata")
        return
    if len(offsets) == 2:
        yield ok("time zones", "Zone data is there.")
    else:
        yield wrong("time zones", "The zone data knows no daylight saving.", "Install it anew: pip install tzdata")


def disk_checks(folder: Path) -> Iterator[Line]:
    free = shutil.disk_usage(folder).free
    what = f"{size(free)} are free at {folder}."
    if free < TOO_LITTLE_BYTES:
        yield wrong("disk", what, "Make room: nothing more can be stored soon.")
    elif free < LITTLE_BYTES:
        yield warning("disk", what, "Make room before it runs out.")
    else:
        yield ok("disk", what)
