"""When a post may go out as things stand, and why only then: its own time, or its channel's. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pressroom.channels import ChannelState, Pace
from pressroom.errors import Problem
from pressroom.publications import Post


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    why: Problem


def own_time(post: Post, channel: str, now: datetime) -> Due | None:
    """Return the time that the post was asked for, if it is still to come."""
    if post.publish_at is None or post.publish_at <= now:
        return None
    return Due(
        post.publish_at, Problem("It was asked for at this time.", channel, "It goes out by itself.", "PublishAt")
    )


def channels_time(state: ChannelState, channel: str, pace: Pace, now: datetime, post: str) -> Due | None:
    """Return when the channel lets the post with this id go; None for at once."""
    until = state.waits_until(now, pace, post)
    if until is None:
        return None
    return Due(until, Problem(f"{channel} waits: {state.why_waits(now, pace, post)}", channel, "It goes on by itself."))
