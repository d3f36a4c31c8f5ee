"""What `run` says of jobs that stand already, and of what goes on after Ctrl-C."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pressroom.entrypoints.cli import _working
from pressroom.jobs import Job
from pressroom.testing import plain_png
from tests.entrypoints.cli.conftest import Answer, Cli

DAY = ("daily_post", "-i", "date=2026-10-31", "-i", "theme=0")
STORY = ("bedtime_story", "-i", "date=2026-10-31")


def jobs(cli: Cli, workspace: Path) -> list[str]:
    return [job["id"] for job in cli("jobs", "--json", "-w", workspace).json]


def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come before anything is done."""

    def stop(runtime: Any, jobs: Sequence[Job], call: Any) -> list[Job]:
        raise KeyboardInterrupt

    monkeypatch.setattr(_working, "work_off", stop)


@pytest.mark.parametrize(("first", "other"), [(DAY, ()), (STORY, ("-i", "form=verse"))])
def test_what_stands_already_is_said_to_be_that_and_how_to_get_another(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, first: tuple[str, ...], other: tuple[str, ...]
) -> None:
    with monkeypatch.context() as while_stopped:
        interrupted(while_stopped)
        assert cli("run", *first, "-w", workspace).code == 130
    [job] = jobs(cli, workspace)
    going_on = cli("run", *first, *other, "-w", workspace)
    assert f":2026-10-31 is under way already, as {job}, with what was asked for then" in _plain(going_on)
    over = cli("run", *first, *other, "-w", workspace)
    assert f"was run before, as {job}; this is what came of it, whatever was asked for now." in _plain(over)
    assert all("For another one, add -i again=true." in answer.stderr for answer in (going_on, over))
    assert jobs(cli, workspace) == [job]


def _plain(answer: Answer) -> str:
    return answer.stderr.replace(":halloween", "")


def test_what_is_started_now_is_not_said_to_stand_already(cli: Cli, workspace: Path) -> None:
    for more in ((), ("-i", "again=true")):
        answer = cli("run", *DAY, *more, "--no-wait", "-w", workspace)
        assert (answer.code, answer.stderr) == (0, "")
    assert len(jobs(cli, workspace)) == 2


def test_a_start_that_is_not_waited_for_says_so_too(cli: Cli, workspace: Path) -> None:
    first = cli("run", *DAY, "--no-wait", "--json", "-w", workspace).json
    again = cli("run", *DAY, "--no-wait", "--json", "-w", workspace)
    assert again.json == first
    assert f"is under way already, as {first['id']}" in again.stderr


@pytest.mark.parametrize("again", [False, True])
def test_after_ctrl_c_the_same_command_is_named_only_where_it_goes_on(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    interrupted(monkeypatch)
    answer = cli("run", *DAY, *(("-i", "again=true") if again else ()), "-w", workspace)
    [job] = jobs(cli, workspace)
    assert answer.code == 130
    assert ("or the same command goes on from here" in answer.stderr) is not again
    assert (f"pressroom events --job {job} --follow" in answer.stderr) is again
    assert ("would start another" in answer.stderr) is again


def test_after_ctrl_c_an_upload_is_not_said_to_go_on_with_the_same_command(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    interrupted(monkeypatch)
    file = tmp_path / "page.png"
    file.write_bytes(plain_png(40, 40))
    answer = cli("run", "text_extraction", "-i", f"file={file}", "-w", workspace)
    assert answer.code == 130
    assert "would start another" in answer.stderr
    assert jobs(cli, workspace)[0] in answer.stderr
