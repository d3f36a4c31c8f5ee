"""Instagram as a strict local server: `python -m tests.fakes.instagram`, or `with FakeInstagram() as instagram`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from tests.fakes.control import argument_parser, serve
from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.meta import own
from tests.fakes.meta_containers import Container, Post
from tests.fakes.meta_errors import graph_error, invalid_parameter, token_error
from tests.fakes.meta_messages import fields, flag, json_list, page, parameters, pick
from tests.fakes.meta_pictures import Looked, Unreachable, fetch, look_at
from tests.fakes.meta_publishing import FakePublishing
from tests.fakes.meta_state import APP_ID, APP_SECRET, DAY_SECONDS, LONG_LIFE_SECONDS, Account

USER_ID = "17841405822304914"
APP_SCOPED_ID = "9090909090"
BASIC, PUBLISH, INSIGHTS = (
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_insights",
)
SCOPES = (BASIC, PUBLISH, INSIGHTS)
# Instagram platform, IG User media, 2026-11-20
MAX_CAPTION, MAX_HASHTAGS, MAX_MENTIONS, MAX_ALT_TEXT = 2200, 30, 20, 1000
MAX_BYTES = 8 * 1024 * 1024
NARROWEST, WIDEST = 0.8, 1.91
MAX_CAROUSEL = 10
MAX_CONTAINERS = 400
PARAMETERS = {"image_url", "caption", "alt_text", "media_type", "is_carousel_item", "children"}


class FakeInstagram(FakePublishing):
    """Holds an account, its containers and its posts; a token of Instagram's own login is there from the start."""

    versions = ("v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0")
    old_versions = ("v18.0", "v19.0", "v20.0")
    routes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "POST /{account}/media": (BASIC, PUBLISH),
        "POST /{account}/media_publish": (BASIC, PUBLISH),
        "GET /{account}/media": (BASIC,),
        "GET /{account}/content_publishing_limit": (BASIC, PUBLISH),
        "GET /me": (BASIC,),
        "GET /me/accounts": (BASIC,),
        "GET /{id}/insights": (BASIC, INSIGHTS),
        "GET /{id}": (BASIC,),
    }
    open_routes = frozenset({"POST /oauth/access_token", "GET /access_token", "GET /refresh_access_token"})
    open_routes |= {"GET /oauth/access_token"}
    status_field, why_field, text_field, grants = "status_code", "status", "caption", "ig"
    metrics = ("views", "reach", "likes", "comments", "saved", "shares", "total_interactions")
    default_quota = 50

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        ready_after_seconds: float = 0.0,
        quota: int | None = None,
        is_page: bool = False,
    ) -> None:
        """`is_page`: the token is one of the Page that the account belongs to, which `/me` then is."""
        self.is_page = is_page
        super().__init__(port=port, state_file=state_file, ready_after_seconds=ready_after_seconds, quota=quota)

    def begin(self) -> None:
        self.containers, self.posts, self.codes = [], [], set()
        self.accounts, self.tokens = [Account(USER_ID, "pressroom", SCOPES)], []
        self.connect(self.account)

    def carry_out(self, route: str, parts: list[str], request: Request, account: Account) -> Answer:
        if "{account}" in route and not own(parts, account):
            raise graph_error("(#10) The token is not of this account.", 10, status=403)
        if account.is_restricted and request.method == "POST":
            message = "The Instagram account is restricted."
            raise graph_error(message, 25, 2207050, status=403, user_message=message)
        match route:
            case "POST /{account}/media":
                return self.make_container(request, account)
            case "POST /{account}/media_publish":
                return self.publish(request, account)
            case "GET /{account}/media":
                return self.list_posts(request, account)
            case "GET /{account}/content_publishing_limit":
                return self.show_limit(request, account)
            case "GET /me":
                return self._show_me(request, account)
            case "GET /me/accounts":
                return self._show_pages(request)
            case "GET /{id}/insights":
                return self.show_insights(parts[0], request, account)
        return self.show_object(parts[0], request, account)

    def carry_out_open(self, route: str, request: Request) -> Answer:
        match route:
            case "POST /oauth/access_token" if not self.is_page:
                return self.trade_code(request)
            case "GET /access_token":
                return self.lengthen(request)
            case "GET /refresh_access_token":
                return self.refresh(request)
        return self._of_facebook(request)

    def read_container(self, request: Request, account: Account) -> Container:
        values = parameters(request, PARAMETERS)
        today = [one for one in self.containers if one.made_at > self.now() - DAY_SECONDS]
        if len(today) >= MAX_CONTAINERS:
            raise graph_error("Application request limit reached", 4, 2207069, status=403)
        kind = values.get("media_type", "IMAGE")
        if kind not in ("IMAGE", "CAROUSEL"):
            raise invalid_parameter("Param media_type must be one of {IMAGE, CAROUSEL} here")
        caption, alt_text = str(values.get("caption", "")), str(values.get("alt_text", ""))
        _check_words(caption, alt_text)
        container = Container(
            id=self.new_id(),
            account_id=account.id,
            kind=kind,
            text=caption,
            made_at=self.now(),
            ready_at=self.now() + self.ready_after_seconds,
            is_item=flag(values, "is_carousel_item", False),
            alt_text=alt_text,
            url=str(values.get("image_url", "")),
            request_number=request.number,
        )
        if kind == "CAROUSEL":
            container.children = self._children(values, account)
        else:
            self._check_picture(container)
        return container

    def permalink(self, post: Post) -> str:
        code = hashlib.sha256(post.id.encode()).hexdigest()[:11]
        return f"https://www.instagram.com/p/{code}/"

    def not_ready(self, container_id: str) -> Exception:
        message = "The media is not ready for publishing, please wait for a moment"
        return graph_error("Media ID is not available", 9007, 2207027, is_transient=False, user_message=message)

    def over_quota(self) -> Exception:
        message = "You reached maximum number of posts that is allowed to be published by Content Publishing API."
        return graph_error("Application request limit reached", 9, 2207042, status=403, user_message=message)

    def _children(self, values: dict[str, Any], account: Account) -> list[str]:
        children = [str(child) for child in json_list(values, "children")]
        if not 2 <= len(children) <= MAX_CAROUSEL or "image_url" in values:
            message = f"A carousel has 2 to {MAX_CAROUSEL} children and no picture of its own."
            raise graph_error(message, 9, 2207028, user_message=message)
        for child in children:
            found = self.container(child, account)
            if found is None or not found.is_item or found.status(self.now()) != "FINISHED":
                raise graph_error("Media ID is not available", 9007, 2207027)
        return children

    def _check_picture(self, container: Container) -> None:
        """Fetch and look at the picture; a service that takes its time says at the end that it came to nothing."""
        try:
            data = fetch(container.url, MAX_BYTES)
        except Unreachable:
            refused = graph_error(
                "Only photo or video can be accepted as media type.",
                9004,
                2207052,
                user_message="The media could not be fetched from this URI.",
            )
        else:
            found = _refusal(len(data), look_at(data))
            if found is None:
                return
            refused = found
        if not self.ready_after_seconds:
            raise refused
        subcode = refused.answer.json()["error"]["error_subcode"]
        container.error = f"Error: Media upload has failed with error code {subcode}"

    def _show_me(self, request: Request, account: Account) -> Answer:
        wanted = fields(parameters(request, {"fields"}).get("fields", "id"))
        own_account = {"id": account.id, "username": account.name}
        shown: dict[str, Any] = {"id": APP_SCOPED_ID, "name": "Pressroom"}
        if self.is_page:
            shown["instagram_business_account"] = own_account
        else:
            shown |= {"user_id": account.id, "username": account.name}
        return json_answer(200, pick(shown, wanted))

    def _show_pages(self, request: Request) -> Answer:
        parameters(request, {"fields", "limit", "after"})
        account = {"id": self.account.id, "username": self.account.name}
        own_token = next(token for token in self.tokens if token.expires_at is None)
        listed = {"id": "102030", "name": "Pressroom", "access_token": own_token.text}
        return json_answer(200, page([{**listed, "instagram_business_account": account}], {}))

    def _of_facebook(self, request: Request) -> Answer:
        """Facebook's token endpoint: a code, or a token that lives for an hour, for a longer one."""
        known = {"grant_type", "client_id", "client_secret", "code", "redirect_uri", "fb_exchange_token"}
        values = parameters(request, known)
        if (values.get("client_id"), values.get("client_secret")) != (APP_ID, APP_SECRET):
            raise graph_error("Error validating client secret.", 1)
        given = values.get("fb_exchange_token")
        if not any(token.text == given and not token.is_void for token in self.tokens):
            raise token_error("The token is not one of this app's.")
        token = self.connect(self.account, LONG_LIFE_SECONDS, age_seconds=0)
        return json_answer(200, {"access_token": token.text, "expires_in": LONG_LIFE_SECONDS})


