"""The requests before the public one: each made once, its result kept, so that a later try goes on from there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import ConfigurationError, PostRejected, Unavailable
from pressroom.publications import Post, PostMedia
from pressroom.publishers._rest_bodies import Sending
from pressroom.publishers._rest_calls import Service
from pressroom.publishers._rest_plan import Plan
from pressroom.publishers._rest_replies import Reply
from pressroom.publishers._rest_requests import Outgoing, Ready
from pressroom.publishers._rest_settings import RestSettings
from pressroom.publishers._rest_values import Bytes, Url, picture_of, url_until, values_of, with_picture
from pressroom.publishers.base import Channel, Keep


class Prepared(dict[str, Any]):
    """What is stored of a preparation, with the way to the pictures' bytes, which is not stored."""

    read: Bytes | None = None


def begun(prepared: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return what is stored from the first: our key for the post, and the time that its templates are told."""
    if "key" in prepared:
        return dict(prepared)
    # Small letters and digits, so that the key can stand in any address, header and field.
    return {**prepared, "key": uuid.uuid4().hex, "now": now.isoformat()}


class Preparation:
    """Of one post, with what was prepared of it so far."""

    def __init__(
        self, channel: Channel, settings: RestSettings, plan: Plan, service: Service, post: Post, state: dict[str, Any]
    ) -> None:
        self._channel, self._settings, self._plan, self._service = channel, settings, plan, service
        self._post, self.state = post, state

    def run(self, read: Bytes, keep: Keep) -> None:
        """Make the requests whose result is not there yet, and keep each result before the next one is made."""
        pictures = self._pictures(read)
        for one in self._plan.preparing:
            values = self.values(pictures)
            if not one.is_wanted(values):
                continue
            items = list(self._post.media) if one.step.for_each else [None]
            for place, item in enumerate(items):
                if self._is_usable(one, place, item):
                    continue
                self._forget_what_followed(one, place)
                taken = self._ask(one, self.sending(values, read, place if one.step.for_each else None))
                self._store(one, place, item, taken)
                keep(self.state)
                values = self.values(pictures)

    def values(self, pictures: list[dict[str, Any]]) -> dict[str, Any]:
        """Return what templates may use by now."""
        taken: dict[str, Any] = {}
        for one in self._plan.preparing:
            entries = self.state.get("taken", {}).get(one.key, [])
            for name in one.take:
                found = [entry["values"].get(name) for entry in entries]
                taken[name] = found if one.step.for_each else found[0] if found else None
                for picture, value in zip(pictures, found, strict=False) if one.step.for_each else ():
                    picture[name] = value
        return values_of(self._post, self.state["key"], self.began_at, pictures, taken)

    def current_values(self, read: Bytes) -> dict[str, Any]:
        return self.values(self._pictures(read))

    def sending(self, values: Mapping[str, Any], read: Bytes, place: int | None) -> Sending:
        media = values["media"]
        picture = media[place or 0] if media else None
        return Sending(with_picture(values, picture), self._post.media, place, self.sized(read), self.state["key"])

    def sized(self, read: Bytes) -> Bytes:
        """Return `read` with a limit on what the service takes."""

        def read_checked(item: PostMedia) -> bytes:
            data = read(item)
            if len(data) > self._settings.images.max_bytes:
                raise PostRejected(
                    f"The picture {item.key} has {len(data):,} bytes; {self._settings.service_name} takes "
                    f"{self._settings.images.max_bytes:,}.",
                    where=item.key,
                    todo="Make a smaller variant of it, or raise images.max_bytes in the channel's section.",
                )
            return data

        return read_checked

    @property
    def began_at(self) -> datetime:
        return datetime.fromisoformat(self.state["now"])

    def outgoing(self, one: Ready, sending: Sending) -> Outgoing:
        header = self._settings.idempotency_header
        more = {header: self.state["key"]} if header and one is self._plan.public else {}
        return one.outgoing(self._settings.base_url, sending, more)

    def _pictures(self, read: Bytes) -> list[dict[str, Any]]:
        limit = self._settings.text.alt_text_limit
        return [
            picture_of(item, number, set(self._plan.uses), self.sized(read), self._url(), limit)
            for number, item in enumerate(self._post.media, start=1)
        ]

    def _url(self) -> Url:
        until = url_until(self.began_at, self._channel.clock.now())

        def address(item: PostMedia) -> str:
            if self._channel.media_url is None:
                raise ConfigurationError(
                    f"A template of the channel {self._channel.name} uses the address of a picture, and nothing of "
                    "Pressroom can be reached from outside.",
                    where=f"[channels.{self._channel.name}]",
                    todo="Set public_base_url in [server], or send the picture itself: multipart, raw or base64.",
                )
            return self._channel.media_url(item, until)

        return address

    def _ask(self, one: Ready, sending: Sending) -> dict[str, Any]:
        doing = f"carry out {one.name}"
        answer = self._service.send(self.outgoing(one, sending), doing)
        self._service.accept(answer, one.settings.success, doing)
        reply, values = Reply(answer), sending.values
        taken: dict[str, Any] = {}
        for name, place in one.take.items():
            taken[name] = place.find(reply, {**values, **taken})
            if taken[name] is None:
                raise Unavailable(
                    f"{self._settings.service_name} did {one.name} and did not say {name} ({place.source}).",
                    where=f"channel {self._channel.name}",
                    todo=f"Is {place.key} right? It is tried again later.",
                    detail=f"HTTP {answer.status}",
                )
        return taken

    def _store(self, one: Ready, place: int, item: PostMedia | None, values: dict[str, Any]) -> None:
        entry = {"asset": _asset(item), "at": self._channel.clock.now().isoformat(), "values": values}
        entries = [*self._entries(one)[:place], entry]
        self.state = {**self.state, "taken": {**self.state.get("taken", {}), one.key: entries}}

    def _is_usable(self, one: Ready, place: int, item: PostMedia | None) -> bool:
        entries = self._entries(one)
        if place >= len(entries) or entries[place]["asset"] != _asset(item):
            return False
        life = one.step.good_for_seconds
        made_at = datetime.fromisoformat(entries[place]["at"])
        return not life or made_at + timedelta(seconds=life) > self._channel.clock.now()

    def _forget_what_followed(self, one: Ready, place: int) -> None:
        """Drop what was made with a result that is now made anew."""
        keys = [other.key for other in self._plan.preparing]
        kept = {key: found for key, found in self.state.get("taken", {}).items() if key in keys[: keys.index(one.key)]}
        if entries := self._entries(one)[:place]:
            kept[one.key] = entries
        self.state = {**self.state, "taken": kept}

    def _entries(self, one: Ready) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.state.get("taken", {}).get(one.key, [])
        return found


def _asset(item: PostMedia | None) -> str:
    return f"{item.key}@{item.revision}" if item else ""
