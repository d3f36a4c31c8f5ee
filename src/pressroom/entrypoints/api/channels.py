"""`/api/v1/channels`: where each channel stands, a look whether a post would go through, the end of a pause."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pressroom.channel_desk import queue_of, waiting_room
from pressroom.channels import ChannelState
from pressroom.entrypoints.api.channels_shapes import ChannelDocument, ChannelList, Checked, Resumed
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.job_actions import NotNow
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.errors import ConfigurationError, PressroomError, UnknownName
from pressroom.publishers.base import Publisher
from pressroom.runtime import Runtime
from pressroom.token_ends import as_dict as end_document

router = APIRouter(prefix="/api/v1/channels", tags=["channels"])


@router.get("", operation_id="list_channels", response_model=ChannelList, dependencies=[needs(Scope.READ)])
def list_channels(request: Request, runtime: RuntimeHere) -> Response:
    """List the channels with their network and whether posts go out on them now."""
    waiting = runtime.ports.queue.oldest_waiting()
    lines = [_line(runtime, name, _publisher(runtime, name)[0], waiting) for name in _names(runtime)]
    return answered(request, {"items": lines})


@router.get(
    "/{name}",
    operation_id="show_channel",
    response_model=ChannelDocument,
    responses=problems(404),
    dependencies=[needs(Scope.READ)],
)
def show_channel(request: Request, runtime: RuntimeHere, name: str) -> Response:
    """Show one channel: what its network imposes, its pace, what waits for it, what of it ends."""
    _known(runtime, name)
    publisher, problem = _publisher(runtime, name)
    settings = publisher.channel.settings if publisher else None
    pace = settings.pace if settings else None
    state = runtime.ports.channel_states.get(name)
    today = pace.day_of(runtime.ports.clock.now()) if pace else ""
    document = _line(runtime, name, publisher, runtime.ports.queue.oldest_waiting()) | {
        "title": publisher.title if publisher else name,
        "text": asdict(publisher.text_rules) if publisher else None,
        "images": asdict(publisher.image_rules) if publisher else None,
        "pace": {
            "minimum_gap_seconds": pace.minimum_gap.total_seconds(),
            "per_day": pace.per_day,
            "windows": settings.windows,
            "zone": pace.zone,
            "failures": pace.failures,
        }
        if settings and pace
        else None,
        "posts_today": len(state.posts) if state.day == today else 0,
        "problem": problem,
    }
    return answered(request, document)


@router.post(
    "/{name}/resume",
    operation_id="resume_channel",
    response_model=Resumed,
    responses=problems(404, 409),
    dependencies=[needs(Scope.PUBLISH)],
)
def resume_channel(runtime: RuntimeHere, name: str) -> dict[str, Any]:
    """End the pause of a channel, or its wait; posts that waited for it go on.

    Do it once what it was paused for is mended. A channel that is open stays as it is; one whose settings cannot be
    used is not resumed (409).
    """
    _known(runtime, name)
    try:
        return {"channel": name, "posts": runtime.publishing.resume(name)}
    except ConfigurationError as error:
        raise NotNow(error.what, where=error.where, todo=error.todo) from error


@router.post(
    "/{name}/check",
    operation_id="check_channel",
    response_model=Checked,
    responses=problems(404),
    dependencies=[needs(Scope.PUBLISH)],
)
def check_channel(runtime: RuntimeHere, name: str) -> dict[str, Any]:
    """Look, without publishing, whether a post on the channel would go through: settings, secrets, the network."""
    # The same look as `pressroom channels check`, in the same words.
    from pressroom.entrypoints.cli._checks import channel_checks, requests_shown
    from pressroom.entrypoints.cli._findings import is_bad

    _known(runtime, name)
    findings = list(channel_checks(runtime, name, offline=False))
    return {
        "ok": not is_bad(findings),
        "findings": [finding.as_dict() for finding in findings],
        "requests": requests_shown(runtime, name),
    }


def _names(runtime: Runtime) -> list[str]:
    return runtime.publishing.channels()


def _known(runtime: Runtime, name: str) -> None:
    if name not in (known := _names(runtime)):
        raise UnknownName("channel", name, known)


def _publisher(runtime: Runtime, name: str) -> tuple[Publisher | None, dict[str, str] | None]:
    """Return the channel's publisher, or why its settings cannot be used."""
    try:
        return runtime.publishing.publisher(name), None
    except PressroomError as error:
        return None, error.problem(f"[channels.{name}]").as_dict()


def _line(
    runtime: Runtime, name: str, publisher: Publisher | None, waiting: dict[str, tuple[int, datetime]]
) -> dict[str, Any]:
    now = runtime.ports.clock.now()
    state = runtime.ports.channel_states.get(name)
    return {
        "name": name,
        "network": runtime.config.channels.get(name, {}).get("network", name),
        "state": _standing(state, now),
        "why": state.paused or state.why,
        "closed_until": state.closed_until,
        "last_sent_at": state.last_sent_at,
        "failures": state.failures,
        "waiting": sum(waiting[queue][0] for queue in (queue_of(name), waiting_room(name)) if queue in waiting),
        "ends": _ends(publisher, now) if publisher else [],
    }


def _standing(state: ChannelState, now: datetime) -> str:
    if state.paused:
        return "paused"
    return "waiting" if state.closed_until and state.closed_until > now else "open"


def _ends(publisher: Publisher, now: datetime) -> list[dict[str, Any]]:
    try:
        return [end_document(info, now) for info in publisher.tokens()]
    except PressroomError:
        # What cannot be read now is told by `check`, which looks.
        return []
