"""What a Mastodon server takes as a status, knows by its key for an hour, and shows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes import mastodon_media, mastodon_text
from tests.fakes.mastodon_errors import invalid, not_found, refused
from tests.fakes.mastodon_state import Account, Media, State, Status
from tests.fakes.messages import Answer, Request, json_answer

KEY_SECONDS = 60 * 60  # docs.joinmastodon.org methods/statuses, 2026-11-20
MOST_MEDIA = 4
FIELDS = {
    "status": str,
    "media_ids": list,
    "visibility": str,
    "language": str,
    "sensitive": bool,
    "spoiler_text": str,
    "in_reply_to_id": str,
}
COUNTS = ("favourites_count", "reblogs_count", "replies_count")


def create(request: Request, account: Account, state: State, now: float, most_characters: int) -> Answer:
    """`POST /api/v1/statuses`: with a key of the last hour the status that was made with it."""
    key = f"{account.id}:{request.headers.get('idempotency-key', '')}"
    known, until = state.keys.get(key, ("", 0.0))
    if known and until > now:
        status = next((one for one in state.statuses if one.id == known), None)
        if status is None:
            raise not_found()
        return json_answer(200, shown(status, state))
    status = _checked(request, account, state, now, most_characters)
    state.statuses.append(status)
    for media in state.media:
        if media.id in status.media_ids:
            media.status_id = status.id
    if request.headers.get("idempotency-key"):
        state.keys[key] = (status.id, now + KEY_SECONDS)
    return json_answer(200, shown(status, state))


def _checked(request: Request, account: Account, state: State, now: float, most_characters: int) -> Status:
    document = _json(request)
    for name, value in document.items():
        if name not in FIELDS or not isinstance(value, FIELDS[name]):
            raise invalid(f"{name} is unknown or of a wrong type")
    text, warning = document.get("status", ""), document.get("spoiler_text", "")
    ids = document.get("media_ids", [])
    if not text.strip() and not ids:
        raise invalid("Text can't be blank")
    if mastodon_text.count(text) + mastodon_text.count(warning) > most_characters:
        raise invalid(f"Text character limit of {most_characters} exceeded")
    if document.get("visibility", "public") not in ("public", "unlisted", "private", "direct"):
        raise invalid("Visibility is not included in the list")
    media = _attached(ids, account, state, now)
    return Status(
        state.new_id(now),
        account.id,
        text,
        now,
        [one.id for one in media],
        document.get("visibility", "public"),
        document.get("language"),
        document.get("sensitive", False) or bool(warning),
        warning,
        document.get("in_reply_to_id"),
    )


def _attached(ids: list[Any], account: Account, state: State, now: float) -> list[Media]:
    if len(ids) > MOST_MEDIA:
        raise invalid("Cannot attach more than 4 files")
    found = [mastodon_media.find(str(one), account, state, now) for one in ids]
    missing = [str(one) for one, media in zip(ids, found, strict=True) if media is None or media.status_id]
    if missing:
        raise invalid(f"Media {', '.join(missing)} not found or already attached to another post")
    media = [one for one in found if one]
    if any(one.ready_at > now or one.is_broken for one in media):
        raise invalid("Cannot attach files that have not finished processing. Try again in a moment!")
    return media


def of_account(request: Request, account: Account, account_id: str, state: State) -> Answer:
    """`GET /api/v1/accounts/:id/statuses`, the newest first."""
    if account_id not in [one.id for one in state.accounts]:
        raise not_found()
    query = request.query
    for name in query.keys() - {"limit", "max_id", "since_id", "exclude_reblogs", "exclude_replies"}:
        raise refused(400, f"unknown parameter {name}")
    most = min(int(query.get("limit", "20")), 40)
    before = int(query.get("max_id", str(2**70)))
    own = [one for one in state.statuses if one.account_id == account_id and int(one.id) < before]
    if query.get("exclude_replies") == "true":
        own = [one for one in own if not one.in_reply_to_id]
    if account_id != account.id:
        own = [one for one in own if one.visibility in ("public", "unlisted")]
    own.sort(key=lambda one: int(one.id), reverse=True)
    return json_answer(200, [shown(one, state) for one in own[:most]])


def by_ids(request: Request, state: State) -> Answer:
    """`GET /api/v1/statuses?id[]=…`: those that are there."""
    ids = [value for name, value in parse_qsl(request.query_string) if name == "id[]"]
    return json_answer(200, [shown(one, state) for one in state.statuses if one.id in ids])


def by_id(status_id: str, state: State) -> Answer:
    for status in state.statuses:
        if status.id == status_id:
            return json_answer(200, shown(status, state))
    raise not_found()


def shown(status: Status, state: State) -> dict[str, Any]:
    username = state.account(status.account_id).username
    moment = datetime.fromtimestamp(status.created_at, UTC).isoformat(timespec="milliseconds")
    media = [one for one in state.media if one.id in status.media_ids]
    return {
        "id": status.id,
        "created_at": moment.replace("+00:00", "Z"),
        "in_reply_to_id": status.in_reply_to_id,
        "sensitive": status.sensitive,
        "spoiler_text": status.spoiler_text,
        "visibility": status.visibility,
        "language": status.language,
        "uri": f"https://mastodon.example/users/{username}/statuses/{status.id}",
        "url": f"https://mastodon.example/@{username}/{status.id}",
        "content": mastodon_text.shown(status.text),
        "reblog": None,
        "account": account_shown(state.account(status.account_id)),
        "media_attachments": [mastodon_media.shown(one, status.created_at) for one in media],
        **{name: status.counts.get(name, 0) for name in COUNTS},
    }


def account_shown(account: Account) -> dict[str, Any]:
    names = {"username": account.username, "acct": account.username}
    return {"id": account.id, **names, "url": f"https://mastodon.example/@{account.username}"}


def _json(request: Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise invalid("the fake takes statuses as JSON")
    try:
        document = request.json()
    except ValueError:
        raise refused(400, "Bad Request") from None
    if not isinstance(document, dict):
        raise refused(400, "Bad Request")
    return document
