"""huey on SQLite, every commit synchronised, as it comes and with the polling that a user in a hurry would choose."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from huey import SqliteHuey

from bench.peers.base import WORKERS, Engine, Message
from bench.peers.chain import Chain


class Huey(Engine):
    name = "huey"
    settings = f"SqliteHuey(fsync=True), {WORKERS} thread workers, its own polling (100 ms, backing off)"
    polling: ClassVar[dict[str, float]] = {}

    def __init__(self, folder: Path, *, lease_seconds: int | None = None) -> None:
        super().__init__(folder, lease_seconds=lease_seconds)
        self._task = _declared(folder)[1]

    def send(self, message: Message) -> None:
        self._task(message)

    def version(self) -> str:
        return version("huey")


class HueyPolling(Huey):
    name = "huey, polling each ms"
    settings = f"SqliteHuey(fsync=True), {WORKERS} thread workers, polling every millisecond and never backing off"
    polling: ClassVar[dict[str, float]] = {"initial_delay": 0.001, "max_delay": 0.001, "backoff": 1.0}


def _declared(folder: Path) -> tuple[SqliteHuey, Any]:
    """Return the queue and the task by which it is filled and served."""
    huey = SqliteHuey("bench", filename=str(folder / "huey.db"), fsync=True, results=False)
    chains: list[Chain] = []

    def hop(message: Message) -> None:
        if not chains:
            chains.append(Chain(folder, task))
        chains[0].hop(message)

    task = huey.task()(hop)
    return huey, task


def serve(kind: type[Huey], folder: Path) -> None:
    huey, _ = _declared(folder)
    huey.create_consumer(workers=WORKERS, worker_type="thread", **kind.polling).run()
