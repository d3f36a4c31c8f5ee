"""Listings in pages."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pressroom.entrypoints.api.paging import cursor_of
from tests.entrypoints.api.desk import Desk, a_desk

ORDERS = "/api/v1/orders"


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    for _ in range(7):
        desk.order()
    return desk


def walk(desk: Desk, address: str) -> list[dict[str, Any]]:
    pages = []
    following: str | None = address
    while following:
        page = desk.client.get(following).json()
        pages.append(page)
        following = page["next"]
        assert len(pages) < 20
    return pages


def test_the_pages_together_are_the_whole_listing_once(desk: Desk) -> None:
    pages = walk(desk, f"{ORDERS}?limit=3")
    assert [len(page["items"]) for page in pages] == [3, 3, 1]
    assert [item["id"] for page in pages for item in page["items"]] == desk.jobs()


def test_a_page_that_just_holds_everything_has_no_next_one(desk: Desk) -> None:
    [page] = walk(desk, f"{ORDERS}?limit=7")
    assert len(page["items"]) == 7


def test_the_next_page_keeps_what_else_was_asked_for(desk: Desk) -> None:
    following = desk.client.get(f"{ORDERS}?word=B%C3%B6%26&word=2&limit=2").json()["next"]
    query = parse_qs(urlsplit(following).query)
    assert query["word"] == ["Bö&", "2"]
    assert query["limit"] == ["2"]


def test_the_next_page_stands_in_a_header_too(desk: Desk) -> None:
    answer = desk.client.get(f"{ORDERS}?limit=2")
    assert answer.headers["link"] == f'<{answer.json()["next"]}>; rel="next"'
    assert "link" not in desk.client.get(ORDERS).headers


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "job_1",
        "ключ",
        "////",
        "x" * 501,
        encoded("job_1"),
        encoded([ORDERS]),
        encoded([ORDERS, ""]),
        encoded([ORDERS, 7]),
        encoded([ORDERS, None]),
        encoded({"a": 1}),
        cursor_of("/api/v1/jobs", "job_1"),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_that_is_none_of_this_listing_is_refused(desk: Desk, cursor: str) -> None:
    refused = desk.client.get(ORDERS, params={"cursor": cursor})
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("limit", ["0", "-1", "201", "many", "1.5", ""])
def test_a_limit_that_is_none_is_refused(desk: Desk, limit: str) -> None:
    refused = desk.client.get(ORDERS, params={"limit": limit})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["part"] == "query"
    assert refused.json()["errors"][0]["name"] == "limit"
