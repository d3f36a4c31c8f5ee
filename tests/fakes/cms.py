"""A strict little CMS as a local server: `with FakeCms("bearer") as cms`. It refuses what it does not know."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.cms_auth import KINDS, CmsDoorkeeper, refused
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Part, Request, json_answer, parse_multipart
from tests.fakes.server import FakeServer

MOST_CHARACTERS = 5000
PUBLIC = "https://cms.example"
_SIGNATURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
_FIELDS = ("text", "title", "key", "media", "public", "tags")


@dataclass
class CmsMedia:
    id: str
    kind: str
    size_bytes: int
    sha256: str
    alt: str
    file_name: str


@dataclass
class CmsPost:
    id: int
    text: str
    title: str = ""
    key: str = ""
    media: list[str] = field(default_factory=list)
    public: bool = True
    tags: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    """The hashes of pictures that came with the post itself."""

    @property
    def shown(self) -> dict[str, Any]:
        return {"id": self.id, "link": f"{PUBLIC}/p/{self.id}", "key": self.key, "text": self.text}


class FakeCms(FakeServer):
    """Holds media and posts, and remembers idempotency keys if it is told to."""

    def __init__(
        self,
        kind: str = "bearer",
        *,
        port: int = 0,
        state_file: Path | None = None,
        remembers_keys: bool = False,
        keys_are_unique: bool = False,
        client_in: str = "header",
    ) -> None:
        super().__init__(port=port, state_file=state_file)
        self.remembers_keys = remembers_keys
        self.keys_are_unique = keys_are_unique
        self.door = CmsDoorkeeper(kind, client_in=client_in)
        self.media: list[CmsMedia] = []
        self.posts: list[CmsPost] = []
        self.remembered: dict[str, tuple[str, int]] = {}
        """Of each idempotency key the hash of the body, and the post."""
        self.mangle: Callable[[Answer], Answer] = lambda answer: answer
        """Changes what the service replies to a post that it has taken."""

    def answer(self, request: Request) -> Answer:
        if (request.method, request.path) == ("POST", "/token"):
            return self.door.give_token(request, self.now())
        self.door.check(request, self.now())
        match request.method, request.path.split("/")[1:]:
            case "GET", ["me"]:
                return json_answer(200, {"user": "editor"})
            case "POST", ["media"]:
                return self._upload(request)
            case "PATCH", ["media", media_id]:
                return self._describe(request, media_id)
            case "POST", ["posts"]:
                return self._create(request)
            case "GET", ["posts"]:
                return self._search(request)
            case "GET", ["posts", "by-key", key]:
                return self._find(key)
        raise refused(404, f"There is no {request.method} {request.path}.")

    def refusal(self, fault: Fault, request: Request) -> Answer:
        headers = {"retry-after": "60"} if fault is Fault.RATE_LIMITED else {}
        return json_answer(fault.status, {"error": {"message": f"The CMS says {fault.value}."}}, headers)

    def usual_status(self, request: Request) -> int:
        return 201 if request.method == "POST" else 200

    def holdings(self) -> dict[str, Any]:
        return self.dump()

    def dump(self) -> dict[str, Any]:
        return {
            "posts": [asdict(post) for post in self.posts],
            "media": [asdict(item) for item in self.media],
            "remembered": self.remembered,
        }

    def load(self, state: dict[str, Any]) -> None:
        self.posts = [CmsPost(**post) for post in state["posts"]]
        self.media = [CmsMedia(**item) for item in state["media"]]
        self.remembered = {key: (digest, number) for key, (digest, number) in state["remembered"].items()}

    def reset(self) -> None:
        with self.lock:
            self.posts, self.media, self.remembered = [], [], {}
            super().reset()

    def _upload(self, request: Request) -> Answer:
        if request.content_type == "multipart/form-data":
            parts = {part.name: part for part in _parts(request)}
            if set(parts) - {"file", "alt", "meta"} or "file" not in parts:
                raise refused(400, f"The parts must be file and alt, not {sorted(parts)}.")
            file = parts["file"]
            alt = parts["alt"].data.decode() if "alt" in parts else ""
            if "meta" in parts:
                if parts["meta"].content_type != "application/json":
                    raise refused(400, "meta must be JSON.")
                alt = json.loads(parts["meta"].data)["alt"]
            return self._keep(file.content_type, file.data, alt, file.filename or "")
        if request.content_type == "application/json":
            document = _table(request, ("data", "type", "alt", "name"))
            try:
                data = base64.b64decode(document["data"], validate=True)
            except (KeyError, TypeError, binascii.Error) as error:
                raise refused(400, "data must be base64.") from error
            return self._keep(document.get("type", ""), data, document.get("alt", ""), document.get("name", ""))
        disposition = request.headers.get("content-disposition", "")
        if not disposition.startswith('attachment; filename="'):
            raise refused(400, "A raw body needs Content-Disposition with a file name.")
        return self._keep(request.content_type, request.body, request.query.get("alt", ""), disposition.split('"')[1])

    def _keep(self, kind: str, data: bytes, alt: str, name: str) -> Answer:
        if not name or not data.startswith(_SIGNATURES.get(kind, b"\0no picture")):
            raise refused(415, f"That is no picture of the type {kind!r} with a name.")
        item = CmsMedia(f"m-{len(self.media) + 1}", kind, len(data), hashlib.sha256(data).hexdigest(), alt, name)
        self.media.append(item)
        self.mark_changed()
        return json_answer(201, {"media": {"id": item.id}}, {"location": f"/media/{item.id}"})

    def _describe(self, request: Request, media_id: str) -> Answer:
        found = [item for item in self.media if item.id == media_id]
        if not found:
            raise refused(404, "There is no such picture.")
        found[0].alt = str(_table(request, ("alt",))["alt"])
        self.mark_changed()
        return json_answer(200, {"media": {"id": media_id}})

    def _create(self, request: Request) -> Answer:
        key, digest = request.headers.get("idempotency-key", ""), hashlib.sha256(request.body).hexdigest()
        if self.remembers_keys and key in self.remembered:
            known, number = self.remembered[key]
            if known != digest:
                raise refused(422, "The idempotency key was used with another body.")
            return self._created(self.posts[number - 1], 200)
        post = self._read_post(request)
        twin = [one for one in self.posts if one.key and one.key == post.key]
        if self.keys_are_unique and twin:
            raise refused(409, "There is a post with this key.", existing=twin[0].shown)
        self.posts.append(post)
        if self.remembers_keys and key:
            self.remembered[key] = (digest, post.id)
        self.mark_changed()
        return self._created(post, 201)

    def _created(self, post: CmsPost, status: int) -> Answer:
        return self.mangle(json_answer(status, post.shown, {"location": f"/posts/{post.id}"}))

    def _read_post(self, request: Request) -> CmsPost:
        pictures: list[str] = []
        if request.content_type == "multipart/form-data":
            values: dict[str, Any] = {}
            for part in _parts(request):
                if part.filename is None:
                    _add(values, part.name, part.data.decode())
                elif part.name != "pictures" or not part.data.startswith(_SIGNATURES.get(part.content_type, b"\0")):
                    raise refused(415, f"The file {part.name} is no picture.")
                else:
                    pictures.append(hashlib.sha256(part.data).hexdigest())
        elif request.content_type == "application/x-www-form-urlencoded":
            values = {}
            for name, found in parse_qs(request.body.decode(), strict_parsing=True).items():
                for one in found:
                    _add(values, name, one)
        elif request.content_type == "text/plain":
            values = {"text": request.body.decode()}
        else:
            values = _table(request, _FIELDS)
        return self._checked(values, pictures)

    def _checked(self, values: dict[str, Any], pictures: list[str]) -> CmsPost:
        text = values.get("text")
        if set(values) - set(_FIELDS):
            raise refused(400, f"Unknown fields: {sorted(set(values) - set(_FIELDS))}.")
        if not isinstance(text, str) or not text or len(text) > MOST_CHARACTERS:
            raise refused(400, f"text must have 1 to {MOST_CHARACTERS} characters.")
        known = {item.id for item in self.media}
        media = values.get("media", [])
        if not isinstance(media, list) or not set(media) <= known:
            raise refused(400, f"media must be a list of ids of pictures, not {media!r}.")
        if not isinstance(values.get("public", True), bool):
            raise refused(400, "public must be true or false.")
        return CmsPost(id=len(self.posts) + 1, pictures=pictures, **values)

    def _search(self, request: Request) -> Answer:
        if set(request.query) - {"key", "api_key", "text"}:
            raise refused(400, f"Unknown parameters: {sorted(request.query)}.")
        wanted = {name: value for name, value in request.query.items() if name != "api_key"}
        shown = [post.shown for post in self.posts]
        return json_answer(200, {"items": [one for one in shown if all(one[k] == v for k, v in wanted.items())]})

    def _find(self, key: str) -> Answer:
        found = [post.shown for post in self.posts if post.key == key]
        if not found:
            raise refused(404, "There is no such post.")
        return json_answer(200, found[0])


def _add(values: dict[str, Any], name: str, value: str) -> None:
    if name in ("media", "tags"):
        values.setdefault(name, []).append(value)
    elif name in values:
        raise refused(400, f"The field {name} is there twice.")
    else:
        values[name] = value


def _parts(request: Request) -> list[Part]:
    try:
        return parse_multipart(request)
    except ValueError as error:
        raise refused(400, str(error)) from error


def _table(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise refused(415, f"The body is {request.content_type or 'of no type'}, not JSON.")
    try:
        found = request.json()
    except ValueError as error:
        raise refused(400, "That is not JSON.") from error
    if not isinstance(found, dict) or set(found) - set(known):
        raise refused(400, f"The body must be a table with {', '.join(known)}.")
    return found


def main() -> None:
    parser = argument_parser("cms")
    parser.add_argument("--auth", choices=KINDS, default="bearer")
    parser.add_argument("--remember-keys", action="store_true", help="take Idempotency-Key")
    options = parser.parse_args()
    cms = FakeCms(options.auth, port=options.port, state_file=options.state, remembers_keys=options.remember_keys)
    serve(cms, options)


if __name__ == "__main__":
    main()
