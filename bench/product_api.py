"""How quickly the HTTP API accepts product images and tells of them, while workers are busy and thousands wait."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.support import command_line, open_loop, ports, processes
from bench.support.command_line import Server
from bench.support.open_loop import Answered, Asked
from bench.support.requesting import call_json
from bench.support.shop import shop
from bench.support.statistics import percentile
from bench.support.waiting_jobs import let_wait

ROUNDS = 3
PER_SECOND = 100
SECONDS = 15
MANY = 10_000
"""Jobs that wait."""
FEW = 50
"""Enough that the workers are busy from the first request on."""
MOST_TO_ACCEPT, MOST_TO_TELL = 0.025, 0.010
SLOWER_ALLOWED = 1.2
MEASURABLE = 0.001
"""Seconds: a difference below this is noise, whatever share it is."""
_SHARES = {"median": 0.5, "p90": 0.9, "p99": 0.99, "longest": 1.0}
_BEGUN = 4
_TOML = """
[server]
port = {port}
requests_per_minute = 0

[fetch]
allow_hosts = ["{shop}"]

[pipelines.daily_post]
schedule = "off"

[pipelines.bedtime_story]
schedule = "off"
"""


@dataclass(slots=True)
class Found:
    """All that was measured with so many jobs waiting."""

    accepted: list[Answered] = field(default_factory=list)
    told: list[Answered] = field(default_factory=list)


class ProductApi(Bench):
    method = (
        "`pressroom up` with its default settings, alone in a new workspace, makes product images: pages and photos "
        f"come from a shop on this machine. {FEW} jobs wait before the first request, {MANY:,} in the other half of "
        f"the runs, so that both picture threads work throughout, and so do the threads that read pages. Then "
        f"`POST /generative-ai-images/generate` is asked {PER_SECOND} times a second for {SECONDS} s, each request "
        "for another product, with an API key and an Idempotency-Key; each is sent when it is due, whether or not the "
        "ones before it are answered, on a pool of connections that stay open, by a process that does nothing else. "
        "A time is from the moment at which the request was due to the answer's last byte, so a late start of the "
        "sender counts as well. An answer means that the job is committed and synchronised to the disk: after each "
        f"run every accepted job is asked for. Then `GET /generative-ai-images/status/ID` as often, of jobs that "
        "wait, work and are done. All rounds together. Sender, shop and Pressroom share the cores."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report, found = Report(), {FEW: Found(), MANY: Found()}
        with shop() as address:
            for number in range(rounds or ROUNDS):
                for waiting, so_far in found.items():
                    _one_run(folder / f"{number}-{waiting}", address, waiting, so_far)
                    say(f"round {number + 1}, {waiting} waiting: accepted p99 {_p99(so_far.accepted) * 1000:.1f} ms, "
                        f"told p99 {_p99(so_far.told) * 1000:.1f} ms")  # fmt: skip
        _judge(report, found)
        return report


def _one_run(workspace: Path, address: str, waiting: int, found: Found) -> None:
    port = ports.free()
    command_line.call("init", str(workspace))
    (workspace / "pressroom.toml").write_text(_TOML.format(port=port, shop=address), encoding="utf-8")
    words = ("--scope", "read", "--scope", "write", "--workspace", str(workspace))
    key = command_line.call("keys", "create", "bench", *words).strip()
    let_wait(workspace, waiting, lambda number: {"url": f"http://{address}/waiting-{number}"})
    server = Server(["up"], workspace, port)
    try:
        _wait_until_busy(server, port, workspace)
        headers = {"authorization": f"Bearer {key}"}
        count = PER_SECOND * SECONDS
        wishes = [
            Asked("POST", "/generative-ai-images/generate", json.dumps({"productUrl": f"http://{address}/{number}"}))
            for number in range(count)
        ]
        accepted = open_loop.send(port, wishes, PER_SECOND, headers)
        _require(accepted, 202)
        ids = [json.loads(answer.body)["jobId"] for answer in accepted]
        assert len(set(ids)) == count, "two requests were answered with one job"
        told = open_loop.send(
            port, [Asked("GET", f"/generative-ai-images/status/{id}") for id in ids], PER_SECOND, headers
        )
        _require(told, 200)
        found.accepted += accepted
        found.told += told
    finally:
        processes.kill(server.process)  # what still waits is not what this is about


def _wait_until_busy(server: Server, port: int, workspace: Path) -> None:
    """Wait until the workers have begun: some pictures are finished, and others under way."""
    processes.wait_until(
        "the first pictures are finished",
        lambda: len(call_json(port, "GET", f"/api/v1/jobs?status=completed&limit={_BEGUN}")["items"]) >= _BEGUN,
        server.process,
        workspace.with_suffix(".log"),
        120,
    )
    time.sleep(0.5)


def _require(answers: list[Answered], status: int) -> None:
    for answer in answers:
        if answer.status != status:
            raise processes.Ended(f"A request was answered {answer.status}: {answer.body[:500]}")


def _p99(answers: list[Answered]) -> float:
    return percentile([answer.seconds for answer in answers], 0.99)


def _judge(report: Report, found: dict[int, Found]) -> None:
    kinds = {
        f"accepted and durable at {PER_SECOND} a second": ({n: f.accepted for n, f in found.items()}, MOST_TO_ACCEPT),
        "a status told": ({n: f.told for n, f in found.items()}, MOST_TO_TELL),
    }
    rows = []
    for what, (by_waiting, most) in kinds.items():
        for waiting, answers in by_waiting.items():
            took = [answer.seconds for answer in answers]
            late = [answer.sent - answer.due for answer in answers]
            p99 = percentile(took, 0.99)
            report.expect(f"{what}, {waiting:,} waiting: p99 at most {most * 1000:.0f} ms", _ms(p99), p99 <= most)
            rows.append(
                (what, f"{waiting:,}", *(_ms(percentile(took, share)) for share in _SHARES.values()),
                 _ms(percentile(late, 0.99)))
            )  # fmt: skip
        few, many = (percentile([one.seconds for one in by_waiting[count]], 0.5) for count in (FEW, MANY))
        report.expect(
            f"{what}: at most {SLOWER_ALLOWED - 1:.0%} slower with {MANY:,} waiting (median)",
            f"{many / few - 1:+.0%}",
            many <= SLOWER_ALLOWED * few,
        )
    head = ("", "waiting", *_SHARES, "sent late (p99)")
    report.tables.append(Table("Answers", head, rows))


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
