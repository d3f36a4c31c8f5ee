"""How requests are signed in to a service: the interface, and the common way, a bearer token that may be renewed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pressroom import tokens
from pressroom.errors import AccountDisconnected
from pressroom.http_answers import Deadline
from pressroom.ports import Secrets

if TYPE_CHECKING:
    import httpx


class SignIn(Protocol):
    @property
    def can_renew(self) -> bool: ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be in an error."""

    def sign(self, request: httpx.Request) -> str:
        """Put the credentials into the request; return the token used, for `renew`."""

    def renew(self, refused: str, deadline: Deadline) -> None:
        """Have another token stored than the refused one."""


class NoSignIn:
    """For a service that asks for no credentials."""

    can_renew = False
    secrets: tuple[str, ...] = ()

    def sign(self, request: httpx.Request) -> str:
        return ""

    def renew(self, refused: str, deadline: Deadline) -> None:
        raise AccountDisconnected("There are no credentials to renew.")


@dataclass(frozen=True)
class Bearer:
    """The token stored under `SECTION.access_token`, or another name, in the header `Authorization`."""

    stored: Secrets = field(repr=False)
    section: str
    """`channels.main`."""
    name: str = "access_token"
    exchange: Callable[[str, Deadline], tokens.Tokens] | None = field(default=None, repr=False)
    """Asks for new tokens with a refresh token, as `tokens.Exchange` says; None if tokens cannot be renewed."""
    also_secret: tuple[str, ...] = ()
    """Names of further secrets of the section that must not be in an error."""

    @property
    def can_renew(self) -> bool:
        return self.exchange is not None and bool(self.stored.get(f"{self.section}.refresh_token"))

    @property
    def secrets(self) -> tuple[str, ...]:
        names = (self.name, "refresh_token", "client_secret", *self.also_secret)
        return tuple(value.strip() for name in names if (value := self.stored.get(f"{self.section}.{name}")))

    def sign(self, request: httpx.Request) -> str:
        token = self.stored.get(f"{self.section}.{self.name}")
        if not token or not token.strip():
            raise AccountDisconnected(
                f"There is no {self.section}.{self.name}.",
                where=self.section,
                todo=f"Store it with `pressroom secrets set {self.section}.{self.name}`.",
            )
        request.headers["authorization"] = f"Bearer {token.strip()}"
        return token

    def renew(self, refused: str, deadline: Deadline) -> None:
        exchange = self.exchange
        assert exchange is not None, "asked for only if can_renew"
        tokens.renewed(self.stored, self.section, refused, lambda refresh: exchange(refresh, deadline))
