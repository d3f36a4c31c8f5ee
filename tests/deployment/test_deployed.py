"""What a deployment consists of follows from the configuration and the pipelines alone."""

from __future__ import annotations

import fnmatch
from typing import Any

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.errors import ConfigurationError
from pressroom.pipeline import On, Schedule, Upload
from pressroom.testing import ManualClock
from tests.deployment.deployments import a_config, a_deployment
from tests.engine import Calls, a_pipeline

CHANNEL = {"network": "bluesky", "base_url": "https://bsky.social"}


def test_each_pipeline_has_a_queue_a_rule_and_a_state_machine() -> None:
    parts = {part.name: part for part in a_deployment().pipelines}
    daily = parts["daily_post"]
    assert (daily.queue.name, daily.queue.dead) == ("pressroom-daily_post", "pressroom-daily_post-dead")
    assert daily.state_machine == "pressroom-daily_post"
    assert daily.rule.pattern["detail-type"] == ["JobRequested"]
    assert daily.rule.pattern["detail"] == {"data": {"pipeline": ["daily_post"]}}


def test_a_queue_is_as_the_product_image_wants_it() -> None:
    variables = a_deployment().pipelines[0].queue.as_variables()
    assert (variables["visibility_seconds"], variables["retention_seconds"], variables["polling_seconds"]) == (
        900,
        345_600,
        20,
    )


def test_no_function_may_run_longer_than_the_messages_that_wake_it_stay_invisible() -> None:
    deployment = a_deployment()
    functions = {function.name: function for function in deployment.every_function}
    for queue in deployment.every_queue:
        assert functions[queue.read_by].time_out <= queue.visibility


def test_a_job_that_waits_for_its_upload_is_started_by_the_upload() -> None:
    pipeline = a_pipeline(*Calls().steps("draw"), trigger=Upload(types=("image/png",), max_bytes=10))
    (parts,) = a_deployment(pipeline).pipelines
    assert parts.rule.pattern == {"source": ["pressroom"], "detail-type": ["UploadStored"]}


def test_a_schedule_rings_in_its_zone_as_the_settings_say() -> None:
    deployment = a_deployment(pipelines={"daily_post": {"schedule": "0 9 * * *", "zone": "Europe/Berlin"}})
    (alarm,) = next(part for part in deployment.pipelines if part.name == "daily_post").alarms
    assert (alarm.expression, alarm.zone, alarm.input) == (
        "cron(0 9 * * ? *)",
        "Europe/Berlin",
        {"pipeline": "daily_post"},
    )


def test_a_schedule_that_is_off_rings_never() -> None:
    pipeline = a_pipeline(*Calls().steps("draw"), trigger=Schedule("0 8 * * *"))
    (parts,) = a_deployment(pipeline, pipelines={pipeline.name: {"schedule": "off"}}).pipelines
    assert parts.alarms == ()


def test_a_channel_is_an_entry_in_the_settings_and_nothing_else() -> None:
    before, after = a_deployment(), a_deployment(channels={"sky": CHANNEL})
    (new,) = [part for part in after.channels if part not in before.channels]
    assert (new.name, new.queue.name, new.queue.topic_filter) == ("sky", "pressroom-publish-sky", ("publish.sky",))
    assert new.function.name == new.queue.read_by == "pressroom-publish-sky"


def _secrets_of(function: Any) -> set[str]:
    return {
        resource.rpartition("secret:")[2]
        for grant in function.grants
        for resource in grant.resources
        if ":secretsmanager:" in resource
    }


def test_a_channel_reads_its_own_secrets_and_no_other_channel_s() -> None:
    deployment = a_deployment(channels={"sky": CHANNEL, "land": CHANNEL})
    by_name = {part.name: _secrets_of(part.function) for part in deployment.channels}
    own = "pressroom/pressroom-??????"
    assert by_name["sky"] == {"pressroom/channels.sky-??????", own}
    assert by_name["land"] == {"pressroom/channels.land-??????", own}


def test_no_function_has_a_star_for_an_action_and_only_what_iam_has_no_name_for_has_one_for_a_resource() -> None:
    nameless = ("xray:*", "polly:*", "rekognition:*")
    for function in a_deployment(channels={"sky": CHANNEL}).every_function:
        for grant in function.grants:
            assert not any("*" in action for action in grant.actions)
            if "*" in grant.resources:
                assert all(any(fnmatch.fnmatch(action, one) for one in nameless) for action in grant.actions)


def test_subscribers_are_those_that_composition_wires() -> None:
    gate = a_pipeline(*Calls().steps("draw"), On("AssetStored"), *Calls().steps("tell"))
    sections = {"handlers": {"notify": {"enabled": True, "url": "https://example.org/", "events": ["JobFailed"]}}}
    runtime = compose(a_config(**sections), build_memory_ports(ManualClock()), {gate.name: gate})
    deployment = a_deployment(gate, **sections)
    assert {part.name: frozenset(part.rule.pattern.get("detail-type", ())) for part in deployment.subscriptions} == {
        name: subscription.types for name, subscription in runtime.bus.subscriptions.items()
    }


def test_a_generator_that_is_too_large_for_a_function_has_a_substitute_and_it_is_said() -> None:
    deployment = a_deployment(pipelines={"bedtime_story": {"pace": 1.1}})
    assert deployment.changed["bedtime_story"] == {"speech": "polly"}
    assert deployment.settings["pipelines/bedtime_story"] == {"pace": 1.1, "speech": "polly"}
    steps = next(function for function in deployment.functions if function.module == "steps")
    assert any("polly:SynthesizeSpeech" in grant.actions for grant in steps.grants)


def test_settings_that_are_all_the_usual_ones_are_deployed_too() -> None:
    assert a_deployment().settings["server"] == {}


def test_a_section_for_a_generator_that_no_function_can_hold_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"\[generators.voice\] uses espeak"):
        a_deployment(generators={"voice": {"use": "espeak"}})


def test_a_channel_whose_name_aws_does_not_take_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="cannot be deployed"):
        a_deployment(channels={"my channel": CHANNEL})


def test_a_name_that_becomes_too_long_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="AWS takes 64"):
        a_deployment(channels={"c" * 60: CHANNEL})


def test_the_http_api_may_read_the_key_that_opens_its_pages() -> None:
    deployment = a_deployment(channels={"main": {"network": "preview"}})
    [http] = [function for function in deployment.functions if function.module == "http"]
    assert f"{deployment.names.secret('server')}-??????" in _secrets_of(http)
