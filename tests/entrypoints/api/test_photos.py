"""The photos over HTTP."""

from __future__ import annotations

from datetime import timedelta

from pressroom.changes import Change
from pressroom.events import Event
from pressroom.read_models.photos import photo_key
from tests.entrypoints.site import KEY, Site, a_site
from tests.photo_events import PhotoEvents
from tests.post_events import NOON, PostEvents

BASE = "/api/v1/photos"


def tell(site: Site, *events: Event) -> Site:
    site.runtime.bus.commit(Change(events=events))
    return site


def a_posted_photo() -> Site:
    one, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_1")
    media = [{"key": one.variant_key("main"), "revision": 1, "width": 9, "height": 9}]
    story = (post.requested(), post.attempted(), post.published(media=media), post.read(likes=3))
    return tell(a_site(), one.original(title="Dunes"), one.variant("main"), *story)


def test_a_photo_tells_its_words_its_files_and_its_posts() -> None:
    [photo] = a_posted_photo().client.get(BASE).json()["photos"]
    assert (photo["title"], photo["source"], photo["photo_id"]) == ("Dunes", "inbox", "p1")
    assert photo["variants"][0]["original_revision"] == photo["revisions"][0]["revision"] == 1
    [post] = photo["posts"]
    assert (post["state"], post["counts"]["likes"], post["counts"]["views"]) == ("published", 3, None)
    assert post["media"] == [photo["variants"][0]["key"]]
    assert [entry["type"] for entry in photo["history"]] == ["PublicationRequested", "PostPublished"]


def test_its_files_open_at_their_signed_addresses() -> None:
    site = a_posted_photo()
    photo = site.client.get(f"{BASE}/{photo_key('inbox', 'p1')}").json()
    response = site.client.get(photo["variants"][0]["url"])
    assert response.status_code == 410, "signed well, and in this test never stored"
    assert site.client.get(photo["variants"][0]["url"][:-2] + "xx").status_code == 403


def test_pages_lead_to_the_next_one_until_there_is_none() -> None:
    events = [PhotoEvents(f"p{number}").original(at=NOON + timedelta(minutes=number)) for number in range(5)]
    site = tell(a_site(), *events)
    path, seen = f"{BASE}?limit=2", []
    while path:
        answer = site.client.get(path).json()
        seen += [photo["photo_id"] for photo in answer["photos"]]
        path = answer["next"]
    assert seen == ["p4", "p3", "p2", "p1", "p0"]


def test_a_photo_that_is_not_known_is_told() -> None:
    response = a_site().client.get(f"{BASE}/photo_x")
    assert response.status_code == 404
    assert "photo_x" in response.json()["message"]


def test_beyond_this_machine_the_key_is_needed() -> None:
    site = a_site(host="0.0.0.0", key=KEY, base_url="http://press.example")
    assert site.client.get(BASE).status_code == 401
    assert site.client.get(BASE, headers={"authorization": f"Bearer {KEY}"}).json() == {"photos": [], "next": None}
