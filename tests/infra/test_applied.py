"""What stands on the emulator once Terraform has applied the deployment is what the deployment says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pressroom.deployment.deployed import Deployment
from pressroom.runtimes.aws_shapes import table_names

Standing = dict[str, list[dict[str, Any]]]
pytestmark = pytest.mark.timeout(360)


def _by_name(standing: Standing, kind: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in standing[kind]}


def test_every_function_stands_with_a_role_and_a_log_of_its_own(standing: Standing, deployment: Deployment) -> None:
    functions = {one["function_name"]: one for one in standing["aws_lambda_function"]}
    assert sorted(functions) == sorted(function.name for function in deployment.every_function)
    assert len({one["role"] for one in functions.values()}) == len(functions)
    logs = {one["name"]: one for one in standing["aws_cloudwatch_log_group"]}
    for name, one in functions.items():
        assert one["architectures"] == ["arm64"]
        assert one["kms_key_arn"]
        # Known, it is asked of nobody: no function needs STS.
        assert one["environment"][0]["variables"]["PRESSROOM_AWS__ACCOUNT"] == "123456789012"
        assert logs[f"/aws/lambda/{name}"]["retention_in_days"] > 0


def test_every_queue_has_dead_letters_and_hands_what_comes_to_its_function(
    standing: Standing, deployment: Deployment
) -> None:
    queues = _by_name(standing, "aws_sqs_queue")
    readers = {one["event_source_arn"]: one for one in standing["aws_lambda_event_source_mapping"]}
    for queue in deployment.every_queue:
        made, dead = queues[queue.name], queues[queue.dead]
        assert (made["visibility_timeout_seconds"], made["message_retention_seconds"]) == (900, 345_600)
        assert made["receive_wait_time_seconds"] == 20
        assert json.loads(made["redrive_policy"])["deadLetterTargetArn"] == dead["arn"]
        assert readers[made["arn"]]["function_name"].endswith(queue.read_by)
        assert readers[made["arn"]]["function_response_types"] == ["ReportBatchItemFailures"]


def test_every_queue_is_encrypted_and_refuses_whoever_comes_without_tls(standing: Standing) -> None:
    for queue in standing["aws_sqs_queue"]:
        denied = [one for one in json.loads(queue["policy"])["Statement"] if one["Effect"] == "Deny"]
        assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert queue["kms_master_key_id"]


def test_a_rule_sends_to_each_queue_what_it_is_for(standing: Standing, deployment: Deployment) -> None:
    patterns = {one["name"]: json.loads(one["event_pattern"]) for one in standing["aws_cloudwatch_event_rule"]}
    rules = [part.rule for part in deployment.pipelines] + [part.rule for part in deployment.subscriptions]
    for rule in rules:
        assert patterns[rule.name] == rule.pattern
    assert patterns["press-infra-uploads"]["detail"]["bucket"]["name"] == ["press-infra-assets-123456789012"]
    targets = {one["arn"].rpartition(":")[2] for one in standing["aws_cloudwatch_event_target"]}
    assert {part.queue.name for part in deployment.pipelines} < targets


def test_a_channel_gets_its_own_posts_from_the_topic(standing: Standing) -> None:
    filters = {
        one["endpoint"].rpartition(":")[2]: json.loads(one["filter_policy"])
        for one in standing["aws_sns_topic_subscription"]
    }
    assert filters == {
        "press-infra-publish-sky": {"queue": ["publish.sky"]},
        "press-infra-publish-preview": {"queue": ["publish.preview"]},
    }


def test_state_machines_stand_with_real_functions_in_them(standing: Standing, deployment: Deployment) -> None:
    machines = _by_name(standing, "aws_sfn_state_machine")
    assert sorted(machines) == sorted(part.state_machine for part in deployment.pipelines)
    for machine in machines.values():
        assert "${" not in machine["definition"]
        assert ":function:press-infra-look" in machine["definition"]


def test_schedules_ring_in_their_zone(standing: Standing) -> None:
    schedules = _by_name(standing, "aws_scheduler_schedule")
    daily = schedules["press-infra-daily_post"]
    assert (daily["schedule_expression"], daily["schedule_expression_timezone"]) == (
        "cron(0 8 ? * MON,TUE,WED,THU,FRI *)",
        "Europe/Berlin",
    )
    assert schedules["press-infra-housekeeping"]["schedule_expression"] == "rate(1 minute)"


def test_tables_stand_as_the_backend_wants_them(standing: Standing) -> None:
    tables = _by_name(standing, "aws_dynamodb_table")
    assert sorted(tables) == sorted(f"press-infra-{name}" for name in table_names())
    for table in tables.values():
        assert table["deletion_protection_enabled"]
        assert table["server_side_encryption"][0]["kms_key_arn"]
        assert table["point_in_time_recovery"][0]["enabled"]
    assert [table["name"] for table in tables.values() if table["stream_enabled"]] == ["press-infra-log"]


def test_buckets_are_private_encrypted_and_keep_versions(standing: Standing) -> None:
    buckets = {one["bucket"] for one in standing["aws_s3_bucket"]}
    assert buckets == {f"press-infra-{purpose}-123456789012" for purpose in ("assets", "processed", "code")}
    for block in standing["aws_s3_bucket_public_access_block"]:
        assert all(block[name] for name in block if name.startswith(("block", "ignore", "restrict")))
    assert len(standing["aws_s3_bucket_versioning"]) == len(standing["aws_s3_bucket_policy"]) == len(buckets)


def test_secrets_are_empty_places(standing: Standing, deployment: Deployment) -> None:
    made = {one["name"] for one in standing["aws_secretsmanager_secret"]}
    assert made == {f"press-infra/{section}" for section in deployment.secrets}
    assert "aws_secretsmanager_secret_version" not in standing


def test_settings_are_what_functions_will_read(standing: Standing) -> None:
    settings = {one["name"]: one["value"] for one in standing["aws_ssm_parameter"]}
    assert json.loads(settings["/press-infra/settings/pipelines/daily_post"])["channels"] == ["sky"]


def test_everything_can_ring(standing: Standing, deployment: Deployment) -> None:
    alarms = {one["alarm_name"] for one in standing["aws_cloudwatch_metric_alarm"]}
    assert {f"{queue.dead}-letters" for queue in deployment.every_queue} < alarms
    assert {f"{function.name}-errors" for function in deployment.every_function} < alarms
    assert all(one["alarm_actions"] for one in standing["aws_cloudwatch_metric_alarm"])


def test_no_role_may_do_everything_or_be_taken_by_anybody(standing: Standing) -> None:
    for policy in standing["aws_iam_role_policy"]:
        for statement in json.loads(policy["policy"])["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not any("*" in action for action in actions), policy["role"]
            assert "{" not in json.dumps(statement["Resource"]), "something that synth left open is still open"
    for role in standing["aws_iam_role"]:
        for statement in json.loads(role["assume_role_policy"])["Statement"]:
            assert list(statement["Principal"]) == ["Service"]
