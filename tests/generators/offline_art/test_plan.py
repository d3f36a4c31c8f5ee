"""The plan: the same for the same request, and told truly in the alt text."""

from __future__ import annotations

from random import Random

import pytest

from pressroom.generators.base import ImageRequest
from pressroom.generators.offline_art.canvas import illustration
from pressroom.generators.offline_art.motif_library import motifs
from pressroom.generators.offline_art.palettes import PALETTES, SYNONYMS, mood_of, palettes_for
from pressroom.generators.offline_art.plan import UNKNOWN, Plan, plan
from pressroom.generators.offline_art.scenes import scenes
from pressroom.generators.offline_art.stage import set_stage

THEMES = (
    "Dress Up Your Pet",
    "Pizza",
    "Talk Like a Pirate",
    "Train",
    "Ocean",
    "Xyzzy",
    "Snow",
    "Chocolate Cake",
    "Jazz",
)


def planned(theme: str, style: str = "spooky", seed: str = "1", title: str = "") -> Plan:
    return plan(ImageRequest(prompt="", theme=theme, style=style, seed=seed, title=title))


def svg_of(chosen: Plan, width: int = 1600, height: int = 900) -> str:
    return illustration(chosen, set_stage(width, height, chosen.palette, Random("x"), titled=bool(chosen.title)))


def test_the_same_request_gives_the_same_plan() -> None:
    assert planned("Pizza") == planned("Pizza")


def test_seeds_choose_among_scenes_and_palettes() -> None:
    plans = [planned("Cat", seed=str(seed)) for seed in range(30)]
    assert len({chosen.scene.name for chosen in plans}) >= 4
    assert len({chosen.palette.name for chosen in plans}) >= 5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("seed", "123")
def test_what_the_alt_text_names_is_drawn(theme: str, seed: str) -> None:
    chosen = planned(theme, seed=seed, title="A Title")
    text, svg = chosen.alt_text, svg_of(chosen)
    assert chosen.hero.phrase[1:] in text
    assert chosen.scene.place in text
    assert "‘A Title’" in text
    assert text.endswith(".")
    cast = 1 + len(chosen.companions) + chosen.pumpkins
    assert svg.count('filter="url(#lit') == cast
    assert ("bats" in text) == chosen.bats
    assert ("jack-o'-lantern" in text) == (chosen.pumpkins > 0 or chosen.hero.name == "pumpkin")
    assert all(motif.phrase in text for motif in chosen.companions)


def test_bats_are_drawn_only_where_the_alt_text_says_so() -> None:
    wing = "M0-.12c"
    with_bats, without = planned("Cat"), planned("Cat", style="cheerful")
    assert wing in svg_of(with_bats)
    assert wing not in svg_of(without)


def test_a_hat_is_drawn_on_whom_the_alt_text_dresses() -> None:
    chosen = planned("Dress Up Your Pet")
    assert chosen.hat is not None
    assert f"{chosen.hero.phrase[1:]} {chosen.hat.phrase}" in chosen.alt_text
    assert all(
        hat is not None for motif, hat in zip(chosen.companions, chosen.companion_hats, strict=True) if motif.hat
    )


def test_an_unknown_theme_gets_a_motif_of_the_feast() -> None:
    assert planned("Xyzzy").hero.name in UNKNOWN["spooky"]
    assert {name for names in UNKNOWN.values() for name in names} <= set(motifs())


def test_no_title_means_no_words_in_the_alt_text() -> None:
    assert "words" not in planned("Pizza").alt_text


def test_a_style_is_read_for_its_mood() -> None:
    assert mood_of("") == mood_of("Dark, haunted") == "spooky"
    assert mood_of("warm storybook") == "cozy"
    assert mood_of("chartreuse") == "cheerful"


def test_every_mood_has_palettes_of_its_own() -> None:
    assert len({palette.name for palette in PALETTES}) == len(PALETTES)
    assert all(len(palettes_for(mood)) >= 2 for mood in SYNONYMS)


@pytest.mark.parametrize("name", sorted(scenes()))
@pytest.mark.parametrize(("width", "height"), [(1600, 900), (1080, 1350)])
def test_every_scene_draws_in_every_light_and_shape(name: str, width: int, height: int) -> None:
    for palette in PALETTES[::4]:
        for titled in (True, False):
            stage = set_stage(width, height, palette, Random(name), titled=titled)
            layers = scenes()[name].draw(stage)
            assert layers.back.count("<") > 10
            assert "nan" not in layers.back + layers.front


@pytest.mark.parametrize(("width", "height"), [(1600, 900), (1080, 1080), (1080, 1350), (1200, 627), (1024, 1536)])
def test_hero_and_title_never_share_a_place(width: int, height: int) -> None:
    for seed in range(20):
        stage = set_stage(width, height, PALETTES[0], Random(seed), titled=True)
        title, focus = stage.title, stage.focus
        assert title
        assert title.right <= focus.left + 1 or title.left >= focus.right - 1 or title.bottom <= focus.top
        assert title.left >= 0
        assert title.right <= width
        assert focus.bottom < height
