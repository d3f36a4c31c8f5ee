"""Stories as they are told night after night, from the tables that come with Pressroom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from pressroom.generators.base import TextRequest
from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.purposes.story import write
from pressroom.row_files import read_rows
from pressroom.stories import Character, Scene, StoryFacts
from pressroom.story_choice import Wanted, choose
from pressroom.table_rows import Row

FIRST = date(2026, 11, 21)
R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Night:
    facts: StoryFacts
    text: str

    @property
    def title(self) -> str:
        return self.text.split("\n", 1)[0]

    @property
    def body(self) -> str:
        return self.text.split("\n\n", 1)[1]


@cache
def characters() -> dict[str, Character]:
    return _rows("characters", Character)


@cache
def scenes() -> dict[str, Scene]:
    return _rows("scenes", Scene)


def choices(count: int, form: str = "prose", how_many: tuple[int, int] = (2, 2)) -> Iterator[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for number in range(count):
        wanted = Wanted(day=FIRST + timedelta(days=number), form=form, how_many=how_many)
        told.append(choose(wanted, list(characters()), list(scenes()), told, f"job_{number}"))
        yield told[-1]


@cache
def nights(count: int, form: str = "prose", how_many: tuple[int, int] = (2, 2)) -> tuple[Night, ...]:
    return tuple(_told(row) for row in choices(count, form, how_many))


def facts_of(row: dict[str, Any]) -> StoryFacts:
    return StoryFacts(
        form=row["form"],
        plot=row["plot"],
        characters=tuple(characters()[key] for key in row["characters"]),
        scenes=tuple(scenes()[key] for key in row["scenes"]),
        number=row["number"],
        number_of_plot=row["number_of_plot"],
    )


def request_for(facts: StoryFacts, **more: Any) -> TextRequest:
    values = {"max_characters": 8000, "seed": "1", **more}
    return TextRequest(purpose="story", prompt="", theme="", facts=facts.model_dump(mode="json"), **values)


def written(facts: StoryFacts, seed: str = "1") -> str:
    return write(request_for(facts, seed=seed), Chance(seed))


def _told(row: dict[str, Any]) -> Night:
    facts = facts_of(row)
    return Night(facts, written(facts))


def _rows(name: str, model: type[R]) -> dict[str, R]:
    file = resources.files("pressroom.samples") / "bedtime_story" / f"{name}.yaml"
    return read_rows(file.read_bytes(), model, name)
