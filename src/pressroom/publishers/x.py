"""X, by its API v2. It knows no key of ours: after an unclear answer the account's own posts are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import Field

from pressroom.base_urls import BaseUrl, warnings_about
from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.oauth import OAuth
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers import _x_oauth, _x_text
from pressroom.publishers._x_api import DuplicateContent, x_api
from pressroom.publishers._x_auth import OAUTH1, OAUTH2
from pressroom.publishers._x_counts import AT_ONCE, PRICE, read_counts
from pressroom.publishers._x_media import upload_all
from pressroom.publishers._x_timeline import CLOCK_SKEW, find_by_media, find_by_text, receipt, uploaded_at
from pressroom.publishers._x_webhook import XWebhook
from pressroom.publishers.base import (
    Channel,
    ChannelSettings,
    Finding,
    Found,
    ImageRules,
    Keep,
    Preview,
    Publisher,
    Reading,
    ReadMedia,
    TextRules,
)
from pressroom.webhooks import Webhook

# US dollars; docs.x.com pricing, 2026-11-20
PRICE_OF_POST = Decimal("0.015")
PRICE_OF_POST_WITH_LINK = Decimal("0.200")
PRICE_OF_ALT_TEXT = Decimal("0.005")


class XSettings(ChannelSettings):
    base_url: BaseUrl = "https://api.x.com"
    user_id: str = Field("", pattern=r"^\d*$")
    """The account's number, if known: it spares a call when a post has to be looked for."""
    made_with_ai: bool = False
    """Whether X labels the channel's posts with pictures as made with AI."""

    measure: bool = False
    """Whether the counts of posts are read: X charges $0.005 for each reading, of which a post has about twenty."""


