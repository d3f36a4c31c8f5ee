"""What `pressroom up` costs while there is nothing to do, and how soon commands answer."""

from __future__ import annotations

import time
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.support import command_line, processes
from bench.support.command_line import Server
from bench.support.statistics import median, spread

SETTLING_SECONDS = 5
IDLE_SECONDS = 30
CALLS = 10
STARTS = 3


class Idle(Bench):
    method = (
        f"`pressroom up` in a workspace as `pressroom init` makes it: CPU over {IDLE_SECONDS} s, then the resident "
        f"memory, {SETTLING_SECONDS} s after its first answer; and once more after it drew and published one daily "
        f"post, served its page and let its worker go. Commands are whole processes, the median of {CALLS}, files "
        "in the page cache. "
        f"The demo is started again, {STARTS} times, in the folder of its first run, until its pages answer; "
        "`make run` adds the moment that make needs to see that nothing is to be installed."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report, workspace = Report(), folder / "workspace"
        command_line.call("init", str(workspace))
        _idle(report, workspace)
        _commands(report, workspace, rounds or CALLS)
        _demo(report, folder / "demo")
        return report


def _idle(report: Report, workspace: Path) -> None:
    server = Server(["up"], workspace)
    try:
        fresh = _measured(server)
        say(f"fresh: {fresh[0]:.2f} % of a core, {fresh[1]:.0f} MB")
        job = command_line.call_json("run", "daily_post", "--no-wait", "--workspace", str(workspace))
        job = job[0] if isinstance(job, list) else job
        processes.wait_until("the post is published", lambda: _has_ended(workspace, job["id"]), server.process,
                             workspace.with_suffix(".log"), 120)  # fmt: skip
        server.seconds_of(f"/jobs/{job['id']}")
        processes.wait_until("the worker rests", lambda: not processes.has_children(server.process), server.process,
                             workspace.with_suffix(".log"), 120)  # fmt: skip
        worked = _measured(server)
        say(f"after a post: {worked[0]:.2f} % of a core, {worked[1]:.0f} MB")
    finally:
        server.stop()
    cpu = max(fresh[0], worked[0])
    report.expect("idle: below 1 % CPU", f"{cpu:.2f} %", cpu < 1)
    report.expect("idle: below 120 MB of memory", f"{fresh[1]:.0f} MB", fresh[1] < 120)
    report.expect("the same after it drew and published a post", f"{worked[1]:.0f} MB", worked[1] < 120)
    rows = [(name, f"{one[0]:.2f} %", f"{one[1]:.0f} MB") for name, one in (("fresh", fresh), ("after a post", worked))]
    report.tables.append(Table("`pressroom up` with nothing to do", ("", "CPU of one core", "memory"), rows))


def _measured(server: Server) -> tuple[float, float]:
    """Return the per cent of a core over a while, and the resident megabytes after it."""
    time.sleep(SETTLING_SECONDS)
    before = processes.cpu_seconds(server.process)
    time.sleep(IDLE_SECONDS)
    used = processes.cpu_seconds(server.process) - before
    return used / IDLE_SECONDS * 100, processes.resident_bytes(server.process) / 1e6


def _has_ended(workspace: Path, job_id: str) -> bool:
    status = command_line.call_json("jobs", job_id, "--workspace", str(workspace))["status"]
    return status not in ("pending", "processing")


def _commands(report: Report, workspace: Path, calls: int) -> None:
    rows = []
    for words, limit in ((["--help"], 150), (["jobs", "--workspace", str(workspace)], 300)):
        name = f"`pressroom {words[0]}`"
        command_line.call(*words)
        took = [command_line.seconds_of(*words) * 1000 for _ in range(calls)]
        report.expect(f"{name} within {limit} ms", f"{median(took):.0f} ms", median(took) <= limit)
        rows.append((name, f"{spread(took, 0)} ms"))
    report.tables.append(Table(f"Commands, the median of {calls}", ("command", "took"), rows))


def _demo(report: Report, folder: Path) -> None:
    took = []
    for number in range(STARTS + 1):
        server = Server(["demo"], folder)
        server.stop()
        took.append(server.started_in)
        say(f"demo, start {number + 1}: {server.started_in:.2f} s")
    again = took[1:]
    report.expect("the demo's second start within 3 s", f"{median(again):.2f} s", median(again) <= 3)
    rows = [("first", f"{took[0]:.2f} s"), ("again", f"{spread(again)} s")]
    report.tables.append(Table("`pressroom demo` until its pages answer", ("start", "took"), rows))
