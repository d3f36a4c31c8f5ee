"""What functions may do on AWS: actions on named resources, in IAM's words; what is not known yet stands in braces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pressroom.deployment.names import KEY, PARTITION, Names, arn

EVERYTHING = "*"
"""Only where IAM knows no resource for an action.
docs.aws.amazon.com/service-authorization/latest/reference, 2026-11-20"""

OWN_SECRET = "pressroom"
"""The section with what addresses are signed by; no section of the settings is called so."""

_READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
_WRITE = (
    *("dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem"),
    *("dynamodb:PutItem", "dynamodb:UpdateItem"),
)


@dataclass(frozen=True, slots=True)
class Grant:
    why: str
    """Also the statement's Sid, so letters and digits alone."""
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def as_variables(self) -> dict[str, Any]:
        return {"why": self.why, "actions": sorted(self.actions), "resources": sorted(self.resources)}


@dataclass(frozen=True, slots=True)
class Grants:
    """The grants that functions choose from, for one deployment."""

    names: Names
    tables: tuple[str, ...]
    """Whole names."""
    handlers: tuple[str, ...] = ()
    """Sections of the handlers that are enabled: each runtime makes them, and they read their secrets then."""

    def for_all(self) -> list[Grant]:
        """Return what every function needs: the settings, the key of what is encrypted, and its traces."""
        settings = self.names.settings_path
        return [
            Grant(
                "ReadSettings",
                ("ssm:GetParametersByPath",),
                (arn("ssm", f"parameter{settings}"), arn("ssm", f"parameter{settings}/*")),
            ),
            self.use_the_key(),
            self.trace(),
            *self._secrets_of_handlers(),
        ]

    def use_the_key(self) -> Grant:
        # DynamoDB uses a table's key in the caller's name: as AWS's own CDK grants it,
        # github.com/aws/aws-cdk, aws-dynamodb/lib/perms.ts, 2026-11-21
        of_tables = ("kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo")
        return Grant("UseTheKey", ("kms:Decrypt", "kms:GenerateDataKey", *of_tables), (KEY,))

    def trace(self) -> Grant:
        return Grant("Trace", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), (EVERYTHING,))

    def _secrets_of_handlers(self) -> list[Grant]:
        actions = ("secretsmanager:GetSecretValue",)
        return [Grant("ReadSecretsOfHandlers", actions, self._secrets(self.handlers))] if self.handlers else []

    def read_state(self) -> Grant:
        return Grant("ReadState", _READ, self._tables())

    def change_state(self) -> Grant:
        return Grant("ChangeState", _READ + _WRITE, self._tables())

    def _tables(self) -> tuple[str, ...]:
        whole = tuple(arn("dynamodb", f"table/{table}") for table in self.tables)
        return whole + tuple(f"{table}/index/*" for table in whole)

    def read_assets(self) -> Grant:
        return Grant("ReadAssets", ("s3:GetObject", "s3:ListBucket"), self._buckets("assets", "processed"))

    def store_assets(self) -> Grant:
        actions = ("s3:GetObject", "s3:ListBucket", "s3:PutObject")
        return Grant("StoreAssets", actions, self._buckets("assets", "processed"))

    def remove_assets(self) -> Grant:
        return Grant("RemoveAssets", ("s3:DeleteObject",), self._buckets("assets", "processed"))

    def _buckets(self, *purposes: str) -> tuple[str, ...]:
        whole = [f"arn:{PARTITION}:s3:::{self.names.bucket(purpose)}" for purpose in purposes]
        return tuple(part for bucket in whole for part in (bucket, f"{bucket}/*"))

    def read_secrets(self, sections: Sequence[str]) -> list[Grant]:
        return [Grant("ReadSecrets", ("secretsmanager:GetSecretValue",), self._secrets(sections))] if sections else []

    def keep_secrets(self, sections: Sequence[str]) -> list[Grant]:
        """Read secrets, and write back what a network replaces: a token that was refreshed."""
        # The place is made by Terraform; what is stored in it first is asked of CreateSecret, which finds it taken.
        verbs = ("CreateSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
        actions = tuple(f"secretsmanager:{verb}" for verb in verbs)
        return [Grant("KeepSecrets", actions, self._secrets(sections))] if sections else []

    def sign(self) -> Grant:
        """Sign addresses of assets, by a key that `pressroom aws prepare` has made."""
        return Grant("SignAddresses", ("secretsmanager:GetSecretValue",), self._secrets([OWN_SECRET]))

    def _secrets(self, sections: Sequence[str]) -> tuple[str, ...]:
        # Secrets Manager ends each ARN with six characters of its own.
        return tuple(arn("secretsmanager", f"secret:{self.names.secret(section)}-??????") for section in sections)

    def read_queue(self, *queues: str) -> Grant:
        # The mapping takes and deletes; the function shows a word again sooner or later than the queue would.
        actions = (
            *("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
        )
        return Grant("ReadQueue", actions, tuple(arn("sqs", queue) for queue in queues))

    def send(self, *queues: str) -> Grant:
        return Grant("SendWord", ("sqs:SendMessage",), tuple(arn("sqs", queue) for queue in queues))

    def start(self, pipelines: Sequence[str]) -> Grant:
        machines = tuple(arn("states", f"stateMachine:{self.names.state_machine(name)}") for name in pipelines)
        return Grant("StartExecutions", ("states:StartExecution",), machines)

    def look_at_executions(self, pipelines: Sequence[str]) -> Grant:
        running = tuple(arn("states", f"execution:{self.names.state_machine(name)}:*") for name in pipelines)
        return Grant("LookAtExecutions", ("states:DescribeExecution",), running)

    def answer(self, pipelines: Sequence[str]) -> Grant:
        machines = tuple(arn("states", f"stateMachine:{self.names.state_machine(name)}") for name in pipelines)
        return Grant("AnswerTasks", ("states:SendTaskSuccess",), machines)

    def own_log(self, function: str) -> Grant:
        group = arn("logs", f"log-group:/aws/lambda/{function}:*")
        return Grant("WriteLog", ("logs:CreateLogStream", "logs:PutLogEvents"), (group,))

    def call(self, module: str) -> list[Grant]:
        """Return what a publisher or generator that is a service of AWS itself needs; nothing for the others."""
        return list(_SERVICES.get(module, ()))


_SERVICES: dict[str, tuple[Grant, ...]] = {
    "polly": (Grant("Speak", ("polly:SynthesizeSpeech",), (EVERYTHING,)),),
    "rekognition": (Grant("ReadText", ("rekognition:DetectText",), (EVERYTHING,)),),
    "ses": (
        Grant(
            "SendMail",
            # What a raw mail asks for, and what the call is called.
            ("ses:SendRawEmail", "ses:SendEmail"),
            (arn("ses", "identity/*"), arn("ses", "configuration-set/*")),
        ),
    ),
}
"""By the module of the publisher or generator."""
