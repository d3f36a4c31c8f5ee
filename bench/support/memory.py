"""How much memory a program takes with all its processes, watched while something goes on."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from types import TracebackType

from bench.support import processes

LOOK_SECONDS = 0.02


class Watched:
    """Watches the resident memory of a process and its children, those included that live for a moment only.

    What two of them share counts for each, so the truth is some megabytes below.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._ended = process, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0
        """Bytes, at the same moment, of all of them."""

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self.peak = max(self.peak, processes.resident_bytes(self._process))


def has_loaded(process: subprocess.Popen[bytes], library: str) -> bool:
    """Say whether a shared library of that name is mapped into the process or one of its children."""
    return any(library in Path(f"/proc/{each}/maps").read_text(encoding="utf-8") for each in processes.ids(process))
