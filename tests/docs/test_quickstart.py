"""The quickstart does what it says: its commands are run, in their order, in one shell."""

from __future__ import annotations

import json
import re

import pytest

from tests.docs.walks import walk


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the commands print, run in a folder that looks like a checkout after `make setup`."""
    return walk("quickstart.md", tmp_path_factory.mktemp("checkout"))


def test_the_post_is_on_the_preview_channel(output: str) -> None:
    assert "daily_post completed" in output
    assert "preview: published" in output


@pytest.mark.parametrize("pipeline", ["product_image", "text_extraction", "bedtime_story"])
def test_the_other_pipelines_run(output: str, pipeline: str) -> None:
    assert f"{pipeline} completed" in output


def test_the_page_shows_the_post(output: str) -> None:
    assert re.search(r"<[^\n]*National Dress Up Your Pet Day", output)


@pytest.fixture
def posts(output: str) -> list[list[str]]:
    """The words of the posts on the stand-in for X, each time that it was asked for them."""
    # The stand-in ends its answer without a line end.
    asked = [json.JSONDecoder().raw_decode(line)[0] for line in output.splitlines() if line.startswith("[{")]
    return [[post["text"] for post in found] for found in asked]


def test_the_second_post_is_on_both_channels_once(output: str, posts: list[list[str]]) -> None:
    assert posts[0] == ["Halloween!"]
    assert "main: published" in output


def test_the_photo_from_the_folder_is_on_both_channels_once(output: str, posts: list[list[str]]) -> None:
    assert [text.splitlines()[0] for text in posts[-1]] == ["Halloween!", "The lighthouse at dusk"]
    reported = re.findall(r"^\S+ +(\S+) +published +The lighthouse at dusk", output, re.MULTILINE)
    assert sorted(reported) == ["main", "preview"]


def test_the_page_of_photos_shows_the_photo(output: str) -> None:
    assert re.search(r"<[^\n]*The lighthouse at dusk", output)
