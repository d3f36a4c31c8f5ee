"""How a network tells us what happens: what a publisher that takes webhooks has to be able to do. No web here."""

from __future__ import annotations

import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from pressroom.engagement import Notice
from pressroom.errors import BadInput

LARGEST_BODY_BYTES = 1_000_000


class NotGenuine(BadInput):
    """The request is not from the network: a missing or wrong signature, token or time. Answered with 401 or 403."""


class Webhook(ABC):
    """One channel's side of its network's webhooks. Everything here is quick and makes no call."""

    @abstractmethod
    def handshake(self, query: Mapping[str, str]) -> tuple[str, str]:
        """Return the answer to the network's question whether this address is ours: body and media type.

        Raises `NotGenuine` for a wrong token, `BadInput` for a question that is none.
        """

    @abstractmethod
    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise `NotGenuine` unless the network has signed exactly these bytes. Names of headers are in lower case."""

    @abstractmethod
    def notices(self, body: bytes) -> Iterable[Notice]:
        """Split a verified body into notices about single posts; what is not about posts of ours is left out.

        Raises `BadInput` if it cannot be read.
        """


def is_signed(expected: str, given: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(expected.encode("utf-8", "surrogateescape"), given.encode("utf-8", "surrogateescape"))


def hmac_sha256(secret: str, body: bytes) -> hmac.HMAC:
    return hmac.new(secret.encode(), body, hashlib.sha256)
