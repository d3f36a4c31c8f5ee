"""What templates are given: the post, its pictures, our key, the time, and what replies said before."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pressroom.fitting import fit_text
from pressroom.publications import Post, PostMedia
from pressroom.publishers._rest_filters import OMIT, hashtags

NAMES = (
    "text",
    "title",
    "link",
    "alt_text",
    "media",
    "picture",
    "tags",
    "about",
    "key",
    "now",
    "omit",
    "id",
    "reply",
    "headers",
)
"""Names that templates have anyway, so that nothing taken from a reply can bear them."""
OF_PICTURE = ("number", "name", "media_type", "width", "height", "alt_text", "url", "base64", "size_bytes", "sha256")
READ = frozenset(("base64", "size_bytes", "sha256"))
"""What of a picture can be told only by its bytes."""
_URL_LIFE = timedelta(days=7)
_EXTENSIONS = {"image/jpeg": ".jpg", "image/svg+xml": ".svg", "image/tiff": ".tif"}

Bytes = Callable[[PostMedia], bytes]
Url = Callable[[PostMedia], str]


def values_of(
    post: Post, key: str, now: datetime, pictures: Sequence[dict[str, Any]], taken: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the templates of every request may use; those of one picture replace `picture` and `alt_text`."""
    values = {
        "text": post.text,
        "title": post.title,
        "link": post.link,
        "tags": hashtags(post.text),
        "about": post.about,
        "key": key,
        "now": now,
        "omit": OMIT,
        "media": list(pictures),
        **taken,
    }
    return with_picture(values, pictures[0] if pictures else None)


def with_picture(values: Mapping[str, Any], picture: dict[str, Any] | None) -> dict[str, Any]:
    return {**values, "picture": picture, "alt_text": picture["alt_text"] if picture else ""}


def picture_of(item: PostMedia, number: int, uses: set[str], read: Bytes, url: Url, alt_limit: int) -> dict[str, Any]:
    """Return what templates may know of a picture; its bytes and its public address only if one of them uses it."""
    picture: dict[str, Any] = {
        "number": number,
        "name": file_name(item),
        "media_type": item.media_type,
        "width": item.width,
        "height": item.height,
        "alt_text": fit_text(item.alt_text, alt_limit, len) if alt_limit else "",
    }
    if uses & READ:
        data = read(item)
        picture["size_bytes"] = len(data)
        if "sha256" in uses:
            picture["sha256"] = hashlib.sha256(data).hexdigest()
        if "base64" in uses:
            picture["base64"] = base64.b64encode(data).decode()
    if "url" in uses:
        picture["url"] = url(item)
    return picture


def file_name(item: PostMedia) -> str:
    """Return a name for the picture that every header and every file system takes."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", item.key.rpartition("/")[2].rpartition(".")[0] or item.key).strip("-.")
    return (stem[:100] or "picture") + _EXTENSIONS.get(item.media_type, "." + item.media_type.rpartition("/")[2])


def url_until(first: datetime, now: datetime) -> datetime:
    """Return until when a picture's address is good: the same for every try within days, so that bodies are alike."""
    return first + _URL_LIFE * (1 + (now - first + timedelta(days=1)) // _URL_LIFE)


class AnyKey(dict[str, Any]):
    """Stands for what a pipeline may know of a post: every key leads to a sample."""

    def __contains__(self, key: object) -> bool:
        return key not in ("items", "keys", "values", "get")

    def __getitem__(self, key: str) -> Any:
        return f"sample-{key}"

    def get(self, key: str, default: Any = None) -> Any:
        return self[key]


def sample_post(with_pictures: bool = True) -> Post:
    """Return a post that looks like one, for trying templates out."""
    picture = PostMedia(
        key="images/sample.jpg",
        revision=1,
        media_type="image/jpeg",
        width=1600,
        height=900,
        alt_text="What the picture shows",
    )
    post = Post(
        text="The words of a post. #sample",
        media=(picture,),
        link="https://example.com/a",
        title="The title of a post",
        about=AnyKey(),
    )
    return post if with_pictures else replace(post, media=())


def sample_bytes(item: PostMedia) -> bytes:
    return bytes(48_213)


def sample_url(item: PostMedia) -> str:
    return "https://pictures.example.com/signed/" + file_name(item)
