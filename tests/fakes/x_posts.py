"""Posts: what X takes as one, and how it gives them back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.x_media import read_json, usable_media
from tests.fakes.x_problems import DUPLICATE, forbidden, invalid_request, not_found
from tests.fakes.x_state import Account, Post, State
from tests.fakes.x_text import (
    MAX_LONG_POST_LENGTH,
    MAX_WEIGHTED_LENGTH,
    find_links,
    shown_text,
    weighted_length,
)

DUPLICATE_SECONDS = 24 * 60 * 60
UNDEFINED = "is not defined in the schema and the schema does not allow additional properties"
# OpenAPI 2.167, TweetCreateRequest; what belongs to replies, polls and the like is known and refused.
PLAIN_FIELDS = {"text", "media", "made_with_ai", "paid_partnership", "nullcast", "reply_settings"}
UNSERVED_FIELDS = {
    "card_uri",
    "community_id",
    "direct_message_deep_link",
    "edit_options",
    "for_super_followers_only",
    "geo",
    "poll",
    "quote_tweet_id",
    "reply",
    "share_with_followers",
}
REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")
NO_METRICS = dict.fromkeys(
    ("impression_count", "like_count", "reply_count", "retweet_count", "quote_count", "bookmark_count"), 0
)
QUERY = {"tweet.fields", "expansions", "media.fields"}
TIMELINE_QUERY = QUERY | {
    "max_results",
    "start_time",
    "end_time",
    "since_id",
    "until_id",
    "pagination_token",
    "exclude",
}


def check_new_post(request: Request, account: Account, state: State, now: float, *, refuse_repeats: bool) -> Post:
    """The post that a request asks for, not yet accepted; refused if X would refuse it."""
    document = read_json(request)
    for name in sorted(document.keys() - PLAIN_FIELDS - UNSERVED_FIELDS):
        raise invalid_request(f"$.{name}: {UNDEFINED}")
    for name in sorted(document.keys() & UNSERVED_FIELDS):
        raise forbidden(f"You are not permitted to use {name}.")
    for name in sorted(document.keys() & {"made_with_ai", "paid_partnership", "nullcast"}):
        if not isinstance(document[name], bool):
            raise invalid_request(f"$.{name}: boolean expected")
    if document.get("reply_settings", REPLY_SETTINGS[0]) not in REPLY_SETTINGS:
        raise invalid_request("$.reply_settings: does not have a value in the enumeration")
    text = document.get("text", "")
    if not isinstance(text, str):
        raise invalid_request("$.text: string expected")
    media_ids = _check_media(document["media"], account, state, now) if "media" in document else []
    if not text.strip() and not media_ids:
        raise invalid_request("$.text: is missing but it is required", {"text": [text]})
    if weighted_length(text) > (MAX_LONG_POST_LENGTH if account.is_premium else MAX_WEIGHTED_LENGTH):
        raise invalid_request("Your Tweet text is too long.", {"text": [text]})
    if refuse_repeats and text and _was_posted(text, account, state, now):
        raise forbidden(DUPLICATE)
    keys = [media.media_key for media in state.media if media.id in media_ids]
    shown = shown_text(text, keys)
    made_with_ai = document.get("made_with_ai", False)
    return Post("", account.id, text, shown, media_ids, now, request.number, made_with_ai)


def accept(post: Post, state: State, now: float) -> Answer:
    """Put the post up and say so."""
    post.id = state.new_id(now)
    state.posts.append(post)
    for media in state.media:
        if media.id in post.media_ids:
            media.post_id = post.id
    return json_answer(201, {"data": {"id": post.id, "text": post.shown_text, "edit_history_tweet_ids": [post.id]}})


def has_link(post: Post) -> bool:
    return bool(find_links(post.text))


def read_timeline(request: Request, posts: list[Post], state: State) -> tuple[Answer, list[Post]]:
    """`GET /2/users/{id}/tweets`: newest first; gives the posts on the page too, for the till."""
    query = _check_query(request, TIMELINE_QUERY)
    size = query.get("max_results", "10")
    if not size.isdigit() or not 5 <= int(size) <= 100:
        raise invalid_request(
            f"The `max_results` query parameter value [{size}] is not between 5 and 100", {"max_results": [size]}
        )
    start, end = _moment(query, "start_time"), _moment(query, "end_time")
    found = [
        post
        for post in sorted(posts, key=lambda post: int(post.id), reverse=True)
        if (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
        and int(post.id) > int(query.get("since_id", "0"))
        and ("until_id" not in query or int(post.id) < int(query["until_id"]))
    ]
    token = query.get("pagination_token", "p0")
    if not re.fullmatch(r"p\d+", token):
        raise invalid_request("The `pagination_token` is not valid", {"pagination_token": [token]})
    first = int(token[1:])
    page = found[first : first + int(size)]
    meta: dict[str, Any] = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
    if first + int(size) < len(found):
        meta["next_token"] = f"p{first + int(size)}"
    document: dict[str, Any] = {"data": [_show(post, query, state) for post in page]} if page else {}
    return json_answer(200, document | _includes(page, query, state) | {"meta": meta}), page


def read_posts(request: Request, ids: str | None, posts: list[Post], state: State) -> tuple[Answer, list[Post]]:
    """`GET /2/tweets?ids=` (None: from the query) or one by its path; what is not there is in `errors`."""
    query = _check_query(request, QUERY | {"ids"} if ids is None else QUERY)
    wanted = (query.get("ids", "") if ids is None else ids).split(",")
    if len(wanted) > 100 or not all(re.fullmatch(r"\d{1,19}", one) for one in wanted):
        raise invalid_request("The `ids` query parameter must be 1 to 100 numbers", {"ids": wanted})
    by_id = {post.id: post for post in posts}
    found = [by_id[one] for one in wanted if one in by_id]
    shown = [_show(post, query, state) for post in found]
    document: dict[str, Any] = {}
    if found:
        document["data"] = shown if ids is None else shown[0]
    document |= _includes(found, query, state)
    if absent := [one for one in wanted if one not in by_id]:
        document["errors"] = [not_found("ids" if ids is None else "id", one) for one in absent]
    return json_answer(200, document), found


def _check_media(media: Any, account: Account, state: State, now: float) -> list[str]:
    if not isinstance(media, dict):
        raise invalid_request("$.media: object expected")
    for name in sorted(media.keys() - {"media_ids", "tagged_user_ids"}):
        raise invalid_request(f"$.media.{name}: {UNDEFINED}")
    ids = media.get("media_ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise invalid_request("$.media.media_ids: array of strings expected", {"$.media.media_ids": [str(ids)]})
    if not 1 <= len(ids) <= 4 or len(set(ids)) != len(ids):
        raise invalid_request("$.media.media_ids: there must be 1 to 4 different items in the array")
    found = [usable_media(state, account, one, now) for one in ids]
    moving = any(media is not None and media.category == "tweet_gif" for media in found)
    if None in found or (moving and len(ids) > 1):
        raise invalid_request("Your media IDs are invalid.", {"media.media_ids": ids})
    return ids


def _was_posted(text: str, account: Account, state: State, now: float) -> bool:
    return any(
        post.text == text and post.account_id == account.id and post.created_at > now - DUPLICATE_SECONDS
        for post in state.posts
    )


def _check_query(request: Request, known: Iterable[str]) -> dict[str, str]:
    query = request.query
    for name in sorted(query.keys() - set(known)):
        raise invalid_request(f"The query parameter [{name}] is not one of {sorted(known)}", {name: [query[name]]})
    return query


def _moment(query: dict[str, str], name: str) -> float | None:
    if name not in query:
        return None
    try:
        # X takes whole seconds in UTC, as in 2026-11-20T18:00:00Z.
        return datetime.strptime(query[name], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise invalid_request(f"The `{name}` is not a valid date-time", {name: [query[name]]}) from error


def _show(post: Post, query: dict[str, str], state: State) -> dict[str, Any]:
    fields = query.get("tweet.fields", "").split(",")
    shown: dict[str, Any] = {"id": post.id, "text": post.shown_text, "edit_history_tweet_ids": [post.id]}
    if "created_at" in fields:
        moment = datetime.fromtimestamp(post.created_at, UTC)
        shown["created_at"] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if "public_metrics" in fields:
        shown["public_metrics"] = dict(NO_METRICS) | post.metrics
    if "author_id" in fields:
        shown["author_id"] = post.account_id
    if post.media_ids and ("attachments" in fields or "attachments.media_keys" in query.get("expansions", "")):
        keys = {media.id: media.media_key for media in state.media}
        shown["attachments"] = {"media_keys": [keys[one] for one in post.media_ids]}
    if "entities" in fields and (links := find_links(post.text)):
        shown["entities"] = {"urls": [{"url": one.short_url, "expanded_url": one.url} for one in links]}
    return shown


def _includes(posts: list[Post], query: dict[str, str], state: State) -> dict[str, Any]:
    wanted = {one for post in posts for one in post.media_ids}
    if "attachments.media_keys" not in query.get("expansions", "").split(",") or not wanted:
        return {}
    fields = query.get("media.fields", "").split(",")
    shown = []
    for media in state.media:
        if media.id not in wanted:
            continue
        kind = "photo" if media.category == "tweet_image" else "animated_gif"
        values = {"alt_text": media.alt_text, "width": media.width, "height": media.height}
        extra = {name: value for name, value in values.items() if name in fields and value is not None}
        shown.append({"media_key": media.media_key, "type": kind, **extra})
    return {"includes": {"media": shown}}
