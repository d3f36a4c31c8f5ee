"""Containers and the posts that come of them, as Instagram and Threads keep them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.meta_messages import timestamp
from tests.fakes.meta_state import DAY_SECONDS


@dataclass
class Container:
    id: str
    account_id: str
    kind: str
    """TEXT, IMAGE or CAROUSEL."""
    text: str
    made_at: float
    ready_at: float
    is_item: bool = False
    alt_text: str = ""
    url: str = ""
    children: list[str] = field(default_factory=list)
    error: str = ""
    """Why it comes to nothing."""
    post_id: str | None = None
    request_number: int = 0

    def status(self, now: float) -> str:
        if self.post_id is not None:
            return "PUBLISHED"
        if now >= self.made_at + DAY_SECONDS:
            return "EXPIRED"
        if now < self.ready_at:
            return "IN_PROGRESS"
        return "ERROR" if self.error else "FINISHED"


@dataclass
class Post:
    id: str
    account_id: str
    container_id: str
    kind: str
    text: str
    children: list[str]
    """Ids of the pictures in a carousel."""
    alt_texts: list[str]
    created_at: float
    request_number: int
    counts: dict[str, int] = field(default_factory=dict)


def make_post(container: Container, containers: list[Container], ids: list[str], now: float, number: int) -> Post:
    """The post of a container, whose first id is its own and the rest are its children's."""
    by_id = {one.id: one for one in containers}
    pictures = [by_id[child] for child in container.children] or [container]
    return Post(
        id=ids[0],
        account_id=container.account_id,
        container_id=container.id,
        kind=container.kind,
        text=container.text,
        children=ids[1:],
        alt_texts=[picture.alt_text for picture in pictures if picture.kind == "IMAGE"],
        created_at=now,
        request_number=number,
    )


def show(post: Post, text_field: str, permalink: str) -> dict[str, Any]:
    kinds = {"TEXT": "TEXT_POST", "IMAGE": "IMAGE", "CAROUSEL": "CAROUSEL_ALBUM"}
    return {
        "id": post.id,
        text_field: post.text or None,
        "timestamp": timestamp(post.created_at),
        "permalink": permalink,
        "media_type": kinds[post.kind],
        "children": {"data": [{"id": child} for child in post.children]} if post.children else None,
    }
