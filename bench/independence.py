"""Five channels, one of them in trouble: how much later do the posts of the other four come?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.peers.networks import Network, five_networks
from bench.support import processes
from bench.support.captions import captioned
from bench.support.feeds import Feed, on_networks, posts_by_text
from bench.support.photographs import write_photos
from bench.support.statistics import median, percentile

ROUNDS = 4
PHOTOS = 40
PAUSE_SECONDS = 0.25
WARM_UP = 3
SLOW_SECONDS = 30
IN_TROUBLE = "linkedin"
SHARES = {"median": 0.5, "p95": 0.95}
MOST_GROWTH = 0.1
_LOOK_SECONDS = 0.2

TROUBLES: dict[str, Callable[[Network], None]] = {
    "all well": lambda network: None,
    "down": lambda network: network.stop(),
    "429": lambda network: network.fault("rate_limited"),
    "slow": lambda network: network.fault("slow_answer", seconds=SLOW_SECONDS),
}


class Independence(Bench):
    method = (
        f"`pressroom up` with its default settings watches a folder and posts to five local networks. {PHOTOS} photos "
        f"of 1500x1000 pixels come into the folder, one every {PAUSE_SECONDS * 1000:.0f} ms; for each of the four "
        "networks that are well, the time from a photo's last byte to the moment at which the network takes the "
        f"post. In between the fifth is well, refuses connections (its process has ended), answers every request with "
        f"429 and Retry-After: 120, or takes {SLOW_SECONDS} s for each answer. Each case begins with a new workspace "
        f"and {WARM_UP} photos while all is well; the cases alternate over the rounds, and all rounds count together."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report, photos = Report(), _small(folder)
        found: dict[str, list[float]] = {trouble: [] for trouble in TROUBLES}
        cases = list(TROUBLES)
        for number in range(rounds or ROUNDS):
            # Each round another case is first, so that none always comes after the same.
            for trouble in cases[number % len(cases) :] + cases[: number % len(cases)]:
                latencies = _one_case(folder / f"{number}-{trouble.replace(' ', '-')}", photos, trouble)
                found[trouble] += latencies
                say(f"round {number + 1}, {trouble}: median {median(latencies) * 1000:.0f} ms")
        _judge(report, found)
        return report


def _small(folder: Path) -> list[bytes]:
    import pyvips

    photos = write_photos(folder / "photos", 2)
    return [pyvips.Image.thumbnail(str(photo), 1500).jpegsave_buffer(Q=90) for photo in photos]


def _one_case(folder: Path, photos: Sequence[bytes], trouble: str) -> list[float]:
    with five_networks() as networks, on_networks(networks, folder) as feed:
        for number in range(WARM_UP):
            _drop(feed, photos, f"warm {number}")
            _wait_for(feed, networks, {f"warm {number}"})
        TROUBLES[trouble](networks[IN_TROUBLE])
        well = {name: network for name, network in networks.items() if name != IN_TROUBLE}
        complete, next_at = {}, time.monotonic()
        for number in range(PHOTOS):
            text = f"photo {number}"
            complete[text] = _drop(feed, photos, text)
            next_at += PAUSE_SECONDS
            time.sleep(max(0.0, next_at - time.monotonic()))
        _wait_for(feed, well, set(complete))
        posts = [posts_by_text(network) for network in well.values()]
        processes.kill(feed.server.process)  # it would wait for the slow call
    return [each[text].at - at for each in posts for text, at in complete.items()]


def _drop(feed: Feed, photos: Sequence[bytes], text: str) -> float:
    number = int(text.split()[-1])
    return feed.copy_in(f"{text.replace(' ', '-')}.jpg", captioned(photos[number % len(photos)], text))


def _wait_for(feed: Feed, networks: dict[str, Network], texts: set[str]) -> None:
    for name, network in networks.items():
        while not posts_by_text(network).keys() >= texts:
            feed.require_running(f"the posts on {name}")
            time.sleep(_LOOK_SECONDS)


def _judge(report: Report, found: dict[str, list[float]]) -> None:
    well = found["all well"]
    rows = []
    for trouble, latencies in found.items():
        row = [trouble, str(len(latencies))]
        for name, share in SHARES.items():
            figure = percentile(latencies, share)
            growth = figure / percentile(well, share) - 1
            row += [f"{figure * 1000:.0f} ms", f"{growth:+.1%}"]
            if latencies is not well:
                report.lines.append(f"growth of the others' latency, one {trouble} ({name}): {growth:+.1%}")
                report.expect(
                    f"one network {trouble}: the others' latency grows by at most {MOST_GROWTH:.0%} ({name})",
                    f"{growth:+.1%}",
                    growth <= MOST_GROWTH,
                )
        rows.append(row)
    head = ("the fifth network", "posts on the other four", "median", "growth", "p95", "growth")
    report.tables.append(Table("From a complete file to the post on the four networks that are well", head, rows))
