from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pressroom.entrypoints.cli._toml import section, value


class Inner(BaseModel):
    depth: int = 2
    """In metres."""


class Settings(BaseModel):
    name: str
    """What it is called."""
    size: float = 1.5
    """How large."""
    limit: Decimal | None = None
    """At most this."""
    tags: tuple[str, ...] = ("a", 'b"c')
    inner: Inner = Inner()
    """What is inside."""


def test_every_setting_stands_below_its_words_with_its_default() -> None:
    text = section("thing", Settings, values={"name": "x"})
    assert '# What it is called.\nname = "x"\n' in text
    assert "# How large.\nsize = 1.5\n" in text
    read = tomllib.loads(text)["thing"]
    assert read == {"name": "x", "size": 1.5, "tags": ["a", 'b"c'], "inner": {"depth": 2}}
    assert Settings(**read) == Settings(name="x")


class Chosen(BaseModel):
    visibility: Literal["", "public", "unlisted"] = ""
    """Who sees it."""


def test_a_choice_that_is_nothing_is_called_empty() -> None:
    assert "# Who sees it. One of: empty, public, unlisted.\n" in section("thing", Chosen)


def test_what_is_not_set_by_default_is_commented_out() -> None:
    assert "# At most this. Not set by default.\n#limit =\n" in section("thing", Settings, values={"name": "x"})


def test_what_must_be_set_says_so() -> None:
    assert "# What it is called. Must be set.\n#name =\n" in section("thing", Settings)


def test_a_section_that_is_off_holds_no_setting() -> None:
    text = section("thing", Settings, off=True, values={"name": "x"})
    assert tomllib.loads(text) == {}
    assert "#[thing]" in text
    switched_on = "\n".join(
        line.removeprefix("#") for line in text.splitlines() if not line.startswith("# ") and not line.endswith(" =")
    )
    assert tomllib.loads(switched_on)["thing"]["size"] == 1.5


@given(
    st.recursive(
        st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False)
        | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
        max_leaves=8,
    )
)
def test_what_is_written_is_read_back_the_same(thing: Any) -> None:
    assert tomllib.loads(f"value = {value(thing)}")["value"] == thing


def test_a_path_is_written_as_text() -> None:
    assert value(Path("in") / "box") == '"in/box"'


def test_what_has_no_form_is_an_error() -> None:
    with pytest.raises(TypeError, match="object"):
        value(object())
