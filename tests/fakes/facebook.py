"""A Facebook Page as a strict local server: `python -m tests.fakes.facebook`, or `with FakeFacebook() as facebook`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from tests.fakes.control import argument_parser, serve
from tests.fakes.facebook_posts import Photo, Post, attach, read_photo, show
from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.meta import FakeMeta, dump_accounts, load_accounts, own
from tests.fakes.meta_errors import graph_error, invalid_parameter, no_such_object, token_error
from tests.fakes.meta_messages import fields, flag, json_list, page, parameters, pick
from tests.fakes.meta_state import APP_ID, APP_SECRET, HOUR_SECONDS, LONG_LIFE_SECONDS, Account

PAGE_ID = "102030405060708"
WRITE = ("pages_manage_posts", "pages_read_engagement", "pages_show_list")
READ = ("pages_read_engagement",)
SCOPES = (*WRITE, "read_insights")
MAX_TEXT = 63_206
TEXT_REPEAT_SECONDS = 24 * HOUR_SECONDS
METRICS = ("post_media_view", "post_total_media_view_unique", "post_reactions_by_type_total", "post_clicks")


class FakeFacebook(FakeMeta):
    """Holds a Page, its photos and its posts; the Page's token is there from the start."""

    versions = ("v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0")
    old_versions = ("v18.0", "v19.0", "v20.0")
    routes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "POST /{account}/photos": WRITE,
        "POST /{account}/feed": WRITE,
        "GET /{account}/feed": READ,
        "GET /me": (),
        "GET /me/accounts": ("pages_show_list",),
        "GET /{id}/insights": (*READ, "read_insights"),
        "GET /{id}": READ,
    }
    open_routes = frozenset({"GET /oauth/access_token", "POST /oauth/access_token"})

    def __init__(
        self, *, port: int = 0, state_file: Path | None = None, refuse_repeats: bool = True, tells_photos: bool = True
    ) -> None:
        """`tells_photos` False leaves out what is attached to posts, as a server that is less complete would."""
        super().__init__(port=port, state_file=state_file)
        self.refuse_repeats, self.tells_photos = refuse_repeats, tells_photos
        self.insights_known = True
        self.lists_pages = True
        """Whether `/me/accounts` lists the Page, as it does not for one of a business portfolio."""
        self.photos: list[Photo] = []
        self.posts: list[Post] = []
        """Every post that is public, oldest first."""
        self.codes: dict[str, str] = {}
        self.begin()

    def begin(self) -> None:
        self.photos, self.posts, self.codes = [], [], {}
        self.accounts, self.tokens = [Account(PAGE_ID, "Pressroom", SCOPES)], []
        self.connect(self.account, None)

    def authorize(self) -> str:
        """A code, as after the user's consent."""
        code = hashlib.sha256(str(len(self.codes)).encode()).hexdigest()[:20]
        self.codes[code] = self.account.id
        return code

    def carry_out(self, route: str, parts: list[str], request: Request, account: Account) -> Answer:
        match route:
            case "GET /me":
                return self._show_page(request, account)
            case "GET /me/accounts":
                parameters(request, {"fields", "limit", "after"})
                return json_answer(200, page([self._as_listed(one) for one in self.accounts if self.lists_pages], {}))
            case "POST /{account}/photos" | "POST /{account}/feed" | "GET /{account}/feed" if not own(parts, account):
                raise graph_error("(#200) The token is not of this Page.", 200, status=403)
            case "POST /{account}/photos":
                return self._take_photo(request)
            case "POST /{account}/feed":
                return self._take_post(request, account)
            case "GET /{account}/feed":
                return self._list(request)
            case "GET /{id}" if parts[0] == account.id:
                return self._show_page(request, account)
        post = next((post for post in self.posts if post.id == parts[0]), None)
        if post is None:
            raise no_such_object(parts[0])
        if route == "GET /{id}/insights":
            return self._insights(request, post)
        values = parameters(request, {"fields"})
        return json_answer(200, pick(show(post, account, self.tells_photos), fields(values.get("fields", "id"))))

    def carry_out_open(self, route: str, request: Request) -> Answer:
        """A code for a token that lives for an hour, or such a token for one that lives for sixty days."""
        known = {"grant_type", "client_id", "client_secret", "code", "redirect_uri", "fb_exchange_token"}
        values = parameters(request, known)
        if (values.get("client_id"), values.get("client_secret")) != (APP_ID, APP_SECRET):
            raise graph_error("Error validating client secret.", 1)
        if values.get("grant_type") == "fb_exchange_token":
            if not any(token.text == values.get("fb_exchange_token") and not token.is_void for token in self.tokens):
                raise token_error("The token is not one of this app's.")
            token = self.connect(self.account, LONG_LIFE_SECONDS, age_seconds=0)
            return json_answer(
                200, {"access_token": token.text, "token_type": "bearer", "expires_in": LONG_LIFE_SECONDS}
            )
        if self.codes.pop(str(values.get("code")), None) is None:
            raise graph_error("This authorization code has been used.", 100, 36009)
        token = self.connect(self.account, HOUR_SECONDS, age_seconds=0)
        return json_answer(200, {"access_token": token.text, "token_type": "bearer", "expires_in": HOUR_SECONDS})

    def _show_page(self, request: Request, account: Account) -> Answer:
        wanted = fields(parameters(request, {"fields"}).get("fields", "id"))
        return json_answer(200, pick(self._as_listed(account), wanted))

    def _as_listed(self, account: Account) -> dict[str, Any]:
        own_token = next(token for token in self.tokens if token.account_id == account.id and token.expires_at is None)
        return {"id": account.id, "name": account.name, "access_token": own_token.text, "tasks": ["CREATE_CONTENT"]}

    def _take_photo(self, request: Request) -> Answer:
        values = parameters(request, {"source", "url", "published", "alt_text_custom", "caption", "message"})
        photo = read_photo(values, self.new_id(), self.now())
        self.photos.append(photo)
        self.mark_changed()
        if not flag(values, "published", True):
            return json_answer(200, {"id": photo.id})
        post = self._publish(str(values.get("caption") or values.get("message") or ""), "", [photo], request)
        return json_answer(200, {"id": photo.id, "post_id": post.id})

    def _take_post(self, request: Request, account: Account) -> Answer:
        values = parameters(request, {"message", "link", "attached_media", "published"})
        if not flag(values, "published", True):
            raise invalid_parameter("This fake makes no unpublished posts")
        message, link = values.get("message", ""), values.get("link", "")
        if not isinstance(message, str) or not isinstance(link, str):
            raise invalid_parameter("Param message must be a string")
        media = json_list(values, "attached_media")
        if not message.strip() and not link and not media:
            raise invalid_parameter("Missing message or attachment")
        if len(message) > MAX_TEXT:
            raise invalid_parameter("The message is too long")
        photos = attach(media, self.photos, self.now())
        if link and photos:
            raise invalid_parameter("A post has either a link or photos")
        since = self.now() - TEXT_REPEAT_SECONDS
        if (
            self.refuse_repeats
            and not photos
            and any((post.message, post.link) == (message, link) and post.created_at > since for post in self.posts)
        ):
            raise graph_error("(#506) Duplicate status message", 506, 1455006)
        post = self._publish(message, link, photos, request)
        return json_answer(200, {"id": post.id, "post_supports_client_mutation_id": True})

    def _publish(self, message: str, link: str, photos: list[Photo], request: Request) -> Post:
        post_id = f"{self.account.id}_{self.new_id()}"
        post = Post(post_id, message, link, [photo.id for photo in photos], self.now(), request.number)
        for photo in photos:
            photo.post_id = post_id
        self.posts.append(post)
        self.mark_changed()
        return post

    def _list(self, request: Request) -> Answer:
        values = parameters(request, {"fields", "since", "until", "limit", "after"})
        wanted = fields(values.get("fields", "id"))
        since = float(values.get("since", 0))
        found = [
            pick(show(post, self.account, self.tells_photos), wanted)
            for post in reversed(self.posts)
            if post.created_at >= since
        ]
        return json_answer(200, page(found, values))

    def _insights(self, request: Request, post: Post) -> Answer:
        values = parameters(request, {"metric"})
        asked = values.get("metric", "").split(",")
        for name in asked:
            if name not in METRICS:
                raise invalid_parameter(f"The value must be a valid insights metric: {name}")
        told = {"post_media_view": post.views, "post_clicks": post.clicks}
        data = [
            {"name": name, "period": "lifetime", "values": [{"value": told[name]}], "id": f"{post.id}/{name}"}
            for name in asked
            if self.insights_known and name in told
        ]
        return json_answer(200, {"data": data})

    def holdings(self) -> dict[str, Any]:
        state = self.dump()
        return {name: state[name] for name in ("posts", "photos", "accounts", "tokens")}

    def dump(self) -> dict[str, Any]:
        return {
            "posts": [asdict(post) for post in self.posts],
            "photos": [asdict(photo) for photo in self.photos],
            "last_id": self._last_id,
            **dump_accounts(self),
        }

    def load(self, state: dict[str, Any]) -> None:
        state = json.loads(json.dumps(state))
        self.posts = [Post(**values) for values in state["posts"]]
        self.photos = [Photo(**values) for values in state["photos"]]
        self._last_id = state["last_id"]
        load_accounts(self, state)


def main() -> None:
    parser = argument_parser("facebook")
    parser.add_argument("--allow-repeats", action="store_true", help="take the same words twice within a day")
    options = parser.parse_args()
    serve(FakeFacebook(port=options.port, state_file=options.state, refuse_repeats=not options.allow_repeats), options)


if __name__ == "__main__":
    main()
