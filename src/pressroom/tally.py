"""The tally: what posts come to, taken together. Adds and takes away one post or another tally; pure, plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.engagement import Engagement

Tally = dict[str, Any]

COUNTS: tuple[str, ...] = tuple(Engagement.__slots__)
"""likes, comments, shares, views, clicks, saves."""
OUTCOMES = ("published", "rejected", "held")
"""The states of a post that are an outcome; a post in another state is under way."""
UNKNOWN: Mapping[str, None] = dict.fromkeys(COUNTS)


def nothing() -> Tally:
    """Return the tally of no post.

    `counts` has for each count the sum and of how many posts it is known; None, not 0, where it is known of none.
    `at_least` is what notices tell of the posts whose count is not known; it is not in the sum. `noticed` counts
    all notices, by kind. `as_of` is the time of the newest reading.
    """
    return {
        "posts": 0,
        **dict.fromkeys(OUTCOMES, 0),
        "attempts": 0,
        "counts": {name: {"sum": None, "posts": 0, "at_least": 0} for name in COUNTS},
        "noticed": {},
        "as_of": None,
    }


def of_post(post: Mapping[str, Any]) -> Tally:
    """Return the tally of one post, given as its document in the read model."""
    return {
        "posts": 1,
        **{outcome: int(post["state"] == outcome) for outcome in OUTCOMES},
        "attempts": post["attempts"],
        "counts": {
            name: {"sum": count, "posts": int(count is not None), "at_least": at_least(post, name) or 0}
            for name, count in post["counts"].items()
        },
        "noticed": post["noticed"],
        "as_of": post["as_of"],
    }


def at_least(post: Mapping[str, Any], name: str) -> int | None:
    """Return how many of a count the notices tell of, where no reading tells the count; None if there is neither.

    It is a bound from below: a network does not send a notice for everything.
    """
    known = post["counts"][name] is not None
    noticed: int | None = post["noticed"].get(name.removesuffix("s"))
    return None if known else noticed


def added(tally: Tally, other: Tally, sign: int = 1) -> Tally:
    """Return both together; with `sign` -1 the first without the second, whose `as_of` then stays."""
    kinds = sorted({*tally["noticed"], *other["noticed"]})
    noticed = {kind: tally["noticed"].get(kind, 0) + sign * other["noticed"].get(kind, 0) for kind in kinds}
    return {
        **{name: tally[name] + sign * other[name] for name in ("posts", *OUTCOMES, "attempts")},
        "counts": {name: _added(tally["counts"][name], other["counts"][name], sign) for name in COUNTS},
        "noticed": {kind: number for kind, number in noticed.items() if number},
        "as_of": max(filter(None, (tally["as_of"], other["as_of"])), default=None),
    }


def _added(one: Mapping[str, Any], other: Mapping[str, Any], sign: int) -> dict[str, Any]:
    posts = one["posts"] + sign * other["posts"]
    whole = (one["sum"] or 0) + sign * (other["sum"] or 0)
    at_least = one["at_least"] + sign * other["at_least"]
    return {"sum": whole if posts else None, "posts": posts, "at_least": at_least}
