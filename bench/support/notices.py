"""Signed webhook requests as Facebook and X send them, some twice, some batches telling what was told before."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

NETWORKS = ("facebook", "x")
_SAME_AGAIN, _TOLD_AGAIN = 0.1, 0.05
_LARGEST_BATCH = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One request."""

    network: str
    body: bytes
    headers: Mapping[str, str]
    notices: frozenset[str]
    """What it tells, by the network's own ids."""


def requests(posts: Mapping[str, Sequence[str]], secrets: Mapping[str, str], count: int) -> Iterator[Told]:
    """Yield so many requests about these posts, by network; the same each time for the same posts."""
    rng, sent = Random(1), list[Told]()
    for number in range(count):
        if sent and rng.random() < _SAME_AGAIN:
            told = rng.choice(sent)
        else:
            network = NETWORKS[number % len(NETWORKS)]
            ids = [f"{number}{place}" for place in range(rng.randint(1, _LARGEST_BATCH))]
            earlier = [one for one in sent if one.network == network]
            if earlier and rng.random() < _TOLD_AGAIN:
                # The post is told by the notice's id, so that it is the same again.
                ids[0] = min(rng.choice(earlier).notices)
            told = _told(network, posts[network], ids, secrets[network])
        sent.append(told)
        yield told


def _told(network: str, posts: Sequence[str], ids: Sequence[str], secret: str) -> Told:
    made = [(id, posts[int(id) % len(posts)]) for id in ids]
    document = _of_facebook(made) if network == "facebook" else _of_x(made)
    body = json.dumps(document).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256)
    headers = {
        "facebook": {"x-hub-signature-256": f"sha256={digest.hexdigest()}"},
        "x": {"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(digest.digest()).decode()},
    }
    return Told(network, body, headers[network] | {"content-type": "application/json"}, frozenset(ids))


def _of_facebook(made: Sequence[tuple[str, str]]) -> dict[str, Any]:
    changes = [
        {
            "field": "feed",
            "value": {
                "item": "comment",
                "verb": "add",
                "post_id": post,
                "comment_id": id,
                "message": f"What a view! ({id})",
                "from": {"id": "7", "name": "Somebody"},
                "created_time": 1_795_000_000,
            },
        }
        for id, post in made
    ]
    return {
        "object": "page",
        "entry": [{"id": made[0][1].partition("_")[0], "time": 1_795_000_000, "changes": changes}],
    }


def _of_x(made: Sequence[tuple[str, str]]) -> dict[str, Any]:
    events = [
        {
            "event_uuid": id,
            "event_type": "like.create",
            "filter": {"user_id": "7"},
            "payload": {"liked_tweet_id": post, "created_at": "2026-11-20T10:00:00Z"},
        }
        for id, post in made
    ]
    return {"data": events}
