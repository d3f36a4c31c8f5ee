from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pressroom.entrypoints.cli import build_app


@dataclass(frozen=True)
class Answer:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.stdout)

    @property
    def error(self) -> Any:
        """The JSON document of an error on standard error."""
        return json.loads(self.stderr)["error"]


Cli = Callable[..., Answer]


@pytest.fixture
def cli() -> Cli:
    """Runs the command line in this process."""

    def run(*arguments: str | Path, stdin: str | None = None) -> Answer:
        result = CliRunner().invoke(build_app(), [str(argument) for argument in arguments], input=stdin)
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def workspace(tmp_path: Path, cli: Cli) -> Path:
    """A fresh workspace, as `init` makes it."""
    folder = tmp_path / "workspace"
    answer = cli("init", folder)
    assert answer.code == 0, answer.stderr
    return folder
