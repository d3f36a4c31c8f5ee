"""Templates of posts' words: filled in with what is known, and nothing left over where nothing is."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from pressroom.text_templates import WORDS, Templates, check, fill, first_that_fits

VALUES = dict.fromkeys(WORDS, "") | {"title": "Boats", "hashtags": "#sea #sky", "credit": "Ann"}


def test_placeholders_are_filled_in() -> None:
    assert fill("{title} by {credit}", VALUES) == "Boats by Ann"


def test_a_line_of_which_nothing_is_known_is_left_out_with_its_blank_line() -> None:
    assert fill("{title}\n\n{caption}\n\n{hashtags}", VALUES) == "Boats\n\n#sea #sky"


def test_a_line_of_which_something_is_known_stays_without_a_hole() -> None:
    assert fill("{caption} {title} {day} {credit}", VALUES) == "Boats Ann"


def test_lines_without_placeholders_stay() -> None:
    assert fill("New:\n{title}\n--\nus", VALUES) == "New:\nBoats\n--\nus"


def test_doubled_braces_are_braces() -> None:
    assert fill("{{{title}}}", VALUES) == "{Boats}"


def test_what_stands_in_a_value_is_not_a_template() -> None:
    assert fill("{title}", VALUES | {"title": "{credit} {0.__class__}"}) == "{credit} {0.__class__}"


@pytest.mark.parametrize("template", ["{title.__class__}", "{title!r}", "{title:>1000000000}", "{0}", "{", "{tilte}"])
def test_what_is_no_plain_known_name_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"placeholder|'\{'|known"):
        check(template, WORDS)


def test_the_fullest_text_that_fits_is_taken_else_the_last() -> None:
    templates = ("{title} {hashtags}", "{title}", "{credit}")
    assert first_that_fits(templates, VALUES, lambda text: len(text) <= 5) == "Boats"
    assert first_that_fits(templates, VALUES, lambda text: False) == "Ann"
    assert first_that_fits((), VALUES, lambda text: True) == ""


class Settings(BaseModel):
    post_text: Templates = ()


def test_a_setting_may_be_one_template_or_several() -> None:
    assert Settings(post_text="{title}").post_text == ("{title}",)
    assert Settings(post_text=["{title}", "{day}"]).post_text == ("{title}", "{day}")


def test_a_wrong_setting_names_the_placeholders_that_there_are() -> None:
    with pytest.raises(ValidationError, match=r"\{tilte\} is not known; the placeholders are .*\{title\}"):
        Settings(post_text="{tilte}")
