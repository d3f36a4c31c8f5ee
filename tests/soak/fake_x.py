"""The fake X as a process of its own, which lives on while workers are killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]


class FakeXProcess:
    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.fakes.x", "--port", "0", "--limit", "POST /2/tweets=1000000"]
        command += ["--limit", "POST /2/media/upload=1000000", "--limit", "POST /2/media/metadata=1000000"]
        command += ["--limit", "GET /2/users/{id}/tweets=1000000", "--limit", "GET /2/users/me=1000000"]
        self._errors = (folder / "fake-x.log").open("w")
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        assert self._process.stdout is not None
        self.base_url = self._process.stdout.readline().strip()
        assert self.base_url.startswith("http"), (folder / "fake-x.log").read_text()

    def show(self, what: str) -> Any:
        with urlopen(f"{self.base_url}/_fake/{what}", timeout=30) as answer:
            return json.load(answer)

    def strike(self, rate: float, seed: int, path: str, faults: list[str], most_seconds: float) -> None:
        """Let requests to `path` meet one of the faults with a probability of `rate`."""
        self._do("POST", "faults", rate=rate, seed=seed, path=path, faults=faults, max_seconds=most_seconds)

    def calm(self) -> None:
        self._do("DELETE", "faults")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._errors.close()

    def _do(self, method: str, what: str, **document: Any) -> None:
        data = json.dumps(document).encode()
        request = Request(f"{self.base_url}/_fake/{what}", data=data, method=method)
        with urlopen(request, timeout=30):
            return
