"""An incoming webhook: one address that takes messages, tells no id and shows nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pressroom.errors import AccountDisconnected, PostRejected, PressroomError
from pressroom.http_answers import Answer, Deadline
from pressroom.http_api import HttpApi
from pressroom.http_outcomes import Call, excerpt, unreadable
from pressroom.publications import PostMedia
from pressroom.publishers.base import Channel
from pressroom.unencrypted import is_open_to_listeners

if TYPE_CHECKING:
    import httpx

# docs.slack.dev messaging/sending-messages-using-incoming-webhooks, 2026-11-20
_DISCONNECTED = {"invalid_token", "no_active_hooks", "no_service", "no_service_id", "no_team", "team_disabled"}
_MEDIA_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class _Address:
    """Signs nothing: the address itself is the secret."""

    url: str = field(repr=False)
    can_renew = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.url, urlsplit(self.url).path)

    def sign(self, request: httpx.Request) -> str:
        return ""

    def renew(self, refused: str, deadline: Deadline) -> None:
        raise AccountDisconnected("A webhook has nothing to renew.")


def post(channel: Channel, url: str, message: dict[str, Any]) -> None:
    """Send a message. Success is the word "ok" and nothing else; raises what any other answer means."""
    url = url.strip()
    where = f"channel {channel.name}"
    if urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).hostname:
        name = f"channels.{channel.name}.webhook_url"
        todo = f"Copy it again: `pressroom secrets set {name}`, then resume the channel."
        raise AccountDisconnected(f"The secret {name} is no address.", where=where, todo=todo)
    api = HttpApi(
        service="Slack",
        where=where,
        base_url=url,
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=lambda: _Address(url),
        words=lambda answer: answer.text.strip()[:200],
        explain=_explain,
    )
    answer = api.call("POST", url, "publish the post", is_public=True, ok=(200,), json=message)
    if not answer.is_whole or answer.text.strip() != "ok":
        call = Call(service="Slack", where=where, doing="publish the post", is_public=True, secrets=(url,))
        raise unreadable(call, answer)


def _explain(call: Call, answer: Answer) -> PressroomError | None:
    said = answer.text.strip()[:200]
    if said in _DISCONNECTED:
        what = f"Slack no longer takes messages at the webhook of {call.where}: {said}."
        todo = "Make another webhook, store it as webhook_url with `pressroom secrets set`, then resume the channel."
        return call.error(AccountDisconnected, what, todo, excerpt(answer, call.secrets))
    return None


def pictures(channel: Channel, media: Sequence[PostMedia]) -> list[dict[str, Any]]:
    """Return where Slack finds the pictures: a webhook takes none, so that it has to fetch them."""
    until = channel.clock.now() + _MEDIA_LIFE
    urls = [channel.media_url(item, until) if channel.media_url else "" for item in media]
    if any(_is_local(url) for url in urls):
        raise PostRejected(
            "An incoming webhook of Slack takes no pictures, and ours cannot be reached from outside.",
            where=f"channel {channel.name}",
            todo=f"Store channels.{channel.name}.bot_token instead, or set server.public_base_url.",
        )
    return [{"image_url": url} for url in urls]


def _is_local(url: str) -> bool:
    return not url or (not url.startswith("https://") and not is_open_to_listeners(url))
