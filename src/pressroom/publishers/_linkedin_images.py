"""Uploads of one post to LinkedIn, each kept as soon as it is there; none is used before LinkedIn has worked it up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from pressroom.errors import Deferred, PostRejected, Unavailable
from pressroom.http_api import HttpApi
from pressroom.ports import Clock
from pressroom.publications import Post, PostMedia
from pressroom.publishers.base import ImageRules, Keep, ReadMedia

FIRST_LOOK, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=1)
PATIENCE = timedelta(minutes=10)
"""With a picture that LinkedIn is processing; then it is uploaded anew."""
ARRIVES_WITHIN = timedelta(minutes=1)
"""An upload that LinkedIn still waits for, or cannot show, is made anew. The success of an upload has no words: one
that something in between answered instead looks the same."""
_SAVED = (200, 201, 202, 204)
_GONE = (403, 404, 410)
"""An address for an upload is good once, and for a while."""


def upload_all(
    api: HttpApi,
    clock: Clock,
    rules: ImageRules,
    owner: str,
    post: Post,
    read: ReadMedia,
    prepared: dict[str, Any],
    keep: Keep,
) -> dict[str, Any]:
    """Upload what is not yet there, and look whether LinkedIn can use it; keep every image that was ever ours.

    Raises `Deferred` while LinkedIn works on a picture.
    """
    images: list[dict[str, Any]] = [dict(image) for image in prepared.get("images", [])]
    urns: list[str] = list(prepared.get("urns", []))

    def store() -> None:
        nonlocal prepared
        prepared = {**prepared, "images": [dict(image) for image in images], "urns": list(urns)}
        keep(prepared)

    for place, item in enumerate(post.media):
        if place >= len(images):
            images.append({})
        if images[place].get("asset") != f"{item.key}@{item.revision}":
            images[place] = _upload(api, clock, rules, owner, item, read(item))
            urns.append(images[place]["urn"])
            store()
    for image, item in zip(images, post.media, strict=False):
        if image["is_ready"]:
            continue
        try:
            _look(api, clock, image, item)
        except Unavailable:
            if clock.now() - datetime.fromisoformat(image["uploaded_at"]) > ARRIVES_WITHIN:
                image["asset"] = ""
                store()
            raise
        image["is_ready"] = True
        store()
    return prepared


def _upload(api: HttpApi, clock: Clock, rules: ImageRules, owner: str, item: PostMedia, data: bytes) -> dict[str, Any]:
    if len(data) > rules.max_bytes:
        raise PostRejected(
            f"The picture {item.key} has {len(data):,} bytes; LinkedIn takes {rules.max_bytes:,}.",
            where=item.key,
            todo="Make a smaller variant of it.",
        )
    document = api.document(
        "POST",
        "/rest/images?action=initializeUpload",
        "take a picture",
        json={"initializeUploadRequest": {"owner": owner}},
    )
    value = document.get("value")
    url, urn = (str(value.get(name) or "") for name in ("uploadUrl", "image")) if isinstance(value, dict) else ("", "")
    if not urn.startswith("urn:li:image:") or urlsplit(url).scheme not in ("https", urlsplit(api.base_url).scheme):
        raise Unavailable(
            "LinkedIn did not say where to upload a picture to.", where=api.where, todo="It is tried again later."
        )
    headers = {"content-type": item.media_type}
    answer = api.call("PUT", url, "upload a picture", ok=(*_SAVED, *_GONE), content=data, headers=headers)
    if answer.status in _GONE:
        what = f"LinkedIn takes no picture at the address that it gave ({answer.status}); another is asked for anew."
        raise Unavailable(what, where=api.where, todo="It is tried again later.")
    return {
        "asset": f"{item.key}@{item.revision}",
        "urn": urn,
        "uploaded_at": clock.now().isoformat(),
        "is_ready": False,
    }


def _look(api: HttpApi, clock: Clock, image: dict[str, Any], item: PostMedia) -> None:
    """Return if the picture can be used; raises what else there is to say of it."""
    # A member's app may lack the right to look. Then the post itself shows whether the picture can be used.
    answer = api.call("GET", f"/rest/images/{quote(image['urn'], safe='')}", "show an upload", ok=(200, 403))
    status = str((answer.document() or {}).get("status") or "")
    if answer.status == 403 or status == "AVAILABLE":
        return
    if status == "PROCESSING_FAILED":
        raise PostRejected(
            f"LinkedIn could not process the picture {item.key}.",
            where=item.key,
            todo="Try another format or a smaller one.",
        )
    age = clock.now() - datetime.fromisoformat(image["uploaded_at"])
    patience = {"PROCESSING": PATIENCE, "WAITING_UPLOAD": ARRIVES_WITHIN}.get(status)
    if patience is None or age > patience:
        raise Unavailable(
            f"LinkedIn did not get the picture {item.key} ready: {status or 'it does not say why'}.",
            where=api.where,
            todo="It is uploaded anew.",
        )
    raise Deferred(
        clock.now() + min(max(FIRST_LOOK, age), LONGEST_WAIT),
        f"LinkedIn is still working on the picture {item.key}.",
        where=api.where,
        todo="It goes on by itself.",
    )
