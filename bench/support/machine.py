"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from pathlib import Path

from bench.support import processes
from bench.support.statistics import median


def description() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or "unknown processor",
    )
    return (
        f"{os.cpu_count()} cores ({model}), {processes.memory_of_machine() / 2**30:.1f} GiB of memory, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def state(folder: Path) -> str:
    """Return what else disturbs the figures: the load of the last minute, and what a commit to that disk costs."""
    return f"load {os.getloadavg()[0]:.2f}, an fdatasync of 4 KiB takes {_sync_seconds(folder) * 1000:.2f} ms"


def _sync_seconds(folder: Path, times: int = 200) -> float:
    """Return the median seconds that one `fdatasync` of 4 KiB takes there: the floor of every durable commit."""
    file, took = folder / "synchronised", []
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY)
    try:
        for number in range(times):
            os.pwrite(descriptor, b"x" * 4096, 4096 * number)
            began = time.perf_counter()
            os.fdatasync(descriptor)
            took.append(time.perf_counter() - began)
    finally:
        os.close(descriptor)
        file.unlink()
    return median(took)


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
