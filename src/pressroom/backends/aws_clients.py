"""The clients of AWS's services: one session for a runtime, with time-outs and retries that are ours to know."""

from __future__ import annotations

import threading
from typing import Any

from pressroom.backends._aws_troubles import plain_troubles
from pressroom.config import Aws
from pressroom.errors import ConfigurationError

CONNECT_SECONDS, READ_SECONDS = 3, 10
"""A Lambda has minutes, not hours: whoever does not answer is asked again soon."""
ATTEMPTS = 5


class AwsClients:
    def __init__(self, settings: Aws) -> None:
        """Raises `ConfigurationError` if boto3 is not installed: before anything else here asks for a part of it."""
        try:
            import boto3  # noqa: F401 - whether it is there
        except ImportError as error:
            raise ConfigurationError(
                "The AWS runtime needs boto3, which is not installed.", todo="Install it: pip install 'pressroom[aws]'."
            ) from error
        self.settings = settings
        self._made: dict[str, Any] = {}
        self._session: Any = None
        self._account = ""
        self._mutex = threading.Lock()

    def __call__(self, service: str) -> Any:
        """Return the client of a service, `dynamodb` or `s3`; each is made once and may be used by any thread.

        Raises `ConfigurationError` if no region is known.
        """
        with self._mutex:
            if service not in self._made:
                self._made[service] = self._make(service)
            return self._made[service]

    def account(self) -> str:
        """Return the number of the account, from the settings or from AWS, which is asked once."""
        with self._mutex:
            known = self._account or self.settings.account
        if not known:
            with plain_troubles("STS", "this account", "sts:GetCallerIdentity"):
                known = str(self("sts").get_caller_identity()["Account"])
            with self._mutex:
                self._account = known
        return known

    def credentials(self) -> Any:
        """Return `access_key`, `secret_key` and `token` as they are now; those of a role change every few hours."""
        self("s3")  # makes the session
        with plain_troubles("AWS", "this machine", ""):
            found = self._session.get_credentials()
        if found is None:
            raise ConfigurationError(
                "To sign an address credentials are needed, and there are none.",
                todo="Sign in (`aws sso login`, `aws configure`), or give this machine a role.",
            )
        return found.get_frozen_credentials()

    def close(self) -> None:
        with self._mutex:
            for client in self._made.values():
                client.close()
            self._made.clear()

    def _make(self, service: str) -> Any:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import NoRegionError

        if self._session is None:
            self._session = boto3.Session(region_name=self.settings.region or None)
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            s3={"addressing_style": "path"} if self.settings.endpoint_url else None,
            signature_version="s3v4" if service == "s3" else None,
        )
        try:
            return self._session.client(service, endpoint_url=self.settings.endpoint_url or None, config=config)
        except NoRegionError as error:
            raise ConfigurationError(
                "It is not said in which region of AWS the deployment is.",
                where="[aws] region",
                todo="Set it, such as eu-central-1; or set AWS_REGION.",
            ) from error
