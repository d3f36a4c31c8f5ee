"""The choice of a story: nothing again within a month as long as the tables allow it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from pressroom.stories import PLOTS
from pressroom.story_choice import Wanted, choose, is_recent
from tests.story_nights import FIRST, choices


def nights(count: int, characters: str, scenes: str, **more: Any) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for night in range(count):
        wanted = Wanted(day=FIRST + timedelta(days=night), form=more.get("form", "prose"))
        told.append(choose(wanted, list(characters), list(scenes), told, f"job_{night}"))
    return told


def test_in_a_month_no_two_are_together_twice_and_everyone_has_a_turn() -> None:
    rows = list(choices(31))
    assert len({frozenset(row["characters"]) for row in rows}) == 31
    assert len({tuple(row["scenes"]) for row in rows}) == 31
    assert len({key for row in rows for key in row["characters"]}) == 28
    assert not any(row["notice"] for row in rows)


def test_nobody_comes_two_evenings_running_while_there_are_others() -> None:
    rows = list(choices(31))
    assert not [1 for one, other in pairwise(rows) if {*one["characters"]} & {*other["characters"]}]


def test_the_plots_take_turns() -> None:
    plots = [row["plot"] for row in choices(30)]
    assert {plots.count(plot) for plot in PLOTS} <= {2, 3, 4}
    assert not [1 for one, other in pairwise(plots) if one == other]


def test_with_few_rows_the_plot_changes_and_what_cannot_be_avoided_is_said() -> None:
    rows = nights(11, "ab", "pq")
    assert rows[0]["notice"] == ""
    assert len({row["plot"] for row in rows[:10]}) == 10
    assert (
        "had a story together on 2026-11-30 already; they have another one now, with the same plot"
        in rows[10]["notice"]
    )
    assert "with another plot" in rows[5]["notice"]


def test_a_single_row_is_enough() -> None:
    row = nights(1, "a", "p")[0]
    assert (row["characters"], row["scenes"]) == (["a"], ["p"])


def test_what_is_older_than_a_month_may_come_again() -> None:
    day = date(2026, 12, 31)
    assert not is_recent({"date": "2026-11-30"}, day)
    assert is_recent({"date": "2026-12-01"}, day)
    old = choose(Wanted(day=FIRST, form="prose"), ["a", "b"], ["p", "q"], [], "job")
    later = choose(Wanted(day=FIRST + timedelta(days=40), form="prose"), ["a", "b"], ["p", "q"], [old], "job")
    assert later["notice"] == ""
    assert later["number"] == 2


def test_who_is_asked_for_is_in_it_in_that_order() -> None:
    wanted = Wanted(day=FIRST, form="verse", characters=("c", "a"), scenes=("q",), how_many=(3, 2))
    row = choose(wanted, list("abcd"), list("pqr"), [], "job")
    assert row["characters"][:2] == ["c", "a"]
    assert len(row["characters"]) == 3
    assert row["scenes"][0] == "q"
    assert row["form"] == "verse"


def test_prose_and_verse_alternate_when_they_should() -> None:
    assert [row["form"] for row in nights(4, "abcd", "pqr", form="alternate")] == ["prose", "verse", "prose", "verse"]


def test_the_same_choice_is_made_for_the_same_job() -> None:
    assert nights(12, "abcdef", "pqrs") == nights(12, "abcdef", "pqrs")
