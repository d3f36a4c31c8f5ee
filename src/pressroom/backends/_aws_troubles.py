"""What a client of AWS raises, as our own errors: who may mend it, and whether trying again helps."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from pressroom.errors import ConfigurationError, PressroomError, RateLimited, Unavailable

_BUSY = frozenset(
    {"ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded"}
    | {"SlowDown", "RequestThrottled", "ProvisionedThroughputExceededException", "TooManyUpdates"}
)
_REFUSED_KEYS = frozenset(
    {"UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch", "InvalidClientTokenId"}
    | {"InvalidAccessKeyId", "ExpiredToken", "ExpiredTokenException", "RequestTimeTooSkewed", "AuthFailure"}
)
_NOT_ALLOWED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"})


class Answered(Exception):
    """The service gave one of the answers that whoever asked deals with itself."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code, self.said = code, said


@contextmanager
def plain_troubles(
    service: str, where: str, actions: str, expected: Collection[str] = (), *, tells_values: bool = False
) -> Iterator[None]:
    """Word what goes wrong within: `actions` are what the role needs, `where` the thing on AWS.

    Codes that are `expected` are raised as `Answered`. With `tells_values` nothing of what the service said is kept,
    since it may repeat what it was given.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

    try:
        yield
    except (NoCredentialsError, PartialCredentialsError):
        raise ConfigurationError(
            f"{service} needs credentials, and there are none.",
            where=where,
            todo="Sign in (`aws sso login`, `aws configure`), or give this machine a role.",
        ) from None
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in expected:
            raise Answered(code, str(error.response["Error"].get("Message", ""))) from None
        raise _refusal(error.response, service, where, actions, tells_values) from None
    except BotoCoreError as error:
        raise Unavailable(
            f"{service} could not be reached, or its answer broke off.",
            where=where,
            todo="Look at the connection, the region and `[aws] endpoint_url`; then do the same again.",
            detail=type(error).__name__ if tells_values else str(error),
        ) from None


def _refusal(response: Any, service: str, where: str, actions: str, tells_values: bool) -> PressroomError:
    code = str(response.get("Error", {}).get("Code", ""))
    said = "" if tells_values else str(response.get("Error", {}).get("Message", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _BUSY or status == 429:
        what = f"{service} asks for patience: too many requests ({code})."
        return RateLimited(what, where=where, todo="Do the same again in a minute.", detail=said)
    if code in _REFUSED_KEYS or status == 401:
        what = f"{service} refuses the credentials ({code})."
        todo = "Sign in anew, and look at this machine's clock."
        return ConfigurationError(what, where=where, todo=todo, detail=said)
    if code in _NOT_ALLOWED or status == 403:
        what = f"{service} does not let this role do that ({code})."
        return ConfigurationError(what, where=where, todo=f"Allow it {actions} on {where}.", detail=said)
    if code in ("NoSuchBucket", "ResourceNotFoundException", "ParameterNotFound"):
        what = f"{service} has no {where}."
        todo = "Deploy it with `pressroom aws deploy`, or correct `[aws] name` and `region`."
        return ConfigurationError(what, where=where, todo=todo, detail=said)
    if status >= 500:
        return Unavailable(
            f"{service} is in trouble ({code or status}).", where=where, todo="Do the same again later.", detail=said
        )
    what = f"{service} refuses that: {said or code}."
    return ConfigurationError(what, where=where, todo="Look at the deployment in the console of AWS.", detail=code)
