"""`/channels`: where each channel stands and what of it ends, how its account is connected, how a pause is ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from pressroom.channels import ChannelState
from pressroom.connecting import NoWayIn, way_in
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.pages.connect import redirect_address
from pressroom.entrypoints.pages.rendering import page
from pressroom.errors import PressroomError, Problem
from pressroom.publishers.base import Publisher
from pressroom.runtime import Runtime
from pressroom.token_ends import sentence, stage

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Secret:
    """The name of a secret that a channel may need, and whether it is there; never its value."""

    name: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class End:
    """A token or a version that ends."""

    kind: str
    day: str
    renews_itself: bool
    warning: str
    """A sentence, if somebody has to act by now."""
    todo: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class WayIn:
    """How an account is connected in this browser."""

    redirect_uri: str
    elsewhere: str
    """The page's address, if the network sends the browser back to another one than it is at now."""
    missing: Problem | None
    """What keeps it from being begun."""


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
    ends: tuple[End, ...]
    way_in: WayIn | None

    @property
    def lacks_account(self) -> bool:
        return bool(self.secrets) and not any(all(one.is_set for one in names) for names in self.secrets)


@router.get("/channels")
def channels(request: Request, runtime: RuntimeHere) -> HTMLResponse:
    cards = [_card(request, runtime, name) for name in runtime.publishing.channels()]
    return page(request, "channels.html", cards=cards)


@router.post("/channels/{name}/resume")
def resume(runtime: RuntimeHere, name: str) -> RedirectResponse:
    runtime.publishing.resume(name)
    return RedirectResponse("/channels?note=resumed", 303)


def _card(request: Request, runtime: Runtime, name: str) -> ChannelCard:
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
        ends=_ends(publisher, now) if publisher else (),
        way_in=_way_in(request, publisher) if publisher else None,
    )


def _ends(publisher: Publisher, now: datetime) -> tuple[End, ...]:
    try:
        infos = publisher.tokens()
    except PressroomError as error:
        # As a warning: the rest of the card must not be hidden by a time that cannot be read.
        return (End("tokens", "", False, error.what, error.todo, False),)
    return tuple(
        End(
            info.kind,
            f"{info.expires_at.day} {info.expires_at:%b %Y}",
            info.renews_itself,
            "" if stage(info, now) is None else sentence(info, now),
            info.todo,
            info.expires_at <= now,
        )
        for info in infos
    )


def _way_in(request: Request, publisher: Publisher) -> WayIn | None:
    missing = None
    try:
        way_in(publisher)
    except NoWayIn:
        return None
    except PressroomError as error:
        missing = error.problem()
    redirect_uri = redirect_address(request, publisher.channel.name)
    is_here = urlsplit(redirect_uri).netloc == request.headers.get("host", "")
    elsewhere = "" if is_here else redirect_uri.rpartition("/channels/")[0] + "/channels"
    return WayIn(redirect_uri, elsewhere, missing)
