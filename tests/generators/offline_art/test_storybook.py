"""Pictures of bedtime stories: who is in them, their place, their weather; always at night, and told truly."""

from __future__ import annotations

from random import Random

import pytest

from pressroom.generators.base import ImageRequest
from pressroom.generators.offline_art import storybook
from pressroom.generators.offline_art.canvas import illustration
from pressroom.generators.offline_art.plan import Plan
from pressroom.generators.offline_art.stage import set_stage
from pressroom.stories import Character, Scene
from pressroom.story_prompts import picture_theme
from tests.story_nights import characters, scenes

SHOWN = {
    "tilly": "hedgehog",
    "noor": "girl",
    "otis": "owl",
    "wilhelmina": "snail",
    "jun": "boy",
    "marguerite": "goose",
    "moses": "keeper",
    "ada": "wheelchair",
    "rosa": "grandmother",
    "barnaby": "badger",
    "milo": "mole",
    "finn": "otter",
    "lupin": "wolf",
    "humphrey": "turtle",
    "ember": "dragon",
    "sprocket": "robot",
}


def planned(theme: str, seed: str = "1") -> Plan:
    return storybook.plan(ImageRequest(prompt="", theme=theme, style="bedtime", seed=seed))


def svg_of(plan: Plan) -> str:
    return illustration(plan, set_stage(800, 600, plan.palette, Random("x"), titled=False))


@pytest.mark.parametrize(("key", "motif"), SHOWN.items())
def test_a_character_is_drawn_as_what_it_is(key: str, motif: str) -> None:
    assert planned(f"{characters()[key].kind}; the meadow; a mist; at dusk").hero.name == motif


@pytest.mark.parametrize("who", characters().values(), ids=lambda who: who.name)
def test_every_sample_character_can_be_seen(who: Character) -> None:
    assert planned(f"{who.kind}; the meadow").hero.name != storybook.NOBODY_KNOWN


@pytest.mark.parametrize(
    ("place", "scene", "landmark"),
    [
        ("the harbour", "coast", None),
        ("the lighthouse", "coast", "lighthouse"),
        ("the night train", "station", None),
        ("the windmill", "meadow", "windmill"),
        ("the clock tower", "rooftops", "clock_tower"),
        ("the fairground", "street", "ferris_wheel"),
        ("the village in the snow", "snow_village", "snowman"),
        ("the camp under the dunes", "desert", "tent"),
        ("the deep wood", "forest", None),
        ("the library", "library", "globe"),
        ("the frozen pond", "snow_village", None),
        ("the mountain hut", "mountains", None),
    ],
)
def test_a_place_is_drawn_as_what_it_is(place: str, scene: str, landmark: str | None) -> None:
    plan = planned(f"an owl; {place}; a clear sky; at nine")
    assert plan.scene.name == scene
    assert (plan.landmark.name if plan.landmark else None) == landmark


@pytest.mark.parametrize("place", scenes().values(), ids=lambda place: place.name)
def test_every_sample_scene_is_drawn_at_night_with_both_friends(place: Scene) -> None:
    plan = planned(picture_theme((characters()["tilly"], characters()["ada"]), place))
    assert plan.palette.night
    assert [motif.name for motif in (plan.hero, *plan.companions)] == ["hedgehog", "wheelchair"]
    drawn = 2 + (plan.landmark is not None)
    assert svg_of(plan).count('filter="url(#lit') == drawn
    assert "a girl in a red wheelchair" in plan.alt_text


@pytest.mark.parametrize(
    ("weather", "drawn", "said"),
    [
        ("a fine, cool rain", "rain", "in soft rain"),
        ("a thick white fog", "mist", "in drifting mist"),
        ("a fall of snowflakes", "snow", "in falling snow"),
        ("a clear sky", "", ""),
    ],
)
def test_the_weather_is_drawn_and_told(weather: str, drawn: str, said: str) -> None:
    plan = planned(f"an owl; the market square; {weather}; at nine")
    assert plan.weather == drawn
    assert said in plan.alt_text
    dry = svg_of(planned("an owl; the market square; a clear sky; at nine"))
    assert (len(svg_of(plan)) > len(dry) * 1.02) == bool(drawn)


def test_it_does_not_rain_between_bookshelves() -> None:
    assert planned("an owl; the library; a steady rain; at nine").weather == ""


def test_a_warm_evening_has_a_warm_light() -> None:
    assert "warm" in planned("an owl; the orchard; a mist; on the last warm evening").palette.moods
    assert "warm" not in planned("an owl; the orchard; a mist; at nine").palette.moods


def test_nobody_else_is_drawn_for_somebody_who_cannot_be() -> None:
    plan = planned("an axolotl; the harbour")
    assert plan.hero.name == storybook.NOBODY_KNOWN
    assert planned("an axolotl, an owl; the harbour").hero.name == "owl"


def test_the_small_are_smaller_than_the_large() -> None:
    plan = planned("an elephant, a mouse; the meadow")
    assert plan.sizes[0] > plan.sizes[1] >= 0.5


def test_other_pictures_are_planned_as_before() -> None:
    assert not storybook.is_wanted(ImageRequest(prompt="", theme="an owl; the harbour", style="cozy"))
    assert storybook.is_wanted(ImageRequest(prompt="", theme="an owl", style="Bedtime, storybook"))
