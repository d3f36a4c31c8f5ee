"""What AWS's clients raise, as our own errors."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from pressroom.backends._aws_troubles import Answered, plain_troubles
from pressroom.errors import ConfigurationError, PressroomError, RateLimited, Unavailable


def refusal(code: str, status: int, message: str = "the words of AWS") -> ClientError:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutObject")


@pytest.mark.parametrize(
    ("raised", "kind", "said"),
    [
        (NoCredentialsError(), ConfigurationError, "aws sso login"),
        (refusal("ExpiredToken", 400), ConfigurationError, "refuses the credentials"),
        (refusal("AccessDenied", 403), ConfigurationError, "Allow it s3:PutObject on s3://b/k"),
        (refusal("403", 403), ConfigurationError, "s3:PutObject"),
        (refusal("NoSuchBucket", 404), ConfigurationError, "pressroom aws deploy"),
        (refusal("SlowDown", 503), RateLimited, "in a minute"),
        (refusal("ThrottlingException", 400), RateLimited, "in a minute"),
        (refusal("InternalError", 500), Unavailable, "in trouble"),
        (refusal("EntityTooLarge", 400), ConfigurationError, "the words of AWS"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), Unavailable, "endpoint_url"),
    ],
)
def test_each_says_what_it_is_and_what_to_do(raised: Exception, kind: type[PressroomError], said: str) -> None:
    with pytest.raises(kind) as caught, plain_troubles("S3", "s3://b/k", "s3:PutObject"):
        raise raised
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert caught.value.todo


def test_what_is_expected_is_left_to_whoever_asked() -> None:
    with pytest.raises(Answered) as caught, plain_troubles("S3", "s3://b/k", "s3:PutObject", ("PreconditionFailed",)):
        raise refusal("PreconditionFailed", 412)
    assert caught.value.code == "PreconditionFailed"


def test_our_own_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), plain_troubles("S3", "s3://b/k", "s3:PutObject"):
        raise KeyError("a defect")


def test_nothing_is_repeated_of_what_may_hold_a_value() -> None:
    raised = refusal("ValidationException", 400, "SecretString planted-secret is too long")
    with (
        pytest.raises(ConfigurationError) as caught,
        plain_troubles("Secrets Manager", "press/channels.main", "it", tells_values=True),
    ):
        raise raised
    assert "planted-secret" not in f"{caught.value} {caught.value.detail} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__
