"""What a job does next, decided over records alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import BadInput, Problem
from pressroom.jobs import StepRecord, StepStatus
from pressroom.pipeline import Choice, ForEach, Node, On, Parallel, PipelineSettings, deadline_of
from pressroom.plan import Plan, Standing, advance, close_late, find, give_up, label
from tests.engine import Calls, a_pipeline

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
LATE = Problem("Late.")


def nodes(*parts: Any) -> tuple[Node, ...]:
    return a_pipeline(*parts).steps


def steps(*names: str) -> list[Any]:
    return list(Calls().steps(*names))


def items(job: Any) -> list[Any]:
    return ["a", "b"]


def is_so(job: Any) -> bool:
    return True


class Walked:
    """Walks a pipeline as a worker would, deciding by hand how each step ends."""

    def __init__(
        self, *parts: Any, answers: Mapping[str, Any] | None = None, settings: PipelineSettings | None = None
    ) -> None:
        self.settings = settings or PipelineSettings()
        self.nodes, self.records, self.answers = nodes(*parts), dict[str, StepRecord](), answers or {}
        self.asked: list[str] = []
        self.plan = self.on()

    def on(self) -> Plan:
        def ask(function: Any, records: Any, suffix: str, item: Any) -> Any:
            self.asked.append(function.__name__ + suffix)
            return self.answers.get(function.__name__, function(None))

        self.plan = advance(self.nodes, "job_1", self.records, ask, self.settings, NOW)
        self.records |= self.plan.records
        return self.plan

    def ends(self, path: str, status: StepStatus = StepStatus.COMPLETED) -> list[str]:
        """Let one step end and return the paths of those that start then."""
        self.records[path] = replace(self.records[path], status=status, completed_at=NOW)
        return self.ready(self.on())

    def standing(self) -> Standing:
        return self.plan.standing

    @staticmethod
    def ready(plan: Plan) -> list[str]:
        return [ready.path for ready in plan.ready]


def test_only_the_first_step_of_a_sequence_starts() -> None:
    walked = Walked(*steps("draw", "write"))
    assert walked.ready(walked.plan) == ["draw"]
    assert walked.ready(walked.on()) == [], "what was started is not started again"
    assert walked.ends("draw") == ["write"]
    assert walked.ends("write") == []
    assert walked.standing() is Standing.DONE


def test_a_join_is_complete_when_its_last_branch_is() -> None:
    walked = Walked(Parallel(*steps("draw", "write")), *steps("post"))
    assert walked.ready(walked.plan) == ["draw", "write"]
    assert walked.ends("write") == []
    assert walked.ends("draw") == ["post"]
    assert walked.records["together_draw_write"].status is StepStatus.COMPLETED


def test_a_failed_branch_ends_the_job_only_when_the_others_are_over() -> None:
    walked = Walked(Parallel(steps("draw", "frame"), steps("write", "check")), *steps("post"))
    assert walked.ends("draw", StepStatus.FAILED) == []
    assert walked.standing() is Standing.RUNNING
    assert walked.ends("write") == ["check"]
    assert walked.ends("check") == []
    assert walked.standing() is Standing.FAILED


def test_a_deadline_runs_from_the_moment_a_join_begins() -> None:
    walked = Walked(*steps("draw"), Parallel(*steps("write"), deadline=timedelta(hours=1)))
    assert walked.plan.deadlines == []
    walked.ends("draw")
    assert walked.plan.deadlines == [("together_write", NOW + timedelta(hours=1))]
    assert walked.on().deadlines == []


class Patience(PipelineSettings):
    minutes: int = 10


def patience(settings: Patience) -> timedelta:
    return timedelta(minutes=settings.minutes)


@pytest.mark.parametrize(
    "join", [Parallel(*steps("write"), deadline=patience), ForEach(items, *steps("write"), deadline=patience)]
)
def test_a_deadline_may_be_read_from_the_settings(join: Parallel | ForEach) -> None:
    walked = Walked(join, settings=Patience(minutes=3))
    assert walked.plan.deadlines == [(join.name, NOW + timedelta(minutes=3))]
    assert deadline_of(join, Patience(minutes=4)) == timedelta(minutes=4)


def test_a_deadline_that_cannot_be_read_fails_the_join_and_starts_nothing() -> None:
    def without_end(settings: Patience) -> timedelta:
        raise BadInput("No time is known.")

    walked = Walked(Parallel(*steps("write"), deadline=without_end))
    error = walked.records["together_write"].error
    assert error is not None
    assert (walked.standing(), error.what, walked.ready(walked.plan)) == (Standing.FAILED, "No time is known.", [])


def test_questions_are_asked_once_and_their_answers_are_kept() -> None:
    walked = Walked(Choice(is_so, [ForEach(items, *steps("draw", "frame"))], steps("rest")))
    assert walked.ready(walked.plan) == ["draw[a]", "draw[b]"]
    assert walked.ends("draw[a]") == ["frame[a]"]
    assert walked.asked == ["is_so", "items"]
    assert walked.records["choose_is_so"].output is True
    assert walked.records["each_items"].output == ["a", "b"]


def test_a_gate_that_was_opened_before_it_was_reached_is_passed_through() -> None:
    walked = Walked(*steps("draw"), On("PaperArrived"), *steps("post"))
    walked.records["on_paper_arrived"] = StepRecord(
        job_id="job_1", path="on_paper_arrived", status=StepStatus.COMPLETED
    )
    assert walked.ends("draw") == ["post"]


def test_the_queue_of_a_turn_may_bear_its_item() -> None:
    [step] = Calls().steps("send")
    walked = Walked(ForEach(items, replace(step, queue="publish.{item}")))
    assert [ready.queue for ready in walked.plan.ready] == ["publish.a", "publish.b"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["a", "b c"], ["a", "b c"]),
        ([{"x": 1}, 7, ""], ["0", "1", "2"]),
        (["x[1]", "50%"], ["x%5B1%5D", "50%25"]),
    ],
)
def test_a_turn_is_named_by_its_string_or_else_by_its_number(given: list[Any], names: list[str]) -> None:
    assert [label(index, item) for index, item in enumerate(given)] == names


@pytest.mark.parametrize("given", [["a", "a"], ["1", {"x": 1}]], ids=["twice", "a number and its string"])
def test_two_turns_of_one_name_are_refused(given: Sequence[Any]) -> None:
    walked = Walked(ForEach(items, *steps("send")), answers={"items": given})
    assert walked.standing() is Standing.FAILED
    error = walked.records["each_items"].error
    assert error is not None
    assert "twice" in error.what
    assert walked.ready(walked.plan) == []


def test_a_question_that_cannot_be_answered_sets_no_deadline() -> None:
    walked = Walked(ForEach(items, *steps("send"), deadline=timedelta(hours=1)), answers={"items": 7})
    assert (walked.standing(), walked.plan.deadlines) == (Standing.FAILED, [])


def test_closing_a_join_that_is_over_changes_nothing() -> None:
    walked = Walked(Parallel(*steps("draw"), deadline=timedelta(hours=1)))
    walked.ends("draw")
    assert close_late(walked.nodes[0], "together_draw", walked.records, LATE, NOW).records == {}


def test_closing_a_join_passes_over_what_is_not_over_and_nothing_else() -> None:
    walked = Walked(Parallel(*steps("draw", "write"), deadline=timedelta(hours=1)))
    walked.ends("write")
    late = close_late(walked.nodes[0], "together_draw_write", walked.records, LATE, NOW)
    assert {path: record.status.value for path, record in late.records.items()} == {
        "draw": "passed_over",
        "together_draw_write": "failed",
    }
    assert late.records["together_draw_write"].error == LATE


def test_giving_a_job_up_fails_it_where_it_stands_and_passes_over_what_runs_within() -> None:
    walked = Walked(*steps("draw"), Parallel(steps("write", "check"), steps("paint"), optional=True), *steps("post"))
    walked.ends("draw")
    walked.ends("write")
    given_up = give_up(walked.nodes, walked.records, LATE, NOW)
    assert {path: record.status.value for path, record in given_up.records.items()} == {
        "together_write_paint": "failed",
        "check": "passed_over",
        "paint": "passed_over",
    }
    walked.records |= given_up.records
    assert walked.on().standing is Standing.FAILED
    assert walked.plan.ready == []


@pytest.mark.parametrize("path", ["send", "send[a]", "send[a][0]"])
def test_a_node_is_found_by_any_turn_of_its_path(path: str) -> None:
    [loop] = nodes(ForEach(items, Parallel(*steps("send"))))
    found = find([loop], path)
    assert found is not None
    assert found.name == "send"


def test_a_node_that_is_not_there_is_not_found() -> None:
    assert find(nodes(*steps("send")), "draw") is None
