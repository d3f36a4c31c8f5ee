from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._progress import Lines, Table
from pressroom.errors import Problem
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus

NOW = datetime(2026, 10, 31, 8, tzinfo=UTC)
JOB = Job(id="job_1", pipeline="poster", status=JobStatus.PROCESSING, created_at=NOW, updated_at=NOW)


def _step(status: StepStatus, attempts: int = 1, what: str = "") -> StepRecord:
    return StepRecord(
        job_id=JOB.id,
        path="publish_post[main]",
        status=status,
        attempts=attempts,
        error=Problem(what) if what else None,
        started_at=NOW,
        completed_at=NOW + timedelta(seconds=2.5) if status.is_over else None,
    )


def _drawn(table: Table) -> str:
    console = Console(file=io.StringIO(), width=120, force_terminal=False)
    console.print(table.render())
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_lines_tell_each_change_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(Call(no_color=True), [JOB])
    for step in (_step(StepStatus.READY), _step(StepStatus.READY), _step(StepStatus.COMPLETED)):
        lines.show(JOB, [step])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["… publish_post[main]", "✓ publish_post[main]  2.5 s"]


@pytest.mark.parametrize(("other", "name"), [("poster", "job_1"), ("story", "poster")])
def test_lines_of_several_jobs_name_the_pipeline_or_the_job_where_it_has_several(
    other: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = [JOB, replace(JOB, id="job_2", pipeline=other)]
    Lines(Call(no_color=True), jobs).show(JOB, [_step(StepStatus.COMPLETED)])
    assert capsys.readouterr().err.startswith(f"{name} ✓")


def test_lines_say_what_is_waited_for_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(Call(no_color=True), [JOB])
    for _ in range(2):
        lines.show(JOB, [_step(StepStatus.READY, what="X is overloaded.")], ["It is tried again at 08:00."])
    assert capsys.readouterr().err.splitlines() == [
        "… publish_post[main]  attempt 1: X is overloaded.",
        "… It is tried again at 08:00.",
    ]


def test_the_table_shows_jobs_steps_times_and_what_is_waited_for() -> None:
    table = Table()
    table.show(JOB, [_step(StepStatus.COMPLETED, attempts=2)], ["main: Too many posts."])
    drawn = _drawn(table)
    assert "poster  processing" in drawn
    assert "job_1" in drawn
    assert "publish_post[main]" in drawn
    assert "2.5 s" in drawn
    assert "2 attempts" in drawn
    assert "main: Too many posts." in drawn


def test_the_table_shows_why_a_step_failed() -> None:
    table = Table()
    table.show(JOB, [_step(StepStatus.FAILED, what="X refused the post.")])
    assert "attempt 1: X refused the post." in _drawn(table)


def test_where_branches_met_is_no_step_that_people_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    met = replace(_step(StepStatus.COMPLETED, attempts=0), path="together_narrate_illustrate")
    lines, table = Lines(Call(no_color=True), [JOB]), Table()
    for shown in (lines, table):
        shown.show(JOB, [met, _step(StepStatus.COMPLETED)])
    assert capsys.readouterr().err.splitlines() == ["✓ publish_post[main]  2.5 s"]
    assert "together" not in _drawn(table)


def test_where_branches_did_not_meet_in_time_is_told() -> None:
    missed = replace(_step(StepStatus.FAILED, attempts=0, what="It took too long."), path="together_narrate_illustrate")
    table = Table()
    table.show(JOB, [missed])
    assert "together_narrate_illustrate" in _drawn(table)
