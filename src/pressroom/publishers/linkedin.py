"""LinkedIn, by its Posts API. It knows no key of ours; it shows an organisation its own posts, and a member none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field, field_validator

from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, ConfigurationError, OutcomeUnknown, PostRejected, PressroomError
from pressroom.oauth import OAuth, TokenInfo
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers import _linkedin_ends, _linkedin_posts, _linkedin_statistics, _linkedin_text
from pressroom.publishers._linkedin_api import DuplicatePost, linkedin_api
from pressroom.publishers._linkedin_auth import oauth
from pressroom.publishers._linkedin_check import check_author
from pressroom.publishers._linkedin_images import upload_all
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
from pressroom.unencrypted import is_open_to_listeners


class LinkedInSettings(ChannelSettings):
    base_url: str = "https://api.linkedin.com"
    oauth_url: str = "https://www.linkedin.com/oauth/v2"
    """Where accounts are connected and tokens renewed."""
    author: str = Field(
        "",
        pattern=r"^(urn:li:(person|organization):[\w-]+)?$",
        examples=["urn:li:person:Ab3_x", "urn:li:organization:123456"],
    )
    """Who posts: "urn:li:person:…" or "urn:li:organization:…"; `pressroom channels connect` says a member's."""
    api_version: str = Field(
        _linkedin_ends.NEWEST_KNOWN, pattern=r"^20\d\d(0[1-9]|1[0-2])$", examples=[_linkedin_ends.NEWEST_KNOWN]
    )
    """The version of the API as year and month; each ends after about a year."""
    visibility: Literal["PUBLIC", "CONNECTIONS", "LOGGED_IN"] = "PUBLIC"
    """Who sees the posts; CONNECTIONS is for members only."""
    text_limit: int = Field(3_000, gt=0)
    """Characters of a post."""
    max_image_bytes: int = Field(5_000_000, gt=0)
    """Of one picture; LinkedIn does not say what it takes."""

    @field_validator("base_url", "oauth_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        return value.rstrip("/")


class LinkedIn(Publisher):
    Settings = LinkedInSettings
    settings: LinkedInSettings
    title = "LinkedIn"
    # 3,000 is said of the text in the post ("ShareCommentary text length"), so it is counted before escaping;
    # n8n-io/n8n#22899, 2026-11-20. Alt text: not documented; what LinkedIn's own editor takes.
    text_rules = TextRules(limit=3_000, counted_in="characters", alt_text_limit=1_000)
    # learn.microsoft.com linkedin/…/images-api (fewer than 36,152,320 pixels) and multiimage-post-api (20 pictures),
    # 2026-11-20. A limit on bytes is not documented.
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png", "image/gif"),
        max_bytes=5_000_000,
        most=20,
        max_pixels=36_152_319,
        best_width=1200,
        best_height=627,
    )
    needs_secrets = (("access_token",),)
    takes_secrets = (
        "access_token_expires_at",
        "client_id",
        "client_secret",
        "refresh_token",
        "refresh_token_expires_at",
    )

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        settings = self.settings
        self._api = linkedin_api(channel, settings.base_url, settings.oauth_url, settings.api_version)
        vars(self).update(
            text_rules=replace(self.text_rules, limit=settings.text_limit),
            image_rules=replace(self.image_rules, max_bytes=settings.max_image_bytes),
            measured_at_once=_linkedin_statistics.AT_ONCE if self._is_organization else 0,
        )

    @property
    def _is_organization(self) -> bool:
        return self.settings.author.startswith("urn:li:organization:")

    @property
    def _where(self) -> str:
        return f"channel {self.channel.name}"

    def length(self, text: str) -> int:
        return _linkedin_text.length(text)

    def warnings(self, post: Post) -> tuple[str, ...]:
        post = _linkedin_text.with_link(post)
        return tuple(broken_limits(post, self.text_rules, self.image_rules, self.length, self.title))

    def preview(self, post: Post) -> Preview:
        return super().preview(_linkedin_text.with_link(post))

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        return upload_all(self._api, self.channel.clock, self.image_rules, self._author(), post, read, prepared, keep)

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        urns = [image["urn"] for image in prepared.get("images", ())]
        body = _linkedin_posts.body(
            post, self._author(), urns, self.text_rules.alt_text_limit, self.settings.visibility
        )
        try:
            answer = self._api.call("POST", "/rest/posts", "publish the post", is_public=True, ok=(201,), json=body)
        except DuplicatePost as refused:
            return self._ours_already(prepared, refused)
        urn = answer.headers.get("x-restli-id", "")
        if not urn.startswith("urn:li:"):
            raise OutcomeUnknown(
                "LinkedIn took the post and did not say under which URN.",
                where=self._where,
                todo="Pressroom looks for it before anything is sent again.",
            )
        return _linkedin_posts.receipt(urn, self.channel.clock.now())

    def _ours_already(self, prepared: dict[str, Any], refused: DuplicatePost) -> Receipt:
        """Return the receipt of an earlier attempt if the post that LinkedIn names bears our pictures, else raise.

        It may name one that nobody can see any more (ComposioHQ/composio#2710), and a member can see none: then the
        refusal stands, with the address of that post for a person to look at.
        """
        refusal = PostRejected(refused.what, where=refused.where, todo=refused.todo, detail=refused.detail)
        urns = prepared.get("urns", [])
        if not self._is_organization or not refused.urn or not urns:
            raise refusal from refused
        try:
            shown = _linkedin_posts.shown_post(self._api, refused.urn)
        except PressroomError as error:
            raise OutcomeUnknown(
                f"{refused.what} Whether it is this one could not be seen: {error.what}",
                where=refused.where,
                todo="Pressroom looks for it before anything is sent again.",
                detail=refused.detail,
            ) from error
        if shown is not None and _linkedin_posts.is_ours(shown, urns):
            return _linkedin_posts.receipt(refused.urn, self.channel.clock.now())
        raise refusal from refused

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        if not self._is_organization:
            known = {"author": self.settings.author, "text": post.text, "since": attempt.started_at.isoformat()}
            return CannotTell("LinkedIn shows no app the posts of a member.", known)
        since = attempt.started_at - _linkedin_posts.CLOCK_SKEW
        return _linkedin_posts.find(self._api, self._author(), post, prepared.get("urns", []), since)

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        if not self._is_organization:
            return {}
        return _linkedin_statistics.measure(self._api, self._author(), remote_ids)

    def oauth(self) -> OAuth:
        client = tuple(self.channel.secret(name) or "" for name in ("client_id", "client_secret"))
        if not all(client):
            raise ConfigurationError(
                f"To connect an account to {self.channel.name}, its client_id and client_secret are needed.",
                where=self._where,
                todo=f"`pressroom secrets set channels.{self.channel.name}.client_id`, and the same for client_secret.",
            )
        settings = self.settings
        return oauth(self.channel, settings.author, settings.base_url, settings.oauth_url, (client[0], client[1]))

    def tokens(self) -> list[TokenInfo]:
        version = _linkedin_ends.end_of_version(self.settings.api_version, self.channel.name)
        token = _linkedin_ends.end_of_token(self.channel)
        return [version, token] if token else [version]

    def check(self) -> list[Finding]:
        """Look whether the credentials, the author and the version of the API are good, without publishing."""
        found = list(_linkedin_ends.warnings(self.settings.api_version, self.channel))
        if is_open_to_listeners(self.settings.base_url):
            what = f"{self.settings.base_url} is not encrypted: the access token can be read on the way."
            found.append(Finding(ok=True, what=what, todo="Use https:// for anything that is not on this machine."))
        try:
            found.append(check_author(self._api, self._author(), self.channel.name))
        except PressroomError as error:
            found.append(Finding(ok=False, what=error.what, todo=error.todo))
        return found

    def _author(self) -> str:
        if not self.settings.author:
            name = self.channel.name
            raise AccountDisconnected(
                f"The channel {name} has no author: LinkedIn wants to know who posts.",
                where=self._where,
                todo=f'Set author = "urn:li:person:…" or "urn:li:organization:…" in [channels.{name}]; '
                f"`pressroom channels connect {name}` says a member's. Then resume the channel.",
            )
        return self.settings.author
