"""Which runtime a command is about: the option wins over the variable, and what runs things here refuses AWS."""

from __future__ import annotations

import pytest

from tests.entrypoints.cli.conftest import Cli


def test_an_unknown_runtime_is_an_error_that_names_the_known_ones(cli: Cli) -> None:
    answer = cli("--runtime", "awz", "jobs")
    assert answer.code == 2
    assert "There is no runtime called 'awz'" in answer.stderr
    assert "aws" in answer.stderr


@pytest.mark.parametrize("command", ["up", "worker"])
def test_what_runs_things_here_is_refused_for_a_deployment(cli: Cli, command: str) -> None:
    answer = cli("--runtime", "aws", command)
    assert answer.code == 2
    assert "runs by itself" in answer.stderr
