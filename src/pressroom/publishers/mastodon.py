"""Mastodon, by its REST API. A server knows our key for an hour; after that the account's own posts are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from pressroom import linked_text
from pressroom.base_urls import BaseUrl, warnings_about
from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.ids import new_id
from pressroom.oauth import OAuth
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers import _mastodon_oauth, _mastodon_text, _mastodon_timeline
from pressroom.publishers._mastodon_api import NotThere, items_of, mastodon_api
from pressroom.publishers._mastodon_instance import findings_of
from pressroom.publishers._mastodon_media import upload_all
from pressroom.publishers._mastodon_webhook import MastodonWebhook
from pressroom.publishers.base import (
    CannotTell,
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

# A key is kept up to an hour after the status was made; docs.joinmastodon.org methods/statuses, 2026-11-20
_KEY_IS_KNOWN = timedelta(minutes=50)


class MastodonSettings(ChannelSettings):
    base_url: BaseUrl
    """The account's server, such as "https://mastodon.social"."""
    visibility: Literal["", "public", "unlisted", "private"] = ""
    """Who sees the posts; empty for what the account has set."""
    language: str = Field("", pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$", examples=["en", "pt-BR"])
    """What the posts are written in, such as "en"; empty for what the account has set."""
    sensitive: bool = False
    """Whether pictures are hidden until somebody asks for them."""
    spoiler_text: str = ""
    """A warning that is shown in the place of the text until somebody asks for it."""
    character_limit: int = Field(500, gt=0)
    """What the server takes; `pressroom channels check` says if it is another number."""
    max_image_bytes: int = Field(16_000_000, gt=0)
    """Of one picture; `pressroom channels check` says if the server takes less."""


class Mastodon(Publisher):
    Settings = MastodonSettings
    settings: MastodonSettings
    title = "Mastodon"
    # docs.joinmastodon.org user/posting, 2026-11-20; a server may take more: the setting `character_limit`
    text_rules = TextRules(limit=500, counted_in="characters", alt_text_limit=1_500)
    # docs.joinmastodon.org user/posting, 2026-11-20. Pixels: the limit of older servers, only seen in other code; a
    # server makes everything smaller than 8.3 million.
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png", "image/webp", "image/avif"),
        max_bytes=16_000_000,
        most=4,
        max_pixels=16_777_216,
        best_width=2_880,
        best_height=2_880,
    )
    needs_secrets = (("access_token",),)
    # docs.joinmastodon.org does not say how many; mastodon gives 20 by default. 2026-11-20
    measured_at_once = 20

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        settings = self.settings
        # The warning counts as part of the text.
        limit = max(settings.character_limit - _mastodon_text.length(settings.spoiler_text), 1)
        vars(self).update(
            text_rules=replace(self.text_rules, limit=limit),
            image_rules=replace(self.image_rules, max_bytes=settings.max_image_bytes),
        )
        self._api = mastodon_api(channel)
        self._account: dict[str, Any] | None = None

    def length(self, text: str) -> int:
        return _mastodon_text.length(text)

    def warnings(self, post: Post) -> tuple[str, ...]:
        post = self._with_link(post)
        return tuple(broken_limits(post, self.text_rules, self.image_rules, self.length, self.title))

    def preview(self, post: Post) -> Preview:
        return super().preview(self._with_link(post))

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        api, clock, limit = self._api, self.channel.clock, self.text_rules.alt_text_limit
        prepared = upload_all(api, clock, self.image_rules, limit, post, read, prepared, keep)
        if "key" not in prepared:
            # Last, so that the key's hour is not over before it is used.
            prepared = {**prepared, "key": new_id("status"), "key_since": clock.now().isoformat()}
            keep(prepared)
        return prepared

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        settings = self.settings
        body: dict[str, Any] = {"status": self._with_link(post).text}
        if post.media:
            body["media_ids"] = [item["id"] for item in prepared["media"]]
        chosen = {name: getattr(settings, name) for name in ("visibility", "language", "sensitive", "spoiler_text")}
        body |= {name: value for name, value in chosen.items() if value}
        headers = {"idempotency-key": prepared["key"]}
        try:
            answer = self._api.call(
                "POST", "/api/v1/statuses", "publish the post", is_public=True, json=body, headers=headers
            )
        except PostRejected as refused:
            return self._ours_already(prepared, refused)
        shown = answer.document() or {}
        if not shown.get("id"):
            raise OutcomeUnknown(
                "Mastodon took the post and did not say under which id.",
                where=self._where,
                todo="Pressroom looks for it before anything is sent again.",
            )
        return replace(self._receipt(shown), limit_ends_at=self._api.used_up(answer))

    def _ours_already(self, prepared: dict[str, Any], refused: PostRejected) -> Receipt:
        """Return the receipt of an earlier attempt if that is why this one was refused, else raise the refusal.

        A server that forgot our key refuses uploads that are in a status already. Without any the refusal stands.
        """
        if not prepared.get("media_ids"):
            raise refused
        try:
            reading = self._find_by_media(prepared)
        except PressroomError as error:
            raise OutcomeUnknown(
                f"{refused.what} Whether the post is there all the same could not be seen: {error.what}",
                where=refused.where,
                todo="Pressroom looks for it before anything is sent again.",
                detail=refused.detail,
            ) from error
        if isinstance(reading, Found):
            return reading.receipt
        raise refused

    def may_repeat(self, prepared: dict[str, Any], attempt: Attempt) -> bool:
        """While the server surely knows the key, and the last call is surely over.

        A server looks for the key before it makes a status and stores it after: of two calls that it carries out at
        the same time, as when it was too slow for the first, it makes two.
        """
        now = self.channel.clock.now()
        return self._last_call_is_over_at(attempt) <= now < self._key_is_known_until(prepared)

    def forget_attempt(self, prepared: dict[str, Any]) -> dict[str, Any]:
        """Let the next attempt have a key, and so an hour, of its own."""
        return {name: value for name, value in prepared.items() if name not in ("key", "key_since")}

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        if post.media:
            return self._find_by_media(prepared)
        since = min(attempt.started_at, datetime.fromisoformat(prepared["key_since"]))
        reading = _mastodon_timeline.find_by_text(
            self._api,
            self.channel.clock,
            self._account_id(),
            self._with_link(post).text,
            self.settings.spoiler_text,
            since,
            self._receipt,
        )
        if isinstance(reading, CannotTell) and self._last_call_is_over_at(attempt) < self._key_is_known_until(prepared):
            # Nobody has to be asked: soon the same call can be made again, and the key tells which one is ours.
            raise Unavailable(
                reading.why, where=self._where, todo="It is told apart by its key in a moment, without anybody's help."
            )
        return reading

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        try:
            answer = self._api.call("GET", "/api/v1/statuses", "show the counts of posts", params={"id[]": remote_ids})
            shown = items_of(answer)
        except PostRejected:
            # A server before 4.3, and many another that speaks this API, shows one at a time.
            shown = [one for one in map(self._status, remote_ids) if one]
        if shown is None:
            raise Unavailable("Mastodon showed no counts.", where=self._where, todo="It is tried again later.")
        return {str(one["id"]): _counts(one) for one in shown if str(one.get("id")) in remote_ids}

    def webhook(self) -> Webhook | None:
        secret = (self.channel.secret("webhook_secret") or "").strip()
        return MastodonWebhook(secret, self._where) if secret else None

    def oauth(self) -> OAuth:
        return _mastodon_oauth.oauth(self.channel)

    def check(self) -> list[Finding]:
        """Look whether the token is good, and whether the server's own limits are those of the settings."""
        found = warnings_about(self.settings.base_url)
        try:
            name = _mastodon_oauth.name_of(self._me(), self.settings.base_url)
            found.append(Finding(ok=True, what=f"Mastodon accepts the credentials of {name}."))
            instance = self._api.document("GET", "/api/v2/instance", "tell its limits")
        except NotThere:
            return [*found, Finding(ok=True, what="The server is too old to tell its limits.")]
        except PressroomError as error:
            return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
        settings = self.settings
        limits = {"character_limit": settings.character_limit, "max_image_bytes": settings.max_image_bytes}
        return [*found, *findings_of(instance, limits, self.image_rules, f"[channels.{self.channel.name}]")]

    @property
    def _where(self) -> str:
        return f"channel {self.channel.name}"

    def _with_link(self, post: Post) -> Post:
        return linked_text.with_link(post, self.text_rules.limit, self.length)

    def _last_call_is_over_at(self, attempt: Attempt) -> datetime:
        """Return when a call of this attempt can no longer come through: it begins late, ends late, arrives late."""
        return attempt.last_call_at + 2 * self.timeout + self.settles_in

    def _key_is_known_until(self, prepared: dict[str, Any]) -> datetime:
        return datetime.fromisoformat(prepared["key_since"]) + _KEY_IS_KNOWN

    def _find_by_media(self, prepared: dict[str, Any]) -> Reading:
        since, ids = datetime.fromisoformat(prepared["media_since"]), prepared["media_ids"]
        return _mastodon_timeline.find_by_media(
            self._api, self.channel.clock, self._account_id(), ids, since, self._receipt
        )

    def _status(self, remote_id: str) -> dict[str, Any] | None:
        try:
            return self._api.document("GET", f"/api/v1/statuses/{remote_id}", "show the counts of a post")
        except NotThere:
            return None

    def _account_id(self) -> str:
        if self._account is None:
            self._account = self._me()
        return str(self._account["id"])

    def _me(self) -> dict[str, Any]:
        try:
            document = self._api.document("GET", "/api/v1/accounts/verify_credentials", "say whose account it is")
        except PostRejected as error:
            raise AccountDisconnected(error.what, where=error.where, todo=error.todo, detail=error.detail) from error
        if not document.get("id"):
            raise Unavailable("Mastodon did not say whose account it is.", where=self._where, todo="It is tried again.")
        return document

    def _receipt(self, shown: dict[str, Any]) -> Receipt:
        remote_id = str(shown["id"])
        url = str(shown.get("url") or shown.get("uri") or f"{self.settings.base_url}/web/statuses/{remote_id}")
        return Receipt(remote_id=remote_id, url=url, at=_mastodon_timeline.created_at(shown))


def _counts(status: dict[str, Any]) -> Engagement:
    def count(name: str) -> int | None:
        value = status.get(name)
        return value if isinstance(value, int) else None

    shares = [number for name in ("reblogs_count", "quotes_count") if (number := count(name)) is not None]
    return Engagement(
        likes=count("favourites_count"), comments=count("replies_count"), shares=sum(shares) if shares else None
    )
