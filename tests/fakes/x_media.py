"""Uploads: what X takes as an image, and its alt text."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from tests.fakes.messages import Answer, Refused, Request, json_answer, parse_multipart
from tests.fakes.x_problems import invalid_request, problem
from tests.fakes.x_state import Account, Media, State

MEDIA_SECONDS = 24 * 60 * 60
MAX_IMAGE_BYTES = 5_000_000  # 5 MB; docs.x.com media best practices, 2026-11-20
MAX_GIF_BYTES = 15_000_000
MAX_GIF_SIZE = (1280, 1080)
MAX_PIXELS = 100_000_000
MAX_ALT_TEXT = 1000
# One call takes images; GIFs and videos that move go in chunks, which this fake does not serve.
CATEGORIES = {"tweet_image": MAX_IMAGE_BYTES, "tweet_gif": MAX_GIF_BYTES}
FIELDS = {"media", "media_category", "media_type", "additional_owners", "shared"}
# OpenAPI 2.167, media upload: images and subtitles, in one call
MEDIA_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/bmp",
    "image/pjpeg",
    "image/tiff",
    "text/srt",
    "text/vtt",
)
MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "image/gif": b"GIF8"}


def upload(request: Request, account: Account, state: State, now: float) -> Answer:
    """`POST /2/media/upload`, as multipart or as JSON with base64."""
    fields, data = _read_upload(request)
    category = fields.get("media_category", "")
    if category not in CATEGORIES:
        raise invalid_request(f"media_category must be one of {sorted(CATEGORIES)}", {"media_category": [category]})
    if (named := fields.get("media_type")) is not None and named not in MEDIA_TYPES:
        raise invalid_request(f"media_type must be one of {sorted(MEDIA_TYPES)}", {"media_type": [named]})
    if len(data) > CATEGORIES[category]:
        raise Refused(Answer(413))
    mime, width, height = _look_at(data)
    if category == "tweet_gif" and (mime != "image/gif" or width > MAX_GIF_SIZE[0] or height > MAX_GIF_SIZE[1]):
        raise invalid_request("A tweet_gif is a GIF of at most 1280x1080.", {"media": [mime]})
    media_id = state.new_id(now)
    media_key = f"{3 if category == 'tweet_image' else 16}_{media_id}"
    digest = hashlib.sha256(data).hexdigest()
    expires_at = now + MEDIA_SECONDS
    state.media.append(
        Media(media_id, account.id, media_key, category, mime, len(data), width, height, digest, expires_at)
    )
    document = {
        "id": media_id,
        "media_key": media_key,
        "size": len(data),
        "expires_after_secs": MEDIA_SECONDS,
        "image": {"w": width, "h": height, "image_type": mime},
    }
    return json_answer(200, {"data": document})


def describe(request: Request, account: Account, state: State, now: float) -> Answer:
    """`POST /2/media/metadata`: the alt text of an upload that is not yet part of a post."""
    document = read_json(request)
    for name in document.keys() - {"id", "metadata"}:
        raise invalid_request(f"$.{name}: is not defined in the schema and the schema does not allow it")
    media_id, metadata = document.get("id"), document.get("metadata", {})
    if not isinstance(media_id, str) or not isinstance(metadata, dict):
        raise invalid_request("$.id: string expected; $.metadata: object expected")
    alt_text = metadata.get("alt_text")
    if alt_text is not None:
        text = alt_text.get("text") if isinstance(alt_text, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_ALT_TEXT or set(alt_text) != {"text"}:
            raise invalid_request(f"$.metadata.alt_text.text: 1 to {MAX_ALT_TEXT} characters expected")
    media = usable_media(state, account, media_id, now)
    if media is None:
        raise invalid_request("Your media IDs are invalid.", {"id": [media_id]})
    if alt_text is not None:
        media.alt_text = alt_text["text"]
    return json_answer(200, {"data": {"id": media_id, "associated_metadata": metadata}})


def usable_media(state: State, account: Account, media_id: str, now: float) -> Media | None:
    """The upload, if it is this user's, not expired, and in no post."""
    media = next((media for media in state.media if media.id == media_id), None)
    if media is None or media.account_id != account.id or media.expires_at <= now or media.post_id:
        return None
    return media


def read_json(request: Request) -> dict[str, Any]:
    """The JSON object of a body, refused as X refuses anything else."""
    if request.content_type != "application/json":
        raise invalid_request("Requests with bodies must have content-type of application/json.")
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise invalid_request("Request body is not valid JSON.") from error
    if not isinstance(document, dict):
        raise invalid_request("$: object expected")
    return document


def _read_upload(request: Request) -> tuple[dict[str, str], bytes]:
    if request.content_type == "multipart/form-data":
        try:
            parts = {part.name: part for part in parse_multipart(request)}
            fields = {name: part.data.decode() for name, part in parts.items() if name != "media"}
        except ValueError as error:
            raise invalid_request(f"The multipart body is malformed: {error}") from error
        data = parts["media"].data if "media" in parts else b""
    else:
        document = read_json(request)
        fields = {name: str(value) for name, value in document.items() if name != "media"}
        try:
            data = base64.b64decode(document.get("media") or "", validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise invalid_request("$.media: base64 expected") from error
    for name in fields.keys() - FIELDS:
        raise invalid_request(f"$.{name}: is not defined in the schema and the schema does not allow it")
    if not data:
        raise invalid_request("$.media: is missing but it is required", {"media": []})
    if "media_category" not in fields:
        raise invalid_request("$.media_category: is missing but it is required", {"media_category": []})
    return fields, data


def _look_at(data: bytes) -> tuple[str, int, int]:
    """Type, width and height of an image that can be decoded to its end."""
    import pyvips

    mime = next((mime for mime, magic in MAGIC.items() if data.startswith(magic)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        mime = "image/webp"
    if not mime:
        raise problem(400, "Invalid Request", "media type unrecognized.")
    try:
        image = pyvips.Image.new_from_buffer(data, "")
        if image.width * image.height > MAX_PIXELS:
            raise invalid_request("The image has too many pixels.", {"media": []})
        # Read to the end, a JPEG at an eighth of its size; `thumbnail_buffer` would take a PNG that is cut short.
        shrink = {"shrink": 8} if mime == "image/jpeg" else {}
        pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on="truncated", **shrink).avg()
    except pyvips.Error as error:
        raise invalid_request("The image cannot be decoded.", {"media": []}) from error
    return mime, image.width, image.height
