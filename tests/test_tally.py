"""Posts taken together: sums only of what is known, and everything added can be taken away again."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pressroom.engagement import Engagement
from pressroom.tally import COUNTS, OUTCOMES, UNKNOWN, added, at_least, nothing, of_post


def a_post(state: str = "published", **more: Any) -> dict[str, Any]:
    counts = {**UNKNOWN, **more.pop("counts", {})}
    return {"state": state, "attempts": 1, "counts": counts, "noticed": {}, "as_of": None} | more


POSTS = st.builds(
    a_post,
    state=st.sampled_from([*OUTCOMES, "requested"]),
    attempts=st.integers(0, 3),
    counts=st.dictionaries(st.sampled_from(COUNTS), st.none() | st.integers(0, 9)),
    noticed=st.dictionaries(st.sampled_from(["like", "comment", "follow"]), st.integers(1, 4)),
    as_of=st.none() | st.sampled_from(["2026-10-31T12:00:00.000000+00:00", "2026-11-01T12:00:00.000000+00:00"]),
)


def test_every_count_of_engagement_is_tallied() -> None:
    assert set(nothing()["counts"]) == set(Engagement().as_dict())


def test_a_count_that_is_known_of_no_post_has_no_sum() -> None:
    tally = added(nothing(), of_post(a_post(counts={"likes": 0})))
    assert tally["counts"]["likes"] == {"sum": 0, "posts": 1, "at_least": 0}, "0 is a number"
    assert tally["counts"]["views"] == {"sum": None, "posts": 0, "at_least": 0}, "unknown is none"


def test_what_one_post_does_not_tell_is_not_in_the_sum_of_the_others() -> None:
    tally = added(of_post(a_post(counts={"likes": 5})), of_post(a_post()))
    assert tally["counts"]["likes"] == {"sum": 5, "posts": 1, "at_least": 0}
    assert tally["posts"] == 2


def test_notices_are_a_bound_only_where_no_reading_exists() -> None:
    silent = a_post(noticed={"comment": 2, "follow": 1})
    read = a_post(counts={"comments": 7}, noticed={"comment": 4})
    assert at_least(silent, "comments") == 2
    assert at_least(silent, "likes") is None
    assert at_least(read, "comments") is None
    tally = added(of_post(silent), of_post(read))
    assert tally["counts"]["comments"] == {"sum": 7, "posts": 1, "at_least": 2}
    assert tally["noticed"] == {"comment": 6, "follow": 1}


def test_a_post_under_way_is_no_outcome_yet() -> None:
    tally = of_post(a_post("requested"))
    assert tally["posts"] == 1
    assert [tally[outcome] for outcome in OUTCOMES] == [0, 0, 0]


@given(st.lists(POSTS, max_size=6), st.randoms())
def test_the_order_does_not_matter(posts: list[dict[str, Any]], chance: Any) -> None:
    def together() -> dict[str, Any]:
        tally = nothing()
        for post in posts:
            tally = added(tally, of_post(post))
        return tally

    first = json.dumps(together())
    chance.shuffle(posts)
    assert json.dumps(together()) == first


@given(POSTS, POSTS)
def test_what_was_added_can_be_taken_away(one: dict[str, Any], other: dict[str, Any]) -> None:
    alone = added(nothing(), of_post(one))
    back = added(added(alone, of_post(other)), of_post(other), -1)
    assert back | {"as_of": None} == alone | {"as_of": None}
