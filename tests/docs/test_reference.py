"""The reference that is committed is the one that the code tells today."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import generate
from docs.reference_pages import configuration, networks
from docs.reference_pages.events import EVENTS
from pressroom import registry
from pressroom.changes import Change
from pressroom.config import Config
from pressroom.testing import memory_runtime, work_off

SOURCE = Path(__file__).parents[2] / "src" / "pressroom"
NEW_EVENTS = ("Event", "job_event")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return generate.pages()


def test_the_committed_reference_is_not_stale(pages: dict[str, str]) -> None:
    stale = [name for name, text in pages.items() if (generate.FOLDER / name).read_text(encoding="utf-8") != text]
    assert not stale, "run `make docs` and commit what it writes"


def test_the_folder_holds_nothing_but_what_is_generated(pages: dict[str, str]) -> None:
    assert {path.name for path in generate.FOLDER.iterdir()} == set(pages)


def test_every_section_of_the_settings_is_there() -> None:
    text = configuration.page()
    own = {"channels", "pipelines", "generators", "sources", "handlers", "workspace"}
    assert [name for name in Config.model_fields if name not in own and f"## [{name}]" not in text] == []


@pytest.mark.parametrize("name", registry.names("publishers"))
def test_every_network_says_where_its_limits_come_from(name: str) -> None:
    assert networks.sources(registry.publisher(name))


def _announced() -> Iterator[str]:
    """Yield every type that an event is made with anywhere in the source, `following`'s endings included."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in NEW_EVENTS:
                first = [keyword.value for keyword in node.keywords if keyword.arg == "type"] + node.args[:1]
                yield from (str(part.value) for part in first if isinstance(part, ast.Constant))


def test_every_event_that_the_source_makes_is_told_of() -> None:
    found = set(_announced())
    assert len(found) > 10
    assert found <= set(EVENTS)


def test_every_event_that_is_told_of_is_named_in_the_source() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert [name for name in EVENTS if f'"{name}"' not in text] == []


def test_events_hold_what_is_told_of_them() -> None:
    runtime = memory_runtime()
    calendar = runtime.assets.store("config/national-days.json", json.dumps({"october": {"31": ["Boo"]}}).encode())
    runtime.bus.commit(Change(assets=(calendar,)))
    runtime.runner.request("daily_post", {"date": "2026-10-31"})
    runtime.runner.request("daily_post", {"date": "2026-10-30"})
    work_off(runtime)
    events = runtime.ports.events.after(0)
    assert {event.type for event in events} >= {"AssetStored", "PostPublished", "JobCompleted", "JobSkipped"}
    assert [(event.type, set(event.data) - set(EVENTS[event.type][1])) for event in events] == [
        (event.type, set()) for event in events
    ]
