"""A fake network as a process of its own, which lives on while workers are killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

from tests.fakes.faults import Fault

ROOT = Path(__file__).parents[2]


class FakeProcess:
    """Runs `python -m tests.fakes.NAME` while it is entered."""

    def __init__(self, name: str, options: Sequence[str], folder: Path) -> None:
        command = [sys.executable, "-m", f"tests.fakes.{name}", "--port", "0", *options]
        log = folder / f"fake-{name}.log"
        self._errors = log.open("w")
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        assert self._process.stdout is not None
        self.base_url = self._process.stdout.readline().strip()
        assert self.base_url.startswith("http"), log.read_text()

    def show(self, what: str) -> Any:
        """Return what the fake holds: its posts, its accounts, the faults that struck."""
        with urlopen(f"{self.base_url}/_fake/{what}", timeout=30) as answer:
            return json.load(answer)

    def strike(self, rate: float, seed: int, call: tuple[str, str], faults: Sequence[Fault], seconds: float) -> None:
        """Let such calls meet one of the faults with a probability of `rate`; a fault takes `seconds` at most."""
        names = [fault.value for fault in faults]
        method, path = call
        line = {"rate": rate, "seed": seed, "faults": names, "max_seconds": seconds, "method": method, "path": path}
        self._do("POST", "faults", line)

    def script(self, fault: Fault, call: tuple[str, str], **more: Any) -> None:
        """Let the next such call meet a fault: `skip` calls pass first, `seconds` is how long it takes."""
        method, path = call
        self._do("POST", "faults", {"fault": fault.value, "method": method, "path": path, **more})

    def struck(self) -> int:
        """Return how many faults have struck."""
        return len(self.show("faults"))

    def calm(self) -> None:
        self._do("DELETE", "faults", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._errors.close()

    def _do(self, verb: str, what: str, document: dict[str, Any]) -> None:
        data = json.dumps(document).encode()
        with urlopen(Request(f"{self.base_url}/_fake/{what}", data=data, method=verb), timeout=30):
            return
