"""Every link in the documents leads somewhere: to a file that is there and to a heading that it has."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)")
PUBLIC = ("http://127.0.0.1", "https://keepachangelog.com", "https://semver.org")
"""Addresses outside that a page may name; nothing else is linked that may move or vanish."""
LARGEST_IMAGE_BYTES = 300_000


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _links(page: Path) -> list[re.Match[str]]:
    return list(LINK.finditer(CODE.sub("", page.read_text(encoding="utf-8"))))


def _anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in _links(page):
        target = urlsplit(link["target"])
        if target.scheme:
            if not link["target"].startswith(PUBLIC):
                broken.append(link["target"])
            continue
        file = (page.parent / target.path).resolve() if target.path else page
        is_there = file.exists() and ROOT in file.parents
        if not is_there or (target.fragment and target.fragment not in _anchors(file)):
            broken.append(link["target"])
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_pictures_say_what_they_show(page: Path) -> None:
    assert [link["target"] for link in _links(page) if link[0].startswith("!") and len(link["words"]) < 20] == []


def test_every_page_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        targets = {(page.parent / urlsplit(link["target"]).path).resolve() for link in _links(page)}
        waiting += [target for target in targets - seen - set(waiting) if target.suffix == ".md"]
    assert [_name(page) for page in PAGES if page not in seen] == []


def test_pictures_are_small() -> None:
    found = {_name(file): file.stat().st_size for file in (ROOT / "docs" / "images").iterdir()}
    assert {name: size for name, size in found.items() if size > LARGEST_IMAGE_BYTES} == {}


def test_no_picture_is_left_over() -> None:
    used = {(page.parent / link["target"]).resolve() for page in PAGES for link in _links(page)}
    assert [_name(file) for file in (ROOT / "docs" / "images").iterdir() if file not in used] == []
