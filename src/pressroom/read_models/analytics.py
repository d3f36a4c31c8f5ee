"""The analytics: what became of each post, and the tallies of each channel, pipeline and day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pressroom.events import Event
from pressroom.read_models._post_story import begun, forgotten, told
from pressroom.read_models.base import ORIGINALS, Document, Lookup, ReadModel
from pressroom.tally import added, nothing, of_post


class Analytics(ReadModel):
    """Keys: `post/ID`, `channel/NAME`, `pipeline/NAME`, `day/DATE`, and `cell/DATE/CHANNEL/PIPELINE`.

    A cell is the tally of one day, channel and pipeline, from which every narrower question is added up.
    `job/ID` lists a job's posts, and what its photo is called, until the job expires.
    """

    types = (
        "AssetStored",
        "PublicationRequested",
        "PublishAttempted",
        "PostPublished",
        "PostRejected",
        "PostHeld",
        "PublicationResolved",
        "EngagementRead",
        "EngagementNoticed",
        "JobExpired",
    )

    def apply(self, event: Event, lookup: Lookup) -> dict[str, Document | None]:
        if event.type == "JobExpired":
            return _expired(event, lookup)
        if event.type == "AssetStored":
            return _named(event, lookup)
        key = f"post/{event.subject}"
        before = lookup(key)
        after = told(before or begun(event) | {"name": _name_of_job(event, lookup)}, event)
        if after == before:
            return {}
        listed = {} if before else _of_job(after, lookup)
        return {key: after} | listed | _tallied(before, after, lookup)


def _expired(event: Event, lookup: Lookup) -> dict[str, Document | None]:
    """Take the words and the picture from a job's posts, as its retention demands.

    The numbers stay, and where the post is to be seen: both tell of what is public, and a report of the past must
    not change when a job is tidied away.
    """
    job = lookup(f"job/{event.job_id}")
    if job is None:
        return {}
    posts = {key: lookup(key) for key in (f"post/{publication_id}" for publication_id in job["posts"])}
    return {key: forgotten(post) for key, post in posts.items() if post} | {f"job/{event.job_id}": None}


def _of_job(post: Document, lookup: Lookup) -> dict[str, Document | None]:
    key = f"job/{post['job_id']}"
    job = lookup(key) or {"posts": []}
    return {key: job | {"posts": [*job["posts"], post["publication_id"]]}}


def _named(event: Event, lookup: Lookup) -> dict[str, Document | None]:
    """Note what the photo of a job is called: posts may have neither title nor words, and those refused tell none."""
    about = event.data["about"]
    name = str(about.get("title") or about.get("name") or "")
    if event.job_id is None or not name or not event.subject.startswith(ORIGINALS):
        return {}
    key = f"job/{event.job_id}"
    return {key: (lookup(key) or {"posts": []}) | {"name": name}}


def _name_of_job(event: Event, lookup: Lookup) -> str:
    return str((lookup(f"job/{event.job_id}") or {}).get("name", ""))


def _tallied(before: Document | None, after: Document, lookup: Lookup) -> dict[str, Document | None]:
    """Return the tallies that change when one post goes from `before` to `after`."""
    changed: dict[str, Document | None] = {}
    if before and of_post(before) == of_post(after) and dict(_places(before)) == dict(_places(after)):
        return changed
    for post, sign in ((before, -1), (after, 1)):
        if post is None:
            continue
        for key, head in _places(post):
            stored = (changed[key] if key in changed else lookup(key)) or head | nothing()
            tally = added(stored, of_post(post), sign)
            changed[key] = head | tally if tally["posts"] else None
    return changed


def _places(post: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key of every tally that a post is part of, with what the tally is of."""
    day, channel, pipeline = post["day"], post["channel"], post["pipeline"]
    yield f"channel/{channel}", {"channel": channel, "network": post["network"]}
    yield f"pipeline/{pipeline}", {"pipeline": pipeline}
    yield f"day/{day}", {"day": day}
    cell = {"day": day, "channel": channel, "network": post["network"], "pipeline": pipeline}
    yield f"cell/{day}/{channel}/{pipeline}", cell
