"""Who asks, and what a route demands of them. Pages and programs are told apart by the guard, not here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer, SecurityScopes

from pressroom.api_keys import EVERY_SCOPE, ApiKey, Scope
from pressroom.errors import PressroomError

__all__ = [
    "KEY",
    "NOBODY",
    "OPERATOR",
    "WHICH_KEYS",
    "Caller",
    "CallerHere",
    "NotAllowed",
    "Scope",
    "caller_with",
    "needs",
    "scopes_in",
]


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request, as far as it is known."""

    id: str
    """Of the key; `operator` for whoever runs this Pressroom, empty for everybody else."""
    scopes: frozenset[Scope] = frozenset()

    @property
    def is_operator(self) -> bool:
        return self.id == "operator"


NOBODY = Caller("")
OPERATOR = Caller("operator", EVERY_SCOPE)


def caller_with(key: ApiKey) -> Caller:
    return Caller(key.id, key.scopes)


class NotAllowed(PressroomError):
    """The key is good, and does not have the scope that this takes."""

    def __init__(self, missing: Scope) -> None:
        super().__init__(
            f"This takes a key with the scope {missing}, which yours does not have.",
            todo=f"Ask whoever runs this Pressroom for one: `pressroom keys create NAME --scope {missing}`.",
        )
        self.missing = missing


KEY = "key"
"""What the API's description calls our way to say who one is."""
WHICH_KEYS = (
    "A key from `pressroom keys create`, or the server's own key (the secret `server.key`), which has every scope. "
    "On the machine itself none is needed, unless the server is reached from outside."
)
_BEARER = HTTPBearer(scheme_name=KEY, description=WHICH_KEYS, auto_error=False)


def _caller(request: Request) -> Caller:
    found: Caller = getattr(request.state, "caller", NOBODY)
    return found


def _allowed(
    wanted: SecurityScopes, caller: Annotated[Caller, Depends(_caller)], _: Annotated[Any, Depends(_BEARER)]
) -> Caller:
    for name in wanted.scopes:
        if (scope := Scope(name)) not in caller.scopes:
            raise NotAllowed(scope)
    return caller


def needs(*scopes: Scope) -> Any:
    """Return what goes into a route's or a router's `dependencies`: only a caller with these scopes gets in.

    A route without it can be read with `read`, and changes nothing for anybody but the operator.
    """
    return Security(_allowed, scopes=[scope.value for scope in scopes])


def scopes_in(dependencies: Any) -> frozenset[Scope]:
    """Return the scopes that a route's dependencies demand."""
    return frozenset(
        Scope(name) for one in dependencies if one.dependency is _allowed for name in getattr(one, "scopes", ())
    )


CallerHere = Annotated[Caller, Depends(_caller)]
