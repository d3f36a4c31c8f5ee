from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pressroom.entrypoints.cli._root import COMMANDS, load
from tests.entrypoints.cli.conftest import Cli

ALL = [(name, line) for part in COMMANDS.values() for name, line in part.items()]
FORBIDDEN = ("rich", "pydantic", "httpx", "fastapi", "cryptography", "pyvips", "structlog", "sqlite3")


def test_help_lists_every_command_under_its_heading(cli: Cli) -> None:
    answer = cli("--help")
    assert answer.code == 0
    for heading, part in COMMANDS.items():
        assert f"{heading}:" in answer.stdout
        for name, line in part.items():
            assert name in answer.stdout
            assert line in answer.stdout


@pytest.mark.parametrize(("name", "line"), ALL)
def test_the_line_in_the_help_is_the_first_sentence_of_the_command(name: str, line: str) -> None:
    first = " ".join(load(name).help.partition("\n\n")[0].split())
    assert first.removesuffix(".").startswith(line.removesuffix(".").partition(",")[0])


@pytest.mark.parametrize("name", [name for name, _ in ALL])
def test_every_command_explains_itself(cli: Cli, name: str) -> None:
    answer = cli(name, "--help")
    assert answer.code == 0
    assert "--workspace" in answer.stdout
    assert "--json" in answer.stdout


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from pressroom.entrypoints.cli import build_app\n"
        "try:\n    build_app()(['--help'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        f"print([name for name in {FORBIDDEN!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_mistyped_command_is_answered_with_the_closest_one(cli: Cli) -> None:
    answer = cli("jbos")
    assert answer.code == 2
    assert "Did you mean 'jobs'?" in answer.stderr


def test_without_a_command_the_help_is_shown_and_nothing_done(cli: Cli) -> None:
    answer = cli()
    assert answer.code == 2
    assert "pressroom [OPTIONS] COMMAND" in answer.stderr


def test_the_version_is_printed(cli: Cli) -> None:
    from importlib.metadata import version

    assert cli("--version").stdout == f"pressroom {version('pressroom')}\n"


def test_a_folder_that_is_no_workspace_says_so_and_names_init(cli: Cli, tmp_path: Path) -> None:
    answer = cli("jobs", "--workspace", tmp_path)
    assert answer.code == 2
    assert str(tmp_path) in answer.stderr
    assert "pressroom init" in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize("before", [True, False])
def test_workspace_and_json_are_accepted_before_and_after_the_command(cli: Cli, tmp_path: Path, before: bool) -> None:
    shared = ["--json", "--workspace", tmp_path]
    answer = cli(*shared, "jobs") if before else cli("jobs", *shared)
    assert answer.code == 2
    assert str(tmp_path) in answer.error["where"]


def test_wrong_use_with_json_is_one_document_on_standard_error(cli: Cli) -> None:
    answer = cli("run", "--bogus", "--json")
    assert answer.code == 2
    assert answer.stdout == ""
    assert "--bogus" in answer.error["what"]
    assert answer.error["todo"] == "See pressroom run --help."


def test_settings_that_cannot_be_read_are_wrong_use_with_their_place(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pressroom.toml").write_text("[server]\nport = 'eighty'\n", encoding="utf-8")
    answer = cli("jobs", "--workspace", tmp_path, "--json")
    assert answer.code == 2
    assert "[server] port" in answer.error["what"]
    assert answer.error["kind"] == "ConfigurationError"
