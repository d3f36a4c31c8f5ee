"""Celery with Redis: every write synchronised, tasks acknowledged after they ran."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import redis
from celery import Celery as App

from bench.peers.base import WORKERS, Engine, Message
from bench.peers.chain import Chain
from bench.support import ports, processes

_PORT_FILE = "redis.port"


class Celery(Engine):
    name = "celery"
    settings = (
        "Redis with appendonly yes and appendfsync always, acks_late, prefetch 1, "
        f"{WORKERS} prefork processes, without gossip, mingle, heartbeat and results"
    )

    def __init__(self, folder: Path, *, lease_seconds: int | None = None) -> None:
        super().__init__(folder, lease_seconds=lease_seconds)
        port = ports.free()
        (folder / _PORT_FILE).write_text(str(port), encoding="utf-8")
        self._redis = _started(folder, port, self.log)
        self._task = _declared(folder)[1]

    def send(self, message: Message) -> None:
        self._task.delay(message)

    def version(self) -> str:
        return f"{version('celery')} with {_redis_version()}"

    def servers(self) -> list[subprocess.Popen[bytes]]:
        return [self._redis]

    def stop(self) -> None:
        super().stop()
        processes.stop(self._redis)


def why_missing() -> str:
    """Return why this peer cannot be measured here; empty if it can."""
    if shutil.which("redis-server"):
        return ""
    return "redis-server is not installed (apt-get install redis-server), so Celery is left out"


def _redis_version() -> str:
    answered = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout
    return "Redis " + answered.split("v=", 1)[1].split(" ", 1)[0]


def _started(folder: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    options = {
        "port": str(port),
        "bind": "127.0.0.1",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
    }
    command = ["redis-server", *(word for name, value in options.items() for word in (f"--{name}", value))]
    server = processes.start(command, log)
    client = redis.Redis(host="127.0.0.1", port=port)

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    processes.wait_until("Redis begins to answer", answers, server, log, 15)
    client.close()
    return server


def _declared(folder: Path) -> tuple[App, Any]:
    """Return the app and the task by which its queue is filled and served."""
    port = (folder / _PORT_FILE).read_text(encoding="utf-8")
    app = App("bench", broker=f"redis://127.0.0.1:{port}/0")
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
    )
    if lease := os.environ.get("BENCH_LEASE_SECONDS"):
        app.conf.broker_transport_options = {
            "visibility_timeout": int(lease),
            # It looks for what came due only every 100 s by default.
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
        }
    chains: list[Chain] = []

    def hop(message: Message) -> None:
        if not chains:  # in the forked process, since threads do not survive a fork
            chains.append(Chain(folder, task.delay))
        chains[0].hop(message)

    task = app.task(hop, name="hop")
    return app, task


def serve(kind: type[Celery], folder: Path) -> None:
    app, _ = _declared(folder)
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
    app.worker_main(["worker", f"--concurrency={WORKERS}", "--pool=prefork", *quiet])