def _check_words(caption: str, alt_text: str) -> None:
    too_many = len(re.findall(r"(?<!\w)#\w", caption)) > MAX_HASHTAGS
    if len(caption) > MAX_CAPTION or too_many:
        message = "The caption is too long or has too many hashtags."
        raise graph_error("The caption was too long.", 36004, 2207010, user_message=message)
    if len(re.findall(r"(?<!\w)@\w", caption)) > MAX_MENTIONS:
        raise graph_error("Too many mentions.", 100, 2207040, user_message=f"Mention {MAX_MENTIONS} at most.")
    if len(alt_text) > MAX_ALT_TEXT:
        raise invalid_parameter("Param alt_text is too long")


def _refusal(size: int, looked: Looked | None) -> Any:
    if size > MAX_BYTES:
        message = "The image is too large to download. It should be less than 8 MiB."
        return graph_error("The image size is too large.", 36000, 2207004, user_message=message)
    if looked is None or looked.kind != "image/jpeg":
        message = "The image format is not supported. Please check spec for supported formats: JPEG."
        return graph_error("The image format is not supported.", 36001, 2207005, user_message=message)
    if not NARROWEST - 0.005 <= looked.ratio <= WIDEST + 0.005:
        message = f"The submitted image with aspect ratio {looked.ratio:.2f} cannot be published."
        return graph_error("The aspect ratio is not supported.", 36003, 2207009, user_message=message)
    return None


def main() -> None:
    parser = argument_parser("instagram")
    parser.add_argument("--ready-after", type=float, default=0.0, metavar="SECONDS", help="until a container is ready")
    parser.add_argument("--quota", type=int, default=None, help="posts a day")
    options = parser.parse_args()
    fake = FakeInstagram(
        port=options.port, state_file=options.state, ready_after_seconds=options.ready_after, quota=options.quota
    )
    serve(fake, options)


if __name__ == "__main__":
    main()
