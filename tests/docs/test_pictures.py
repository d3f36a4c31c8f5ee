"""The pictures that are drawn from the code are those that are committed, and show what the code says there is."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from docs import generate
from docs.example_deployment import example
from docs.pictures._drawing import Drawing
from pressroom.runtimes.aws_shapes import table_names

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pictures() -> dict[str, str]:
    return generate.drawn()


def _words(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def test_the_committed_pictures_are_not_stale(pictures: dict[str, str]) -> None:
    stale = [name for name, text in pictures.items() if (generate.IMAGES / name).read_text(encoding="utf-8") != text]
    assert not stale, "run `make docs` and commit what it writes"


def test_the_deployed_system_is_shown_whole(pictures: dict[str, str]) -> None:
    deployment, words = example(), _words(pictures["aws.svg"])
    functions = [one.name.removeprefix(f"{deployment.names.deployment}-") for one in deployment.every_function]
    wanted = [f"λ {name}" for name in functions] + [part.name for part in deployment.pipelines] + table_names()
    assert [name for name in wanted if name not in words] == []
    assert [word for word in words if word.startswith("λ ") and word not in wanted] == []


def test_nothing_is_drawn_outside_of_the_picture(pictures: dict[str, str]) -> None:
    for picture in pictures.values():
        root = ElementTree.fromstring(picture)
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        for box in root.iter(f"{SVG}rect"):
            assert float(box.attrib.get("x", 0)) + float(box.attrib["width"]) <= width
            assert float(box.attrib.get("y", 0)) + float(box.attrib["height"]) <= height


def test_no_label_is_wider_than_its_box(pictures: dict[str, str]) -> None:
    """Labels wrap, so that only one that is too long for a line of its own would stand out."""
    boxes: list[tuple[float, float, float, float]] = []
    for rect in ElementTree.fromstring(pictures["aws.svg"]).iter(f"{SVG}rect"):
        place = tuple(float(rect.attrib.get(name, 0)) for name in ("x", "y", "width", "height"))
        x, y, width, height = place
        if rect.attrib["class"] == "box":
            boxes.append((x, y, x + width, y + height))
        elif rect.attrib["class"] in ("log", "event") and height == 24:
            within = [box for box in boxes if box[0] <= x and box[1] <= y and box[3] >= y + height]
            assert not within or any(x + width <= box[2] for box in within)


def test_every_colour_has_one_for_the_dark(pictures: dict[str, str]) -> None:
    for picture in pictures.values():
        bright, _, dark = picture.partition("prefers-color-scheme: dark")
        named = re.compile(r"\.(\w+) \{[^}]*#")
        assert set(named.findall(bright)) == set(named.findall(dark))


def test_what_is_written_is_escaped() -> None:
    drawing = Drawing(100)
    drawing.text(0, 10, "a < b & c", "ink small")
    drawing.label(0, 20, "<queue>")
    assert _words(drawing.svg(50, "A & B", "<nothing>")) == ["a < b & c", "<queue>"]
