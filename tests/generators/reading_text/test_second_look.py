"""The second look at letters: what is beneath marks, what is seen, and that the network's file is whole."""

from __future__ import annotations

import numpy as np
import pytest

from pressroom.generators.reading_text.decoding import Character
from pressroom.generators.reading_text.second_look import HEIGHT, WIDTH, SecondLook, features, seen
from pressroom.generators.reading_text.signs import number_of, plain


@pytest.mark.parametrize(
    ("sign", "beneath"),
    [("e", "e"), ("é", "e"), ("Ș", "S"), ("ø", "o"), ("Ł", "L"), ("！", "!"), ("ß", "ß"), ("中", "中")],
)
def test_the_letter_beneath_its_marks(sign: str, beneath: str) -> None:
    assert plain(sign) == beneath


def test_signs_are_numbered_from_the_first_that_can_be_seen() -> None:
    assert [number_of(sign) for sign in ("!", "~", "É", "中", " ", "€")] == [1, 94, 37, 0, 0, 0]


def test_ink_is_seen_light_on_dark_whichever_way_the_line_was_printed() -> None:
    black_on_white = np.full((HEIGHT, 100, 3), 255, np.uint8)
    black_on_white[10:40, 48:52] = 0
    one = seen(black_on_white, [50.0])
    other = seen(255 - black_on_white, [50.0])
    assert one.shape == (1, HEIGHT, WIDTH)
    assert np.abs(one - other).max() < 0.01
    assert one[0, 20, WIDTH // 2] == 1
    assert one[0, 20, 2] == 0


def test_a_rule_beneath_a_line_is_not_seen() -> None:
    line = np.full((HEIGHT, 200, 3), 255, np.uint8)
    line[10:36, 96:104] = 0
    plain = seen(line, [100.0])
    line[44:46] = 0
    assert (seen(line, [100.0])[0, :42] == plain[0, :42]).all()
    assert seen(line, [100.0])[0, 43:].max() == 0


def test_letters_at_the_ends_of_a_line_are_seen_too() -> None:
    line = np.zeros((HEIGHT, 20, 3), np.uint8)
    assert seen(line, [-5.0, 0.0, 19.0, 500.0]).shape == (4, HEIGHT, WIDTH)


def test_what_is_told_of_a_letter_is_its_sign_its_neighbours_and_their_distance() -> None:
    told = features([Character("a", 10, 0.9, 0.0), Character("é", 34, 0.7, 0.25)], scale=2.0)
    assert told[0, number_of("a")] == told[1, number_of("e")] == 1
    assert told[0, 95 + number_of("e")] == 1
    assert told[0, 190:].tolist() == pytest.approx([0.25, 1.0, 0.0, 0.9])
    assert told[1, 190:].tolist() == pytest.approx([0.0, 0.0, 1.0, 0.7])


def test_a_line_without_characters_has_nothing_to_look_at() -> None:
    looked = SecondLook().look(np.zeros((HEIGHT, 20, 3), np.uint8), [], 1.0)
    assert len(looked.characters) == len(looked.shares) == 0


def test_of_signs_beyond_ascii_the_reading_model_s_own_spaces_are_kept() -> None:
    line = np.full((HEIGHT, 160, 3), 255, np.uint8)
    read = [Character(sign, 20 + 40 * place, 0.99, 0.9 * (place == 2)) for place, sign in enumerate("東京都")]
    assert SecondLook().look(line, read, 1.0).spaces == (False, True, False)
