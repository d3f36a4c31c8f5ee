"""Renews an access token with its refresh token: once, however many processes find at the same time that it is over.

Names no network: how the two tokens are exchanged is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pressroom.errors import AccountDisconnected, Unavailable
from pressroom.ports import Secrets

Exchange = Callable[[str], "Tokens"]
"""Asks for new tokens with a refresh token.

Raises `AccountDisconnected` only if the service said that the refresh token is no longer good, and `Unavailable`
for everything that may pass."""


@dataclass(frozen=True, slots=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    """Empty if the old refresh token stays good."""


def renewed(secrets: Secrets, section: str, refused: str, exchange: Exchange) -> str:
    """Return an access token other than the `refused` one: somebody else's newer one, or one that is asked for now.

    A refresh token may be good for one exchange only, so exchanges stand in line behind a lock, and new tokens are
    stored, both or neither, before anybody uses them.
    """
    with secrets.lock(f"{section}.tokens"):
        stored = secrets.get(f"{section}.access_token")
        if stored and stored != refused:
            return stored
        refresh = secrets.get(f"{section}.refresh_token")
        if not refresh:
            raise AccountDisconnected(
                "The access token is over, and there is no refresh token to renew it with.",
                where=section,
                todo=f"Connect the account again and store {section}.access_token and {section}.refresh_token.",
            )
        tokens = exchange(refresh)
        if not tokens.access:
            raise Unavailable("The service answered with an empty access token.", where=section)
        values = {f"{section}.access_token": tokens.access}
        if tokens.refresh:
            values[f"{section}.refresh_token"] = tokens.refresh
        secrets.set_many(values)
        return tokens.access
