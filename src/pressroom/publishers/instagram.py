"""Instagram, by its content publishing API: containers of pictures that it fetches itself, then one public call.

A container can be published once; its state tells after an unclear answer whether it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field, field_validator, model_validator

from pressroom.engagement import Engagement
from pressroom.errors import PostRejected, PressroomError
from pressroom.fitting import fit_text
from pressroom.oauth import OAuth, TokenInfo
from pressroom.post_limits import broken_limits
from pressroom.publications import Post, PostMedia
from pressroom.publishers import _meta_text as texts
from pressroom.publishers._instagram_login import LOGINS, Login, Way, account_of
from pressroom.publishers._instagram_oauth import account_oauth
from pressroom.publishers._instagram_webhook import reads
from pressroom.publishers._meta_graph import graph_api, made_id
from pressroom.publishers._meta_insights import insights_of
from pressroom.publishers._meta_media_url import media_address
from pressroom.publishers._meta_publishing import ContainerPublisher
from pressroom.publishers._meta_settings import MetaSettings, account_findings, address_findings, keep_to
from pressroom.publishers._meta_tokens import Renewal, token_info
from pressroom.publishers._meta_versions import CURRENT, PATTERN, version_finding, version_info
from pressroom.publishers._meta_webhook import webhook
from pressroom.publishers.base import (
    Channel,
    Finding,
    ImageRules,
    Keep,
    ReadMedia,
    TextRules,
)
from pressroom.webhooks import Webhook

# Instagram platform, IG User media, and the code of other publishers, 2026-11-20
MOST_HASHTAGS, MOST_MENTIONS = 30, 20
_METRICS = "views,likes,comments,saved,shares"  # Instagram platform, media insights, 2026-11-20
_ADDRESS = "https://www.instagram.com/"


class InstagramSettings(MetaSettings):
    login: Way = "instagram"
    """How the account was connected: with Instagram's own login, or with that of the Facebook Page it belongs to."""
    api_version: str = Field(CURRENT, pattern=PATTERN, examples=[CURRENT])
    """Of the Graph API; each ends some two years after the next."""
    user_id: str = Field("", pattern=r"^\d*$")
    """The number of the Instagram account; empty for the one that the access token is of."""

    @model_validator(mode="before")
    @classmethod
    def _host_of_the_login(cls, values: Any) -> Any:
        if isinstance(values, dict) and not values.get("base_url"):
            login = LOGINS.get(str(values.get("login", "instagram")))
            return {**values, "base_url": login.host if login else ""}
        return values

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        return value.rstrip("/")


