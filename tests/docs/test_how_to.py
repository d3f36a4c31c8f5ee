"""The examples of the how-tos are what they say: they pass their contracts, and the command line finds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docs.example import ROOT, Example

PAGES = ("add-a-filter.md", "add-a-generator.md", "add-a-pipeline.md", "add-a-publisher.md", "add-a-source.md")
PHOTO = ROOT / "src" / "pressroom" / "samples" / "lighthouse.jpg"


@pytest.fixture
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Example:
    return Example(request.param, tmp_path)


@pytest.mark.parametrize("example", PAGES, indirect=True)
def test_the_example_passes_its_test(example: Example) -> None:
    tests = [name for name in example.modules if name.startswith("test_")]
    done = example.python("-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", ".", *tests)
    assert tests
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_the_examples_are_formatted_and_typed(tmp_path: Path) -> None:
    examples = []
    for page in PAGES:
        folder = tmp_path / page
        folder.mkdir()
        examples.append(Example(page, folder))
    first, config = examples[0], str(ROOT / "pyproject.toml")
    files = [str(example.folder / name) for example in examples for name in example.modules]
    # Which imports are whose depends on the folder, and this is another one than the reader's.
    for tool in (("ruff", "format", "--check"), ("ruff", "check", "--ignore", "I001")):
        done = first.python("-m", *tool, "--config", config, *files)
        assert done.returncode == 0, done.stdout + done.stderr
    typed = first.python("-m", "mypy", "--config-file", config, *files)
    assert typed.returncode == 0, typed.stdout + typed.stderr


@pytest.mark.parametrize("example", ["add-a-generator.md"], indirect=True)
def test_the_generator_writes_a_caption(example: Example) -> None:
    assert example.pressroom("init").returncode == 0
    (example.workspace / "pressroom.toml").write_text(example.files["pressroom.toml"], encoding="utf-8")
    done = example.pressroom("run", "daily_post", "-i", "date=2026-01-14", "-i", "theme=0", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["result"]["caption"].endswith("NATIONAL DRESS UP YOUR PET DAY")


@pytest.mark.parametrize("example", ["add-a-pipeline.md"], indirect=True)
def test_the_pipeline_runs(example: Example) -> None:
    assert example.pressroom("init").returncode == 0
    done = example.pressroom("run", "riddle_post", "-i", "answer=a candle", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["publications"][0]["state"] == "published"
    assert "riddle_post" in example.pressroom("run").stdout


@pytest.mark.parametrize("example", ["add-a-publisher.md"], indirect=True)
def test_the_channel_says_which_secret_it_needs(example: Example) -> None:
    assert example.pressroom("init").returncode == 0
    (example.workspace / "pressroom.toml").write_text(example.files["pressroom.toml"], encoding="utf-8")
    checked = example.pressroom("channels", "check", "board")
    assert checked.returncode == 1
    assert "pressroom secrets set channels.board.token" in checked.stdout


@pytest.mark.parametrize("example", ["add-a-source.md"], indirect=True)
def test_the_source_is_looked_at_with_the_settings_that_the_page_shows(example: Example) -> None:
    assert example.pressroom("init").returncode == 0
    (example.workspace / "pressroom.toml").write_text(example.files["pressroom.toml"], encoding="utf-8")
    without = example.pressroom("doctor")
    assert "Export it again" in without.stdout
    (example.workspace / "shop.json").write_text("[]", encoding="utf-8")
    assert "lists 0 products" in example.pressroom("doctor").stdout


@pytest.mark.parametrize("example", ["add-a-filter.md"], indirect=True)
def test_the_filter_is_applied_to_what_is_posted(example: Example) -> None:
    assert example.pressroom("init").returncode == 0
    (example.workspace / "pressroom.toml").write_text(example.files["pressroom.toml"], encoding="utf-8")
    done = example.pressroom("run", "photo_feed", "-i", f"file={PHOTO}")
    assert done.returncode == 0, done.stderr
    (variant,) = example.workspace.glob("assets/variants/photos/by_hand/*.jpg")
    assert _corner_of(variant) < 0.75 * _corner_of(PHOTO)


def _corner_of(file: Path) -> float:
    """Return how bright the upper left corner of a picture is."""
    import pyvips

    image = pyvips.Image.new_from_file(str(file))
    return float(image.crop(0, 0, image.width // 20, image.height // 20).avg())
