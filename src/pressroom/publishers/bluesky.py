"""Bluesky, by the AT Protocol. A post is a record under a key of ours: putting it again is the same post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field, field_validator

from pressroom.base_urls import BaseUrl, warnings_about
from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.oauth import TokenInfo
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers import _bluesky_text
from pressroom.publishers._bluesky_api import BlobNotFound, RecordNotFound, bluesky_api
from pressroom.publishers._bluesky_blobs import Uploads
from pressroom.publishers._bluesky_record import (
    COLLECTION,
    new_key,
    page_of,
    record_of,
    stamp,
    uri_of,
    with_pictures,
)
from pressroom.publishers._bluesky_session import CREDENTIALS, ends_at
from pressroom.publishers.base import (
    Absent,
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

_STALE = timedelta(hours=1)
"""A post that waited longer is dated anew: feeds would put it among the old ones."""
_APP_PASSWORD = re.compile(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}")


class BlueskySettings(ChannelSettings):
    base_url: BaseUrl = "https://bsky.social"
    languages: tuple[str, ...] = Field((), max_length=3)
    """What the posts are written in, such as ["en"]; feeds and translations go by it."""
    largest_side: int = Field(4_000, gt=0)
    """Pixels that a picture may be wide or high."""

    @field_validator("languages")
    @classmethod
    def _are_tags(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for tag in value:
            if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
                raise ValueError(f'{tag!r} is no language; write "en" or "pt-BR"')
        return value


class Bluesky(Publisher):
    Settings = BlueskySettings
    settings: BlueskySettings
    title = "Bluesky"
    # lexicon app.bsky.feed.post: 300 graphemes and 3,000 bytes; alt text: bluesky-social/social-app constants (its own
    # editor), 2026-11-20
    text_rules = TextRules(limit=_bluesky_text.MOST_GRAPHEMES, counted_in="graphemes", alt_text_limit=2_000)
    # lexicon app.bsky.embed.images, 2026-11-20. Pixels: bluesky-social/social-app, only seen in other code; the setting
    # `largest_side` overrides it.
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png", "image/webp"),
        max_bytes=2_000_000,
        most=4,
        max_width=4_000,
        max_height=4_000,
        best_width=2_000,
        best_height=2_000,
    )
    needs_secrets = (CREDENTIALS,)
    repeatable = True
    measured_at_once = 25  # lexicon app.bsky.feed.getPosts, 2026-11-20

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        side = self.settings.largest_side
        vars(self)["image_rules"] = replace(
            self.image_rules,
            max_width=side,
            max_height=side,
            best_width=min(side, self.image_rules.best_width),
            best_height=min(side, self.image_rules.best_height),
        )
        self._api = bluesky_api(channel)
        self._uploads = Uploads(self._api, channel.clock, self.image_rules)

    def length(self, text: str) -> int:
        return _bluesky_text.length(text)

    def warnings(self, post: Post) -> tuple[str, ...]:
        post = _bluesky_text.with_link(post)
        return tuple(broken_limits(post, self.text_rules, self.image_rules, self.length, self.title))

    def preview(self, post: Post) -> Preview:
        return super().preview(_bluesky_text.with_link(post))

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        now = self.channel.clock.now()
        if "record" not in prepared:
            did = self._account()["did"]
            record = record_of(post, now, self.settings.languages, self._dids(post))
            prepared = {**prepared, "did": did, "key": new_key(now), "record": record}
            keep(prepared)
        elif datetime.fromisoformat(prepared["record"]["createdAt"]) < now - _STALE and not self._is_there(prepared):
            # Even if an earlier attempt comes through after all, it is under the same key, and so the same post.
            prepared = {**prepared, "record": {**prepared["record"], "createdAt": stamp(now)}}
            keep(prepared)
        return self._uploads.upload_all(post, read, prepared, keep)

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        blobs = [item["blob"] for item in prepared.get("blobs", ())]
        record = with_pictures(prepared["record"], post, blobs, self.text_rules.alt_text_limit)
        body = {"repo": prepared["did"], "collection": COLLECTION, "rkey": prepared["key"], "record": record}
        try:
            answer = self._api.call(
                "POST", "/com.atproto.repo.putRecord", "publish the post", is_public=True, json=body
            )
        except BlobNotFound:
            self._uploads.lost(prepared)
            raise
        if not str((answer.document() or {}).get("uri") or "").startswith("at://"):
            raise OutcomeUnknown(
                "Bluesky took the post and did not say where it is.",
                where=f"channel {self.channel.name}",
                todo="Pressroom puts the same record again: that is the same post.",
            )
        return replace(self._receipt(prepared), limit_ends_at=self._api.used_up(answer))

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        return Found(self._receipt(prepared)) if self._is_there(prepared) else Absent()

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        document = self._api.document(
            "GET", "/app.bsky.feed.getPosts", "show the counts of posts", params={"uris": list(remote_ids)}
        )
        posts = document.get("posts")
        if not isinstance(posts, list):
            raise Unavailable("Bluesky showed no posts.", where=self._where, todo="It is tried again later.")
        return {one["uri"]: _counts(one) for one in posts if isinstance(one, dict) and one.get("uri") in remote_ids}

    def tokens(self) -> list[TokenInfo]:
        """Return the session's end. It begins anew by itself; the app password has no end."""
        end = ends_at(self.channel.secret("refresh_token") or "")
        return [TokenInfo(kind="session", expires_at=end, renews_itself=True)] if end else []

    def check(self) -> list[Finding]:
        """Look whether a session can be had and used, without publishing."""
        found = warnings_about(self.settings.base_url)
        try:
            account = self._account()
        except PressroomError as error:
            return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
        found.append(Finding(ok=True, what=f"Bluesky accepts the credentials of @{account['handle']}."))
        if not _APP_PASSWORD.fullmatch((self.channel.secret("app_password") or "").strip()):
            found.append(
                Finding(
                    ok=True,
                    what=f"channels.{self.channel.name}.app_password does not look like an app password.",
                    todo="Make one in Bluesky's settings: it can post, and cannot take the account away.",
                )
            )
        return found

    @property
    def _where(self) -> str:
        return f"channel {self.channel.name}"

    def _account(self) -> dict[str, str]:
        """Return the account's DID and handle; raises `AccountDisconnected` for one that is switched off."""
        document = self._api.document("GET", "/com.atproto.server.getSession", "say whose account it is")
        did = str(document.get("did") or "")
        if not did.startswith("did:"):
            raise Unavailable("Bluesky did not say whose account it is.", where=self._where, todo="It is tried again.")
        handle = str(document.get("handle") or did)
        if document.get("active") is False:
            raise AccountDisconnected(
                f"The account @{handle} is {document.get('status') or 'not active'} on Bluesky.",
                where=self._where,
                todo="Look at the account on Bluesky, then resume the channel.",
            )
        return {"did": did, "handle": handle}

    def _dids(self, post: Post) -> dict[str, str]:
        """Return who is mentioned, by handle; a handle that nobody has is just text."""
        text = _bluesky_text.with_link(post).text
        handles = {span.text[1:].lower() for span in _bluesky_text.spans(text) if span.kind == "mention"}
        found = {}
        for handle in sorted(handles):
            try:
                document = self._api.document(
                    "GET", "/com.atproto.identity.resolveHandle", f"find @{handle}", params={"handle": handle}
                )
            except PostRejected:
                continue
            if str(document.get("did", "")).startswith("did:"):
                found[handle] = str(document["did"])
        return found

    def _is_there(self, prepared: dict[str, Any]) -> bool:
        where = {"repo": prepared["did"], "collection": COLLECTION, "rkey": prepared["key"]}
        try:
            self._api.document("GET", "/com.atproto.repo.getRecord", "look for the post", params=where)
        except RecordNotFound:
            return False
        return True

    def _receipt(self, prepared: dict[str, Any]) -> Receipt:
        did, key = prepared["did"], prepared["key"]
        return Receipt(remote_id=uri_of(did, key), url=page_of(did, key), at=self.channel.clock.now())


def _counts(post: dict[str, Any]) -> Engagement:
    def count(name: str) -> int | None:
        value = post.get(name)
        return value if isinstance(value, int) else None

    shares = [number for name in ("repostCount", "quoteCount") if (number := count(name)) is not None]
    return Engagement(likes=count("likeCount"), comments=count("replyCount"), shares=sum(shares) if shares else None)
