"""IAM as tests read it: what a grant holds and what it does not, and what calls need."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pressroom.deployment.grants import Grant
from pressroom.deployment.names import arn
from tests import aws_calls, iam_words, roles
from tests.aws_calls import AwsCall
from tests.deployment.deployments import a_deployment

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:press-wake"
ROLE = [Grant("Send", ("sqs:SendMessage", "sqs:Get*"), (arn("sqs", "press-wake"), arn("sqs", "press-on-??")))]


@pytest.mark.parametrize(
    ("action", "resource", "is_allowed"),
    [
        ("sqs:SendMessage", QUEUE, True),
        ("SQS:sendmessage", QUEUE, True),
        ("sqs:GetQueueUrl", QUEUE, True),
        ("sqs:SendMessageBatch", QUEUE, False),
        ("sqs:DeleteMessage", QUEUE, False),
        ("sqs:SendMessage", f"{QUEUE}-dead", False),
        ("sqs:SendMessage", QUEUE.replace("wake", "Wake"), False),
        ("sqs:SendMessage", QUEUE.replace("wake", "on-ab"), True),
        ("sqs:SendMessage", QUEUE.replace("wake", "on-abc"), False),
        ("sqs:SendMessage", QUEUE.replace("eu-central-1", "us-east-1"), False),
    ],
)
def test_a_grant_holds_whole_actions_on_whole_resources(action: str, resource: str, is_allowed: bool) -> None:
    assert roles.allows(ROLE, action, resource) is is_allowed


def test_an_action_of_one_grant_and_a_resource_of_another_make_no_right() -> None:
    grants = [Grant("One", ("sqs:SendMessage",), (f"{QUEUE}-other",)), Grant("Two", ("sqs:Get*",), (QUEUE,))]
    assert not roles.allows(grants, "sqs:SendMessage", QUEUE)


def test_a_query_of_an_index_is_asked_of_the_index_and_not_of_its_table() -> None:
    plain = iam_words.asked("dynamodb", "Query", {"TableName": "press-state"})
    by_index = iam_words.asked("dynamodb", "Query", {"TableName": "press-state", "IndexName": "due"})
    assert [resource.rpartition(":")[2] for _, resource in (plain[0], by_index[0])] == [
        "table/press-state",
        "table/press-state/index/due",
    ]


def test_a_transaction_needs_what_its_parts_need() -> None:
    parts = [{"Put": {"TableName": "press-log"}}, {"ConditionCheck": {"TableName": "press-state"}}]
    found = iam_words.asked("dynamodb", "TransactWriteItems", {"TransactItems": parts})
    assert [action for action, _ in found] == ["dynamodb:PutItem", "dynamodb:ConditionCheckItem", "kms:Decrypt"]


def test_a_call_that_nobody_has_looked_up_is_no_call_that_is_allowed() -> None:
    with pytest.raises(KeyError):
        iam_words.asked("dynamodb", "DeleteTable", {"TableName": "press-log"})


def test_an_address_is_signed_by_whoever_may_do_what_it_lets_others_do() -> None:
    place = SimpleNamespace(bucket="press-assets", name="uploads/a.png")
    assert iam_words.presigned("PUT", place)[0] == ("s3:PutObject", "arn:aws:s3:::press-assets/uploads/a.png")


def test_who_asks_for_more_than_its_role_holds_is_named_with_the_action_and_the_resource() -> None:
    deployment = a_deployment(channels={"main": {"network": "preview"}})
    [look] = [function.name for function in deployment.functions if function.module == "look"]
    table = f"arn:aws:dynamodb:eu-central-1:123456789012:table/{deployment.names.table('state')}"
    calls = [AwsCall(look, f"dynamodb:{action}", table) for action in ("GetItem", "PutItem")]
    assert list(map(str, roles.outside(deployment, calls))) == [
        f"pressroom-look may not dynamodb:PutItem on {table}",
    ]


def test_what_opening_asks_for_every_function_that_opens_must_be_allowed() -> None:
    deployment = a_deployment()
    opening = AwsCall(deployment.names.function(aws_calls.OPENING), "s3:DeleteBucket", "arn:aws:s3:::any")
    refused = {call.function for call in roles.outside(deployment, [opening])}
    assert refused == {one.name for one in deployment.every_function} - {deployment.names.function("announcing")}


def test_a_secret_of_a_section_that_keeps_none_may_be_refused_and_another_s_may_not() -> None:
    deployment = a_deployment(channels={"main": {"network": "preview"}, "sky": {"network": "preview"}})
    publishing = deployment.names.publishing_function("main")
    [none], [own], [other] = (
        [AwsCall(publishing, *iam_words.secret(deployment.names.secret(section))[0])]
        for section in ("generators.polly", "channels.main", "channels.sky")
    )
    assert roles.outside(deployment, [none, own, other]) == [other]
