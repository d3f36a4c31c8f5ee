"""Facebook Pages, by the Graph API. It knows no key of ours: after an unclear answer the Page's posts are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.http_answers import Deadline
from pressroom.oauth import OAuth, TokenInfo
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers import _facebook_feed as feed
from pressroom.publishers._facebook_insights import measured
from pressroom.publishers._facebook_oauth import page_oauth
from pressroom.publishers._facebook_photos import upload_all, uploaded_since
from pressroom.publishers._facebook_webhook import reads
from pressroom.publishers._meta_errors import Duplicate, limit_ends_at, plain
from pressroom.publishers._meta_graph import CLOCK_SKEW, graph_api, id_in, permalink, read
from pressroom.publishers._meta_settings import MetaSettings, account_findings, keep_to
from pressroom.publishers._meta_text import with_link
from pressroom.publishers._meta_tokens import token_info
from pressroom.publishers._meta_versions import CURRENT, PATTERN, version_finding, version_info
from pressroom.publishers._meta_webhook import webhook
from pressroom.publishers.base import (
    Channel,
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

AUTHORIZE_URL = "https://www.facebook.com/{version}/dialog/oauth"


class FacebookSettings(MetaSettings):
    base_url: str = Field("https://graph.facebook.com", pattern="^https?://")
    api_version: str = Field(CURRENT, pattern=PATTERN, examples=[CURRENT])
    """Of the Graph API; each ends some two years after the next."""
    page_id: str = Field("", pattern=r"^\d*$")
    """The Page's number; empty for the Page that the access token is of."""


class Facebook(Publisher):
    Settings = FacebookSettings
    settings: FacebookSettings
    title = "Facebook"
    # Seen in the code of other publishers, 2026-11-20; a limit on the alt text is not documented.
    text_rules = TextRules(limit=63_206, counted_in="characters", alt_text_limit=1000)
    # Photo uploads reference and the errors of the API ("smaller than 4 MB"), 2026-11-20. Ten photos are known to be
    # taken; a limit on their number is not documented.
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png", "image/gif", "image/tiff"),
        max_bytes=4_000_000,
        most=10,
        best_width=2048,
        best_height=1365,
    )
    needs_secrets = (("access_token",),)
    measured_at_once = 10

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        vars(self).update(keep_to(self.settings, type(self).text_rules, type(self).image_rules))
        self._api = graph_api(channel, self.title, self._versioned_url)
        self._page_id = self.settings.page_id

    @property
    def _versioned_url(self) -> str:
        return f"{self.settings.base_url.rstrip('/')}/{self.settings.api_version}"

    def warnings(self, post: Post) -> tuple[str, ...]:
        return tuple(broken_limits(_as_shown(post), self.text_rules, self.image_rules, self.length, self.title))

    def preview(self, post: Post) -> Preview:
        return super().preview(_as_shown(post))

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        if "account" not in prepared:
            prepared = {**prepared, "account": self._account_id()}
            keep(prepared)
        limit = self.text_rules.alt_text_limit
        return upload_all(self._api, self.image_rules, limit, post, read, prepared, keep)

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        deadline = Deadline(self.timeout)
        shown = _as_shown(post)
        body: dict[str, Any] = {"message": shown.text} if shown.text else {}
        if post.media:
            body["attached_media"] = [{"media_fbid": photo["id"]} for photo in prepared["photos"]]
        elif post.link:
            body["link"] = post.link
        try:
            answer = self._api.call(
                "POST",
                f"/{prepared['account']}/feed",
                "publish the post",
                is_public=True,
                deadline=deadline,
                json=body,
            )
        except PostRejected as refused:
            return self._ours_already(shown, prepared, refused)
        post_id = id_in(answer.document())
        if not post_id:
            raise OutcomeUnknown(
                "Facebook took the post and did not say under which id.",
                where=f"channel {self.channel.name}",
                todo="Pressroom looks for it before anything is sent again.",
            )
        now = self.channel.clock.now()
        url = permalink(self._api, post_id, "permalink_url", feed.address(post_id), deadline)
        return Receipt(remote_id=post_id, url=url, at=now, limit_ends_at=limit_ends_at(answer, now))

    def _ours_already(self, shown: Post, prepared: dict[str, Any], refused: PostRejected) -> Receipt:
        """Return the receipt of an earlier attempt if that is why the post is refused, else raise the refusal.

        Facebook says that photos "were already posted" when an attempt that was taken for lost went through after
        all. The photos tell; without any the refusal stands.
        """
        if not isinstance(refused, Duplicate) or not prepared.get("photo_ids"):
            raise plain(refused) from refused
        try:
            reading = self._find(shown, prepared, self.channel.clock.now())
        except PressroomError as error:
            raise OutcomeUnknown(
                f"{refused.what} Whether that post is this one could not be seen: {error.what}",
                where=refused.where,
                todo="Pressroom looks for it before anything is sent again.",
                detail=refused.detail,
            ) from error
        if isinstance(reading, Found):
            return reading.receipt
        raise plain(refused) from refused

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        return self._find(_as_shown(post), prepared, attempt.started_at)

    def _find(self, shown: Post, prepared: dict[str, Any], attempted_at: datetime) -> Reading:
        since = (uploaded_since(prepared) or attempted_at) - CLOCK_SKEW
        photo_ids = prepared.get("photo_ids", ())
        return feed.find(self._api, prepared["account"], shown.text, photo_ids, since)

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        return measured(self._api, remote_ids)

    def webhook(self) -> Webhook | None:
        return webhook(self.channel, self.title, reads(self.settings.page_id))

    def oauth(self) -> OAuth:
        settings, default = self.settings, FacebookSettings.model_fields["base_url"].default
        is_facebook = settings.base_url.rstrip("/") == default
        authorize_url = AUTHORIZE_URL if is_facebook else f"{settings.base_url.rstrip('/')}/{{version}}/dialog/oauth"
        authorize_url = authorize_url.format(version=settings.api_version)
        return page_oauth(self.channel, authorize_url, self._versioned_url, settings.page_id)

    def tokens(self) -> list[TokenInfo]:
        version = version_info(self.settings.api_version, f"channels.{self.channel.name}")
        return [*version, *token_info(self.channel, renews_itself=False)]

    def check(self) -> list[Finding]:
        """Look whether the version lives and whose Page the token is of, without publishing."""
        settings = self.settings
        old = version_finding(settings.api_version, f"channels.{self.channel.name}", self.channel.clock.now())
        found = [old] if old else []
        try:
            page = self._me()
        except PressroomError as error:
            return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
        return [*found, *account_findings(self, "page_id", settings.page_id, page["id"], page["name"])]

    def _account_id(self) -> str:
        if not self._page_id:
            self._page_id = self._me()["id"]
        return self._page_id

    def _me(self) -> dict[str, str]:
        try:
            document = read(self._api, "/me", "say whose Page it is", fields="id,name")
        except PostRejected as error:
            raise AccountDisconnected(error.what, where=error.where, todo=error.todo, detail=error.detail) from error
        if not id_in(document):
            raise Unavailable("Facebook did not say whose Page it is.", where=f"channel {self.channel.name}")
        return {"id": id_in(document), "name": str(document.get("name") or document["id"])}


def _as_shown(post: Post) -> Post:
    """Return the post as Facebook shows it: a link is a card of its own, but beside photos it stands in the text."""
    return with_link(post) if post.media else post
