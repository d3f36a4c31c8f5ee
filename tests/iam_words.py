"""Calls of AWS's services in IAM's words: which actions a call needs, and on which resources.

From docs.aws.amazon.com/service-authorization/latest/reference, 2026-11-20. Of a call that is not known here nobody can
say what it needs, so it raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.emulated_aws import REGION

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/of-the-deployment"
ANYTHING = "*"
"""For actions that IAM knows no resource for."""
A_WAITING_TASK = "the state machine of a token"
"""A token does not say of which state machine it is; whoever answers must be allowed all that it may get."""
Asked = tuple[str, str]
"""An action and a resource."""
Params = Mapping[str, Any]


def asked(service: str, operation: str, params: Params) -> list[Asked]:
    """Return what a call needs; raises `KeyError` for one that is not known."""
    return _CALLS[service, operation](params)


def secret(name: str) -> list[Asked]:
    # Secrets Manager ends each ARN with six characters of its own.
    return [("secretsmanager:GetSecretValue", _secret(name)), _opened()]


def presigned(method: str, place: Any) -> list[Asked]:
    """Return what an address needs that is signed in the name of a role: whoever uses it acts as that role."""
    return {"GET": _get, "PUT": _put}[method]({"Bucket": place.bucket, "Key": place.name})


def listed(bucket: str) -> list[Asked]:
    return [("s3:ListBucket", f"arn:aws:s3:::{bucket}")]


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _opened() -> Asked:
    """What is stored under a key of ours is opened in the name of whoever asks for it."""
    return "kms:Decrypt", KEY


def _sealed() -> Asked:
    return "kms:GenerateDataKey", KEY


# --- DynamoDB


def _table(name: str, index: str = "") -> str:
    return _arn("dynamodb", f"table/{name}" + (f"/index/{index}" if index else ""))


def _on_table(action: str) -> Callable[[Params], list[Asked]]:
    return lambda params: [
        (f"dynamodb:{action}", _table(params["TableName"], params.get("IndexName", ""))),
        _opened(),
    ]


def _on_tables(action: str) -> Callable[[Params], list[Asked]]:
    return lambda params: [*((f"dynamodb:{action}", _table(name)) for name in params["RequestItems"]), _opened()]


_WITHIN = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


def _transaction(params: Params) -> list[Asked]:
    """A transaction has no action of its own: each of its parts needs what it would need alone."""
    parts = [(kind, part) for item in params["TransactItems"] for kind, part in item.items()]
    return [*((f"dynamodb:{_WITHIN[kind]}", _table(part["TableName"])) for kind, part in parts), _opened()]


# --- S3


def _object(params: Params) -> str:
    return f"arn:aws:s3:::{params['Bucket']}/{params['Key']}"


def _get(params: Params) -> list[Asked]:
    return [("s3:GetObject", _object(params)), _opened()]


def _put(params: Params) -> list[Asked]:
    return [("s3:PutObject", _object(params)), _sealed()]


def _delete(params: Params) -> list[Asked]:
    return [("s3:DeleteObject", _object(params))]


# --- the others


def _secret(name: str) -> str:
    return _arn("secretsmanager", f"secret:{name}-AbC123")


def _on_secret(action: str, key: str = "SecretId") -> Callable[[Params], list[Asked]]:
    seals = [_sealed(), _opened()] if action in ("CreateSecret", "PutSecretValue") else []
    return lambda params: [(f"secretsmanager:{action}", _secret(params[key])), *seals]


def _queue(action: str) -> Callable[[Params], list[Asked]]:
    seals = [_sealed(), _opened()] if action == "SendMessage" else []
    return lambda params: [(f"sqs:{action}", _arn("sqs", params["QueueUrl"].rpartition("/")[2])), *seals]


def _settings(params: Params) -> list[Asked]:
    opened = [_opened()] if params.get("WithDecryption") else []
    return [("ssm:GetParametersByPath", _arn("ssm", f"parameter{params['Path'].rstrip('/')}")), *opened]


def _mail(params: Params) -> list[Asked]:
    # A raw mail asks for the older API's right: github.com/aws/aws-actionmailer-ses-ruby/issues/10, 2026-11-21
    action = "ses:SendRawEmail" if "Raw" in params["Content"] else "ses:SendEmail"
    named = params.get("ConfigurationSetName")
    sets = [(action, _arn("ses", f"configuration-set/{named}"))] if named else []
    # The mail itself says from whom it is; the identity is one of the account's.
    return [(action, _arn("ses", "identity/the-sender")), *sets]


def _nothing(params: Params) -> list[Asked]:
    """Nobody needs leave to ask who he is."""
    return []


def _anywhere(action: str) -> Callable[[Params], list[Asked]]:
    return lambda params: [(action, ANYTHING)]


_CALLS: Mapping[tuple[str, str], Callable[[Params], list[Asked]]] = {
    **{
        ("dynamodb", one): _on_table(one) for one in ("GetItem", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem")
    },
    **{("dynamodb", one): _on_tables(one) for one in ("BatchGetItem", "BatchWriteItem")},
    ("dynamodb", "TransactWriteItems"): _transaction,
    ("s3", "GetObject"): _get,
    ("s3", "HeadObject"): _get,
    ("s3", "PutObject"): _put,
    ("s3", "DeleteObject"): _delete,
    ("secretsmanager", "GetSecretValue"): lambda params: secret(params["SecretId"]),
    ("secretsmanager", "CreateSecret"): _on_secret("CreateSecret", "Name"),
    **{
        ("secretsmanager", one): _on_secret(one)
        for one in ("PutSecretValue", "UpdateSecretVersionStage", "DeleteSecret", "RestoreSecret")
    },
    ("secretsmanager", "ListSecrets"): _anywhere("secretsmanager:ListSecrets"),
    **{("sqs", one): _queue(one) for one in ("SendMessage", "ChangeMessageVisibility", "DeleteMessage")},
    ("ssm", "GetParametersByPath"): _settings,
    ("stepfunctions", "StartExecution"): lambda params: [("states:StartExecution", params["stateMachineArn"])],
    ("stepfunctions", "DescribeExecution"): lambda params: [("states:DescribeExecution", params["executionArn"])],
    ("stepfunctions", "SendTaskSuccess"): lambda params: [("states:SendTaskSuccess", A_WAITING_TASK)],
    ("sts", "GetCallerIdentity"): _nothing,
    ("polly", "SynthesizeSpeech"): _anywhere("polly:SynthesizeSpeech"),
    ("polly", "DescribeVoices"): _anywhere("polly:DescribeVoices"),
    ("rekognition", "DetectText"): _anywhere("rekognition:DetectText"),
    ("sesv2", "SendEmail"): _mail,
    ("sesv2", "GetAccount"): _anywhere("ses:GetAccount"),
    ("sesv2", "GetEmailIdentity"): lambda params: [
        ("ses:GetEmailIdentity", _arn("ses", f"identity/{params['EmailIdentity']}"))
    ],
    ("sesv2", "GetConfigurationSet"): lambda params: [
        ("ses:GetConfigurationSet", _arn("ses", f"configuration-set/{params['ConfigurationSetName']}"))
    ],
}
