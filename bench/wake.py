"""How soon an event that one process stores is handled in another."""

from __future__ import annotations

import time
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.support.statistics import percentile, spread

ROUNDS = 5
EVENTS = 200
PAUSE = 0.02


class Wake(Bench):
    method = (
        f"One process stores {EVENTS} events, one every {PAUSE * 1000:.0f} ms, in a workspace whose worker is another, "
        "otherwise idle process; each is measured from just before it is stored to the first line of its handler. "
        "All rounds together, each with a new worker."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report, latencies, medians = Report(), list[float](), list[float]()
        for number in range(rounds or ROUNDS):
            measured = _one_round(folder / str(number))
            latencies += measured
            medians.append(percentile(measured, 0.5) * 1000)
            say(f"round {number + 1}: median {medians[-1]:.2f} ms")
        for name, share in (("median", 0.5), ("p99", 0.99)):
            ms = percentile(latencies, share) * 1000
            report.expect(f"across processes within 50 ms ({name})", f"{ms:.2f} ms", ms <= 50)
        figures = [f"{percentile(latencies, share) * 1000:.2f} ms" for share in (0.5, 0.9, 0.99, 1)]
        head = ("events", "median", "p90", "p99", "longest", "medians of the rounds")
        report.tables.append(
            Table("Stored here, handled there", head, [(str(len(latencies)), *figures, spread(medians))])
        )
        return report


def _one_round(folder: Path) -> list[float]:
    from bench.peers.base import message
    from bench.peers.pressroom_embedded import Pressroom

    engine = Pressroom(folder)
    try:
        engine.start()

        def send() -> None:
            time.sleep(PAUSE)
            engine.send(message(hops=1))

        return engine.handled(EVENTS, send)
    finally:
        engine.stop()
