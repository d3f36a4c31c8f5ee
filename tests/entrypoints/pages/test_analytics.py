"""The page of posts and their numbers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pressroom.changes import Change
from pressroom.events import Event
from pressroom.publications import PublicationState
from tests.entrypoints.edition import UNKNOWN
from tests.entrypoints.site import KEY, Site, a_site
from tests.post_events import PostEvents

DAY = timedelta(days=1)


def tell(site: Site, *events: Event) -> None:
    site.runtime.bus.commit(Change(events=events))


def a_fortnight() -> Site:
    site = a_site()
    now = site.clock.now()
    for number in range(28):
        at = now - number // 2 * DAY
        post = PostEvents(number, ("main", "sky")[number % 2], pipeline=("daily_post", "photo_feed")[number % 2])
        tell(site, post.requested(at), post.attempted(1, at), post.published(at))
        if number % 2 == 0:
            tell(site, post.read(at + timedelta(minutes=5), likes=number, views=None))
    return site


def text_of(html: str) -> str:
    """What a reader reads, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def test_before_the_first_post_it_says_how_to_make_one() -> None:
    html = a_site().page("/analytics")
    assert "No post has gone out yet." in html
    assert "pressroom run daily_post" in html
    assert '<svg class="chart' not in html


def test_what_is_known_is_summed_and_it_says_of_how_many_posts() -> None:
    text = text_of(a_fortnight().page("/analytics"))
    assert "28 posts published" in text
    assert f"Likes {sum(range(0, 28, 2))} from 14 of 28 posts" in text
    assert "Views – not known" in text


def test_unknown_is_said_aloud_too() -> None:
    assert 'aria-label="unknown">–<' in a_fortnight().page("/analytics")


def test_notices_are_a_bound_from_below() -> None:
    site = a_site()
    post, at = PostEvents(), site.clock.now()
    tell(site, post.requested(at), post.published(at), post.noticed("comment", at), post.noticed("comment", at))
    text = text_of(site.page("/analytics?count=comments"))
    assert "Comments ≥2 by notices alone" in text


def test_every_chart_is_told_in_words_and_as_a_table() -> None:
    html = a_fortnight().page("/analytics")
    labels = re.findall(r'<svg class="chart[^>]*role="img" aria-label="([^"]+)"', html)
    assert len(labels) == len(re.findall(r'<svg class="chart(?! swatch)', html)) >= 4
    assert any("the most, 26" in label for label in labels)
    assert "The same as a table" in html
    assert html.count('<tr><th scope="row">') == 14, "a line for each day that has posts"


def test_channels_stand_by_their_sums_the_highest_first() -> None:
    html = a_fortnight().page("/analytics").partition('id="by-channel"')[2]
    assert html.index(">main<") < html.index(">sky<")


def test_posts_are_listed_page_by_page() -> None:
    site = a_fortnight()
    first = site.page("/analytics")
    assert len(re.findall(r'id="row-', first)) == 20
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    rest = site.page(older[1].replace("&amp;", "&"))
    assert len(re.findall(r'id="row-', rest)) == 8
    assert "← Newest" in rest


@pytest.mark.parametrize(
    ("query", "posts"), [("?channel=main", 14), ("?pipeline=photo_feed", 14), ("?channel=main&pipeline=photo_feed", 0)]
)
def test_it_can_be_narrowed(query: str, posts: int) -> None:
    text = text_of(a_fortnight().page(f"/analytics{query}"))
    assert (f"{posts} posts published" in text) if posts else ("No post is like that" in text)


def test_what_is_older_than_the_period_is_left_out() -> None:
    site = a_fortnight()
    site.clock.advance(25 * DAY)
    assert "10 posts published" in text_of(site.page("/analytics"))
    assert "28 posts published" in text_of(site.page("/analytics?period=90"))
    site.clock.advance(400 * DAY)
    assert "No post is like that in these 30 days." in text_of(site.page("/analytics"))
    assert "28 posts published" in text_of(site.page("/analytics?period=all"))


def test_an_old_bookmark_still_opens() -> None:
    assert "28 posts" in text_of(a_fortnight().page("/analytics?period=fortnight&count=hearts"))


def test_a_post_without_an_outcome_is_told_of_by_its_publication() -> None:
    site = a_site()
    site.edition.job("Bread", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    html = site.page("/analytics")
    assert "National Bread Day" in html
    assert "1 held for you" in html
    assert 'alt="A square for Bread"' in html


def test_a_picture_that_is_gone_is_not_asked_for() -> None:
    site = a_site()
    tell(site, PostEvents().published(site.clock.now()))  # its asset was never stored here
    html = site.page("/analytics")
    assert 'src="/assets/' not in html
    assert "thumb blank" in html


def test_a_post_of_an_expired_job_keeps_its_place_and_its_numbers() -> None:
    site = a_site()
    post, at = PostEvents(), site.clock.now()
    tell(site, post.requested(at), post.published(at), post.read(at, likes=7), post.expired(at))
    html = site.page("/analytics")
    assert "Its job has expired, and its words with it." in html
    assert "Likes 7 from the post" in text_of(html)


def test_words_of_others_are_shown_and_never_run() -> None:
    site = a_site()
    evil, at = '"><script>alert(1)</script>', site.clock.now()
    post = PostEvents(channel=evil, network=evil, pipeline=evil)
    tell(site, post.requested(at), post.published(at, title=evil, alt_texts=[evil]), post.noticed(evil, at))
    for path in ("/analytics", "/analytics?period=all&count=views"):
        assert "<script>alert" not in site.page(path)


def test_the_csv_is_of_what_is_shown() -> None:
    html = a_fortnight().page("/analytics?channel=main")
    address = re.search(r'href="(/api/v1/analytics/posts[^"]+)"', html)
    assert address is not None
    assert "channel=main" in address[1]
    assert "format=csv" in address[1]


def test_it_is_the_operators() -> None:
    site = a_site(host="0.0.0.0", key=KEY, base_url="http://press.example")
    assert site.client.get("/analytics").status_code == 401
