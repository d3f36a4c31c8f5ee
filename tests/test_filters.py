"""A list of filters becomes transforms, or an error that says which entry is wrong and how."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.errors import ConfigurationError
from pressroom.filters import make_filters

WHERE = "[channels.sky.picture] filters"


def error_of(*entries: dict[str, Any]) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        make_filters(entries, WHERE)
    return caught.value


def test_filters_are_made_in_their_order_with_their_settings() -> None:
    made = make_filters([{"use": "tone", "exposure": 1}, {"use": "border"}], WHERE)
    assert [(filter.settings.use, type(filter).__name__) for filter in made] == [("tone", "Tone"), ("border", "Border")]
    assert made[0].settings.model_dump()["exposure"] == 1


def test_no_filters_are_none() -> None:
    assert make_filters([], WHERE) == []


def test_a_filter_that_is_not_there_is_told_with_the_closest_one() -> None:
    error = error_of({"use": "border"}, {"use": "wattermark"})
    assert str(error) == f"{WHERE}, entry 2: There is no filter called 'wattermark'. Did you mean watermark?"


def test_an_entry_without_a_name_is_told_with_all_there_are() -> None:
    error = error_of({"text": "© Me"})
    assert error.what == f"{WHERE}, entry 1 does not say which filter it is."
    assert "border, caption_overlay, monochrome, tone, watermark" in error.todo


def test_a_setting_that_is_not_there_is_told_with_the_closest_one() -> None:
    error = error_of({"use": "watermark", "text": "© Me", "opasity": 0.5})
    assert (
        error.what
        == (f"{WHERE}, entry 1 (watermark): opasity: there is no such setting (did you mean opacity or position?).")
        or "did you mean opacity" in error.what
    )


def test_every_mistake_of_an_entry_is_told() -> None:
    what = error_of({"use": "tone", "exposure": "bright", "gamma": 9, "warmth": True}).what
    assert what.startswith(f"{WHERE}, entry 1 (tone): ")
    assert "exposure: must be a number, not 'bright'" in what
    assert "gamma: must be less than or equal to 5, not 9" in what


def test_a_colour_is_six_digits() -> None:
    for colour in ("white", "#fff", "#gggggg", "ffffff", "#１２３４５６"):
        what = error_of({"use": "border", "colour": colour}).what
        assert f"colour: must be a colour such as \"#ffffff\", not '{colour}'" in what