class Instagram(ContainerPublisher):
    Settings = InstagramSettings
    settings: InstagramSettings
    title = "Instagram"
    # 2,200 is what other publishers keep to, 2026-11-20; alt text: IG User media reference.
    text_rules = TextRules(limit=2200, counted_in="characters", alt_text_limit=1000)
    # IG User media reference, 2026-11-20: JPEG only; what is wider or narrower is scaled. A carousel has ten at most.
    image_rules = ImageRules(
        formats=("image/jpeg",),
        max_bytes=8_000_000,
        most=10,
        min_width=320,
        max_width=1440,
        narrowest=0.8,
        widest=1.91,
        best_width=1080,
        best_height=1350,
    )
    needs_secrets = (("access_token",),)
    measured_at_once = 10
    publish_edge, list_edge, limit_edge = "media_publish", "media", "content_publishing_limit"
    text_field, status_field, why_field = "caption", "status_code", "status"

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        vars(self).update(keep_to(self.settings, type(self).text_rules, type(self).image_rules))
        self._api = graph_api(channel, self.title, f"{self.settings.base_url}/{self.settings.api_version}")
        self._me: dict[str, str] | None = None
        self._renewal = Renewal(
            channel, self._api, f"{self.settings.base_url}/refresh_access_token", "ig_refresh_token"
        )

    @property
    def _login(self) -> Login:
        return LOGINS[self.settings.login]

    def warnings(self, post: Post) -> tuple[str, ...]:
        return (
            *broken_limits(post, self.text_rules, self.image_rules, self.length, self.title),
            *_broken_rules(post),
        )

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        if not post.media:
            raise PostRejected(
                "Instagram takes no post without a picture.",
                where=f"channel {self.channel.name}",
                todo="Add a picture, or leave this channel out.",
            )
        if self._login.renews:
            self._renewal.run()
        if "account" not in prepared:
            me = self._account()
            prepared = {**prepared, "account": me["id"], "username": me["username"]}
            keep(prepared)
        account = prepared["account"]

        def item(media: PostMedia, is_part: bool) -> str:
            body = {"image_url": media_address(self.channel, self.title, media, read(media), self.image_rules)}
            if media.alt_text.strip():
                body["alt_text"] = fit_text(media.alt_text, self.text_rules.alt_text_limit, len)
            body |= {"is_carousel_item": "true"} if is_part else {"caption": post.text}
            return made_id(self._api, f"/{account}/media", "fetch a picture", data=body)

        def whole(children: Sequence[str]) -> str:
            body = {"media_type": "CAROUSEL", "children": ",".join(children), "caption": post.text}
            return made_id(self._api, f"/{account}/media", "put the pictures together", data=body)

        return self.containers(account).prepare(post, prepared, keep, item, whole)

    def shown_text(self, post: Post) -> str:
        return post.text

    def fallback_address(self, prepared: dict[str, Any]) -> str:
        """Return the account's address: none of a post follows from its number."""
        return f"{_ADDRESS}{prepared['username']}/" if prepared.get("username") else _ADDRESS

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        told = insights_of(self._api, remote_ids, _METRICS)
        return {
            media_id: Engagement(
                likes=counts.get("likes"),
                comments=counts.get("comments"),
                shares=counts.get("shares"),
                views=counts.get("views"),
                saves=counts.get("saved"),
            )
            for media_id, counts in told.items()
        }

    def webhook(self) -> Webhook | None:
        return webhook(self.channel, self.title, reads(self.settings.user_id))

    def oauth(self) -> OAuth:
        settings = self.settings
        return account_oauth(self.channel, self._login, settings.base_url, settings.api_version, settings.user_id)

    def tokens(self) -> list[TokenInfo]:
        version = version_info(self.settings.api_version, f"channels.{self.channel.name}")
        return [*version, *token_info(self.channel, renews_itself=self._login.renews)]

    def check(self) -> list[Finding]:
        """Look whether the version lives, whose account it is and whether pictures can be fetched; publish nothing."""
        settings = self.settings
        old = version_finding(settings.api_version, f"channels.{self.channel.name}", self.channel.clock.now())
        found = [*([old] if old else []), *address_findings(self, must=True)]
        try:
            me = account_of(self._api, self._login, self.channel.name)
        except PressroomError as error:
            return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
        name = f"@{me['username'] or me['id']}"
        return [*found, *account_findings(self, "user_id", settings.user_id, me["id"], name)]

    def _account(self) -> dict[str, str]:
        if self._me is None:
            given = self.settings.user_id
            known = {"id": given, "username": ""}
            self._me = known if given else account_of(self._api, self._login, self.channel.name)
        return self._me


def _broken_rules(post: Post) -> Iterator[str]:
    if not post.media:
        yield "Instagram takes no post without a picture."
    tags, names = len(texts.hashtags(post.text)), len(texts.mentions(post.text))
    if tags > MOST_HASHTAGS:
        yield f"The text has {tags} hashtags; Instagram takes {MOST_HASHTAGS}."
    if names > MOST_MENTIONS:
        yield f"The text names {names} accounts; Instagram takes {MOST_MENTIONS}."
    if post.link and post.link not in post.text:
        yield f"The link {post.link} is left out: Instagram makes no links of what stands in a caption."
