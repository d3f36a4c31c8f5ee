"""Decides which characters, places and plot the next story has, so that a month goes by without a repetition. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, islice, permutations
from random import Random
from typing import Any

from pressroom.stories import PLOTS

MONTH = timedelta(days=31)
_MOST_GROUPS = 3000
"""Of larger tables a sample of the groups is weighed: there are more than enough that were never together."""
_TOGETHER = 1000.0
"""What it counts against a group that all of it was in one story; being there singly counts 1 at the most."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the next story must have, by the keys of the rows."""

    day: date
    form: str
    """"prose", "verse" or "alternate"."""
    characters: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    how_many: tuple[int, int] = (2, 2)
    """Characters and scenes."""


def choose(
    wanted: Wanted, characters: Sequence[str], scenes: Sequence[str], told: Iterable[Mapping[str, Any]], seed: str
) -> dict[str, Any]:
    """Return the row to be noted of the next story; `told` are those of the stories before it."""
    rng = Random(f"{seed}|{wanted.day}")
    every = sorted(told, key=lambda row: int(row["number"]))
    recent = [row for row in every if is_recent(row, wanted.day)]
    group = _group(wanted.characters, characters, wanted.how_many[0], recent, "characters", wanted.day, rng)
    places = _group(wanted.scenes, scenes, wanted.how_many[1], recent, "scenes", wanted.day, rng, ordered=True)
    leads = [row["characters"][0] for row in recent]
    if not wanted.characters:
        group = tuple(sorted(group, key=lambda key: (leads.count(key), rng.random())))
    plot = _plot(group, places, recent, wanted.day, rng)
    number = 1 + (int(every[-1]["number"]) if every else 0)
    form = wanted.form if wanted.form != "alternate" else ("verse" if number % 2 == 0 else "prose")
    before = [int(row["number_of_plot"]) for row in every if row["plot"] == plot]
    return {
        "number": number,
        "number_of_plot": 1 + max(before, default=0),
        "date": wanted.day.isoformat(),
        "characters": list(group),
        "scenes": list(places),
        "plot": plot,
        "form": form,
        "notice": _notice(group, places, plot, recent),
    }


def is_recent(row: Mapping[str, Any], day: date) -> bool:
    return date.fromisoformat(str(row["date"])) > day - MONTH


def _group(
    fixed: tuple[str, ...],
    keys: Sequence[str],
    count: int,
    recent: Sequence[Mapping[str, Any]],
    what: str,
    day: date,
    rng: Random,
    *,
    ordered: bool = False,
) -> tuple[str, ...]:
    """Return the fixed ones and as many others as fit, those that were least and longest ago together."""
    free = sorted(set(keys) - set(fixed))
    rng.shuffle(free)
    missing = min(max(0, count - len(fixed)), len(free))
    groups = permutations(free, missing) if ordered else combinations(free, missing)
    candidates = [(*fixed, *others) for others in islice(groups, _MOST_GROUPS)]
    return min(candidates, key=lambda group: _weight(group, recent, what, day))


def _weight(group: tuple[str, ...], recent: Sequence[Mapping[str, Any]], what: str, day: date) -> float:
    weight = 0.0
    for row in recent:
        age = abs((day - date.fromisoformat(str(row["date"]))).days)
        freshness = 1 / (1 + age / 4)
        shared = sum(key in row[what] for key in group)
        weight += shared * freshness
        if shared == len(group):
            weight += _TOGETHER * (1 + freshness)
        # Where the story ends it has its problem, which is half of what is told.
        if what == "scenes" and row[what][-1] == group[-1]:
            weight += 3 * freshness
    return weight


def _plot(
    group: tuple[str, ...], places: tuple[str, ...], recent: Sequence[Mapping[str, Any]], day: date, rng: Random
) -> str:
    def weight(plot: str) -> float:
        total = rng.random() * 0.05
        for row in recent:
            if row["plot"] == plot:
                age = abs((day - date.fromisoformat(str(row["date"]))).days)
                total += 1 / (1 + age / 4)
                total += 5 * (row["characters"][0] == group[0]) + 5 * (row["scenes"][-1] == places[-1])
                total += _TOGETHER * (set(row["characters"]) == set(group) and set(row["scenes"]) == set(places))
        return total

    return min(PLOTS, key=weight)


def _notice(group: tuple[str, ...], places: tuple[str, ...], plot: str, recent: Sequence[Mapping[str, Any]]) -> str:
    """Say what could not be avoided; empty if nothing is told again."""
    same = [row for row in recent if set(row["characters"]) == set(group) and set(row["scenes"]) == set(places)]
    if not same:
        return ""
    last = max(str(row["date"]) for row in same)
    again = "with the same plot too" if any(row["plot"] == plot for row in same) else "with another plot"
    return (
        f"These characters and scenes had a story together on {last} already; they have another one now, {again}. "
        "More rows in the tables make more stories."
    )
