"""`/channels`: where each channel stands, how it is paced, and how a paused one is opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from pressroom.channels import ChannelState
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.pages.rendering import page
from pressroom.errors import PressroomError, Problem
from pressroom.publishers.base import Publisher
from pressroom.runtime import Runtime

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Secret:
    """The name of a secret that a channel may need, and whether it is there; never its value."""

    name: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class ChannelCard:
    name: str
    state: ChannelState
    standing: str
    """`open`, `resting` or `paused`."""
    until: datetime | None
    publisher: Publisher | None
    problem: Problem | None
    """Why there is no publisher: the channel's settings cannot be used."""
    secrets: tuple[tuple[Secret, ...], ...]
    """Sets, one of which must be complete."""


@router.get("/channels")
def channels(request: Request, runtime: RuntimeHere) -> HTMLResponse:
    cards = [_card(runtime, name) for name in runtime.publishing.channels()]
    return page(request, "channels.html", cards=cards)


@router.post("/channels/{name}/resume")
def resume(runtime: RuntimeHere, name: str) -> RedirectResponse:
    runtime.publishing.resume(name)
    return RedirectResponse("/channels?note=resumed", 303)


def _card(runtime: Runtime, name: str) -> ChannelCard:
    state = runtime.ports.channel_states.get(name)
    publisher, problem = None, None
    try:
        publisher = runtime.publishing.publisher(name)
    except PressroomError as error:
        problem = error.problem(f"[channels.{name}]")
    now = runtime.ports.clock.now()
    until = state.waits_until(now, publisher.channel.settings.pace) if publisher else None
    known = set(runtime.ports.secrets.names())
    wanted = publisher.needs_secrets if publisher else ()
    return ChannelCard(
        name=name,
        state=state,
        standing="paused" if state.paused else "resting" if until else "open",
        until=until,
        publisher=publisher,
        problem=problem,
        secrets=tuple(
            tuple(Secret(f"channels.{name}.{one}", f"channels.{name}.{one}" in known) for one in names)
            for names in wanted
        ),
    )
