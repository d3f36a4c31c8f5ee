"""Hashtags out of keywords."""

from __future__ import annotations

import pytest

from pressroom.hashtags import as_hashtag, as_hashtags


@pytest.mark.parametrize(
    ("keyword", "tag"),
    [
        ("blue sky", "#BlueSky"),
        ("café", "#Café"),
        ("2026", ""),
        ("New Year 2026", "#NewYear2026"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_keyword_becomes_one_tag_or_none(keyword: str, tag: str) -> None:
    assert as_hashtag(keyword) == tag


def test_each_tag_stands_once_whatever_its_capitals() -> None:
    assert as_hashtags(["sea", "Sea", "blue sky", "7"]) == "#Sea #BlueSky"
