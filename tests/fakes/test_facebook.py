"""What the fake Page takes as photos and posts, and how it shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.facebook import FakeFacebook
from tests.fakes.meta_caller import Caller, caller, codes, picture
from tests.fakes.meta_media_host import MediaHost


@pytest.fixture
def facebook() -> Iterator[FakeFacebook]:
    with FakeFacebook() as fake:
        yield fake


@pytest.fixture
def call(facebook: FakeFacebook) -> Caller:
    return caller(facebook)


def upload(call: Caller, data: bytes | None = None, **fields: str) -> str:
    values = {"published": "false", **fields}
    answer = call("POST", "/me/photos", data=values, files={"source": ("a.jpg", data or picture())})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def attached(*ids: str) -> list[dict[str, str]]:
    return [{"media_fbid": one} for one in ids]


def test_unpublished_photos_are_in_no_post_until_one_names_them(facebook: FakeFacebook, call: Caller) -> None:
    ids = [upload(call, alt_text_custom=f"Photo {number}") for number in range(2)]
    assert facebook.posts == []
    answer = call("POST", "/me/feed", json={"message": "Two", "attached_media": attached(*ids)})
    assert answer.json()["id"] == facebook.posts[0].id
    assert facebook.posts[0].photo_ids == ids
    assert [photo.alt_text for photo in facebook.photos] == ["Photo 0", "Photo 1"]


def test_a_published_photo_is_a_post(facebook: FakeFacebook, call: Caller) -> None:
    answer = call("POST", "/me/photos", data={"caption": "One"}, files={"source": ("a.jpg", picture())})
    assert answer.json()["post_id"] == facebook.posts[0].id
    assert facebook.posts[0].message == "One"


def test_a_photo_is_fetched_by_its_address_too(facebook: FakeFacebook, call: Caller) -> None:
    with MediaHost() as host:
        url = host.put("a.jpg", "image/jpeg", picture())
        assert call("POST", "/me/photos", data={"url": url, "published": "false"}).status_code == 200
        assert codes(call("POST", "/me/photos", data={"url": url + "x"}))[0] == 324


@pytest.mark.parametrize("what", ["junk", "too large", "webp", "nothing"])
def test_what_is_no_photo_is_refused(call: Caller, what: str) -> None:
    made = {"junk": b"junk", "too large": bytes(4_000_001), "webp": picture(".webp"), "nothing": b""}
    answer = call("POST", "/me/photos", data={"published": "false"}, files={"source": ("a.jpg", made[what])})
    assert codes(answer)[0] == 1366046


def test_a_photo_is_good_for_one_post_and_for_a_day(facebook: FakeFacebook, call: Caller) -> None:
    photo = upload(call)
    assert call("POST", "/me/feed", json={"attached_media": attached(photo)}).status_code == 200
    assert codes(call("POST", "/me/feed", json={"attached_media": attached(photo)}))[0] == 1366051
    old = upload(call)
    facebook.advance(86_401)
    assert codes(call("POST", "/me/feed", json={"attached_media": attached(old)}))[0] == 100


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "  "},
        {"message": "a" * 63_207},
        {"message": ["a"]},
        {"attached_media": "[1"},
        {"attached_media": ["1"]},
        {"attached_media": [{"media_fbid": "1"}] * 11},
        {"message": "a", "published": "maybe"},
        {"message": "a", "idempotency_key": "b"},
        ["message"],
    ],
)
def test_what_is_no_post_is_refused(facebook: FakeFacebook, call: Caller, body: object) -> None:
    assert codes(call("POST", "/me/feed", json=body))[0] == 100
    assert facebook.posts == []


def test_the_same_words_are_a_duplicate_for_a_day(facebook: FakeFacebook, call: Caller) -> None:
    assert call("POST", "/me/feed", data={"message": "again"}).status_code == 200
    assert codes(call("POST", "/me/feed", data={"message": "again"})) == (506, 1455006)
    facebook.advance(86_401)
    assert call("POST", "/me/feed", data={"message": "again"}).status_code == 200


def test_the_feed_is_newest_first_and_can_be_paged(facebook: FakeFacebook, call: Caller) -> None:
    ids = [call.made("/me/feed", message=f"Post {number}") for number in range(5)]
    first = call("GET", "/me/feed", params={"fields": "id,message", "limit": "3"}).json()
    after = first["paging"]["cursors"]["after"]
    rest = call("GET", "/me/feed", params={"fields": "id", "limit": "3", "after": after}).json()
    assert [post["id"] for post in first["data"] + rest["data"]] == ids[::-1]
    assert "next" not in rest["paging"]
    facebook.advance(60)
    since = str(int(facebook.now()))
    assert call("GET", "/me/feed", params={"since": since}).json()["data"] == []


def test_a_post_shows_its_photos_where_facebook_shows_them(facebook: FakeFacebook, call: Caller) -> None:
    photos = [upload(call) for _ in range(2)]
    post = call("POST", "/me/feed", json={"attached_media": attached(*photos)}).json()["id"]
    fields = "id,permalink_url,attachments{target{id},subattachments{target{id}}}"
    shown = call("GET", f"/{post}", params={"fields": fields}).json()
    (attachment,) = shown["attachments"]["data"]
    assert [one["target"]["id"] for one in attachment["subattachments"]["data"]] == photos


def test_what_it_holds_outlives_it(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with FakeFacebook(state_file=state) as fake:
        caller(fake).made("/me/feed", message="Boo")
        token = fake.access_token
    assert json.loads(state.read_text())["posts"][0]["message"] == "Boo"
    with FakeFacebook(state_file=state) as again:
        assert again.access_token == token
        assert [post.message for post in again.posts] == ["Boo"]