class X(Publisher):
    Settings = XSettings
    settings: XSettings
    title = "X"
    # docs.x.com counting characters; POST media/metadata (alt text), 2026-11-20. Premium accounts may write more.
    text_rules = TextRules(limit=280, counted_in="weighted characters", alt_text_limit=1000)
    # docs.x.com media best practices, 2026-11-20. A limit on pixels is not documented.
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png", "image/webp", "image/gif"), max_bytes=5_000_000, most=4
    )
    needs_secrets = (OAUTH1, OAUTH2)
    takes_secrets = ("client_secret", "webhook_secret")
    measured_at_once = AT_ONCE
    price_of_reading = PRICE

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._api = x_api(channel)
        self._known_user = ("", "")

    def length(self, text: str) -> int:
        return _x_text.weighted_length(text)

    def price(self, post: Post) -> Decimal:
        described = sum(1 for item in post.media if item.alt_text)
        has_link = bool(_x_text.links(_x_text.with_link(post).text))
        return (PRICE_OF_POST_WITH_LINK if has_link else PRICE_OF_POST) + described * PRICE_OF_ALT_TEXT

    def warnings(self, post: Post) -> tuple[str, ...]:
        post = _x_text.with_link(post)
        broken = broken_limits(post, self.text_rules, self.image_rules, self.length, self.title)
        links = _x_text.links(post.text)
        charged = (
            f"The link {links[0]} makes this post cost ${PRICE_OF_POST_WITH_LINK:.2f} instead of ${PRICE_OF_POST:.3f}."
            for _ in links[:1]
        )
        return (*broken, *charged)

    def preview(self, post: Post) -> Preview:
        return super().preview(_x_text.with_link(post))

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        return upload_all(
            self._api,
            self.channel.clock,
            self.image_rules,
            self.text_rules.alt_text_limit,
            post,
            read,
            prepared,
            keep,
        )

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        body: dict[str, Any] = {"text": _x_text.with_link(post).text}
        if post.media:
            body["media"] = {"media_ids": [item["id"] for item in prepared["media"]]}
            if self.settings.made_with_ai:
                body["made_with_ai"] = True
        try:
            answer = self._api.call("POST", "/2/tweets", "publish the post", is_public=True, json=body)
        except PostRejected as refused:
            return self._ours_already(prepared, refused)
        data = (answer.document() or {}).get("data")
        if not isinstance(data, dict) or not str(data.get("id") or "").isdecimal():
            raise OutcomeUnknown(
                "X took the post and did not say under which id.",
                where=f"channel {self.channel.name}",
                todo="Pressroom looks for it before anything is sent again.",
            )
        return replace(receipt(str(data["id"]), self.channel.clock.now()), limit_ends_at=self._api.used_up(answer))

    def _ours_already(self, prepared: dict[str, Any], refused: PostRejected) -> Receipt:
        """Return the receipt of an earlier attempt if that is why X refused this one, else raise the refusal.

        X says "duplicate", or that our upload can no longer be used, when an attempt that was taken for lost went
        through after all. Our uploads tell; without any the refusal stands.
        """
        is_about_us = isinstance(refused, DuplicateContent) or "media" in refused.what.lower()
        refusal = PostRejected(refused.what, where=refused.where, todo=refused.todo, detail=refused.detail)
        keys = prepared.get("media_keys", [])
        if not keys or not is_about_us:
            raise refusal from refused
        try:
            reading = find_by_media(self._api, self._account_number(), keys, self._since(keys))
        except PressroomError as error:
            raise OutcomeUnknown(
                f"{refused.what} Whether the post that X has is this one could not be seen: {error.what}",
                where=refused.where,
                todo="Pressroom looks for it before anything is sent again.",
                detail=refused.detail,
            ) from error
        if isinstance(reading, Found):
            return reading.receipt
        raise refusal from refused

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        if post.media:
            # Without a key nothing was uploaded, and so nothing was posted.
            keys = prepared["media_keys"]
            return find_by_media(self._api, self._account_number(), keys, self._since(keys))
        since = attempt.started_at - CLOCK_SKEW
        return find_by_text(self._api, self._account_number(), _x_text.with_link(post).text, since)

    def _since(self, keys: list[str]) -> datetime:
        """Return the time before which no post can bear one of these uploads, by X's own clock where it tells."""
        times = [at for key in keys if (at := uploaded_at(key))]
        return min(times) if times else self.channel.clock.now() - timedelta(days=1)

    def _account_number(self) -> str:
        if self.settings.user_id:
            return self.settings.user_id
        token = self.channel.secret("access_token") or ""
        if self._known_user[0] != token:
            # Another token may be another account's, whose posts would be looked for in the wrong place.
            self._known_user = (token, self._me()["id"])
        return self._known_user[1]

    def _me(self) -> dict[str, str]:
        try:
            data = self._api.document("GET", "/2/users/me", "say whose account it is").get("data")
        except PostRejected as error:
            raise AccountDisconnected(error.what, where=error.where, todo=error.todo, detail=error.detail) from error
        if not isinstance(data, dict) or not str(data.get("id") or "").isdecimal():
            raise Unavailable("X did not say whose account it is.", where=f"channel {self.channel.name}")
        return {"id": str(data["id"]), "username": str(data.get("username") or data["id"])}

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        return read_counts(self._api, remote_ids)

    def webhook(self) -> Webhook | None:
        secret = self.channel.secret("webhook_secret") or self.channel.secret("api_secret")
        return XWebhook(secret.strip()) if secret else None

    def oauth(self) -> OAuth:
        is_x_itself = self.settings.base_url == XSettings.model_fields["base_url"].default
        return _x_oauth.oauth(self.channel, is_x_itself)

    def check(self) -> list[Finding]:
        """Look whether the credentials are complete and good, without publishing."""
        found = warnings_about(self.settings.base_url)
        try:
            me = self._me()
        except PressroomError as error:
            return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
        found.append(Finding(ok=True, what=f"X accepts the credentials of @{me['username']}."))
        if self.settings.user_id not in ("", me["id"]):
            found.append(
                Finding(
                    ok=False,
                    what=f"The setting user_id is {self.settings.user_id}, and @{me['username']} is {me['id']}.",
                    todo=f'Set user_id = "{me["id"]}" in [channels.{self.channel.name}], or leave it out.',
                )
            )
        return found
