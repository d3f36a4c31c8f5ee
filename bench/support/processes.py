"""Starting, watching and ending the processes that are measured."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped,import-not-found,unused-ignore]


class Ended(RuntimeError):
    """A process that was to be measured has ended, or did not do what was waited for."""


def start(
    command: Sequence[str], log: Path, folder: Path | None = None, **more: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, with its output in a file; `environment` adds variables."""
    environment = {**os.environ, **more.get("environment", {})}
    with log.open("ab") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, env=environment,
            start_new_session=True,
        )  # fmt: skip


def stop(process: subprocess.Popen[bytes], timeout: float = 15) -> None:
    """Ask it to stop, and kill it with its children if it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout)
            return
        except subprocess.TimeoutExpired:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it and its children at once, as a power cut or the kernel would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(what: str, done: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, limit: float) -> None:
    """Wait until something is so; raises `Ended` with the end of the log if the process ends or time runs out."""
    until = time.monotonic() + limit
    while not done():
        if process.poll() is not None or time.monotonic() > until:
            tail = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
            raise Ended(f"{what}: not within {limit:.0f} s (exit code {process.poll()}).\n{tail}")
        time.sleep(0.02)


def cpu_seconds(*processes: subprocess.Popen[bytes]) -> float:
    """Return the CPU time, user and system, that these processes and their children have used so far."""
    used = [each.cpu_times() for process in processes for each in _tree(process)]
    return float(sum(times.user + times.system for times in used))


def resident_bytes(process: subprocess.Popen[bytes]) -> int:
    """Return the resident memory of a process and its children; what two of them share counts for each."""
    found = 0
    for each in _tree(process):
        with suppress(psutil.NoSuchProcess):  # one that ended just now
            found += each.memory_info().rss
    return found


def ids(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the ids of a process and its children."""
    return [each.pid for each in _tree(process)]


def has_children(process: subprocess.Popen[bytes]) -> bool:
    return len(_tree(process)) > 1


def memory_of_machine() -> int:
    return int(psutil.virtual_memory().total)


def _tree(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    root = psutil.Process(process.pid)
    return [root, *root.children(recursive=True)]
