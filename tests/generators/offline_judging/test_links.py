"""Links that a reader should not be sent along."""

from __future__ import annotations

import pytest

from pressroom.generators.offline_judging.links import risky_links


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("See http://shop.example/cats", "The link to shop.example is not encrypted (http)."),
        ("See HTTP://Shop.Example", "The link to shop.example is not encrypted (http)."),
        ("See http://127.0.0.1:8080/x", "The link to 127.0.0.1 is not encrypted (http)."),
        ("See https://bit.ly/3xYz", "A link by bit.ly hides where it leads."),
        ("See bit.ly/3xYz.", "A link by bit.ly hides where it leads."),
        ("See https://www.tinyurl.com/abc", "A link by www.tinyurl.com hides where it leads."),
        ("See http://t.co/abc", "A link by t.co hides where it leads."),
    ],
)
def test_a_risky_link_is_flagged_once_with_its_reason(text: str, why: str) -> None:
    assert [(flag.category, flag.why) for flag in risky_links(f"{text} {text}")] == [("link", why)]


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example/http",
        "shop.example/cats",
        "end.Then it",
        "bit.ly",
        "mira@bit.ly/x",
        "not-bit.ly/x",
        "e.g. this",
    ],
)
def test_other_links_pass(text: str) -> None:
    assert risky_links(text) == []
