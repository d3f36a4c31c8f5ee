"""What is wrong with a setting, in the words of the file it stands in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pressroom import registry
from pressroom.config import Config, section
from pressroom.errors import ConfigurationError

MAIN = "channels.main"


def refused(network: str, **values: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        section(
            registry.publisher(network).Settings, {"network": network, **values}, MAIN, Config(workspace=Path("/w"))
        )
    return caught.value.what.removeprefix("/w/pressroom.toml: ")


@pytest.mark.parametrize(
    ("network", "values", "what"),
    [
        (
            "x",
            {"picture": {"background": "white"}},
            '[channels.main.picture] background: must be "blur" or "#ffffff", not \'white\'.',
        ),
        ("x", {"user_id": "me"}, "[channels.main] user_id: must be digits in quotation marks, not 'me'."),
        (
            "slack",
            {"channel_id": "#general"},
            "[channels.main] channel_id: must be something like \"C0123456789\", not '#general'.",
        ),
        (
            "facebook",
            {"base_url": "graph"},
            "[channels.main] base_url: must be an address that begins with https:// or http://, not 'graph'.",
        ),
    ],
)
def test_a_pattern_is_told_by_examples_or_in_words(network: str, values: dict[str, Any], what: str) -> None:
    assert refused(network, **values) == what


def test_no_setting_of_a_channel_shows_its_pattern() -> None:
    for network in registry.names("publishers"):
        model = registry.publisher(network).Settings
        for name, field in model.model_fields.items():
            if any(isinstance(getattr(one, "pattern", None), str) for one in field.metadata):
                assert "pattern" not in refused(network, **{name: "!? #"}), f"{network}: {name}"


def test_a_mistake_in_a_filter_is_told_once() -> None:
    said = refused("x", picture={"filters": [{"use": "watermark"}]})
    assert said == "[channels.main.picture] filters: entry 1 (watermark): give it either a text or a picture."


def test_a_filter_that_is_not_there_is_told_with_the_closest_one() -> None:
    said = refused("x", picture={"filters": [{"use": "wattermark"}]})
    assert said.endswith("filters: entry 1: There is no filter called 'wattermark'. Did you mean watermark?")


def test_a_value_in_a_list_is_told_by_the_lists_own_name() -> None:
    said = refused("x", picture={"keep": ["place"]})
    assert said == "[channels.main.picture] keep: must be 'copyright' or 'credit', not 'place'."
