"""What a state machine is answered, for each way in which a node or a job may stand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.deployment.standing import OPEN_END, Answer, Go, Question, Turn, answer, timestamp
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.pipeline import Choice, ForEach, On, Parallel, Step
from tests.deployment.trees import function
from tests.engine import a_pipeline

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
JOB = Job(id="job_1", pipeline="work_through", status=JobStatus.PROCESSING, created_at=NOW, updated_at=NOW)

one, two, send = Step(function("one")), Step(function("two")), Step(function("send"), queue="publish.{item[name]}")
inner = ForEach(function("inner"), two, send)
outer = ForEach(
    function("outer"), Parallel(Step(function("left")), inner), Step(function("own"), queue="publish.{item}")
)
PIPELINE = a_pipeline(
    one,
    Choice(function("wanted"), [Step(function("yes"))]),
    outer,
    On("PhotoSeen"),
    on_failure=[Step(function("tell"))],
)


def asked(path: str, *records: StepRecord, job: Job = JOB, due: datetime | None = None) -> Answer:
    return answer(PIPELINE, job, {record.path: record for record in records}, path, due)


def record(path: str, status: StepStatus, output: Any = None) -> StepRecord:
    return StepRecord(job_id=JOB.id, path=path, status=status, output=output)


@pytest.mark.parametrize(
    ("status", "go"),
    [
        (StepStatus.COMPLETED, Go.ON),
        (StepStatus.PASSED_OVER, Go.STOP),
        (StepStatus.FAILED, Go.STOP),
        (StepStatus.READY, Go.AGAIN),
        (StepStatus.HELD, Go.PAUSE),
    ],
)
def test_a_step_stands_as_its_record_says(status: StepStatus, go: Go) -> None:
    assert asked("one", record("one", status), due=LATER).go is go


def test_a_step_that_is_not_yet_due_is_asked_for_when_it_is() -> None:
    assert asked("one", record("one", StepStatus.READY), due=LATER) == Answer(go=Go.AGAIN, at=LATER)


def test_a_step_that_no_delivery_will_bring_is_a_pause() -> None:
    assert asked("one", record("one", StepStatus.READY)).go is Go.PAUSE


def test_a_gate_that_is_not_open_is_a_pause() -> None:
    assert asked("on_photo_seen", record("on_photo_seen", StepStatus.WAITING)).go is Go.PAUSE
    assert asked("on_photo_seen", record("on_photo_seen", StepStatus.COMPLETED)).go is Go.ON


@pytest.mark.parametrize("status", [status for status in JobStatus if status.has_ended])
def test_nothing_of_a_job_that_has_ended_goes_on(status: JobStatus) -> None:
    ended = replace(JOB, status=status)
    assert asked("one", record("one", StepStatus.COMPLETED), job=ended).go is Go.STOP


@pytest.mark.parametrize("output", [True, False])
def test_a_choice_says_which_way_it_went(output: bool) -> None:
    said = asked("choose_wanted", record("choose_wanted", StepStatus.COMPLETED, output))
    assert (said.go, said.chosen) == (Go.ON, output)


# --- joins


def test_a_loop_says_its_turns_and_the_queue_of_each_post_in_them() -> None:
    said = asked("each_outer", record("each_outer", StepStatus.WAITING, ["x", "y[1]"]), due=LATER)
    assert said.go is Go.ENTER
    assert said.at == LATER
    assert said.turns == (Turn("[x]", {"own": "publish.x"}), Turn("[y%5B1%5D]", {"own": "publish.y[1]"}))


def test_a_loop_in_a_loop_continues_the_path_of_its_turn() -> None:
    items = [{"name": "main"}, {"name": "other"}]
    said = asked("each_inner[x]", record("each_inner[x]", StepStatus.WAITING, items))
    assert said.turns == (Turn("[x][0]", {"send": "publish.main"}), Turn("[x][1]", {"send": "publish.other"}))


def test_a_join_without_a_deadline_that_is_to_come_has_a_year() -> None:
    assert asked("together_left_each_inner[x]", record("together_left_each_inner[x]", StepStatus.WAITING)) == Answer(
        go=Go.ENTER, at=NOW + OPEN_END
    )


def test_a_step_that_never_came_up_because_its_join_is_over_is_left() -> None:
    late = record("together_left_each_inner[x]", StepStatus.COMPLETED)
    open_loop = record("each_outer", StepStatus.WAITING, ["x", "y"])
    assert asked("two[x][0]", late, open_loop).go is Go.STOP
    assert asked("two[y][0]", late, open_loop).go is Go.PAUSE, "that of another turn is another"
    assert asked("two[y][0]", record("each_outer", StepStatus.FAILED, ["x", "y"])).go is Go.STOP


def test_a_step_that_the_pipeline_no_longer_has_is_a_pause() -> None:
    assert asked("removed", record("removed", StepStatus.READY), due=LATER).go is Go.PAUSE


# --- the job


@pytest.mark.parametrize(
    ("status", "go"),
    [
        (JobStatus.COMPLETED, Go.ON),
        (JobStatus.SKIPPED, Go.ON),
        (JobStatus.CANCELLED, Go.ON),
        (JobStatus.EXPIRED, Go.ON),
        (JobStatus.FAILED, Go.STOP),
        (JobStatus.PROCESSING, Go.ENTER),
        (JobStatus.HELD, Go.ENTER),
    ],
)
def test_a_job_stands_as_its_status_says(status: JobStatus, go: Go) -> None:
    assert asked("", job=replace(JOB, status=status)).go is go


def test_a_job_whose_steps_have_failed_does_what_is_done_on_a_failure() -> None:
    assert asked("", record("one", StepStatus.FAILED), record("tell", StepStatus.READY)).go is Go.ON_FAILURE


def test_a_job_whose_chosen_way_has_failed_does_so_too() -> None:
    done = record("one", StepStatus.COMPLETED), record("choose_wanted", StepStatus.COMPLETED, True)
    assert asked("", *done, record("yes", StepStatus.FAILED)).go is Go.ON_FAILURE
    assert asked("", *done, record("yes", StepStatus.COMPLETED)).go is Go.ENTER


def test_a_job_whose_failed_step_was_redriven_goes_on_with_its_steps() -> None:
    assert asked("", record("one", StepStatus.READY), record("tell", StepStatus.COMPLETED)).go is Go.ENTER


def test_a_job_has_the_time_that_its_deadline_leaves() -> None:
    assert asked("", due=LATER).at == LATER
    assert asked("").at == NOW + OPEN_END


# --- as JSON


def test_an_answer_has_every_key_whatever_it_says() -> None:
    assert Answer(go=Go.ON).as_dict() == {"go": "on", "at": None, "chosen": None, "turns": []}
    turns = (Turn("[x]", {"send": "publish.x"}),)
    said = Answer(go=Go.ENTER, at=NOW, chosen=False, turns=turns).as_dict()
    assert json.loads(json.dumps(said)) == {
        "go": "enter",
        "at": "2026-10-31T08:00:00.000Z",
        "chosen": False,
        "turns": [{"suffix": "[x]", "queues": {"send": "publish.x"}}],
    }


def test_a_moment_is_rounded_up_so_that_nobody_comes_too_early() -> None:
    assert timestamp(NOW + timedelta(microseconds=1)) == "2026-10-31T08:00:00.001Z"
    assert timestamp(NOW + timedelta(milliseconds=1)) == "2026-10-31T08:00:00.001Z"
    zone = (NOW + timedelta(seconds=1)).astimezone(tz=None)
    assert timestamp(zone) == "2026-10-31T08:00:01.000Z"


def test_a_question_is_read_from_a_payload_and_keeps_its_token_to_itself() -> None:
    question = Question.read({"job_id": "job_1", "path": "one", "task_token": "token-1"})
    assert (question.job_id, question.path, question.task_token) == ("job_1", "one", "token-1")
    assert "token-1" not in repr(question)
    assert Question.read({"job_id": "job_1", "path": ""}).task_token == ""
