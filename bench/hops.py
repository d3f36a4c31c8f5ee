"""A durable hop, from an event stored to its subscriber running: Pressroom beside huey and Celery."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.base import Bench, Report, Table, say
from bench.support.statistics import median, percentile, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.peers.base import Engine

ROUNDS = 5
CHAINS = 8
LEASE_SECONDS = 5
"""In the test that kills a worker, so that it need not wait for the usual minute, or Celery's usual hour."""
PATIENCE_SECONDS = 25


@dataclass(slots=True)
class Measured:
    """What was measured of one engine, round by round."""

    version: str = ""
    settings: str = ""
    latencies: list[float] = field(default_factory=list)
    hops_per_second: list[float] = field(default_factory=list)
    cpu_ms_per_hop: list[float] = field(default_factory=list)
    idle_percent: list[float] = field(default_factory=list)
    after_a_kill: str = ""

    def ms(self, share: float) -> float:
        return percentile(self.latencies, share) * 1000


class Hops(Bench):
    method = (
        "Every engine has a worker process of its own, started anew each round in an empty folder; the rounds of the "
        "engines alternate. Each handler appends 16 bytes to a file and sends the next message of its chain; messages "
        "carry 200 bytes of padding; all engines have the same number of workers. A hop is measured from just before "
        "the call that stores the message to the first line of its handler. Latency: one chain for 4 s, each message "
        "sent 5 ms after the last handler began, by another thread of the same process, after a warm-up of 10 hops; "
        f"all rounds together. Throughput: {CHAINS} chains, counted for 4 s after 1 s of warm-up; CPU is that of the "
        "worker, its children and Redis together. Idle: CPU over 2 s with nothing to do. Killed: SIGKILL to the worker "
        f"and its children while a handler runs, then a new worker; leases of {LEASE_SECONDS} s instead of the usual "
        "ones (Pressroom a minute, Celery's visibility time-out an hour, which it looks at every 100 s)."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report = Report()
        found = _measured(_engines(report), folder, rounds or ROUNDS)
        report.versions = {name: measured.version for name, measured in found.items() if "polling" not in name}
        _judge(report, found)
        report.tables.append(_figures(found))
        report.tables.append(_kills(found))
        return report


def _engines(report: Report) -> dict[str, type[Engine]]:
    """Return the engines that can be measured here, and say why one cannot."""
    from bench.peers import celery_redis, huey_sqlite, pressroom_embedded

    engines: list[type[Engine]] = [pressroom_embedded.Pressroom, huey_sqlite.Huey, huey_sqlite.HueyPolling]
    if why := celery_redis.why_missing():
        say(why)
        report.notes.append(f"{why[0].upper()}{why[1:]}; its targets are not measured.")
    else:
        engines.append(celery_redis.Celery)
    return {engine.name: engine for engine in engines}


def _measured(engines: dict[str, type[Engine]], folder: Path, rounds: int) -> dict[str, Measured]:
    found = {name: Measured(settings=engine.settings) for name, engine in engines.items()}
    for number in range(rounds):
        for name, kind in engines.items():
            with _started(kind, folder / f"{number}-{kind.__name__}") as engine:
                _one_round(engine, found[name])
            last = found[name]
            say(
                f"round {number + 1} of {rounds}, {name}: median so far {last.ms(0.5):.2f} ms, "
                f"{last.hops_per_second[-1]:.0f} hops/s, {last.cpu_ms_per_hop[-1]:.3f} ms of CPU each"
            )
    for name, kind in engines.items():
        if name == "huey, polling each ms":
            found[name].after_a_kill = found["huey"].after_a_kill
            continue
        with _started(kind, folder / f"killed-{kind.__name__}", LEASE_SECONDS) as engine:
            seconds = engine.comes_back_after_a_kill(patience=PATIENCE_SECONDS)
            found[name].after_a_kill = (
                f"comes again, here after {seconds:.1f} s"
                if seconds is not None
                else f"did not come again within {PATIENCE_SECONDS} s"
            )
            say(f"{name}: what a killed worker held {found[name].after_a_kill}")
    return found


def _one_round(engine: Engine, measured: Measured) -> None:
    measured.version = engine.version()
    measured.latencies += engine.latencies(seconds=4, pause=0.005, hops=500)
    rate = engine.rate(CHAINS, warm_up=1, seconds=4)
    measured.hops_per_second.append(rate.hops_per_second)
    measured.cpu_ms_per_hop.append(rate.cpu_seconds_per_hop * 1000)
    measured.idle_percent.append(engine.idle_cpu(2) * 100)


@contextmanager
def _started(kind: type[Engine], folder: Path, lease_seconds: int | None = None) -> Iterator[Engine]:
    engine = kind(folder, lease_seconds=lease_seconds)
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()


def _judge(report: Report, found: dict[str, Measured]) -> None:
    ours, huey, celery = found["pressroom"], found["huey"], found.get("celery")
    best_huey = max(median(huey.hops_per_second), median(found["huey, polling each ms"].hops_per_second))
    rate, cpu = median(ours.hops_per_second), median(ours.cpu_ms_per_hop)
    report.expect("median hop at most 3 ms", f"{ours.ms(0.5):.2f} ms", ours.ms(0.5) <= 3)
    report.expect("p99 of a hop at most 25 ms", f"{ours.ms(0.99):.2f} ms", ours.ms(0.99) <= 25)
    _compare(report, "median hop below Celery's", celery, lambda peer: (peer.ms(0.5) / ours.ms(0.5), 1))
    _compare(report, "median hop at least 10 times below huey's", huey, lambda peer: (peer.ms(0.5) / ours.ms(0.5), 10))
    report.expect("at least 1,000 durable hops a second", f"{rate:.0f}", rate >= 1000)
    report.expect("at most 0.5 ms of CPU a hop", f"{cpu:.3f} ms", cpu <= 0.5)
    _compare(report, "at least huey's rate, whichever way it polls", huey, lambda _: (rate / best_huey, 1))
    _compare(
        report, "at least 2.5 times Celery's rate", celery, lambda peer: (rate / median(peer.hops_per_second), 2.5)
    )
    for name, peer in found.items():
        if peer is not ours:
            report.lines.append(f"ratio to {name} (hops/s): {rate / median(peer.hops_per_second):.2f}")
            report.lines.append(f"ratio to {name} (median hop): {ours.ms(0.5) / peer.ms(0.5):.3f}")
            report.lines.append(f"ratio to {name} (CPU a hop): {cpu / median(peer.cpu_ms_per_hop):.2f}")
    report.notes.append(
        f"{os.cpu_count()} cores run the worker, the peers' servers and the bench; figures of several rounds are "
        "medians with the lowest and the highest round."
    )
    report.notes.append(
        "huey takes a task out of its queue before it runs, which saves it the lease and the acknowledgement that "
        "the others pay for; nothing is left of that task if the worker is killed."
    )


def _compare(
    report: Report, claim: str, peer: Measured | None, ratio: Callable[[Measured], tuple[float, float]]
) -> None:
    if peer is None:
        report.expect(claim, "Celery was left out", None)
        return
    measured, needed = ratio(peer)
    report.expect(claim, f"{measured:.2f} times", measured >= needed)


def _figures(found: dict[str, Measured]) -> Table:
    head = ("engine", "median", "p90", "p99", "hops/s", "CPU ms a hop", "idle CPU")
    rows = [
        (
            name,
            *(f"{measured.ms(share):.2f} ms" for share in (0.5, 0.9, 0.99)),
            spread(measured.hops_per_second, 0),
            spread(measured.cpu_ms_per_hop, 3),
            f"{median(measured.idle_percent):.1f} %",
        )
        for name, measured in found.items()
    ]
    return Table("Durable hops", head, rows)


def _kills(found: dict[str, Measured]) -> Table:
    rows = [(name, measured.settings, measured.after_a_kill) for name, measured in found.items()]
    return Table("How each was set up, and what a killed worker held", ("engine", "settings", "killed"), rows)
