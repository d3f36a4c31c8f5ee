"""The settings that the how-tos show are settings that Pressroom takes; what they name is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pressroom import registry
from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.clocks import SystemClock
from pressroom.config import Config, section
from pressroom.source_desk import SourceDesk

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELSEWHERE = {"post-to-any-rest-api.md"}
"""Pages whose settings build on each other in another way, and have a test of their own."""
PAGES = sorted({page.name for page in HOW_TO.glob("*.md") if BLOCK.search(page.read_text("utf-8"))} - ELSEWHERE)


def settings_in(page: str) -> dict[str, Any]:
    """Return what the blocks of a page come to together, as for somebody who enters one after the other."""
    found: dict[str, Any] = {}
    for block in BLOCK.findall((HOW_TO / page).read_text(encoding="utf-8")):
        _merge(found, tomllib.loads(block))
    return found


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


@pytest.mark.parametrize("page", PAGES)
def test_the_settings_of_a_page_are_taken(page: str, tmp_path: Path) -> None:
    config = Config(workspace=tmp_path, **settings_in(page))
    for name, values in config.channels.items():
        # A page may go on with a channel that another page has set up.
        kind = registry.publisher(values.get("network", "preview"))
        section(kind.Settings, {"network": "preview"} | values, f"channels.{name}", config)
    for name, values in config.pipelines.items():
        section(registry.pipeline(name).settings, values, f"pipelines.{name}", config)
    for name, values in config.handlers.items():
        section(registry.handler(name).Settings, values, f"handlers.{name}", config)
    desk = SourceDesk(config, MemorySecrets({}), SystemClock())
    for name in config.sources:
        desk.make(name)


@pytest.mark.parametrize("page", ["post-photos.md"])
def test_what_a_pipeline_names_is_there(page: str) -> None:
    found = settings_in(page)
    for values in found["pipelines"].values():
        assert set(values["channels"]) <= {"preview", *found["channels"]}
        assert values["source"] in found["sources"]
