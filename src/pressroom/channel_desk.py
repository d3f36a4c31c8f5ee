"""The configured channels: each one's publisher, and its state as posts and people change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from pressroom import registry
from pressroom.bus import Bus
from pressroom.changes import Change
from pressroom.channels import ChannelState, Pace
from pressroom.config import Config, section
from pressroom.errors import ConfigurationError, Conflict, UnknownName
from pressroom.events import Event
from pressroom.ports import Ports
from pressroom.publications import PostMedia, PublicationState
from pressroom.publishers.base import Channel, Publisher

BUILT_IN = "preview"
"""The channel that needs no account; it is there without being configured."""
QUEUE_PREFIX = "publish."
ROOM_PREFIX = "waiting."
USED_UP = "The last post used up the network's rate limit."


def queue_of(channel: str) -> str:
    """Return the queue that posts for a channel wait on; each has its own."""
    return QUEUE_PREFIX + channel


def waiting_room(channel: str) -> str:
    """Return the queue of the posts that wait for the channel to let them go; nobody claims from it."""
    return ROOM_PREFIX + channel


class ChannelDesk:
    def __init__(self, config: Config, bus: Bus, ports: Ports, publishers: Mapping[str, Publisher]) -> None:
        self._config, self._bus = config, bus
        self._states, self._secrets, self._clock = ports.channel_states, ports.secrets, ports.clock
        self._blobs, self._publications, self._jobs = ports.blobs, ports.publications, ports.jobs
        self._sections = {BUILT_IN: {"network": "preview"}} | config.channels
        self._publishers = dict(publishers)

    def names(self) -> list[str]:
        return sorted({*self._sections, *self._publishers})

    def publisher(self, channel: str) -> Publisher:
        """Return the channel's publisher; raises `UnknownName`, or `ConfigurationError` for a wrong section."""
        if channel not in self._publishers:
            self._publishers[channel] = self._made(channel)
        return self._publishers[channel]

    def state(self, channel: str) -> ChannelState:
        return self._states.get(channel)

    def state_to_send(self, channel: str, pace: Pace, now: datetime) -> ChannelState:
        """Return the channel's state; on a full day, with the places of posts that go out on no day given back."""
        state = self._states.get(channel)
        if not state.is_full(now, pace):
            return state
        lost = [post for post in state.posts if self._never_goes_out(post)]
        if not lost:
            return state
        self._change(channel, lambda state: state.given_back(*lost))
        return self._states.get(channel)

    def take_turn(self, channel: str, pace: Pace, now: datetime, post: str = "") -> ChannelState:
        """Return the channel's state; if it lets a post go, what that means for the next one begins at once.

        That is the gap between two posts, and while the breaker has only let go of a first post as its probe, that
        the others wait for what becomes of it.
        """
        while True:
            state = self.state_to_send(channel, pace, now)
            taken = state.taken(now, pace, post)
            if state.paused or state.waits_until(now, pace, post) or taken == state:
                return state
            try:
                self._states.put(replace(taken, version=state.version + 1))
            except Conflict:
                continue
            return replace(taken, closed_until=None, last_sent_at=None)

    def give_back(self, channel: str, post: str) -> None:
        """Let another post have this one's place among those of the day: it will not go out."""
        self._change(channel, lambda state: state.given_back(post))

    def give_back_turn(self, channel: str, taken_at: datetime) -> None:
        """Let others go as if no post had been let go then: the one that was is not ready yet."""

        def before(state: ChannelState) -> ChannelState:
            return replace(state, last_sent_at=None) if state.last_sent_at == taken_at else state

        self._change(channel, before)

    def failed(self, channel: str, pace: Pace, why: str) -> None:
        self._change(channel, lambda state: state.failed(self._clock.now(), pace, why))

    def limited(self, channel: str, until: datetime, why: str) -> None:
        self._change(channel, lambda state: state.limited(until, why))

    def succeeded(self, channel: str, limit_ends_at: datetime | None = None) -> None:
        """Note that a post went out, or was found; with a time if it has used up a rate limit that ends then."""

        def after(state: ChannelState) -> ChannelState:
            succeeded = state.succeeded(self._clock.now())
            return succeeded.limited(limit_ends_at, USED_UP) if limit_ends_at else succeeded

        self._change(channel, after)

    def pause(self, channel: str, why: str) -> None:
        if self._change(channel, lambda state: state.pause(why)):
            self._announce("ChannelPaused", channel, {"why": why})

    def resume(self, channel: str) -> None:
        if self._change(channel, lambda state: state.resume()):
            self._announce("ChannelResumed", channel, {})

    def _change(self, channel: str, change: Callable[[ChannelState], ChannelState]) -> bool:
        """Apply a decision to the state as it is now; say whether it changed anything."""
        while True:
            before = self._states.get(channel)
            after = change(before)
            if after == before:
                return False
            try:
                self._states.put(replace(after, version=before.version + 1))
            except Conflict:
                continue  # another post was faster; decide on what it left
            # Whoever waits for the channel to let go of a post is to look again.
            self._bus.wake([queue_of(channel)])
            return True

    def _announce(self, type_: str, channel: str, data: dict[str, str]) -> None:
        event = Event(type=type_, subject=channel, time=self._clock.now(), data={"channel": channel, **data})
        self._bus.commit(Change(events=(event,)))

    def _never_goes_out(self, post: str) -> bool:
        """Say whether a post was rejected or withdrawn, or its job has ended without it."""
        publication = self._publications.get(post)
        if publication is None or publication.open_attempt is not None:
            return False
        if publication.state is PublicationState.REJECTED:
            return True
        job = self._jobs.get(publication.job_id)
        return publication.state is not PublicationState.PUBLISHED and (job is None or job.status.has_ended)

    def _made(self, channel: str) -> Publisher:
        if channel not in self._sections:
            raise UnknownName("channel", channel, self.names(), where=str(self._config.file))
        values = self._sections[channel]
        network = values.get("network")
        if not isinstance(network, str):
            raise ConfigurationError(
                f"The channel {channel} does not say which network it is on.",
                where=f"[channels.{channel}]",
                todo=f'Add `network = "…"` there; known: {", ".join(registry.names("publishers"))}.',
            )
        kind = registry.publisher(network)
        settings = section(kind.Settings, values, f"channels.{channel}", self._config)
        made = Channel(channel, settings, self._secrets, self._clock, self._media_url)
        return kind(made)

    def _media_url(self, media: PostMedia, until: datetime) -> str:
        """Return the signed URL of a picture: the store's own where it has one, else below our server."""
        # Networks that fetch pictures themselves do not all follow a redirect.
        if direct := self._blobs.direct_url(media.key, media.revision, until, media.media_type):
            return direct
        server = self._config.server
        host = f"[{server.host}]" if ":" in server.host else server.host
        base = server.public_base_url.rstrip("/") or f"http://{host}:{server.port}"
        return base + self._blobs.sign(media.key, media.revision, until)
