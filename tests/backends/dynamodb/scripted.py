"""A client of DynamoDB that answers as it was told to, with botocore's real errors, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from pressroom.backends.dynamodb.calls import Calls
from pressroom.config import Aws


def refused(code: str, *, status: int = 400, message: str = "", **more: Any) -> ClientError:
    said = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(said, "Operation")  # type: ignore[arg-type, unused-ignore]


def cancelled(*codes: str) -> ClientError:
    """Return the error of a transaction, with the reason of each of its operations; `None` for one that is fine."""
    reasons = [{"Code": code, "Message": f"{code}."} if code != "None" else {"Code": code} for code in codes]
    return refused("TransactionCanceledException", CancellationReasons=reasons)


class Scripted:
    """Stands in for `AwsClients`: each call takes the next answer, which is raised if it is an error."""

    def __init__(self, *answers: Any) -> None:
        self.settings = Aws(name="press")
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.slept: list[float] = []

    def __call__(self, service: str) -> Scripted:
        return self

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.asked.append((operation, request))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def calls(self) -> Calls:
        return Calls(self, sleep=self.slept.append)  # type: ignore[arg-type]
