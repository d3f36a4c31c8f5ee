"""Bars along time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.entrypoints.pages import charts
from pressroom.tally import UNKNOWN, added, nothing, of_post

FIRST = date(2026, 10, 1)


def a_cell(day: date, *likes: int | None, state: str = "published") -> dict[str, Any]:
    """A day with one post for each number of likes."""
    tally = nothing()
    for number in likes:
        counts = {**UNKNOWN, "likes": number}
        tally = added(tally, of_post({"state": state, "attempts": 1, "counts": counts, "noticed": {}, "as_of": None}))
    return {"day": day.isoformat(), **tally}


@pytest.mark.parametrize(
    ("days", "bars", "label"), [(1, 1, "1 Oct"), (45, 45, "1 Oct"), (46, 7, "28 Sep"), (281, 10, "Oct 2026")]
)
def test_a_long_time_has_weeks_or_months_for_days(days: int, bars: int, label: str) -> None:
    pieces = charts.spans([], FIRST, FIRST + timedelta(days=days - 1))
    assert len(pieces) == bars
    assert pieces[0].label == label


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.data())
def test_every_day_stands_in_exactly_one_piece(first: date, length: int, data: st.DataObject) -> None:
    last = first + timedelta(days=length)
    day = data.draw(st.dates(first, last))
    pieces = charts.spans([a_cell(day, 1)], first, last)
    assert [piece for piece in pieces if piece.tally["posts"]] == [p for p in pieces if p.first <= day <= p.last]
    assert sum(piece.tally["posts"] for piece in pieces) == 1


def test_whether_a_number_is_known_of_every_post_is_told() -> None:
    day = timedelta(days=1)
    cells = [
        a_cell(FIRST, 3, 4),
        a_cell(FIRST + day, 5, None),
        a_cell(FIRST + 2 * day, None),
        a_cell(FIRST + 4 * day, 0),
    ]
    chart = charts.count_chart(charts.spans(cells, FIRST, FIRST + 4 * day), "likes", 100)
    assert [bar.known for bar in chart.bars] == ["all", "some", "none", "no post", "all"]
    assert [bar.value for bar in chart.bars] == [7, 5, None, None, 0], "0 is a number, unknown is none"


def test_a_day_of_rejected_posts_alone_has_no_number_to_know() -> None:
    chart = charts.count_chart(charts.spans([a_cell(FIRST, None, state="rejected")], FIRST, FIRST), "likes", 100)
    assert chart.bars[0].known == "no post"


def test_the_highest_bar_leaves_room_for_its_number() -> None:
    cells = [a_cell(FIRST, 80), a_cell(FIRST + timedelta(days=1), 100)]
    chart = charts.count_chart(charts.spans(cells, FIRST, FIRST + timedelta(days=1)), "likes", 122)
    assert chart.highest is not None
    assert (chart.highest.value, chart.highest.y, chart.highest.height) == (100, charts.ROOM, 100)
    assert [tick.text for tick in chart.y_ticks] == ["100", "50"]


def test_charts_with_one_top_can_be_compared() -> None:
    chart = charts.count_chart(charts.spans([a_cell(FIRST, 10)], FIRST, FIRST), "likes", 122, top=40)
    assert chart.bars[0].height == 25


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60))
def test_every_bar_stays_inside_the_chart(likes: list[int]) -> None:
    cells = [a_cell(FIRST + timedelta(days=number), one) for number, one in enumerate(likes)]
    chart = charts.count_chart(charts.spans(cells, FIRST, FIRST + timedelta(days=len(likes) - 1)), "likes", 200)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= 100
        assert bar.y >= charts.ROOM
        assert bar.y + bar.height == pytest.approx(200)


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (3, 4), (6, 10), (41, 50), (100, 100), (1234, 2000)])
def test_the_axis_ends_with_a_round_number(value: int, top: int) -> None:
    assert charts.round_top(value) == top


def test_a_bar_of_posts_is_divided_by_what_became_of_them() -> None:
    cell = added(a_cell(FIRST, 1, 2, 3), a_cell(FIRST, None, state="rejected")) | {"day": FIRST.isoformat()}
    [piece] = charts.spans([cell], FIRST, FIRST)
    chart = charts.post_chart([piece], 122)
    shares = charts.shares(chart.bars[0], piece.tally)
    assert shares == [("published", 47.0, 75.0), ("rejected", 22.0, 25.0)], "from the bottom up"


def test_no_time_at_all_is_an_empty_chart() -> None:
    chart = charts.count_chart(charts.spans([], FIRST, FIRST), "likes", 100)
    assert chart.highest is None
    assert [tick.text for tick in chart.x_ticks] == ["1 Oct"]


@pytest.mark.parametrize("days", [2, 5, 6, 31])
def test_a_few_labels_are_spread_over_the_whole_time(days: int) -> None:
    ticks = charts.count_chart(charts.spans([], FIRST, FIRST + timedelta(days=days - 1)), "likes", 100).x_ticks
    assert 2 <= len(ticks) <= 5
    assert (ticks[0].at, ticks[0].anchor) == (0.0, "start")
    assert (ticks[-1].at, ticks[-1].anchor) == (100.0, "end")
    assert [tick.at for tick in ticks] == sorted(tick.at for tick in ticks)
