"""The state machines of the pipelines, as definitions; how they are walked: test_state_machine_walks.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pressroom import registry
from pressroom.deployment.standing import is_a_channels
from pressroom.deployment.state_machines import filled, state_machine
from pressroom.deployment.states import Patience
from pressroom.errors import UnknownName
from pressroom.nodes import inside
from pressroom.pipeline import Choice, ForEach, On, Parallel, Part, Pipeline, Step, Upload
from tests.deployment.asl import mistakes, scopes, states
from tests.deployment.trees import function, pipelines
from tests.engine import a_pipeline

ARNS = {"steps": "arn:s", "look": "arn:l", "pause": "arn:p", "publishing": "arn:t"}
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""To check a machine takes long, and a large one tells as much as a small one."""
HOUR = timedelta(hours=1)


def steps(*names: str) -> list[Part]:
    return [Step(function(name)) for name in names]


def made(*parts: Part, **more: Any) -> dict[str, Any]:
    return states(state_machine(a_pipeline(*parts, **more)))


def ways(state: Any) -> dict[str, str]:
    """Return where a state goes on, by what was answered."""
    return {rule.get("StringEquals") or str(rule["And"]): rule["Next"] for rule in state["Choices"]} | {
        "else": state["Default"]
    }


def every_pipeline() -> Sequence[str]:
    return registry.names("pipelines")


@pytest.mark.parametrize("name", every_pipeline())
def test_the_machine_of_each_pipeline_is_well_formed(name: str) -> None:
    assert mistakes(state_machine(registry.pipeline(name))) == []


