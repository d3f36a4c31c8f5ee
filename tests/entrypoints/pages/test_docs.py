"""The page that leads programs' authors to the API."""

from __future__ import annotations

from tests.entrypoints.site import KEY, a_site


def test_the_page_leads_to_the_description_and_names_every_address_of_it() -> None:
    site = a_site()
    html = site.page("/docs")
    assert 'href="/openapi.json"' in html
    assert "docs/how-to/use-the-http-api.md" in html
    paths = site.client.get("/openapi.json").json()["paths"]
    assert len(paths) > 30
    assert [path for path in paths if f"<code>{path}</code>" not in html] == []
    assert "List jobs, newest first" in html


def test_the_operator_finds_it_from_every_page_and_a_visitor_does_not() -> None:
    assert '<a href="/docs">HTTP API</a>' in a_site().page("/channels")
    visited = a_site(key=KEY, host="0.0.0.0", gallery=True)
    assert "/docs" not in visited.page("/gallery")
    assert visited.client.get("/docs").status_code == 401
