"""What the fake Threads takes as words and pictures, and what it says when a container is not ready."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.meta_caller import Caller, caller, codes, picture
from tests.fakes.meta_media_host import MediaHost
from tests.fakes.threads import FakeThreads


@pytest.fixture
def threads() -> Iterator[FakeThreads]:
    with FakeThreads() as fake:
        yield fake


@pytest.fixture
def host() -> Iterator[MediaHost]:
    with MediaHost() as made:
        yield made


@pytest.fixture
def call(threads: FakeThreads) -> Caller:
    return caller(threads)


def test_words_alone_are_a_post(threads: FakeThreads, call: Caller) -> None:
    container = call.made("/me/threads", media_type="TEXT", text="Boo")
    assert threads.posts == []
    post = call.made("/me/threads_publish", creation_id=container)
    shown = call("GET", f"/{post}", params={"fields": "id,text,permalink,media_type"}).json()
    assert (shown["text"], shown["media_type"]) == ("Boo", "TEXT_POST")
    assert shown["permalink"].startswith("https://www.threads.com/@pressroom/post/")
    listed = call("GET", "/me/threads", params={"fields": "id,text"}).json()["data"]
    assert [one["id"] for one in listed] == [post]


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("a" * 500, True),
        ("a" * 501, False),
        ("日" * 500, True),
        ("🎃" * 125, True),
        ("🎃" * 125 + "a", False),
        (" ".join(f"https://a.example/{n}" for n in range(5)), True),
        (" ".join(f"https://a.example/{n}" for n in range(6)), False),
        (" ".join("https://a.example/1" for n in range(6)), True),
        ("  ", False),
    ],
)
def test_words_have_limits(call: Caller, text: str, is_taken: bool) -> None:
    answer = call("POST", "/me/threads", data={"media_type": "TEXT", "text": text})
    assert (answer.status_code == 200) is is_taken


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": "Boo"},
        {"media_type": "VIDEO", "text": "Boo"},
        {"media_type": "TEXT", "text": "Boo", "image_url": "http://127.0.0.1/a.jpg"},
        {"media_type": "IMAGE"},
        {"media_type": "CAROUSEL", "children": "1"},
        {"media_type": "TEXT", "text": "Boo", "key": "1"},
    ],
)
def test_what_is_no_post_is_refused(call: Caller, fields: dict[str, str]) -> None:
    assert codes(call("POST", "/me/threads", data=fields))[0] == 100


def test_a_container_that_is_not_ready_cannot_be_found(threads: FakeThreads, call: Caller) -> None:
    threads.ready_after_seconds = 30
    container = call.made("/me/threads", media_type="TEXT", text="Boo")
    assert codes(call("POST", "/me/threads_publish", data={"creation_id": container})) == (24, 4279009)
    threads.advance(31)
    call.made("/me/threads_publish", creation_id=container)


@pytest.mark.parametrize(
    ("kind", "size", "says"),
    [
        (".jpg", (64, 36), None),
        (".png", (64, 36), None),
        (".webp", (64, 36), "INVALID_IMAGE"),
        (".jpg", (10, 200), "INVALID_ASPEC_RATIO"),
    ],
)
def test_what_is_wrong_with_a_picture_is_told_with_the_containers_state(
    host: MediaHost, call: Caller, kind: str, size: tuple[int, int], says: str | None
) -> None:
    url = host.put("a", "image/jpeg", picture(kind, *size))
    container = call.made("/me/threads", media_type="IMAGE", image_url=url, text="Boo")
    shown = call("GET", f"/{container}", params={"fields": "status,error_message"}).json()
    assert shown["status"] == ("ERROR" if says else "FINISHED")
    assert shown.get("error_message") == says


def test_a_carousel_may_have_twenty_pictures(threads: FakeThreads, host: MediaHost, call: Caller) -> None:
    url = host.put("a.jpg", "image/jpeg", picture())
    fields = {"media_type": "IMAGE", "image_url": url, "is_carousel_item": "true"}
    parts = [call.made("/me/threads", **fields) for _ in range(21)]
    answer = call("POST", "/me/threads", data={"media_type": "CAROUSEL", "children": ",".join(parts)})
    assert codes(answer)[0] == 100
    whole = call.made("/me/threads", media_type="CAROUSEL", children=",".join(parts[:20]), text="Many")
    call.made("/me/threads_publish", creation_id=whole)
    assert len(threads.posts[0].children) == 20
