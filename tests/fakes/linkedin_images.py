"""Uploads to the fake LinkedIn: an address is asked for, bytes are put there, and the image is worked up."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import unquote

from tests.fakes.linkedin_auth import check_author
from tests.fakes.linkedin_problems import denied, refused, wrong_input
from tests.fakes.linkedin_state import Image, Member, State, Token
from tests.fakes.messages import Answer, Request, json_answer

UPLOAD_SECONDS = 30 * 60
MAX_PIXELS = 36_152_319  # learn.microsoft.com linkedin/…/images-api, 2026-11-20
MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "image/gif": b"GIF8"}


def read_json(request: Request, fields: set[str], required: set[str]) -> dict[str, Any]:
    """The JSON object of a body with these fields and no others."""
    if request.content_type != "application/json":
        raise refused(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type application/json is expected")
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise refused(400, "BAD_REQUEST", "Cannot parse request entity") from error
    if not isinstance(document, dict):
        raise refused(400, "BAD_REQUEST", "Request body is not an object")
    for name in document.keys() - fields:
        raise wrong_input(f"/{name} :: unrecognized field found but not allowed", "UNRECOGNIZED_FIELD", "ERROR", 422)
    for name in sorted(required - document.keys()):
        raise wrong_input(f"/{name} :: field is required but not found", "MISSING_FIELD", "ERROR", 422)
    return document


def begin(request: Request, base_url: str, member: Member, token: Token, state: State, now: float) -> Answer:
    document = read_json(request, {"initializeUploadRequest"}, {"initializeUploadRequest"})
    asked = document["initializeUploadRequest"]
    owner = check_author(asked.get("owner") if isinstance(asked, dict) else None, member, token, "images.ACTION")
    name = "D4E10AQ" + secrets.token_urlsafe(12).replace("_", "x")
    path = f"/dms-uploads/{name}/uploaded-image/0"
    state.images.append(Image(f"urn:li:image:{name}", owner, path, now + UPLOAD_SECONDS))
    value = {
        "uploadUrlExpiresAt": int((now + UPLOAD_SECONDS) * 1000),
        "uploadUrl": f"{base_url}{path}?ca=vector_feedshare&cn=uploads&sync=0&v=beta&ut=fake",
        "image": f"urn:li:image:{name}",
    }
    return json_answer(200, {"value": value})


def put(request: Request, state: State, now: float, looks: int) -> Answer:
    image = next((image for image in state.images if image.upload_path == request.path), None)
    if image is None or image.upload_expires_at <= now:
        return Answer(403)
    if image.status != "WAITING_UPLOAD":
        return Answer(400)
    image.had_bearer = "authorization" in request.headers
    image.sha256 = hashlib.sha256(request.body).hexdigest()
    image.looks_left = looks
    image.mime, image.width, image.height = _look_at(request.body)
    image.status = "AVAILABLE" if image.mime else "PROCESSING_FAILED"
    return Answer(201, headers={"etag": f'"{image.sha256[:8]}"'})


def show(request: Request, member: Member, state: State) -> Answer:
    urn = unquote(request.path.rpartition("/")[2])
    image = next((image for image in state.images if image.urn == urn), None)
    if image is None:
        raise refused(404, "NOT_FOUND", "Image not found")
    if image.owner not in (member.urn, *member.organizations):
        raise denied("images.GET")
    status = "PROCESSING" if image.looks_left and image.status != "WAITING_UPLOAD" else image.status
    image.looks_left = max(0, image.looks_left - 1)
    return json_answer(200, {"id": image.urn, "owner": image.owner, "status": status})


def _look_at(data: bytes) -> tuple[str, int, int]:
    """Type, width and height; an empty type for what LinkedIn cannot work up."""
    import pyvips

    mime = next((mime for mime, magic in MAGIC.items() if data.startswith(magic)), "")
    try:
        image = pyvips.Image.new_from_buffer(data, "")
        small_enough = image.width * image.height <= MAX_PIXELS
        pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on="truncated").avg()
    except pyvips.Error:
        return "", 0, 0
    return (mime, image.width, image.height) if small_enough else ("", 0, 0)
