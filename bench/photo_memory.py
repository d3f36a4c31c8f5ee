"""How much memory `pressroom up` takes while many photos go through it in a row, and whether that grows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.peers.pictures import SIZES
from bench.support import processes
from bench.support.captions import captioned
from bench.support.feeds import Feed
from bench.support.photographs import write_photos
from bench.support.statistics import median

PHOTOS = 1000
FEW_PHOTOS = 400
"""With `--rounds 1`, for a machine that has no ten minutes."""
SETTLED = 200
"""From this photo on nothing may grow."""
MOST_MEMORY = 450 * 10**6
GROWTH_ALLOWED = 1.05
WAITING = 12
"""Photos that lie in the folder ahead of the feed."""
_LOOK_SECONDS = 0.2
_WINDOW = 100
"""Photos over which the resident memory is taken together: at any one moment it depends on what is in work."""
_REST_SECONDS = 10
_STALLED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Reading:
    done: int
    """Photos that were posted everywhere by then."""
    resident_bytes: int


class PhotoMemory(Bench):
    method = (
        f"`pressroom up` with its default settings (two picture threads) watches a folder and posts to five preview "
        f"channels with the sizes of the bench `variants`. {PHOTOS} files of 24 megapixels, made from six photos by "
        f"other captions, come in a row, {WAITING} ahead; each is taken away once it is posted everywhere. The "
        f"resident memory of the process is read every {_LOOK_SECONDS * 1000:.0f} ms; growth is that of its median "
        f"over the last {_WINDOW} photos against its median over the {_WINDOW} photos to number {SETTLED}. The peak is "
        f"what the kernel has seen. `--rounds 1` makes it {FEW_PHOTOS} photos."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report = Report()
        photos = [photo.read_bytes() for photo in write_photos(folder / "photos", 6)]
        count = FEW_PHOTOS if rounds == 1 else PHOTOS
        with Feed(folder / "workspace", {name: {"network": "preview", "like": name} for name in SIZES}) as feed:
            idle = processes.resident_bytes(feed.server.process)
            began = time.monotonic()
            readings = _through(feed, photos, count)
            seconds = time.monotonic() - began
            peak = _peak_bytes(feed)
            time.sleep(_REST_SECONDS)
            rested = processes.resident_bytes(feed.server.process)
        _judge(report, readings, count, peak)
        windows = range(_WINDOW, count + 1, _WINDOW)
        rows = [
            ("before the first photo", _mb(idle)),
            *((f"photos {upto - _WINDOW} to {upto}", _mb(_resident(readings, upto))) for upto in windows),
            (f"{_REST_SECONDS} s after the last", _mb(rested)),
        ]
        report.tables.append(Table("Resident memory of `pressroom up` (medians)", ("", "memory"), rows))
        report.notes.append(f"{count} photos took {seconds:.0f} s, {count / seconds:.2f} photos/s.")
        return report


def _through(feed: Feed, photos: Sequence[bytes], count: int) -> list[Reading]:
    """Send photos through the feed; return what was read of the process meanwhile."""
    from pressroom.clocks import SystemClock
    from pressroom.runtimes.embedded import open_ports

    readings, dropped, taken_away = list[Reading](), 0, 0
    with closing(open_ports(feed.workspace, {}, SystemClock())) as ports:
        done, position, moved_on_at = 0, 0, time.monotonic()
        while done < count:
            for event in ports.events.after(position, types=["JobCompleted"]):
                position, done, moved_on_at = event.position or position, done + 1, time.monotonic()
            feed.require_running("the photos")
            if time.monotonic() - moved_on_at > _STALLED_SECONDS:
                raise processes.Ended(f"Nothing came of {dropped - done} photos for {_STALLED_SECONDS} s.")
            for number in range(taken_away, done - 2 * WAITING):
                (feed.inbox / _file_of(number)).unlink()
                taken_away = number + 1
            for number in range(dropped, min(done + WAITING, count)):
                feed.copy_in(_file_of(number), captioned(photos[number % len(photos)], f"photo {number}"))
                dropped = number + 1
            readings.append(Reading(done, processes.resident_bytes(feed.server.process)))
            if len(readings) % 100 == 0:
                say(f"{done} photos, {_mb(readings[-1].resident_bytes)}")
            time.sleep(_LOOK_SECONDS)
    return readings


def _file_of(number: int) -> str:
    return f"photo-{number}.jpg"


def _peak_bytes(feed: Feed) -> int:
    lines = Path(f"/proc/{feed.server.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _resident(readings: Sequence[Reading], upto: int) -> float:
    """Return the median over the photos before that number."""
    return median([one.resident_bytes for one in readings if upto - _WINDOW <= one.done < upto])


def _judge(report: Report, readings: Sequence[Reading], count: int, peak: int) -> None:
    early, late = _resident(readings, SETTLED), _resident(readings, count)
    report.lines.append(f"peak memory over {count} photos: {_mb(peak)}")
    report.expect(f"at most {_mb(MOST_MEMORY)} of memory with two picture threads", _mb(peak), peak <= MOST_MEMORY)
    report.expect(
        f"no growth between photo {SETTLED} and photo {count}",
        f"{_mb(early)} at photo {SETTLED}, {_mb(late)} at photo {count}",
        late <= GROWTH_ALLOWED * early,
    )


def _mb(size: float) -> str:
    return f"{size / 1e6:.0f} MB"
