"""The motifs: every file is drawable and tells what it is, and a theme's words find them."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest
import pyvips

from pressroom.generators.offline_art.drawings import read_drawings
from pressroom.generators.offline_art.motif_library import Motif, motifs, motifs_in
from pressroom.generators.offline_art.scenes import scenes
from pressroom.generators.offline_art.wardrobe import hats
from pressroom.sources.calendar import read_calendar


def test_there_are_many_motifs() -> None:
    assert len(motifs()) >= 180


@pytest.mark.parametrize("motif", motifs().values(), ids=lambda motif: motif.name)
def test_a_motif_draws_something_and_says_what(motif: Motif) -> None:
    box = " ".join(str(number) for number in motif.box)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="100">{motif.shapes}</svg>'
    image = pyvips.Image.svgload_buffer(svg.encode())
    assert image[3].avg() > 10
    assert motif.phrase
    assert motif.words
    assert any(motif.kind in scene.kinds for scene in scenes().values()) or motif.scene
    assert set(motif.scene.split()) <= set(scenes())


@pytest.mark.parametrize(
    ("theme", "leading"),
    [
        ("Dress Up Your Pet", "cat"),
        ("Pizza", "pizza"),
        ("Talk Like a Pirate", "ship"),
        ("Hot Dog", "hot_dog"),
        ("Dogs", "dog"),
        ("Ice Cream for Breakfast", "ice_cream"),
        ("Chocolate Chip Cookie", "cookie"),
        ("Apple Pie", "pie"),
        ("Candy Corn", "candy_corn"),
        ("Corn on the Cob", "corn"),
        ("Cycling", "bicycle"),
        ("Mothers'", "grandparents"),
        ("Left Handers", "hand"),
        ("Teddy Bear", "teddy"),
        ("Martin Luther King Jr.", "dove"),
        ("Mathematics", "pi"),
        ("Tiger", "tiger"),
        ("Polar Bear", "polar_bear"),
        ("Donkey", "paw"),
    ],
)
def test_a_theme_finds_its_motif(theme: str, leading: str) -> None:
    found = motifs_in(theme)
    assert leading in {motif.name for motif in found[:2]}


def test_what_is_named_leads_over_what_is_brought_to_mind() -> None:
    assert motifs_in("Left Sock Mystery")[0].name == "mittens"


def test_words_that_stand_in_every_name_find_nothing() -> None:
    assert motifs_in("National Your Day") == []


def test_most_days_of_the_calendar_find_a_motif() -> None:
    file = resources.files("pressroom.samples") / "national-days.json"
    calendar = read_calendar(file.read_bytes(), file.name)
    days = [date(2028, 1, 1) + timedelta(days=day) for day in range(366)]
    themes = [theme.theme for day in days for theme in calendar.themes_on(day)]
    assert sum(bool(motifs_in(theme)) for theme in themes) > len(themes) * 0.9


def test_every_hat_can_be_described() -> None:
    assert {hat.name for hat in hats()} == {"crown", "party", "pirate", "santa", "witch"}
    assert all(hat.phrase and hat.shapes and hat.tall > 0 for hat in hats())


def test_a_drawing_that_lacks_an_attribute_is_an_error_that_names_both(tmp_path: Path) -> None:
    (tmp_path / "odd.svg").write_text('<svg viewBox="0 0 1 1">\n<path d="M0 0"/>\n</svg>\n', encoding="utf-8")
    (drawing,) = read_drawings(tmp_path)
    with pytest.raises(ValueError, match=r"odd\.svg lacks the attribute data-is"):
        drawing.attribute("data-is")
