"""Uploads to the fake Slack: an address is asked for, bytes are sent there, and the upload is completed."""

from __future__ import annotations

import secrets

from tests.fakes.messages import Answer, Refused, Request, json_answer, parse_form
from tests.fakes.slack_messages import check_channel, no, read_json
from tests.fakes.slack_state import File, State

MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "image/gif": b"GIF8"}


def ask(request: Request, base_url: str, state: State) -> Answer:
    """`files.getUploadURLExternal`"""
    try:
        form = parse_form(request)
    except ValueError as error:
        raise no("invalid_form_data") from error
    if form.keys() - {"filename", "length", "alt_txt", "snippet_type"} or not form.get("filename"):
        raise no("invalid_arguments")
    if not form.get("length", "").isdecimal() or int(form["length"]) == 0:
        raise no("invalid_arguments", "length must be a positive number")
    if len(form.get("alt_txt", "")) > 2000:
        raise no("alt_txt_too_large")
    file = File("F0" + secrets.token_hex(5).upper(), form["filename"], int(form["length"]), form.get("alt_txt", ""))
    state.files.append(file)
    return json_answer(200, {"ok": True, "upload_url": f"{base_url}/upload/v1/{file.id}", "file_id": file.id})


def put(request: Request, state: State) -> Answer:
    """The bytes; the address is good once, and bears its own right."""
    file = next((file for file in state.files if request.path == f"/upload/v1/{file.id}"), None)
    if file is None or file.state != "asked for" or "authorization" in request.headers:
        raise Refused(Answer(403, b"not allowed"))
    if len(request.body) != file.length:
        raise Refused(Answer(500, b"the length is another one"))
    file.mimetype = next((kind for kind, magic in MAGIC.items() if request.body.startswith(magic)), "text/plain")
    file.state = "uploaded"
    return Answer(200, f"OK - {file.length}".encode(), {"content-type": "text/plain"})


def complete(request: Request, state: State, looks: int) -> Answer:
    """`files.completeUploadExternal`; with a channel it would be a message of its own."""
    document = read_json(request)
    named = document.get("files")
    if not isinstance(named, list) or not named:
        raise no("invalid_arguments")
    files = [next((file for file in state.files if file.id == one.get("id")), None) for one in named]
    for file in files:
        if file is None or file.state != "uploaded":
            raise no("file_not_found")
    for file in filter(None, files):
        file.state, file.looks_left = "complete", looks
        if "channel_id" in document:
            check_channel(document["channel_id"], state)
            file.was_shared_alone = True
    return json_answer(
        200, {"ok": True, "files": [{"id": file.id, "title": file.name} for file in filter(None, files)]}
    )


def info(request: Request, state: State) -> Answer:
    """`files.info`; the type stays empty until Slack has looked at the file."""
    file = next((file for file in state.files if file.id == request.query.get("file")), None)
    if file is None or file.state != "complete":
        raise no("file_not_found")
    mimetype = "" if file.looks_left else file.mimetype
    file.looks_left = max(0, file.looks_left - 1)
    return json_answer(200, {"ok": True, "file": {"id": file.id, "name": file.name, "mimetype": mimetype}})
