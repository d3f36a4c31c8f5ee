"""Articles, plurals, titles in running text, and cutting at words."""

from __future__ import annotations

import pytest

from pressroom.generators.offline_writing.grammar import cut_to_words, plural, running, singulars, with_article


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("apple pie", "an apple pie"),
        ("unicorn", "a unicorn"),
        ("umbrella", "an umbrella"),
        ("hour", "an hour"),
        ("hat", "a hat"),
        ("UFO", "a UFO"),
        ("MRI", "an MRI"),
        ("TV dinner", "a TV dinner"),
        ("X-ray", "an X-ray"),
        ("one-hit wonder", "a one-hit wonder"),
        ("éclair", "an éclair"),
        ("European hike", "a European hike"),
    ],
)
def test_an_article_fits_the_sound(phrase: str, expected: str) -> None:
    assert with_article(phrase) == expected


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("sticky bun", "sticky buns"),
        ("cherry", "cherries"),
        ("peach", "peaches"),
        ("mouse", "mice"),
        ("monkey", "monkeys"),
        ("potato", "potatoes"),
        ("catfish", "catfish"),
    ],
)
def test_a_plural_is_formed(one: str, many: str) -> None:
    assert plural(one) == many
    assert one.split()[-1] in singulars(many.split()[-1])


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        ("Dress Up Your Pet", "dress up your pet"),
        ("French Toast", "French toast"),
        ("TV Dinner", "TV dinner"),
        ("I Love Horses", "I love horses"),
        ("Ditch New Year's Resolutions", "ditch New Year's resolutions"),
        ("Talk Like Shakespeare", "talk like Shakespeare"),
    ],
)
def test_a_title_becomes_running_text(theme: str, expected: str) -> None:
    assert running(theme) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (30, "Leave the light on, please."),
        (26, "Leave the light on…"),
        (20, "Leave the light on…"),
        (10, "Leave the…"),
        (6, "Leave…"),
        (5, ""),
        (0, ""),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_word(most: int, expected: str) -> None:
    assert cut_to_words("Leave the light on, please.", most) == expected