@given(pipelines())
@settings(max_examples=40, deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
def test_the_machine_of_any_pipeline_is_well_formed_and_has_a_state_for_each_node(pipeline: Pipeline) -> None:
    definition = state_machine(pipeline)
    assert mistakes(definition) == []
    asked = [
        question.get("path", question.get("path.$"))
        for state in states(definition).values()
        if state["Type"] == "Task"
        for question in [state["Parameters"].get("Payload") or state["Parameters"]["Message"]]
    ]
    for node in pipeline.nodes():
        assert any(path in (node.name, f"States.Format('{node.name}{{}}', $.suffix)") for path in asked), node.name


@pytest.mark.parametrize("name", every_pipeline())
def test_the_same_pipeline_gives_the_same_bytes(name: str) -> None:
    pipeline = registry.pipeline(name)
    assert json.dumps(state_machine(pipeline)) == json.dumps(state_machine(pipeline))


def test_what_is_wrong_with_a_machine_is_found() -> None:
    definition = state_machine(a_pipeline(*steps("one", "two")))
    definition["States"]["one: what now?"]["Choices"][0]["Next"] = "three"
    definition["States"]["two: later"] |= {"TimestampPath": 5}
    found = " | ".join(mistakes(definition))
    assert "there is no state three" in found
    assert "nothing leads to two" in found
    assert "schema: " in found
    circle = {"StartAt": "a", "States": {"a": {"Type": "Pass", "Next": "a"}}}
    assert mistakes(circle) == ["no way leads from a to an end"]


def test_two_states_of_the_same_name_are_found_however_deep_they_are() -> None:
    definition = state_machine(a_pipeline(Parallel(*steps("one", "two"))))
    for branch in definition["States"]["together_one_two: go in"]["Branches"]:
        branch["States"]["same"] = {"Type": "Succeed"}
    assert "two states called same" in mistakes(definition)


# --- nodes


def test_a_step_goes_on_waits_pauses_or_stops_as_it_is_told() -> None:
    found = made(*steps("one", "two"))
    assert found["one"]["Parameters"] == {
        "FunctionName": "${steps}",
        "Payload": {"job_id.$": "$.job_id", "path": "one"},
    }
    assert ways(found["one: what now?"]) == {
        "on": "two",
        "again": "one: later",
        "pause": "one: pause",
        "else": "The job",
    }
    assert found["one: later"]["TimestampPath"] == "$.answer.at"
    assert found["one: pause"]["Resource"].endswith("lambda:invoke.waitForTaskToken")
    assert {found[f"one: {says}"]["Next"] for says in ("later", "pause")} == {"one"}


def test_a_step_says_what_it_is_for_in_the_words_of_its_author() -> None:
    assert made(Step(function("one")))["one"]["Comment"] == "Say nothing."


def test_what_an_author_says_is_never_taken_for_something_to_fill_in() -> None:
    step = function("one")
    step.__doc__ = "Read ${steps} and %{ if x }."
    assert made(Step(step))["one"]["Comment"] == "Read {steps} and { if x }."


def test_a_post_is_sent_to_the_topic_for_the_queue_of_its_channel() -> None:
    channel = Step(function("publish"), queue="publish.{item}")
    found = made(ForEach(function("over"), channel))["publish"]
    assert found["Resource"] == "arn:aws:states:::sns:publish.waitForTaskToken"
    assert found["Parameters"]["TopicArn"] == "${publishing}"
    assert found["Parameters"]["Message"] == {
        "job_id.$": "$.job_id",
        "path.$": "States.Format('publish{}', $.suffix)",
        "task_token.$": "$$.Task.Token",
    }
    attributes = found["Parameters"]["MessageAttributes"]
    assert attributes["queue"] == {"DataType": "String", "StringValue.$": "$.queues.publish"}
    assert found["TimeoutSeconds"] == 3600


def test_a_post_outside_a_loop_knows_its_queue() -> None:
    found = made(Step(function("publish"), queue="publish.main"))["publish"]
    assert found["Parameters"]["MessageAttributes"]["queue"]["StringValue"] == "publish.main"


def test_a_choice_goes_one_of_two_ways_and_both_lead_on() -> None:
    found = made(Choice(function("when"), steps("yes"), steps("no")), *steps("after"))
    assert [rule["Next"] for rule in found["choose_when: what now?"]["Choices"]] == ["yes", "no", "choose_when: pause"]
    assert ways(found["yes: what now?"])["on"] == ways(found["no: what now?"])["on"] == "after"


def test_a_choice_without_another_way_goes_on_behind_it() -> None:
    found = made(Choice(function("when"), steps("yes")), *steps("after"))
    assert [rule["Next"] for rule in found["choose_when: what now?"]["Choices"]][:2] == ["yes", "after"]


def test_a_join_is_asked_before_and_after_what_is_inside() -> None:
    found = made(Parallel(*steps("left", "right")), *steps("after"))
    join = found["together_left_right: go in"]
    assert join["Next"] == "together_left_right"
    assert [branch["StartAt"] for branch in join["Branches"]] == ["left", "right"]
    assert ways(found["together_left_right: what now?"]) == {
        "on": "after",
        "enter": "together_left_right: go in",
        "pause": "together_left_right: pause",
        "else": "The job",
    }
    assert ways(found["left: what now?"])["else"] == "left: end of branch"


def test_a_deadline_races_with_what_is_inside() -> None:
    found = made(ForEach(function("over"), *steps("inner"), deadline=HOUR, optional=True))
    race = found["each_over: go in"]
    assert [branch["StartAt"] for branch in race["Branches"]] == ["each_over: work", "each_over: until its deadline"]
    assert race["Catch"] == [
        {"ErrorEquals": ["Pressroom.Joined", "Pressroom.Late"], "ResultPath": None, "Next": "each_over"}
    ]
    assert found["each_over: work"]["Next"] == "each_over: joined"
    assert found["each_over: joined"]["Error"] == "Pressroom.Joined"
    assert found["each_over: deadline"]["Parameters"]["Payload"]["path"] == "each_over"
    assert ways(found["each_over: has it passed?"]) == {
        "enter": "each_over: until its deadline",
        "else": "each_over: late",
    }


def test_an_upload_is_where_a_machine_starts_and_another_gate_pauses_it() -> None:
    upload = Upload(types=("image/png",), max_bytes=1)
    definition = state_machine(a_pipeline(*steps("one"), On("PhotoSeen"), trigger=upload))
    assert definition["StartAt"] == "one"
    assert not any("on_upload_stored" in name for name in states(definition))
    assert ways(states(definition)["on_photo_seen: what now?"])["pause"] == "on_photo_seen: pause"


def test_a_job_that_failed_goes_through_what_its_pipeline_does_then() -> None:
    found = made(*steps("one"), on_failure=steps("tell"))
    assert ways(found["one: what now?"])["else"] == "The job"
    assert ways(found["The job: what now?"]) == {
        "on": "The job: over",
        "enter": "one",
        "on_failure": "tell",
        "else": "The job: failed",
    }
    assert ways(found["tell: what now?"]) | {"again": "", "pause": ""} == {
        "on": "The job",
        "again": "",
        "pause": "",
        "else": "The job",
    }


def test_the_time_of_a_whole_job_races_with_its_steps() -> None:
    definition = state_machine(a_pipeline(*steps("one"), deadline=HOUR))
    found = states(definition)
    assert definition["StartAt"] == "The job"
    assert [branch["StartAt"] for branch in found["The job: its steps or its deadline"]["Branches"]] == [
        "one",
        "The job: until its deadline",
    ]
    assert found["The job: deadline"]["Parameters"]["Payload"]["path"] == ""


def test_long_names_are_cut_and_stay_different() -> None:
    long = "publish_the_letter_to_every_reader_who_has_asked_for_it_in_the_last_year_" * 2
    found = made(*steps(long + "a", long + "b"))
    assert len([name for name in found if name.startswith("publish_the_letter")]) == 8
    assert max(map(len, found)) <= 80


def test_every_task_bears_with_functions_that_fail() -> None:
    definition = state_machine(a_pipeline(Parallel(*steps("one"), Step(function("p"), queue="publish.a"))), Patience())
    tasks = [state for state in states(definition).values() if state["Type"] == "Task"]
    assert len(tasks) == 7
    for task in tasks:
        [retry] = task["Retry"]
        assert retry["ErrorEquals"] == ["States.ALL"]
        assert retry["MaxDelaySeconds"] == 300


# --- what goes in


def test_the_arns_are_filled_in_everywhere() -> None:
    channel = Step(function("publish"), queue="publish.{item}")
    gate = On("PhotoSeen")
    definition = state_machine(a_pipeline(gate, ForEach(function("over"), channel, *steps("one"), deadline=HOUR)))
    text = json.dumps(filled(definition, ARNS))
    assert "${" not in text
    assert all(f'"{arn}"' in text for arn in ARNS.values())
    assert len(list(scopes(filled(definition, ARNS)))) == len(list(scopes(definition)))


def test_an_arn_that_is_not_given_is_named() -> None:
    with pytest.raises(UnknownName, match="look"):
        filled(state_machine(a_pipeline(Parallel(*steps("one")))), {"steps": "arn:s", "pause": "arn:p"})


@pytest.mark.parametrize("name", every_pipeline())
def test_posts_go_to_channels_and_everything_else_to_the_function_for_steps(name: str) -> None:
    pipeline = registry.pipeline(name)
    found = states(state_machine(pipeline))
    for node in (node for each in pipeline.steps for node in (each, *inside(each)) if isinstance(node, Step)):
        kind = "sns:publish.waitForTaskToken" if is_a_channels(node) else "lambda:invoke"
        assert found[node.name]["Resource"].endswith(kind)
