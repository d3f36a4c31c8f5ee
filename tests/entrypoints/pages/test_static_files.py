"""Style sheets, scripts and fonts."""

from __future__ import annotations

import re

import pytest

from tests.entrypoints.site import a_site


def test_everything_that_a_page_names_is_served_and_may_be_kept() -> None:
    site = a_site()
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', site.page("/")):
        response = site.client.get(address)
        assert response.status_code == 200, address
        assert "immutable" in response.headers["cache-control"]


def test_everything_that_a_style_sheet_names_is_served() -> None:
    site = a_site()
    for name in ("house.css", "parts.css", "stories.css"):
        for font in re.findall(r'url\("([^"]+)"\)', site.client.get(f"/static/{name}").text):
            assert site.client.get(f"/static/{font}").headers["content-type"] == "font/woff2"


@pytest.mark.parametrize("name", ["htmx.LICENSE.txt", "newsreader.LICENSE.txt"])
def test_what_others_made_comes_with_its_licence(name: str) -> None:
    assert a_site().client.get(f"/static/{name}").status_code == 200


@pytest.mark.parametrize("name", ["nothing.css", "..%2Frendering.py", "%2e%2e%2fapp.py", "house", "__init__.py"])
def test_nothing_else_is_served(name: str) -> None:
    assert a_site().client.get(f"/static/{name}").status_code == 404
