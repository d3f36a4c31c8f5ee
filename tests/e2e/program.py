"""The real program in processes of its own, over a workspace whose channel is the fake X."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pressroom.backends.encrypted_file import EncryptedFileSecrets
from tests.fakes.x import FakeX

SETTINGS = """
[log]
level = "{level}"
format = "{log_format}"

[channels.main]
network = "x"
base_url = "{base_url}"
timeout_seconds = {timeout}
settle_seconds = 0.5
failures_before_break = 10

[worker]
lease_seconds = 2

[pipelines.daily_post]
channels = ["main"]
width = 320
height = 256
lettering = false
schedule = "off"
{more}
"""
DAY = ("-i", "date=2026-01-14", "-i", "theme=0")
PATIENCE = 60


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


class Program:
    def __init__(
        self,
        folder: Path,
        base_url: str,
        *,
        timeout: float = 20,
        level: str = "info",
        log: str = "auto",
        more: str = "",
    ) -> None:
        self.workspace = folder / "workspace"
        made = self("init", self.workspace)
        assert made.code == 0, made.stderr
        settings = SETTINGS.format(base_url=base_url, timeout=timeout, level=level, log_format=log, more=more)
        (self.workspace / "pressroom.toml").write_text(settings, encoding="utf-8")

    def __call__(self, *arguments: str | Path, stdin: str = "") -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            self._command(arguments),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env=_environment(),
        )
        return Done(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Have a command run; whatever happens within, it is over afterwards."""
        with subprocess.Popen(
            self._command(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment()
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def post(self, *more: str) -> Done:
        """Make the post of the one day that these tests are about."""
        return self("run", "daily_post", *DAY, "--json", *more)

    @property
    def secrets(self) -> EncryptedFileSecrets:
        """Where the program keeps its secrets."""
        data = self.workspace / "data"
        return EncryptedFileSecrets(data / "secrets.enc", data / "secret.key", {})

    def set_secrets(self, values: Mapping[str, str]) -> None:
        """Store secrets as a person would."""
        for name, value in values.items():
            done = self("secrets", "set", name, stdin=f"{value}\n")
            assert done.code == 0, done.stderr

    def job(self, job_id: str) -> Any:
        return self("jobs", job_id, "--json").json

    def _command(self, arguments: tuple[str | Path, ...]) -> list[str]:
        where = () if arguments and arguments[0] == "init" else ("--workspace", str(self.workspace))
        return [sys.executable, "-m", "pressroom", *where, *map(str, arguments)]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}


def is_there_once(x: FakeX) -> bool:
    """Say whether the day's post is public exactly once, with its picture, alt text and caption."""
    keys = {media.id: media for media in x.media}
    return [(post.text, [bool(keys[one].alt_text) for one in post.media_ids]) for post in x.posts] == [
        ("National Dress Up Your Pet Day!", [True])
    ]
