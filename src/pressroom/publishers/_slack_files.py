"""Uploads of one post to Slack. Nobody sees them before the message shows them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from pressroom.errors import Deferred, PostRejected, Unavailable
from pressroom.fitting import fit_text
from pressroom.http_api import HttpApi
from pressroom.ports import Clock
from pressroom.publications import Post, PostMedia
from pressroom.publishers._slack_api import Refusal, ask
from pressroom.publishers.base import ImageRules, Keep, ReadMedia
from pressroom.signing import NoSignIn

FIRST_LOOK = timedelta(seconds=1)
LATEST_LOOK = timedelta(minutes=1)
PATIENCE = timedelta(minutes=5)
"""A file that is not ready by then is uploaded anew."""
# What was sent to the address counts as stored by its status alone, so Slack's word comes later than the loss.
# docs.slack.dev files.getUploadURLExternal, files.completeUploadExternal, files.info (errors), 2026-11-20
_LOST = {"file_not_found", "file_deleted"}
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}


def upload_all(
    api: HttpApi,
    clock: Clock,
    rules: ImageRules,
    alt_text_limit: int,
    post: Post,
    read: ReadMedia,
    prepared: dict[str, Any],
    keep: Keep,
) -> dict[str, Any]:
    """Upload what is not yet there, and look whether Slack can show it. Raises `Deferred` while it works on a file."""
    files: list[dict[str, Any]] = [dict(one) for one in prepared.get("files", [])]

    def store() -> None:
        nonlocal prepared
        prepared = {**prepared, "files": [dict(one) for one in files]}
        keep(prepared)

    for place, item in enumerate(post.media):
        if place >= len(files):
            files.append({})
        if files[place].get("asset") != f"{item.key}@{item.revision}":
            files[place] = _upload(api, clock, rules, alt_text_limit, place, item, read(item))
            store()
    for one, item in zip(files, post.media, strict=False):
        if one["is_ready"]:
            continue
        try:
            is_ready = _is_ready(api, one["id"])
        except Refusal as refusal:
            one["asset"] = ""
            store()
            raise _lost(api, item, refusal) from None
        if not is_ready:
            age = clock.now() - datetime.fromisoformat(one["uploaded_at"])
            if age > PATIENCE:
                one["asset"] = ""
                store()
                what = f"Slack did not get the picture {item.key} ready."
                raise Unavailable(what, where=api.where, todo="It is uploaded anew.")
            what = f"Slack is still working on the picture {item.key}."
            until = clock.now() + min(max(FIRST_LOOK, age), LATEST_LOOK)
            raise Deferred(until, what, where=api.where, todo="It goes on by itself.")
        one["is_ready"] = True
        store()
    return prepared


def _upload(
    api: HttpApi, clock: Clock, rules: ImageRules, alt_text_limit: int, place: int, item: PostMedia, data: bytes
) -> dict[str, Any]:
    if len(data) > rules.max_bytes:
        raise PostRejected(
            f"The picture {item.key} has {len(data):,} bytes; Pressroom sends Slack {rules.max_bytes:,} at most.",
            where=item.key,
            todo="Make a smaller variant of it.",
        )
    name = f"picture-{place + 1}.{_EXTENSIONS.get(item.media_type, 'bin')}"
    form = {"filename": name, "length": str(len(data))}
    if item.alt_text.strip():
        form["alt_txt"] = fit_text(item.alt_text.strip(), alt_text_limit, len)
    document, _ = ask(api, "POST", "files.getUploadURLExternal", "take a picture", data=form)
    url, file_id = str(document.get("upload_url") or ""), str(document.get("file_id") or "")
    if not file_id or urlsplit(url).scheme not in ("https", urlsplit(api.base_url).scheme):
        what = "Slack did not say where to upload a picture to."
        raise Unavailable(what, where=api.where, todo="It is tried again later.")
    _put(api, url, data)
    named = {"files": [{"id": file_id, "title": name}]}
    # Without a channel the file stays the app's own: the message is what makes it public.
    try:
        ask(api, "POST", "files.completeUploadExternal", "keep a picture", tell=_LOST, json=named)
    except Refusal as refusal:
        raise _lost(api, item, refusal) from None
    return {
        "asset": f"{item.key}@{item.revision}",
        "id": file_id,
        "uploaded_at": clock.now().isoformat(),
        "is_ready": False,
    }


def _lost(api: HttpApi, item: PostMedia, refusal: Refusal) -> Unavailable:
    what = f"Slack has lost the picture {item.key} that it took: {refusal.error}."
    return Unavailable(what, where=api.where, todo="It is uploaded anew.")


def _put(api: HttpApi, url: str, data: bytes) -> None:
    """Send the bytes to the address that Slack has chosen; it bears its own right, so the token stays here."""
    bare = HttpApi(
        service=api.service,
        where=api.where,
        base_url=api.base_url,
        timeout=api.timeout,
        clock=api.clock,
        sign_in=NoSignIn,
    )
    bare.call("POST", url, "upload a picture", content=data, headers={"content-type": "application/octet-stream"})


def _is_ready(api: HttpApi, file_id: str) -> bool:
    """Say whether Slack knows by now what kind of file it is; until then no message can show it. Raises `Refusal`.

    slackapi/slack-github-action#413, slackapi/java-slack-sdk#1349, 2026-11-20
    """
    document, _ = ask(api, "GET", "files.info", "show an upload", tell=_LOST, params={"file": file_id})
    file = document.get("file")
    return isinstance(file, dict) and bool(file.get("mimetype"))
