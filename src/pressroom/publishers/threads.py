"""Threads, by its own API: containers of words and of pictures that it fetches itself, then one public call.

A container can be published once; its state tells after an unclear answer whether it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, PostRejected, PressroomError, Unavailable
from pressroom.fitting import fit_text
from pressroom.oauth import OAuth, TokenInfo
from pressroom.post_limits import broken_limits
from pressroom.publications import Post, PostMedia
from pressroom.publishers import _meta_text as texts
from pressroom.publishers._meta_graph import graph_api, id_in, made_id
from pressroom.publishers._meta_graph import read as read_object
from pressroom.publishers._meta_insights import insights_of
from pressroom.publishers._meta_media_url import media_address
from pressroom.publishers._meta_publishing import ContainerPublisher
from pressroom.publishers._meta_settings import MetaSettings, account_findings, address_findings, keep_to
from pressroom.publishers._meta_tokens import Renewal, token_info
from pressroom.publishers._meta_webhook import webhook
from pressroom.publishers._threads_oauth import profile_oauth
from pressroom.publishers._threads_text import counted
from pressroom.publishers._threads_webhook import reads
from pressroom.publishers.base import Channel, Finding, ImageRules, Keep, Preview, ReadMedia, TextRules
from pressroom.webhooks import Webhook

# Threads API, posts and text attachments, 2026-11-20; one hashtag a post is what Ayrshare says
MOST_LINKS, MOST_HASHTAGS = 5, 1
AUTHORIZE_URL = "https://threads.com/oauth/authorize"
_METRICS = "views,likes,replies,reposts,quotes"
_ADDRESS = "https://www.threads.com/"


class ThreadsSettings(MetaSettings):
    base_url: str = Field("https://graph.threads.net", pattern="^https?://")
    api_version: str = Field("v1.0", pattern=r"^v\d{1,3}\.\d{1,2}$", examples=["v1.0"])
    """Of the Threads API, which has had but this one."""
    user_id: str = Field("", pattern=r"^\d*$")
    """The number of the profile; empty for the one that the access token is of."""


class Threads(ContainerPublisher):
    Settings = ThreadsSettings
    settings: ThreadsSettings
    title = "Threads"
    # Threads API, posts, 2026-11-20
    text_rules = TextRules(limit=500, counted_in="characters, an emoji as its bytes", alt_text_limit=1000)
    # Threads API, posts, media specifications, and Ayrshare's copy of it, 2026-11-20; twenty pictures are what other
    # publishers keep to.
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png"),
        max_bytes=8_000_000,
        most=20,
        min_width=320,
        max_width=1440,
        narrowest=0.1,
        widest=10.0,
        best_width=1440,
        best_height=1800,
    )
    needs_secrets = (("access_token",),)
    measured_at_once = 10
    publish_edge, list_edge, limit_edge = "threads_publish", "threads", "threads_publishing_limit"
    text_field, status_field, why_field = "text", "status", "error_message"

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        vars(self).update(keep_to(self.settings, type(self).text_rules, type(self).image_rules))
        self._api = graph_api(channel, self.title, f"{self._base_url}/{self.settings.api_version}")
        self._me: dict[str, str] | None = None
        self._renewal = Renewal(channel, self._api, f"{self._base_url}/refresh_access_token", "th_refresh_token")

    @property
    def _base_url(self) -> str:
        return self.settings.base_url.rstrip("/")

    def length(self, text: str) -> int:
        return counted(text)

    def warnings(self, post: Post) -> tuple[str, ...]:
        post = texts.with_link(post)
        return (
            *broken_limits(post, self.text_rules, self.image_rules, self.length, self.title),
            *_broken_rules(post),
        )

    def preview(self, post: Post) -> Preview:
        return super().preview(texts.with_link(post))

    def shown_text(self, post: Post) -> str:
        return texts.with_link(post).text

    def fallback_address(self, prepared: dict[str, Any]) -> str:
        """Return the profile's address: none of a post follows from its number."""
        return f"{_ADDRESS}@{prepared['username']}" if prepared.get("username") else _ADDRESS

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        self._renewal.run()
        if "account" not in prepared:
            me = self._account()
            prepared = {**prepared, "account": me["id"], "username": me["username"]}
            keep(prepared)
        path, text = f"/{prepared['account']}/threads", self.shown_text(post)

        def item(media: PostMedia, is_part: bool) -> str:
            url = media_address(self.channel, self.title, media, read(media), self.image_rules)
            body = {"media_type": "IMAGE", "image_url": url}
            if media.alt_text.strip():
                body["alt_text"] = fit_text(media.alt_text, self.text_rules.alt_text_limit, len)
            body |= {"is_carousel_item": "true"} if is_part else _words(text)
            return made_id(self._api, path, "fetch a picture", data=body)

        def whole(children: Sequence[str]) -> str:
            body = {"media_type": "CAROUSEL", "children": ",".join(children)} if children else {"media_type": "TEXT"}
            return made_id(self._api, path, "make a post ready", data=body | _words(text))

        return self.containers(prepared["account"]).prepare(post, prepared, keep, item, whole)

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        return {
            media_id: Engagement(
                likes=counts.get("likes"),
                comments=counts.get("replies"),
                shares=_sum(counts.get("reposts"), counts.get("quotes")),
                views=counts.get("views"),
            )
            for media_id, counts in insights_of(self._api, remote_ids, _METRICS).items()
        }

    def webhook(self) -> Webhook | None:
        return webhook(self.channel, self.title, reads(self.settings.user_id))

    def oauth(self) -> OAuth:
        is_threads = self._base_url == ThreadsSettings.model_fields["base_url"].default
        authorize_url = AUTHORIZE_URL if is_threads else f"{self._base_url}/oauth/authorize"
        return profile_oauth(self.channel, authorize_url, self._base_url, self.settings.api_version)

    def tokens(self) -> list[TokenInfo]:
        return token_info(self.channel, renews_itself=True)

    def check(self) -> list[Finding]:
        """Look whose profile it is and whether pictures could be fetched; publish nothing."""
        found = list(address_findings(self, must=False))
        try:
            me = self._look_up()
        except PressroomError as error:
            return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
        name = f"@{me['username'] or me['id']}"
        return [*found, *account_findings(self, "user_id", self.settings.user_id, me["id"], name)]

    def _account(self) -> dict[str, str]:
        if self._me is None:
            given = self.settings.user_id
            self._me = {"id": given, "username": ""} if given else self._look_up()
        return self._me

    def _look_up(self) -> dict[str, str]:
        try:
            document = read_object(self._api, "/me", "say whose profile it is", fields="id,username")
        except PostRejected as error:
            raise AccountDisconnected(error.what, where=error.where, todo=error.todo, detail=error.detail) from error
        if not id_in(document):
            raise Unavailable("Threads did not say whose profile it is.", where=self._api.where)
        return {"id": id_in(document), "username": str(document.get("username") or "")}


def _words(text: str) -> dict[str, str]:
    return {"text": text} if text.strip() else {}


def _sum(*counts: int | None) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def _broken_rules(post: Post) -> Iterator[str]:
    links, tags = len(texts.links(post.text)), len(texts.hashtags(post.text))
    if links > MOST_LINKS:
        yield f"The text has {links} different links; Threads takes {MOST_LINKS}."
    if tags > MOST_HASHTAGS:
        yield f"The text has {tags} hashtags; Threads makes a topic of the first alone."
