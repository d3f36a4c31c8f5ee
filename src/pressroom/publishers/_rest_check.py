"""What `check` says of a channel: whether the service takes the credentials, and what an unclear answer would mean."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pressroom.base_urls import warnings_about
from pressroom.errors import PressroomError
from pressroom.findings import Finding
from pressroom.http_answers import Deadline
from pressroom.publishers._rest_auth import renews
from pressroom.publishers._rest_bodies import Sending
from pressroom.publishers._rest_calls import Service
from pressroom.publishers._rest_mistakes import rehearsed, sample_values
from pressroom.publishers._rest_plan import Plan
from pressroom.publishers._rest_replies import Reply
from pressroom.publishers._rest_requests import Ready
from pressroom.publishers._rest_settings import RestSettings
from pressroom.publishers._rest_values import sample_bytes, sample_post
from pressroom.publishers.base import Channel

_CHECKING = "show that the credentials are good"


def findings(channel: Channel, settings: RestSettings, plan: Plan, service: Service) -> Iterator[Finding]:
    yield from warnings_about(settings.base_url)
    yield from _of_settings(channel, settings, plan)
    try:
        yield from _asked(channel, settings, plan, service)
    except PressroomError as error:
        yield Finding(ok=False, what=error.what, todo=error.todo)


def _of_settings(channel: Channel, settings: RestSettings, plan: Plan) -> Iterator[Finding]:
    section = f"[channels.{channel.name}]"
    if "url" in plan.uses and channel.media_url is None:
        yield Finding(
            ok=False,
            what="A template uses the address of a picture, and nothing of Pressroom can be reached from outside.",
            todo="Set public_base_url in [server], or send the picture itself: multipart, raw or base64.",
        )
    for mistake in rehearsed(plan, settings, sample_post(with_pictures=False), channel.clock.now()):
        yield Finding(
            ok=True,
            what=f"A post without pictures cannot be sent: {mistake}.",
            todo="If there may be such posts, write {{ picture.… if picture else omit }} or the like there.",
        )
    if plan.verify is None and not settings.idempotent:
        yield Finding(
            ok=True,
            what="After an unclear answer a post is held for a person, who looks whether it is there.",
            todo=f"If the service can be searched, or takes a key, add verify, or idempotent, to {section}.",
        )
    if plan.verify is not None and not _names(plan.verify) & {"key", *_taken(plan)}:
        yield Finding(
            ok=True,
            what="verify looks for a post by what others may have too: a look-alike could be taken for it.",
            todo="Send {{ key }} along with the post, in a field of its own or in its slug, and look for that.",
        )


def _asked(channel: Channel, settings: RestSettings, plan: Plan, service: Service) -> Iterator[Finding]:
    """Ask the service, with the request of `check_with`, else with that of `verify`, else for a token."""
    name = settings.service_name
    accepts = Finding(ok=True, what=f"{name} accepts the credentials.")
    if plan.check is not None:
        answer = service.send(_outgoing(plan.check, channel, settings, plan), _CHECKING)
        service.accept(answer, plan.check.settings.success, _CHECKING)
        yield accepts
    elif plan.verify is not None and settings.verify is not None and "key" in _names(plan.verify):
        answer = service.send(_outgoing(plan.verify, channel, settings, plan), _CHECKING)
        if answer.status not in settings.verify.absent:
            service.accept(answer, plan.verify.settings.success, _CHECKING)
            if not settings.verify.found or Reply(answer).at(settings.verify.found) is not None:
                yield Finding(
                    ok=False,
                    what="verify finds a post under a key that was never used: it would take any post for this one.",
                    todo=f"Mend [channels.{channel.name}.verify]: what it finds must bear {{{{ key }}}}.",
                )
                return
        yield accepts
    elif renews(settings.auth):
        service.tokens.current(Deadline(timedelta(seconds=settings.timeout_seconds)))
        yield Finding(ok=True, what=f"{name} gives the channel an access token.")
    else:
        yield Finding(ok=True, what=f"The settings are complete; {name} is asked only when something is posted.")


def _outgoing(one: Ready, channel: Channel, settings: RestSettings, plan: Plan) -> Any:
    post = sample_post()
    values = sample_values(plan, settings, post, channel.clock.now()) | {"key": uuid.uuid4().hex}
    return one.outgoing(settings.base_url, Sending(values, post.media, None, sample_bytes, "check"), {})


def _names(one: Ready) -> set[str]:
    return {name for template in one.templates() for name in template.names()}


def _taken(plan: Plan) -> set[str]:
    return {name for one in plan.preparing for name in one.take}
