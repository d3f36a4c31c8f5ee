"""Amazon SES as a channel speaks to it: each call once, and the knowledge whether a mail may be on its way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pressroom.errors import ConfigurationError

_MOST_CONNECT_SECONDS = 10.0


class Refused(Exception):
    """SES said no, and has taken nothing; `status` is that of HTTP."""

    def __init__(self, code: str, said: str, status: int) -> None:
        super().__init__(code)
        self.code, self.said, self.status = code, said, status


class NotSent(Exception):
    """The request never went out; its words say why."""


class Unclear(Exception):
    """The request was sent, and no word came that says what became of it; its words say what came."""


class NoCredentials(Exception):
    """There are none, or half of them."""


@dataclass
class SesClient:
    region: str
    base_url: str
    seconds: float
    access_key_id: str = field(default="", repr=False)
    secret_access_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    _made: Any = field(default=None, init=False, repr=False)

    def call(self, operation: str, **given: Any) -> dict[str, Any]:
        """Make one call, such as `send_email`; raises `Refused`, `NotSent`, `Unclear`, `NoCredentials`.

        Raises `ConfigurationError` if the library, or the region, is missing.
        """
        client = self._client()
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            ConnectTimeoutError,
            EndpointConnectionError,
            NoCredentialsError,
            PartialCredentialsError,
            ProxyConnectionError,
            SSLError,
        )
        from botocore.parsers import ResponseParserError

        try:
            return dict(getattr(client, operation)(**given))
        except (NoCredentialsError, PartialCredentialsError):
            raise NoCredentials from None
        except ClientError as error:
            told, about = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
            code, said = str(told.get("Code", "")), str(told.get("Message", ""))
            raise Refused(code, said, int(about.get("HTTPStatusCode", 0))) from None
        except (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError) as error:
            raise NotSent(type(error).__name__) from None
        except SSLError as error:
            # What is said before anything of the request: that the other side is not the one that it should be.
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise NotSent("its certificate is not trusted") from None
            raise Unclear("the private connection broke off") from None
        except (BotoCoreError, ResponseParserError) as error:
            raise Unclear(type(error).__name__) from None

    @property
    def keys(self) -> tuple[str, ...]:
        return self.access_key_id, self.secret_access_key, self.session_token

    @property
    def found_region(self) -> str:
        return str(self._client().meta.region_name)

    def _client(self) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> Any:
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, NoRegionError
        except ImportError as error:
            raise ConfigurationError(
                "Mail through Amazon SES needs boto3, which is not installed.",
                todo="Install it: .venv/bin/pip install 'pressroom[aws]'",
            ) from error
        once = Config(
            # A second call would be a second mail.
            retries={"total_max_attempts": 1},
            connect_timeout=min(_MOST_CONNECT_SECONDS, self.seconds),
            read_timeout=self.seconds,
        )
        try:
            return boto3.session.Session().client(
                "sesv2",
                region_name=self.region or None,
                endpoint_url=self.base_url or None,
                aws_access_key_id=self.access_key_id or None,
                aws_secret_access_key=self.secret_access_key or None,
                aws_session_token=self.session_token or None,
                config=once,
            )
        except NoRegionError as error:
            raise ConfigurationError(
                "The channel names no region, and this machine has none set.",
                todo='Add `region = "eu-central-1"`, or another one, to its section.',
            ) from error
        except (BotoCoreError, ValueError) as error:
            raise ConfigurationError(
                f"Amazon SES cannot be asked: {error}",
                todo="Correct the channel's region, base_url and credentials, or this machine's settings for AWS.",
            ) from error
