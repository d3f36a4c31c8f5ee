"""What generators of AWS share: a client made of a section's settings, one call each, and errors in our own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from pressroom.errors import ConfigurationError, OutOfCredit, PressroomError, RateLimited, Unavailable
from pressroom.generators.base import Options, Setup

_BUSY = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
    | {"ProvisionedThroughputExceededException"}
)
_REFUSED_KEYS = frozenset(
    {"UnrecognizedClientException", "InvalidSignatureException", "AccessDeniedException", "ExpiredTokenException"}
    | {"InvalidClientTokenId", "SignatureDoesNotMatch"}
)


class AwsOptions(Options):
    base_url: str = ""
    """Empty for Amazon's own address of the region."""
    region: str = ""
    """Such as eu-central-1; empty for the machine's own setting."""
    timeout_seconds: float = Field(60, gt=0)


@dataclass(frozen=True)
class AwsService:
    name: str
    """As the library calls it: "polly"."""
    title: str
    action: str
    """What the role must be allowed: "polly:SynthesizeSpeech"."""
    setup: Setup
    options: AwsOptions

    @property
    def section(self) -> str:
        return f"[generators.{self.setup.name}]"

    def client(self) -> Any:
        """Return a client that makes each call once: whether there is a second one, which is billed, a step decides."""
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, NoRegionError, PartialCredentialsError
        except ImportError as error:
            raise ConfigurationError(
                f"{self.section} needs boto3, which is not installed.",
                where=self.section,
                todo="Install it: .venv/bin/pip install 'pressroom[aws]'",
            ) from error
        seconds = self.options.timeout_seconds
        once = Config(retries={"total_max_attempts": 1}, connect_timeout=min(10, seconds), read_timeout=seconds)
        keys = (self.setup.secret("access_key_id"), self.setup.secret("secret_access_key"))
        try:
            return boto3.session.Session().client(
                self.name,
                region_name=self.options.region or None,
                endpoint_url=self.options.base_url or None,
                aws_access_key_id=keys[0] or None,
                aws_secret_access_key=keys[1] or None,
                aws_session_token=self.setup.secret("session_token") or None,
                config=once,
            )
        except NoRegionError as error:
            raise ConfigurationError(
                f"{self.section} names no region, and this machine has none set.",
                where=self.section,
                todo=f'Add `region = "eu-central-1"` or another one to {self.section}.',
            ) from error
        except PartialCredentialsError as error:
            names = f"generators.{self.setup.name}.access_key_id and .secret_access_key"
            raise ConfigurationError(
                f"Of {self.title}'s two credentials one is missing.",
                where=self.section,
                todo=f"Set both secrets, {names}, or neither, for this machine's own role.",
            ) from error
        except (BotoCoreError, ValueError) as error:
            raise ConfigurationError(
                f"{self.section} cannot be used: {error}",
                where=self.section,
                todo="Correct its region and base_url, or the machine's own settings for AWS.",
            ) from error

    @contextmanager
    def told(self, refusal: Callable[[str, str], PressroomError]) -> Iterator[None]:
        """Tell what a call within comes to; `refusal` words a code and message that only this service has."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        try:
            yield
        except NoCredentialsError:
            names = f"generators.{self.setup.name}.access_key_id and .secret_access_key"
            raise ConfigurationError(
                f"{self.title} needs credentials, and there are none.",
                where=self.section,
                todo=f"Set the secrets {names} (pressroom secrets set NAME), or give this machine a role.",
            ) from None
        except ClientError as error:
            raise self._refused(error.response, refusal) from None
        except BotoCoreError as error:
            what = f"{self.title} could not be reached, or its answer broke off; what it made may be billed."
            raise Unavailable(what, where=self.section, todo="It is tried again.", detail=str(error)) from None

    def _refused(self, response: Any, refusal: Callable[[str, str], PressroomError]) -> PressroomError:
        code, said = response["Error"].get("Code", ""), response["Error"].get("Message", "")
        status, where = response["ResponseMetadata"].get("HTTPStatusCode", 0), self.section
        if code in _BUSY or status == 429:
            what = f"{self.title} asks for patience: too many requests."
            return RateLimited(what, where=where, todo="It is tried again later.")
        if code in _REFUSED_KEYS or status in (401, 403):
            what = f"{self.title} refuses the credentials ({code})."
            return ConfigurationError(what, where=where, todo=f"Check them, and that they may call {self.action}.")
        if status == 402:
            return OutOfCredit(f"The account has no credit for {self.title}.", where=where, todo="Look at its bills.")
        if status >= 500:
            what = f"{self.title} is in trouble ({status})."
            return Unavailable(what, where=where, todo="It is tried again.", detail=said)
        return refusal(code, said)
