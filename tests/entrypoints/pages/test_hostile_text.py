"""Whatever words come in, no page runs them; whatever secrets there are, no page shows them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from pressroom.errors import Problem
from pressroom.publications import PublicationState
from tests.entrypoints.edition import Edition
from tests.entrypoints.site import Site, a_site

HOSTILE = "</script><img src=x onerror=alert(1)>'\"{{7*7}}`<b>`"
SECRET = "tops3cret-value"
LEADS_TO_A_PAGE = re.compile(r"https?://|/(?!/)|#")
PATHS = [
    "/",
    "/preview",
    "/held",
    "/dead",
    "/dead/1",
    "/channels",
    "/gallery",
    "/?pipeline=%3Cb%3E",
    "/nowhere/%3Cb%3E",
]


@pytest.fixture(scope="module")
def site() -> Site:
    site = a_site(gallery=True)
    problem = Problem(HOSTILE, HOSTILE, HOSTILE, "Unavailable", HOSTILE)

    def draw(theme: str) -> tuple[bytes, str, int, int, str]:
        return b"\x89PNG", "image/png", 1, 1, HOSTILE

    edition = Edition(site.runtime.ports, draw)
    site.runtime.ports.secrets.set_many(
        {"channels.main.api_key": SECRET, "generators.art.api_key": SECRET, "server.key": SECRET}
    )
    edition.job(
        "Cake", text=f'{HOSTILE} javascript:alert(1) https://a.example/"onclick=alert(1)', url="javascript:alert(1)"
    )
    edition.job("Bread", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=problem, text=HOSTILE)
    edition.dead(edition.job("Mousse", ends="JobFailed", problem=problem), problem=problem)
    edition.pause("main", HOSTILE)
    return site


def every_page(site: Site) -> list[str]:
    jobs = [f"/jobs/{job.id}" for job in site.runtime.ports.jobs.find()]
    posts = [f"/preview/{one.id}" for one in site.runtime.ports.publications.find()]
    return [*PATHS, *jobs, *posts]


def test_hostile_text_is_shown_and_never_run(site: Site) -> None:
    shown = 0
    for path in every_page(site):
        html = site.client.get(path, headers={"accept": "text/html"}).text
        assert "<img src=x" not in html, path
        assert "</script><img" not in html, path
        assert "<b>" not in html, path
        shown += "&lt;img src=x onerror=alert(1)&gt;" in html
    assert shown >= 6


class Elements(HTMLParser):
    """Collects what could run: scripts, handlers, and links that are no addresses of pages."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            runs = name.startswith("on") or name == "style"
            leads = name in ("href", "src", "action", "formaction") and not LEADS_TO_A_PAGE.match(value or "")
            if runs or leads:
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag == "script" and not dict(attributes).get("src"):
            self.found.append("<script> without a file")


def test_nothing_on_a_page_runs_but_our_own_files(site: Site) -> None:
    for path in every_page(site):
        elements = Elements()
        elements.feed(site.client.get(path, headers={"accept": "text/html"}).text)
        assert elements.found == [], path


def test_no_page_shows_a_secret(site: Site) -> None:
    for path in [*every_page(site), "/metrics", "/readyz", "/openapi.json"]:
        assert SECRET not in site.client.get(path, headers={"accept": "text/html"}).text, path
