"""Held posts and the three ways on."""

from __future__ import annotations

import pytest

from pressroom.publications import PublicationState
from tests.entrypoints.edition import UNKNOWN
from tests.entrypoints.site import Site, a_site


@pytest.fixture
def site() -> Site:
    site = a_site()
    site.edition.job("Cake", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    return site


def held_id(site: Site) -> str:
    return site.runtime.publishing.held()[0].id


def state(site: Site, publication_id: str) -> str:
    found = site.runtime.ports.publications.get(publication_id)
    assert found is not None
    return found.state.value


def test_everything_that_is_known_stands_beside_the_three_ways_on(site: Site) -> None:
    html = site.page("/held")
    assert "two posts there have the same words and picture" in html
    assert "National Cake Day! #Cake" in html
    assert "Posts that could be it: 2" in html
    assert "Attempt 1 was begun" in html
    assert html.count(f'action="/held/{held_id(site)}"') == 3


def test_a_post_that_is_there_counts_as_published_at_its_address(site: Site) -> None:
    held = held_id(site)
    assert site.submit(f"/held/{held}", action="it_is_there", url="https://x.example/1") == "/held?note=it_is_there"
    found = site.runtime.ports.publications.get(held)
    assert found is not None
    assert found.receipt is not None
    assert found.receipt.url == "https://x.example/1"


@pytest.mark.parametrize(("action", "after"), [("send_again", "scheduled"), ("give_up", "rejected")])
def test_a_post_that_is_not_there_is_sent_again_or_given_up(site: Site, action: str, after: str) -> None:
    held = held_id(site)
    site.submit(f"/held/{held}", action=action)
    assert state(site, held) == after


def test_a_post_that_is_there_needs_its_address(site: Site) -> None:
    response = site.client.post(f"/held/{held_id(site)}", data={"action": "it_is_there"})
    assert response.status_code == 400
    assert state(site, held_id(site)) == "held"


def test_a_way_on_that_is_none_is_refused(site: Site) -> None:
    assert site.client.post(f"/held/{held_id(site)}", data={"action": "delete"}).status_code == 400


def test_a_decision_made_twice_is_refused_the_second_time(site: Site) -> None:
    held = held_id(site)
    site.submit(f"/held/{held}", action="give_up")
    assert site.client.post(f"/held/{held}", data={"action": "give_up"}).status_code == 400


def test_a_post_held_by_a_paused_channel_points_there(site: Site) -> None:
    site.edition.pause("main", "The token was revoked.")
    assert 'href="/channels#channel-main"' in site.page("/held")


def test_with_nothing_held_the_page_says_so() -> None:
    assert "No post is held." in a_site().page("/held")
