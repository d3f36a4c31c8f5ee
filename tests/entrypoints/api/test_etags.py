"""Answers that the caller has already."""

from __future__ import annotations

import pytest

from tests.entrypoints.api.desk import a_desk

ORDERS = "/api/v1/orders"


def test_whoever_has_the_answer_gets_nothing_again() -> None:
    desk = a_desk()
    desk.order()
    first = desk.client.get(ORDERS)
    again = desk.client.get(ORDERS, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"] == "private, no-cache"


def test_another_answer_has_another_tag() -> None:
    desk = a_desk()
    before = desk.client.get(ORDERS).headers["etag"]
    desk.order()
    after = desk.client.get(ORDERS, headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.headers["etag"] != before


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("*", 304),
        ("W/{tag}", 304),
        ('"a", {tag}', 304),
        ('"a,b",W/{tag} , "c"', 304),
        ('"other"', 200),
        ("", 200),
        ("{bare}", 200),
        ('"{tag}"x', 200),
        ('"unended', 200),
    ],
)
def test_a_tag_is_found_in_every_form_that_it_may_come_in(form: str, status: int) -> None:
    desk = a_desk()
    tag = desk.client.get(ORDERS).headers["etag"]
    given = form.format(tag=tag, bare=tag.strip('"'))
    assert desk.client.get(ORDERS, headers={"if-none-match": given}).status_code == status
