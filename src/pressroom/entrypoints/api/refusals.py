"""What the guard says to those whom it does not let in."""

from __future__ import annotations

from pressroom.entrypoints.api.access import SHORTEST_KEY
from pressroom.errors import PressroomError, Problem

STRANGE_HOST = Problem(
    "This server does not answer to that name.",
    todo="Open it as http://127.0.0.1 or http://localhost, or set [server] public_base_url to the name it has outside.",
)
FROM_ELSEWHERE = Problem(
    "This was sent from another site's page, and was not done.",
    todo="Open the page here and use its own button; for an application of yours, name its origin in "
    "[server] cors_origins.",
)
NO_KEY = Problem(
    "This Pressroom can be reached from outside and has no key yet, so its pages are closed.",
    todo="Whoever runs it sets one with `pressroom secrets set server.key` and starts it again; a program gets one "
    "of its own with `pressroom keys create NAME`.",
)
TOO_SHORT = Problem(
    f"This Pressroom's key has fewer than {SHORTEST_KEY} characters and could be guessed, so its pages are closed.",
    todo="Whoever runs it sets a longer one with `pressroom secrets set server.key` and starts it again.",
)
KEY_NEEDED = Problem(
    "This needs a key.",
    todo="Send it as `Authorization: Bearer KEY`, or log in with a browser; `pressroom keys create NAME` makes one.",
)
KEY_WRONG = Problem(
    "The key that was sent opens nothing here.",
    todo="It may be mistyped, expired or revoked: `pressroom keys` lists those there are, `pressroom keys create NAME` "
    "makes a new one.",
)
OTHER_METHOD = Problem(
    "This address cannot be used in that way.", todo="Use one of the methods that the header Allow names."
)
TOO_LARGE = Problem("That is larger than what is taken here.", todo="Send less at once.")
NOT_JSON = Problem("This address takes JSON.", todo="Send it with the header `Content-Type: application/json`.")


class OperatorsOnly(PressroomError):
    """A page's own form, or what else no scope opens."""

    def __init__(self) -> None:
        super().__init__(
            "This is not done with a key of that kind.",
            todo="Log in with the server's own key, or use the address under /api/v1 that does the same.",
        )
