"""Whether a large workspace is as quick as a small one: hops, the listing of jobs, and one job's page."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.support import command_line
from bench.support.command_line import Server
from bench.support.statistics import median

FEW, MANY = 60, 100_000
ROUNDS = 15
SLICE = {"hop": 40, "find": 20, "document": 20, "list page": 6, "job page": 10, "command": 1}
"""How often each is measured in one round, in the one workspace and then in the other."""

Measure = Callable[[], float]


class BigLog(Bench):
    method = (
        f"Two workspaces are filled through the store with jobs of ten events and four steps each: {FEW} jobs, and "
        f"{MANY:,} with a million events. Both have a worker or `pressroom up` running at the same time, and each "
        f"figure is measured in short turns, one workspace and then the other, {ROUNDS} rounds; medians of all. "
        "A hop is one paced hop of the bench `hops`; find is `jobs.find(limit=50)`; document is all that is known of "
        "one job from the middle of the log; pages are fetched over HTTP; the command is a whole process."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report, small, large = Report(), folder / "small", folder / "large"
        ids = {}
        for workspace, jobs in ((small, FEW), (large, MANY)):
            command_line.call("init", str(workspace))
            ids[workspace], seconds = _filled(workspace, jobs)
        report.notes.append(
            f"The large workspace was filled in {seconds:.0f} s; its database has {_size(large):.0f} MB."
        )
        turns = rounds or ROUNDS
        found = _hops(small, large, turns)
        found |= _reads(small, large, ids, turns)
        found |= _served(small, large, ids, turns)
        _judge(report, found)
        return report


def _filled(workspace: Path, jobs: int) -> tuple[str, float]:
    """Fill a workspace; return a job from its middle, and how long it took."""
    from bench.support.filling import fill

    began = time.perf_counter()
    ids = fill(workspace, jobs, say)
    return ids[len(ids) // 2], time.perf_counter() - began


def _hops(small: Path, large: Path, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    from bench.peers.pressroom_embedded import Pressroom

    def paced(engine: Pressroom) -> list[float]:
        return engine.latencies(seconds=30, pause=0.005, hops=SLICE["hop"])

    one, other = Pressroom(small), Pressroom(large)
    try:
        one.start()
        other.start()
        found: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            found[0].extend(paced(one))
            found[1].extend(paced(other))
    finally:
        one.stop()
        other.stop()
    say("hops measured")
    return {"hop": found}


def _reads(small: Path, large: Path, ids: dict[Path, str], rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    from pressroom.documents import job_document
    from pressroom.runtime import Runtime
    from pressroom.runtimes.embedded import open_embedded

    def timed(action: Callable[[], object]) -> Measure:
        def measure() -> float:
            began = time.perf_counter()
            action()
            return time.perf_counter() - began

        return measure

    def document(runtime: Runtime, job_id: str) -> None:
        job = runtime.ports.jobs.get(job_id)
        if job is None:
            raise LookupError(job_id)
        job_document(runtime, job)

    with open_embedded(small, {}) as one, open_embedded(large, {}) as other:
        found = {
            "find": _in_turns(
                timed(lambda: one.ports.jobs.find(limit=50)), timed(lambda: other.ports.jobs.find(limit=50)),
                SLICE["find"], rounds,
            ),
            "document": _in_turns(
                timed(lambda: document(one, ids[small])), timed(lambda: document(other, ids[large])),
                SLICE["document"], rounds,
            ),
        }  # fmt: skip
    say("reads measured")
    return found


def _served(small: Path, large: Path, ids: dict[Path, str], rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    one, other = Server(["up"], small), Server(["up"], large)
    try:
        found = {
            "list page": _in_turns(
                lambda: one.seconds_of("/"), lambda: other.seconds_of("/"), SLICE["list page"], rounds
            ),
            "job page": _in_turns(
                lambda: one.seconds_of(f"/jobs/{ids[small]}"),
                lambda: other.seconds_of(f"/jobs/{ids[large]}"),
                SLICE["job page"],
                rounds,
            ),
        }
    finally:
        one.stop()
        other.stop()
    found["command"] = _in_turns(
        lambda: command_line.seconds_of("jobs", "--json", "--workspace", str(small)),
        lambda: command_line.seconds_of("jobs", "--json", "--workspace", str(large)),
        SLICE["command"],
        rounds,
    )
    say("pages and commands measured")
    return found


def _in_turns(one: Measure, other: Measure, times: int, rounds: int) -> tuple[list[float], list[float]]:
    one(), other()  # the first of each finds cold caches
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for measure, values in zip((one, other), found, strict=True):
            values.extend(measure() for _ in range(times))
    return found


def _judge(report: Report, found: dict[str, tuple[list[float], list[float]]]) -> None:
    words = {
        "hop": "hop",
        "find": "`jobs.find(limit=50)`",
        "command": "`pressroom jobs --json`",
        "document": "a job's document",
        "list page": "the page of all jobs",
        "job page": "the page of one job",
    }
    rows = []
    for name, (small, large) in found.items():
        ratio = median(large) / median(small)
        report.expect(
            f"{words[name]}: at most 20 % slower in the large log", f"{(ratio - 1) * 100:+.0f} %", ratio <= 1.2
        )
        rows.append((words[name], f"{median(small) * 1000:.2f} ms", f"{median(large) * 1000:.2f} ms", f"{ratio:.2f}"))
    head = ("", f"{FEW} jobs", f"{MANY:,} jobs, {MANY * 10:,} events", "ratio")
    report.tables.append(Table("Medians", head, rows))


def _size(workspace: Path) -> float:
    return sum(file.stat().st_size for file in (workspace / "data").glob("pressroom.db*")) / 1e6
