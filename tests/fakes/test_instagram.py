"""What the fake Instagram takes as pictures and captions, when a container can be published, and its tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fakes.instagram import FakeInstagram
from tests.fakes.meta_caller import Caller, caller, codes, picture
from tests.fakes.meta_media_host import MediaHost
from tests.fakes.meta_state import APP_SECRET


@pytest.fixture
def host() -> Iterator[MediaHost]:
    with MediaHost() as made:
        yield made


@pytest.fixture
def instagram() -> Iterator[FakeInstagram]:
    with FakeInstagram() as fake:
        yield fake


@pytest.fixture
def call(instagram: FakeInstagram) -> Caller:
    return caller(instagram)


def status(call: Caller, container: str) -> str:
    return str(call("GET", f"/{container}", params={"fields": "status_code"}).json()["status_code"])


def test_a_container_is_published_once(instagram: FakeInstagram, host: MediaHost, call: Caller) -> None:
    url = host.put("a.jpg", "image/jpeg", picture())
    container = call.made("/me/media", image_url=url, caption="Boo", alt_text="A pumpkin")
    assert status(call, container) == "FINISHED"
    post = call.made("/me/media_publish", creation_id=container)
    assert status(call, container) == "PUBLISHED"
    assert post != container
    assert codes(call("POST", "/me/media_publish", data={"creation_id": container})) == (9007, 2207027)
    assert [one.alt_texts for one in instagram.posts] == [["A pumpkin"]]
    shown = call("GET", f"/{post}", params={"fields": "permalink,caption,media_type"}).json()
    assert shown["permalink"].startswith("https://www.instagram.com/p/")


def test_a_container_takes_its_time_and_ends(instagram: FakeInstagram, host: MediaHost, call: Caller) -> None:
    instagram.ready_after_seconds = 5
    url = host.put("a.jpg", "image/jpeg", picture())
    container = call.made("/me/media", image_url=url)
    assert status(call, container) == "IN_PROGRESS"
    assert codes(call("POST", "/me/media_publish", data={"creation_id": container})) == (9007, 2207027)
    instagram.advance(6)
    assert status(call, container) == "FINISHED"
    instagram.advance(86_400)
    assert status(call, container) == "EXPIRED"
    assert codes(call("POST", "/me/media_publish", data={"creation_id": container})) == (9007, 2207027)


def test_one_that_takes_its_time_says_at_the_end_what_is_wrong(
    instagram: FakeInstagram, host: MediaHost, call: Caller
) -> None:
    instagram.ready_after_seconds = 5
    container = call.made("/me/media", image_url=host.put("a.png", "image/png", picture(".png")))
    instagram.advance(6)
    shown = call("GET", f"/{container}", params={"fields": "status_code,status"}).json()
    assert (shown["status_code"], shown["status"][-7:]) == ("ERROR", "2207005")


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("png", (36001, 2207005)),
        ("junk", (36001, 2207005)),
        ("cut short", (36001, 2207005)),
        ("too tall", (36003, 2207009)),
        ("too wide", (36003, 2207009)),
    ],
)
def test_only_a_jpeg_of_a_shape_that_it_shows_is_taken(
    host: MediaHost, call: Caller, what: str, expected: tuple[int, int]
) -> None:
    made = {
        "png": picture(".png"),
        "junk": b"junk",
        "cut short": picture()[:-400],
        "too tall": picture(width=100, height=130),
        "too wide": picture(width=200, height=100),
    }
    answer = call("POST", "/me/media", data={"image_url": host.put("a.jpg", "image/jpeg", made[what])})
    assert codes(answer) == expected


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://127.0.0.1:9/a.jpg", "http://127.0.0.1/ä.jpg"])
def test_what_cannot_be_fetched_is_refused(call: Caller, url: str) -> None:
    assert codes(call("POST", "/me/media", data={"image_url": url})) == (9004, 2207052)


def test_an_unsigned_address_is_refused(host: MediaHost, call: Caller) -> None:
    url = host.put("a.jpg", "image/jpeg", picture()).partition("?")[0]
    assert codes(call("POST", "/me/media", data={"image_url": url})) == (9004, 2207052)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"caption": "a" * 2201}, (36004, 2207010)),
        ({"caption": "#a " * 31}, (36004, 2207010)),
        ({"caption": "@a " * 21}, (100, 2207040)),
        ({"alt_text": "a" * 1001}, (100, None)),
        ({"media_type": "REELS"}, (100, None)),
        ({"published": "true"}, (100, None)),
    ],
)
def test_words_and_parameters_have_limits(
    host: MediaHost, call: Caller, fields: dict[str, str], expected: tuple[int, int | None]
) -> None:
    url = host.put("a.jpg", "image/jpeg", picture())
    assert codes(call("POST", "/me/media", data={"image_url": url, **fields})) == expected


def test_a_carousel_is_made_of_two_to_ten_parts_that_are_ready(
    instagram: FakeInstagram, host: MediaHost, call: Caller
) -> None:
    url = host.put("a.jpg", "image/jpeg", picture())
    parts = [call.made("/me/media", image_url=url, is_carousel_item="true") for _ in range(11)]
    alone = call.made("/me/media", image_url=url)
    for children in (parts[:1], parts, []):
        answer = call("POST", "/me/media", data={"media_type": "CAROUSEL", "children": ",".join(children)})
        assert codes(answer) == (9, 2207028)
    answer = call("POST", "/me/media", data={"media_type": "CAROUSEL", "children": f"{parts[0]},{alone}"})
    assert codes(answer) == (9007, 2207027)
    assert codes(call("POST", "/me/media_publish", data={"creation_id": parts[0]})) == (9007, 2207027)
    whole = call.made("/me/media", media_type="CAROUSEL", children=",".join(parts[:3]))
    call.made("/me/media_publish", creation_id=whole)
    assert len(instagram.posts[0].children) == 3


def test_no_more_is_published_than_the_quota(host: MediaHost) -> None:
    with FakeInstagram(quota=1) as instagram:
        call, url = caller(instagram), host.put("a.jpg", "image/jpeg", picture())
        first, second = (call.made("/me/media", image_url=url) for _ in range(2))
        call.made("/me/media_publish", creation_id=first)
        assert codes(call("POST", "/me/media_publish", data={"creation_id": second})) == (9, 2207042)
        told = call("GET", "/me/content_publishing_limit", params={"fields": "quota_usage,config"}).json()["data"][0]
        assert (told["quota_usage"], told["config"]["quota_total"]) == (1, 1)


def test_a_token_is_renewed_after_a_day_and_replaced(instagram: FakeInstagram) -> None:
    def refresh(token: str) -> httpx.Response:
        parameters = {"grant_type": "ig_refresh_token", "access_token": token}
        return httpx.get(f"{instagram.base_url}/refresh_access_token", params=parameters)

    old = instagram.access_token
    new = refresh(old).json()["access_token"]
    assert codes(refresh(old)) == (190, 458)
    assert codes(refresh(new))[0] == 190
    instagram.advance(86_401)
    assert refresh(new).status_code == 200


def test_a_short_token_is_made_a_long_one_with_the_apps_secret(instagram: FakeInstagram) -> None:
    short = instagram.connect(instagram.account, 3600, age_seconds=0).text
    parameters = {"grant_type": "ig_exchange_token", "client_secret": "wrong", "access_token": short}
    assert httpx.get(f"{instagram.base_url}/access_token", params=parameters).status_code == 400
    answer = httpx.get(f"{instagram.base_url}/access_token", params={**parameters, "client_secret": APP_SECRET})
    assert answer.json()["expires_in"] == 60 * 86_400


def test_what_it_holds_outlives_it(tmp_path: Path, host: MediaHost) -> None:
    state = tmp_path / "state.json"
    url = host.put("a.jpg", "image/jpeg", picture())
    with FakeInstagram(state_file=state) as fake:
        call = caller(fake)
        call.made("/me/media_publish", creation_id=call.made("/me/media", image_url=url, caption="Boo"))
        ids = [post.id for post in fake.posts]
    with FakeInstagram(state_file=state) as again:
        assert [post.id for post in again.posts] == ids
        assert again.containers[0].status(again.now()) == "PUBLISHED"
