"""Threads as a strict local server: `python -m tests.fakes.threads`, or `with FakeThreads() as threads` in a test."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.fakes.control import argument_parser, serve
from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.meta import own
from tests.fakes.meta_containers import Container, Post
from tests.fakes.meta_errors import graph_error, invalid_parameter
from tests.fakes.meta_messages import fields, flag, json_list, parameters, pick
from tests.fakes.meta_pictures import Unreachable, fetch, look_at
from tests.fakes.meta_publishing import FakePublishing
from tests.fakes.meta_state import Account

USER_ID = "26144033231908"
BASIC, PUBLISH, INSIGHTS = "threads_basic", "threads_content_publish", "threads_manage_insights"
SCOPES = (BASIC, PUBLISH, INSIGHTS)
# Threads API, posts, 2026-11-20
MAX_TEXT, MAX_LINKS, MAX_CAROUSEL, MAX_ALT_TEXT = 500, 5, 20, 1000
MAX_BYTES = 8 * 1024 * 1024
FORMATS = ("image/jpeg", "image/png")
WIDEST = 10
PARAMETERS = {"media_type", "text", "image_url", "alt_text", "is_carousel_item", "children"}
_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u20e3\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2934\u2935\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)


class FakeThreads(FakePublishing):
    """Holds a profile, its containers and its posts; a long-lived token is there from the start."""

    versions = ("v1.0",)
    routes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "POST /{account}/threads": (BASIC, PUBLISH),
        "POST /{account}/threads_publish": (BASIC, PUBLISH),
        "GET /{account}/threads": (BASIC,),
        "GET /{account}/threads_publishing_limit": (BASIC, PUBLISH),
        "GET /me": (BASIC,),
        "GET /{id}/insights": (BASIC, INSIGHTS),
        "GET /{id}": (BASIC,),
    }
    open_routes = frozenset({"POST /oauth/access_token", "GET /access_token", "GET /refresh_access_token"})
    status_field, why_field, text_field, grants = "status", "error_message", "text", "th"
    metrics = ("views", "likes", "replies", "reposts", "quotes", "shares")
    default_quota = 250

    def begin(self) -> None:
        self.containers, self.posts, self.codes = [], [], set()
        self.accounts, self.tokens = [Account(USER_ID, "pressroom", SCOPES)], []
        self.connect(self.account)

    def carry_out(self, route: str, parts: list[str], request: Request, account: Account) -> Answer:
        if "{account}" in route and not own(parts, account):
            raise graph_error("(#10) The token is not of this profile.", 10, status=403)
        match route:
            case "POST /{account}/threads":
                return self.make_container(request, account)
            case "POST /{account}/threads_publish":
                return self.publish(request, account)
            case "GET /{account}/threads":
                return self.list_posts(request, account)
            case "GET /{account}/threads_publishing_limit":
                return self.show_limit(request, account)
            case "GET /me":
                wanted = fields(parameters(request, {"fields"}).get("fields", "id"))
                shown = {"id": account.id, "username": account.name, "name": "Pressroom"}
                return json_answer(200, pick(shown, wanted))
            case "GET /{id}/insights":
                return self.show_insights(parts[0], request, account)
        return self.show_object(parts[0], request, account)

    def carry_out_open(self, route: str, request: Request) -> Answer:
        match route:
            case "POST /oauth/access_token":
                return self.trade_code(request)
            case "GET /access_token":
                return self.lengthen(request)
        return self.refresh(request)

    def read_container(self, request: Request, account: Account) -> Container:
        values = parameters(request, PARAMETERS)
        kind = str(values.get("media_type", ""))
        if kind not in ("TEXT", "IMAGE", "CAROUSEL"):
            raise invalid_parameter("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}")
        text, alt_text = str(values.get("text", "")), str(values.get("alt_text", ""))
        _check_words(text, alt_text)
        container = Container(
            id=self.new_id(),
            account_id=account.id,
            kind=kind,
            text=text,
            made_at=self.now(),
            ready_at=self.now() + self.ready_after_seconds,
            is_item=flag(values, "is_carousel_item", False),
            alt_text=alt_text,
            url=str(values.get("image_url", "")),
            request_number=request.number,
        )
        if kind == "TEXT" and (not text.strip() or "image_url" in values or "children" in values):
            raise invalid_parameter("A text post has a text and nothing else")
        if kind == "CAROUSEL":
            container.children = self._children(values, account)
        elif kind == "IMAGE":
            self._check_picture(container)
        return container

    def permalink(self, post: Post) -> str:
        code = hashlib.sha256(post.id.encode()).hexdigest()[:11]
        return f"https://www.threads.com/@{self.account.name}/post/{code}"

    def not_ready(self, container_id: str) -> Exception:
        message = f"The media with id {container_id} cannot be found."
        return graph_error(
            "The requested resource does not exist", 24, 4279009, is_transient=False, user_message=message
        )

    def over_quota(self) -> Exception:
        message = "You reached the maximum number of posts that is allowed to be published by the Threads API."
        return graph_error("Application request limit reached", 9, 2207042, status=403, user_message=message)

    def _children(self, values: dict[str, Any], account: Account) -> list[str]:
        children = [str(child) for child in json_list(values, "children")]
        if not 2 <= len(children) <= MAX_CAROUSEL or "image_url" in values:
            raise invalid_parameter(f"Param children must have 2 to {MAX_CAROUSEL} items")
        for child in children:
            found = self.container(child, account)
            if found is None or not found.is_item or found.status(self.now()) != "FINISHED":
                raise self.not_ready(child)
        return children

    def _check_picture(self, container: Container) -> None:
        """Fetch and look at the picture; what is wrong with it is told with the container's state."""
        try:
            data = fetch(container.url, MAX_BYTES)
        except Unreachable:
            if not container.url.isascii() or not container.url:
                raise invalid_parameter("Param image_url must be a valid URI in ASCII") from None
            container.error = "FAILED_DOWNLOADING_IMAGE"
            return
        looked = look_at(data)
        if looked is None or looked.kind not in FORMATS or looked.size_bytes > MAX_BYTES:
            container.error = "INVALID_IMAGE"
        elif not 1 / WIDEST <= looked.ratio <= WIDEST:
            container.error = "INVALID_ASPEC_RATIO"


def counted(text: str) -> int:
    """The length that counts against 500: of an emoji each byte, of all else each character."""
    return sum(len(character.encode()) if _EMOJI.match(character) else 1 for character in text)


def _check_words(text: str, alt_text: str) -> None:
    if counted(text) > MAX_TEXT:
        raise invalid_parameter(f"Param text must be at most {MAX_TEXT} characters long.")
    if len(set(re.findall(r"(?:https?://|www\.)\S+", text))) > MAX_LINKS:
        message = "This post has too many links."
        raise graph_error("THREADS_API__LINK_LIMIT_EXCEEDED", 100, 4279048, user_message=message)
    if len(alt_text) > MAX_ALT_TEXT:
        raise invalid_parameter("Param alt_text is too long")


def main() -> None:
    parser = argument_parser("threads")
    parser.add_argument("--ready-after", type=float, default=0.0, metavar="SECONDS", help="until a container is ready")
    parser.add_argument("--quota", type=int, default=None, help="posts a day")
    options = parser.parse_args()
    fake = FakeThreads(
        port=options.port, state_file=options.state, ready_after_seconds=options.ready_after, quota=options.quota
    )
    serve(fake, options)


if __name__ == "__main__":
    main()
