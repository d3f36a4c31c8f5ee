"""Slack: a message in one channel, by a bot that can read back, or by an incoming webhook that cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import Field, field_validator

from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, OutcomeUnknown, PressroomError
from pressroom.ids import new_id
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers import _slack_history, _slack_text, _slack_webhook
from pressroom.publishers._slack_api import ask, slack_api
from pressroom.publishers._slack_check import check_bot
from pressroom.publishers._slack_files import upload_all
from pressroom.publishers.base import (
    CannotTell,
    Channel,
    ChannelSettings,
    Finding,
    ImageRules,
    Keep,
    Preview,
    Publisher,
    Reading,
    ReadMedia,
    TextRules,
)


class SlackSettings(ChannelSettings):
    base_url: str = "https://slack.com/api"
    channel_id: str = Field("", pattern=r"^([CGD][A-Z0-9]{6,})?$", examples=["C0123456789"])
    """Where a bot posts: it stands at the end of the channel's details, and is no name. A webhook has its own."""
    minimum_gap_seconds: float = Field(1, ge=0)
    """Between two posts; Slack takes about one a second in a channel."""
    text_limit: int = Field(4_000, gt=0, le=40_000)
    """Characters of a post; Slack asks for 4,000 at most and cuts what is beyond 40,000."""
    unfurl_links: bool = True
    """Whether Slack shows what is behind a link."""

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        return value.rstrip("/")


class Slack(Publisher):
    Settings = SlackSettings
    settings: SlackSettings
    title = "Slack"
    # Counted as it is sent, with & < > escaped; docs.slack.dev chat.postMessage and image-block, 2026-11-20
    text_rules = TextRules(limit=4_000, counted_in="characters", alt_text_limit=2_000)
    # docs.slack.dev slack-file-object (formats), 2026-11-20. Slack takes larger files than one call should take.
    image_rules = ImageRules(formats=("image/jpeg", "image/png", "image/gif"), max_bytes=10_000_000, most=10)
    needs_secrets = (("bot_token",), ("webhook_url",))

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._api = slack_api(channel, self.settings.base_url)
        vars(self).update(
            text_rules=replace(self.text_rules, limit=self.settings.text_limit),
            measured_at_once=0 if self._webhook_url else 1,
        )

    @property
    def _webhook_url(self) -> str:
        """The way without a bot; empty if there is one, which can do more."""
        return "" if self.channel.secret("bot_token") else self.channel.secret("webhook_url") or ""

    def length(self, text: str) -> int:
        return len(_slack_text.escaped(text))

    def warnings(self, post: Post) -> tuple[str, ...]:
        post = _slack_text.with_link(post)
        return tuple(broken_limits(post, self.text_rules, self.image_rules, self.length, self.title))

    def preview(self, post: Post) -> Preview:
        return super().preview(_slack_text.with_link(post))

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        """Choose our key, learn the workspace's address, and upload pictures where nobody sees them."""
        if "key" not in prepared:
            prepared = {**prepared, "key": new_id("post")}
            keep(prepared)
        if self._webhook_url:
            return self._with_addresses(post, prepared, keep)
        self._channel_id()
        if "workspace" not in prepared:
            document, _ = ask(self._api, "POST", "auth.test", "say whose token it is")
            prepared = {**prepared, "workspace": str(document.get("url") or "https://slack.com/")}
            keep(prepared)
        clock, alt_text_limit = self.channel.clock, self.text_rules.alt_text_limit
        return upload_all(self._api, clock, self.image_rules, alt_text_limit, post, read, prepared, keep)

    def _with_addresses(self, post: Post, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        if "pictures" not in prepared or "workspace" in prepared:
            prepared = {name: value for name, value in prepared.items() if name != "workspace"}
            prepared = {**prepared, "pictures": _slack_webhook.pictures(self.channel, post.media)}
            keep(prepared)
        return prepared

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        alt_text_limit, now = self.text_rules.alt_text_limit, self.channel.clock.now()
        if url := self._webhook_url:
            message = _slack_text.message(post, prepared.get("pictures", ()), alt_text_limit)
            _slack_webhook.post(self.channel, url, message | {"unfurl_links": self.settings.unfurl_links})
            return Receipt(remote_id=prepared["key"], url="", at=now)
        channel_id = self._channel_id()
        pictures = [{"slack_file": {"id": one["id"]}} for one in prepared.get("files", ())]
        body = {
            "channel": channel_id,
            **_slack_text.message(post, pictures, alt_text_limit),
            "metadata": _slack_history.metadata(prepared["key"]),
            "unfurl_links": self.settings.unfurl_links,
        }
        document, _ = ask(self._api, "POST", "chat.postMessage", "publish the post", is_public=True, json=body)
        ts = str(document.get("ts") or "")
        if not ts.replace(".", "").isdecimal():
            raise OutcomeUnknown(
                "Slack took the post and did not say under which id.",
                where=self._where,
                todo="Pressroom looks for it before anything is sent again.",
            )
        return _slack_history.receipt(prepared["workspace"], channel_id, ts, now)

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        if "workspace" not in prepared:
            # It went out by a webhook, whatever is stored by now.
            known = {"text": post.text, "since": attempt.started_at.isoformat()}
            return CannotTell("an incoming webhook of Slack shows nothing of its channel.", known)
        key, workspace = prepared["key"], prepared["workspace"]
        return _slack_history.find(self._api, self._channel_id(), key, workspace, attempt.started_at)

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        if self._webhook_url:
            return {}
        found = {one: _slack_history.measure(self._api, one) for one in remote_ids if "/" in one}
        return {one: counts for one, counts in found.items() if counts is not None}

    def check(self) -> list[Finding]:
        """Look whether the token, its rights and the channel are good, without posting."""
        if self._webhook_url:
            what = "An incoming webhook cannot be tried without posting, and shows nothing of its channel."
            todo = "Store a bot_token instead, so that a post without an answer can be looked for."
            return [Finding(ok=True, what=what, todo=todo)]
        try:
            return list(check_bot(self._api, self._channel_id()))
        except PressroomError as error:
            return [Finding(ok=False, what=error.what, todo=error.todo)]

    def _channel_id(self) -> str:
        if not self.settings.channel_id:
            name = self.channel.name
            raise AccountDisconnected(
                f"The channel {name} does not say where to post.",
                where=self._where,
                todo=f'Set channel_id = "C…" in [channels.{name}], then resume the channel.',
            )
        return self.settings.channel_id

    @property
    def _where(self) -> str:
        return f"channel {self.channel.name}"
