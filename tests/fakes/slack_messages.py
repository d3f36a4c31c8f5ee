"""Messages on the fake Slack: what it takes as text, blocks and metadata, and how it shows them again."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.slack_state import File, Message, State

LONGEST_TEXT = 40_000
FIELDS = {"channel", "text", "blocks", "metadata", "unfurl_links", "unfurl_media", "mrkdwn", "thread_ts"}
WEBHOOK_FIELDS = {"text", "blocks", "unfurl_links", "unfurl_media"}
_FILE_ID = re.compile(r"F[A-Z0-9]{8,}")


def no(error: str, message: str = "", **more: Any) -> Refused:
    """Slack says no with the status 200."""
    document: dict[str, Any] = {"ok": False, "error": error, **more}
    if message:
        document["response_metadata"] = {"messages": [f"[ERROR] {message}"]}
    return Refused(json_answer(200, document))


def read_json(request: Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise no("invalid_form_data")
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise no("invalid_json") from error
    if not isinstance(document, dict):
        raise no("json_not_object")
    return document


def post(document: dict[str, Any], state: State, now: float, *, by_webhook: bool = False) -> Message:
    """A message after all checks; it is not yet among those of the state."""
    if unknown := document.keys() - (WEBHOOK_FIELDS if by_webhook else FIELDS):
        raise no("invalid_arguments", f"{sorted(unknown)[0]} is not a valid argument")
    text, blocks = document.get("text", ""), document.get("blocks", [])
    if not isinstance(text, str) or not isinstance(blocks, list):
        raise no("invalid_arguments")
    if not text.strip() and not blocks:
        raise no("no_text")
    if len(text) > LONGEST_TEXT:
        raise no("msg_too_long")
    if len(blocks) > 50:
        raise no("invalid_blocks", "no more than 50 items allowed [json-pointer:/blocks]")
    for number, block in enumerate(blocks):
        _check_block(block, f"/blocks/{number}", state)
    metadata = document.get("metadata") or {}
    if metadata and (
        metadata.keys() != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict)
    ):
        raise no("invalid_metadata_format")
    if metadata and not re.fullmatch(r"[A-Za-z0-9_]+", str(metadata["event_type"])):
        raise no("invalid_metadata_schema")
    channel = "" if by_webhook else str(document.get("channel"))
    return Message(state.new_ts(now), channel, text, blocks, metadata, now, by_webhook)


def check_channel(channel: object, state: State, *, reading: bool = False) -> None:
    if channel in state.archived and not reading:
        raise no("is_archived")
    if not isinstance(channel, str) or not re.fullmatch(r"[CGD][A-Z0-9]{6,}", channel):
        raise no("channel_not_found")
    if channel not in state.bot.channels:
        raise no("not_in_channel" if channel.startswith("C") else "channel_not_found")


def history(request: Request, state: State, now: float, lag: float) -> Answer:
    query = request.query
    check_channel(query.get("channel"), state, reading=True)
    oldest, latest = float(query.get("oldest") or 0), float(query.get("latest") or now + 1)
    inclusive = query.get("inclusive") == "true"
    found = [
        message
        for message in reversed(state.messages)
        if message.channel == query["channel"] and message.at <= now - lag
        if oldest < float(message.ts) < latest or (inclusive and float(message.ts) in (oldest, latest))
    ]
    start, limit = int(query.get("cursor") or 0), int(query.get("limit") or 100)
    if not 1 <= limit <= 999:
        raise no("invalid_limit")
    shown = [one.as_shown(query.get("include_all_metadata") == "true") for one in found[start : start + limit]]
    more = start + limit < len(found)
    document = {"ok": True, "messages": shown, "has_more": more}
    return json_answer(200, document | ({"response_metadata": {"next_cursor": str(start + limit)}} if more else {}))


def _check_block(block: Any, pointer: str, state: State) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind == "section":
        text = block.get("text") or {}
        if text.get("type") not in ("mrkdwn", "plain_text") or not 1 <= len(text.get("text", "")) <= 3000:
            raise no("invalid_blocks", f"must be less than 3001 characters [json-pointer:{pointer}/text/text]")
        return
    if kind != "image" or not 1 <= len(block.get("alt_text") or "") <= 2000:
        raise no("invalid_blocks", f"unsupported block, or alt_text is missing [json-pointer:{pointer}]")
    if ("image_url" in block) == ("slack_file" in block):
        raise no("invalid_blocks", f"image_url or slack_file is required [json-pointer:{pointer}]")
    if "slack_file" in block:
        file = _file(str(block["slack_file"].get("id")), state)
        if file is None or file.state != "complete" or file.looks_left or not file.mimetype.startswith("image/"):
            raise no("invalid_blocks", f"invalid slack file [json-pointer:{pointer}/slack_file]")


def _file(file_id: str, state: State) -> File | None:
    return next((file for file in state.files if file.id == file_id and _FILE_ID.fullmatch(file_id)), None)
