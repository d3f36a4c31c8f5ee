"""What Instagram and Threads do alike: containers that get ready, one call that publishes, quotas, tokens."""

from __future__ import annotations

import secrets
from abc import abstractmethod
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.meta import FakeMeta, dump_accounts, load_accounts
from tests.fakes.meta_containers import Container, Post, make_post, show
from tests.fakes.meta_errors import graph_error, invalid_parameter, no_such_object, token_error
from tests.fakes.meta_messages import fields, page, parameters, pick
from tests.fakes.meta_state import APP_ID, APP_SECRET, DAY_SECONDS, HOUR_SECONDS, LONG_LIFE_SECONDS, Account


class FakePublishing(FakeMeta):
    """A subclass says what it takes as a post, and names what is named differently."""

    status_field: ClassVar[str]
    why_field: ClassVar[str]
    text_field: ClassVar[str]
    grants: ClassVar[str]
    """The beginning of the names of its grant types: `ig`."""
    metrics: ClassVar[tuple[str, ...]]
    default_quota: ClassVar[int]

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        ready_after_seconds: float = 0.0,
        quota: int | None = None,
    ) -> None:
        """A container is ready after some seconds; `quota` is how many posts a day may have."""
        super().__init__(port=port, state_file=state_file)
        self.ready_after_seconds = ready_after_seconds
        self.quota = self.default_quota if quota is None else quota
        self.containers: list[Container] = []
        self.posts: list[Post] = []
        """Every post that is public, oldest first."""
        self.codes: set[str] = set()
        self.list_lag_seconds = 0.0
        """How long it takes until a post is in the account's list."""
        self.hides_containers = False
        """Graph's error 100/33 for containers that are there (postiz 1562)."""
        self.begin()

    @abstractmethod
    def read_container(self, request: Request, account: Account) -> Container:
        """The container that a request asks for; refused if the network would not make it."""

    @abstractmethod
    def permalink(self, post: Post) -> str: ...

    @abstractmethod
    def not_ready(self, container_id: str) -> Exception:
        """What is said of a container that cannot be published now."""

    @abstractmethod
    def over_quota(self) -> Exception: ...

    def authorize(self) -> str:
        """A code, as after the user's consent."""
        code = secrets.token_hex(10)
        self.codes.add(code)
        return code

    # What the routes of both come to

    def make_container(self, request: Request, account: Account) -> Answer:
        container = self.read_container(request, account)
        self.containers.append(container)
        self.mark_changed()
        return json_answer(200, {"id": container.id})

    def publish(self, request: Request, account: Account) -> Answer:
        container_id = str(parameters(request, {"creation_id"}).get("creation_id", ""))
        container = self.container(container_id, account)
        if container is None or container.is_item or container.status(self.now()) != "FINISHED":
            raise self.not_ready(container_id)
        if len(self.posts_of_today(account)) >= self.quota:
            raise self.over_quota()
        ids = [self.new_id() for _ in range(1 + len(container.children))]
        post = make_post(container, self.containers, ids, self.now(), request.number)
        post.counts = dict.fromkeys(self.metrics, 0)
        container.post_id = post.id
        self.posts.append(post)
        self.mark_changed()
        return json_answer(200, {"id": post.id})

    def show_limit(self, request: Request, account: Account) -> Answer:
        parameters(request, {"fields", "since"})
        config = {"quota_total": self.quota, "quota_duration": DAY_SECONDS}
        return json_answer(200, {"data": [{"quota_usage": len(self.posts_of_today(account)), "config": config}]})

    def list_posts(self, request: Request, account: Account) -> Answer:
        values = parameters(request, {"fields", "limit", "after", "since", "until"})
        wanted = fields(values.get("fields", "id"))
        visible = [
            pick(show(post, self.text_field, self.permalink(post)), wanted)
            for post in reversed(self.posts)
            if post.account_id == account.id and post.created_at <= self.now() - self.list_lag_seconds
        ]
        return json_answer(200, page(visible, values))

    def show_object(self, object_id: str, request: Request, account: Account) -> Answer:
        """A container or a post, by its id."""
        wanted = fields(parameters(request, {"fields"}).get("fields", "id"))
        container = self.container(object_id, account)
        if container is not None and not self.hides_containers:
            status = container.status(self.now())
            why = container.error if status == "ERROR" else None
            return json_answer(200, pick({"id": container.id, self.status_field: status, self.why_field: why}, wanted))
        post = self.post(object_id, account)
        return json_answer(200, pick(show(post, self.text_field, self.permalink(post)), wanted))

    def show_insights(self, object_id: str, request: Request, account: Account) -> Answer:
        post = self.post(object_id, account)
        asked = parameters(request, {"metric"}).get("metric", "").split(",")
        for name in asked:
            if name not in self.metrics:
                raise invalid_parameter(f"metric must be one of {', '.join(self.metrics)}; {name} is not")
        data = [
            {"name": name, "period": "lifetime", "values": [{"value": post.counts[name]}], "id": f"{post.id}/{name}"}
            for name in asked
            if name in post.counts
        ]
        return json_answer(200, {"data": data})

    def trade_code(self, request: Request) -> Answer:
        """A code for a token that lives for an hour."""
        known = {"client_id", "client_secret", "code", "grant_type", "redirect_uri", "code_verifier"}
        values = parameters(request, known)
        if (values.get("client_id"), values.get("client_secret")) != (APP_ID, APP_SECRET):
            raise graph_error("Error validating client secret.", 101)
        if values.get("code") not in self.codes or values.get("grant_type") != "authorization_code":
            raise graph_error("This authorization code has been used or is not valid.", 100, 36009)
        self.codes.discard(str(values["code"]))
        token = self.connect(self.account, HOUR_SECONDS, age_seconds=0)
        return json_answer(200, {"access_token": token.text, "user_id": self.account.id})

    def lengthen(self, request: Request) -> Answer:
        """A token that lives for an hour for one that lives for sixty days."""
        values = parameters(request, {"grant_type", "client_secret"})
        if values.get("grant_type") != f"{self.grants}_exchange_token" or values.get("client_secret") != APP_SECRET:
            raise graph_error("Error validating client secret.", 101)
        self.token_of(request)
        return self._long_lived()

    def refresh(self, request: Request) -> Answer:
        """Another token for a long-lived one that is a day old and not over; the old one is void from then on."""
        values = parameters(request, {"grant_type"})
        if values.get("grant_type") != f"{self.grants}_refresh_token":
            raise invalid_parameter("Unknown grant type")
        token = self.token_of(request)
        if self.now() - token.issued_at < DAY_SECONDS:
            raise token_error("The token is less than 24 hours old.")
        token.is_void = True
        return self._long_lived()

    def _long_lived(self) -> Answer:
        token = self.connect(self.account, LONG_LIFE_SECONDS, age_seconds=0)
        return json_answer(200, {"access_token": token.text, "token_type": "bearer", "expires_in": LONG_LIFE_SECONDS})

    # What it holds

    def container(self, container_id: str, account: Account) -> Container | None:
        found = (one for one in self.containers if one.id == container_id and one.account_id == account.id)
        return next(found, None)

    def post(self, post_id: str, account: Account) -> Post:
        post = next((one for one in self.posts if one.id == post_id and one.account_id == account.id), None)
        if post is None:
            raise no_such_object(post_id)
        return post

    def posts_of_today(self, account: Account) -> list[Post]:
        since = self.now() - DAY_SECONDS
        return [post for post in self.posts if post.account_id == account.id and post.created_at > since]

    def holdings(self) -> dict[str, Any]:
        state = self.dump()
        return {name: state[name] for name in ("posts", "containers", "accounts", "tokens")}

    def dump(self) -> dict[str, Any]:
        return {
            "posts": [asdict(post) for post in self.posts],
            "containers": [asdict(container) for container in self.containers],
            "last_id": self._last_id,
            **dump_accounts(self),
        }

    def load(self, state: dict[str, Any]) -> None:
        self.posts = [Post(**values) for values in state["posts"]]
        self.containers = [Container(**values) for values in state["containers"]]
        self._last_id = state["last_id"]
        load_accounts(self, state)
