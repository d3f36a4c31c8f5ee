"""Posts as their networks show them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from pressroom.entrypoints.pages.preview import PAGE_LENGTH
from pressroom.publications import Publication, PublicationState
from tests.entrypoints.site import a_site


def test_a_post_is_shown_with_its_words_its_picture_and_its_count() -> None:
    site = a_site()
    site.edition.job("Cake", text="National Cake Day! #Cake https://example.com/cake")
    html = site.page("/preview")
    assert '<span class="tag">#Cake</span>' in html
    assert 'href="https://example.com/cake"' in html
    assert 'alt="A square for Cake"' in html
    assert re.search(r"\d+ of 280 weighted characters", html)


def test_the_warnings_of_the_network_are_shown() -> None:
    site = a_site()
    site.edition.job("Cake", text="Cake https://example.com/cake")
    assert 'aria-label="Warnings"' in site.page("/preview")


def test_the_feed_can_be_narrowed_to_a_channel() -> None:
    site = a_site()
    site.edition.job("Cake", channel="main")
    site.edition.job("Bread")
    html = site.page("/preview?channel=main")
    assert "National Cake Day!" in html
    assert "National Bread Day!" not in html


def test_a_post_is_found_by_our_id_and_by_its_networks() -> None:
    site = a_site()
    job = site.edition.job("Cake")
    [publication] = site.runtime.ports.publications.of_job(job)
    assert publication.receipt is not None
    for address in (f"/preview/{publication.id}", publication.receipt.url):
        assert "National Cake Day!" in site.page(address)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_post_is_looked_up_without_reading_the_others(monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    site = a_site()
    jobs = [site.edition.job("Cake", ago=timedelta(hours=hours)) for hours in (1, 2, 3)]
    publications = site.runtime.ports.publications
    [oldest] = publications.of_job(jobs[-1])
    assert oldest.receipt is not None
    read: list[Publication] = []
    find = publications.find

    def counted(**wanted: Any) -> list[Publication]:
        found = find(**wanted)
        read.extend(found)
        return found

    monkeypatch.setattr(publications, "find", counted)
    site.page(f"/preview/{oldest.receipt.remote_id if is_there else 'no-such-id'}", 200 if is_there else 404)
    assert read == []


def test_a_post_that_is_not_there_is_named() -> None:
    assert "There is no post pub_1 here." in a_site().page("/preview/pub_1", 404)


def test_a_post_that_is_not_out_says_so() -> None:
    site = a_site()
    site.edition.job("Cake", ends="JobHeld", state=PublicationState.HELD)
    assert "Held for you" in site.page("/preview")


def test_a_post_of_a_channel_that_was_taken_out_is_still_shown() -> None:
    site = a_site()
    site.edition.job("Cake", channel="gone")
    assert "National Cake Day!" in site.page("/preview")


def test_older_posts_are_on_further_pages() -> None:
    site = a_site()
    for number in range(PAGE_LENGTH + 1):
        site.edition.job(f"Number {number}")
    older = re.search(r'href="(/preview\?before=[^"]+)"', site.page("/preview"))
    assert older is not None
    assert "National Number 0 Day!" in site.page(older[1])


def test_an_empty_feed_says_how_to_begin() -> None:
    assert "pressroom run daily_post" in a_site().page("/preview")
