"""The public gallery."""

from __future__ import annotations

from typing import Any

from tests.entrypoints.edition import Edition
from tests.entrypoints.heic import a_heic
from tests.entrypoints.site import KEY, Site, a_site

OUTSIDE: dict[str, Any] = {"host": "0.0.0.0", "key": KEY, "base_url": "http://press.example"}


def with_pictures(site: Site) -> Site:
    site.edition.job("Cake", url="https://x.example/status/1")
    site.edition.job("Bread", url="https://x.example/status/2")
    return site


def test_while_it_is_off_the_operator_is_told_how_to_switch_it_on() -> None:
    assert "gallery = true" in a_site().page("/gallery", 404)


def test_while_it_is_off_a_visitor_learns_nothing() -> None:
    html = a_site(**OUTSIDE).page("/gallery", 404)
    assert "gallery" not in html.partition("<main")[2].lower()


def test_a_visitor_sees_the_posted_pictures_newest_first() -> None:
    html = with_pictures(a_site(gallery=True, **OUTSIDE)).page("/gallery")
    assert html.index("National Bread Day") < html.index("National Cake Day")
    assert 'alt="A square for Cake"' in html
    assert "Saturday, 31 October 2026" in html
    assert "https://x.example/status/1" in html


def test_a_visitor_sees_nothing_of_the_operators() -> None:
    html = with_pictures(a_site(gallery=True, **OUTSIDE)).page("/gallery")
    for private in ("/jobs/", "/held", "/dead", "/channels", "Log out", "job_", "htmx"):
        assert private not in html.partition("<body")[2]


def test_the_pictures_open_for_a_visitor() -> None:
    site = with_pictures(a_site(gallery=True, **OUTSIDE))
    source = site.page("/gallery").partition('<img src="')[2].partition('"')[0].replace("&amp;", "&")
    assert site.client.get(source).headers["content-type"] == "image/png"


def test_a_link_to_it_shows_the_newest_picture() -> None:
    html = with_pictures(a_site(gallery=True, public_base_url="https://press.example")).page("/gallery")
    assert '<meta property="og:image" content="https://press.example/assets/images/' in html
    assert '<meta property="og:title" content="National Bread Day">' in html


def test_an_address_that_only_our_own_pages_have_is_not_linked() -> None:
    site = a_site(gallery=True)
    site.edition.job("Cake", url="/preview/preview_1")
    assert "/preview/preview_1" not in site.page("/gallery")


def test_it_stands_in_the_navigation_only_while_it_is_on() -> None:
    assert 'href="/gallery"' in a_site(gallery=True).page("/photos")
    assert "/gallery" not in a_site().page("/photos")


def test_what_few_browsers_show_is_shown_as_a_small_jpeg() -> None:
    site = a_site(gallery=True)
    Edition(site.runtime.ports, a_heic).job("Cake")
    html = site.page("/gallery")
    source = html.partition('<img src="')[2].partition('"')[0].replace("&amp;", "&")
    assert site.client.get(source).headers["content-type"] == "image/jpeg"
    assert "srcset" not in html


def test_nothing_is_loaded_from_elsewhere() -> None:
    html = with_pictures(a_site(gallery=True)).page("/gallery")
    assert 'src="http' not in html
    assert 'rel="stylesheet" href="http' not in html


def test_an_empty_gallery_says_so() -> None:
    assert "No picture has been posted yet." in a_site(gallery=True).page("/gallery")
