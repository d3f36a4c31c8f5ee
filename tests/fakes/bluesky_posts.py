"""What Bluesky takes as a post: the record's lexicon, its uploads, and places in its text counted in bytes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from tests.fakes.bluesky_errors import invalid
from tests.fakes.bluesky_state import Blob, State

MOST_GRAPHEMES, MOST_BYTES, MOST_LANGUAGES = 300, 3_000, 3  # lexicon app.bsky.feed.post, 2026-11-20
MOST_IMAGES, MOST_IMAGE_BYTES = 4, 2_000_000  # lexicon app.bsky.embed.images, 2026-11-20
MOST_TAG_GRAPHEMES = 64  # lexicon app.bsky.richtext.facet, 2026-11-20
FIELDS = {"$type", "text", "createdAt", "langs", "facets", "embed", "reply", "labels", "tags"}
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s]+")
_FEATURES = {"link": "uri", "mention": "did", "tag": "tag"}


def check(record: Any, did: str, state: State) -> list[Blob]:
    """The uploads that a record refers to; a refusal as Bluesky words it if the record breaks the lexicon."""
    if not isinstance(record, dict) or record.get("$type") != "app.bsky.feed.post":
        raise invalid("Invalid $type: expected app.bsky.feed.post")
    _demand(not record.keys() - FIELDS, f"has unknown properties {sorted(record.keys() - FIELDS)}")
    text = record.get("text")
    if not isinstance(text, str):
        raise _wrong("Record must have the property text")
    _demand(len(text.encode()) <= MOST_BYTES, f"Record/text must not be longer than {MOST_BYTES} characters")
    _demand(_graphemes(text) <= MOST_GRAPHEMES, f"Record/text must not be longer than {MOST_GRAPHEMES} graphemes")
    _check_moment(record.get("createdAt"))
    languages = record.get("langs", [])
    _demand(isinstance(languages, list) and len(languages) <= MOST_LANGUAGES, "Record/langs must not have more than 3")
    for facet in record.get("facets", []):
        _check_facet(facet, text.encode())
    return _check_embed(record.get("embed"), did, state)


def _check_moment(value: Any) -> None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong("Record/createdAt must be an valid atproto datetime (both RFC-3339 and ISO-8601)") from None
    _demand(moment.tzinfo is not None, "Record/createdAt must have a time zone")


def _check_facet(facet: Any, text: bytes) -> None:
    """The real server takes any numbers and the app then shows no link: the fake wants them right."""
    index, features = facet.get("index", {}), facet.get("features")
    start, end = index.get("byteStart"), index.get("byteEnd")
    _demand(
        isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text), "a facet is out of place"
    )
    try:
        piece = text[start:end].decode()
    except UnicodeDecodeError:
        raise _wrong("a facet begins or ends in the middle of a character") from None
    _demand(isinstance(features, list) and len(features) == 1, "a facet has one feature")
    feature = features[0]
    kind = str(feature.get("$type", "")).removeprefix("app.bsky.richtext.facet#")
    _demand(kind in _FEATURES and set(feature) == {"$type", _FEATURES[kind]}, f"unknown feature {feature}")
    value = feature[_FEATURES[kind]]
    match kind:
        case "link":
            _demand(bool(_URI.fullmatch(value)) and piece == value, "a link must be where it is written")
        case "mention":
            _demand(value.startswith("did:") and piece.startswith("@"), "a mention must be a DID, and begin with @")
        case _:
            _demand(piece[:1] in "#＃" and piece[1:] == value, "a tag must be where it is written, without #")
            _demand(0 < _graphemes(value) <= MOST_TAG_GRAPHEMES, "a tag has 1 to 64 graphemes")


def _check_embed(embed: Any, did: str, state: State) -> list[Blob]:
    if embed is None:
        return []
    if embed.get("$type") == "app.bsky.embed.external":
        external = embed.get("external", {})
        for name in ("uri", "title", "description"):
            _demand(isinstance(external.get(name), str), f'Record/embed/external must have the property "{name}"')
        _demand(bool(_URI.fullmatch(external["uri"])), "Record/embed/external/uri must be a uri")
        return []
    _demand(embed.get("$type") == "app.bsky.embed.images", f"unknown embed {embed.get('$type')}")
    images = embed.get("images", [])
    _demand(0 < len(images) <= MOST_IMAGES, "Record/embed/images must not have more than 4 elements")
    return [_check_image(image, did, state) for image in images]


def _check_image(image: dict[str, Any], did: str, state: State) -> Blob:
    _demand(isinstance(image.get("alt"), str), 'Record/embed/images/0 must have the property "alt"')
    ratio = image.get("aspectRatio")
    if ratio is not None:
        sides = (ratio.get("width"), ratio.get("height"))
        _demand(all(isinstance(side, int) and side >= 1 for side in sides), "aspectRatio must be whole numbers from 1")
    blob = image.get("image", {})
    cid = blob.get("ref", {}).get("$link") if blob.get("$type") == "blob" else None
    known = next((one for one in state.blobs if one.cid == cid and one.did == did), None)
    if known is None:
        raise invalid(f"Could not find blob: {cid}", "BlobNotFound")
    if not str(blob.get("mimeType", "")).startswith("image/"):
        raise invalid(f"Wrong type of file. It is {blob.get('mimeType')} but it must match image/*.", "InvalidMimeType")
    if blob["mimeType"] != known.mime:
        said = f"Expected: {known.mime}, Got: {blob['mimeType']}"
        raise invalid(f"Referenced Mimetype does not match stored blob. {said}", "InvalidMimeType")
    if blob.get("size") != known.size:
        raise invalid("Referenced Size does not match stored blob.", "InvalidSize")
    if known.size > MOST_IMAGE_BYTES:
        size = f"It is {known.size / 1e6:.2f}MB but the maximum size is {MOST_IMAGE_BYTES / 1e6:.0f}MB."
        raise invalid(f"This file is too large. {size}", "BlobTooLarge")
    return known


def _graphemes(text: str) -> int:
    import regex

    return len(regex.findall(r"\X", text))


def _demand(is_so: bool, else_say: str) -> None:
    if not is_so:
        raise _wrong(else_say)


def _wrong(why: str) -> Exception:
    return invalid(f"Invalid app.bsky.feed.post record: {why}")
