"""Uploads to LinkedIn go on from where they were, no worker waits for one, and the token goes to LinkedIn alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.errors import Deferred, PostRejected, Unavailable
from pressroom.publishers._linkedin_auth import VersionedBearer
from tests.fakes.faults import Fault
from tests.fakes.linkedin import FakeLinkedIn
from tests.publishers.fake_bench import PICTURE
from tests.publishers.linkedin_bench import LinkedInBench, a_bench


@pytest.fixture
def bench() -> Iterator[LinkedInBench]:
    with a_bench() as bench:
        yield bench


def prepare(bench: LinkedInBench, kept: list[dict[str, Any]]) -> dict[str, Any]:
    return bench.publisher.prepare(bench.post, bench.read, kept[-1] if kept else {}, kept.append)


def test_a_picture_that_is_worked_on_is_looked_at_again_and_not_uploaded_again() -> None:
    with a_bench(processing_looks=2) as bench:
        kept: list[dict[str, Any]] = []
        for _ in range(2):
            with pytest.raises(Deferred, match="still working") as raised:
                prepare(bench, kept)
            assert raised.value.until > bench.now()
            bench.clock.advance(timedelta(seconds=5))
        bench.publisher.publish(bench.post, prepare(bench, kept))
        assert len(bench.linkedin.images) == len(bench.calls("dms-uploads")) == 1


def test_the_longer_it_takes_the_rarer_are_the_looks() -> None:
    with a_bench(processing_looks=9) as bench:
        kept: list[dict[str, Any]] = []
        waits = []
        for _ in range(3):
            with pytest.raises(Deferred) as raised:
                prepare(bench, kept)
            waits.append((raised.value.until - bench.now()).total_seconds())
            bench.clock.advance(timedelta(seconds=waits[-1] + 1))
        assert waits == sorted(waits)
        assert waits[0] < waits[-1]


def test_a_picture_that_never_gets_ready_is_uploaded_anew() -> None:
    with a_bench(processing_looks=2) as bench:
        kept: list[dict[str, Any]] = []
        with pytest.raises(Deferred):
            prepare(bench, kept)
        bench.clock.advance(timedelta(minutes=11))
        with pytest.raises(Unavailable, match="did not get the picture"):
            prepare(bench, kept)
        bench.linkedin.processing_looks = 0
        prepared = prepare(bench, kept)
        assert len(bench.linkedin.images) == 2
        assert prepared["urns"] == [image.urn for image in bench.linkedin.images]
        bench.publisher.publish(bench.post, prepared)


def test_a_picture_is_looked_at_every_minute_however_long_it_takes() -> None:
    with a_bench(processing_looks=9) as bench:
        kept: list[dict[str, Any]] = []
        with pytest.raises(Deferred):
            prepare(bench, kept)
        bench.clock.advance(timedelta(minutes=8))
        with pytest.raises(Deferred) as raised:
            prepare(bench, kept)
        assert raised.value.until == bench.now() + timedelta(minutes=1)


def test_an_upload_that_was_answered_and_never_came_is_made_anew_within_two_minutes(bench: LinkedInBench) -> None:
    kept: list[dict[str, Any]] = []
    bench.script(Fault.EMPTY_BODY, method="PUT", path="/dms-uploads/*")
    started = bench.now()
    said = []
    while bench.count_posts() == 0:
        try:
            bench.publisher.publish(bench.post, prepare(bench, kept))
        except Deferred as deferred:
            bench.clock.advance(deferred.until - bench.now())
        except Unavailable as failed:
            said.append(failed.what)
    assert ["WAITING_UPLOAD" in what for what in said] == [True]
    assert bench.now() - started <= timedelta(minutes=2)
    assert len(bench.calls("dms-uploads")) == 2


def test_a_picture_that_linkedin_cannot_process_is_refused_by_name(bench: LinkedInBench) -> None:
    bench.picture = b"\xff\xd8\xff no picture"
    with pytest.raises(PostRejected, match=PICTURE.key):
        bench.prepare()


def test_a_member_whose_app_may_not_look_posts_all_the_same() -> None:
    with a_bench(organization=False, show_images=False) as bench:
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.count_posts() == 1


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.CUT_AFTER_PROCESSING, Fault.JUNK_BODY])
@pytest.mark.parametrize("path", ["/rest/images", "/dms-uploads/*", "/rest/images/*"])
def test_trouble_with_an_upload_is_tried_again_and_posts_nothing(bench: LinkedInBench, fault: Fault, path: str) -> None:
    kept: list[dict[str, Any]] = []
    bench.script(fault, path=path)
    if (fault, path) != (Fault.JUNK_BODY, "/dms-uploads/*"):
        with pytest.raises(Unavailable):
            prepare(bench, kept)
    else:
        # LinkedIn's own success has no words either: that nothing came is seen when the picture is looked at.
        with pytest.raises(Deferred):
            prepare(bench, kept)
        bench.clock.advance(timedelta(minutes=11))
        with pytest.raises(Unavailable):
            prepare(bench, kept)
    bench.publisher.publish(bench.post, prepare(bench, kept))
    assert bench.count_posts() == 1


def test_an_edited_picture_is_uploaded_in_the_place_of_the_old_one(bench: LinkedInBench) -> None:
    kept: list[dict[str, Any]] = []
    prepare(bench, kept)
    bench.post = replace(bench.post, media=(replace(PICTURE, revision=2),))
    prepared = prepare(bench, kept)
    assert [image["asset"] for image in prepared["images"]] == [f"{PICTURE.key}@2"]
    assert len(prepared["urns"]) == 2


@pytest.mark.parametrize(
    ("url", "is_given"),
    [
        ("https://www.linkedin.com/dms-uploads/x", True),
        ("https://api.linkedin.com/rest/posts", True),
        ("http://www.linkedin.com/dms-uploads/x", False),
        ("https://linkedin.com.example.com/x", False),
        ("https://notlinkedin.com/x", False),
        ("https://storage.example.com/x", False),
    ],
)
def test_the_token_is_given_to_linkedins_own_hosts_alone(url: str, is_given: bool) -> None:
    stored = MemorySecrets({"channels.main.access_token": "token-of-ours"})
    request = httpx.Request("PUT", url)
    VersionedBearer(stored, "channels.main", base_url="https://api.linkedin.com", version="202607").sign(request)
    assert ("authorization" in request.headers) is is_given
    assert request.headers["linkedin-version"] == "202607"


def test_an_upload_address_that_is_no_web_address_is_not_used() -> None:
    with a_bench(upload_base="ftp://127.0.0.1:9") as bench, pytest.raises(Unavailable, match="where to upload"):
        bench.prepare()


def test_no_token_goes_to_a_foreign_host_that_linkedin_names(bench: LinkedInBench) -> None:
    with FakeLinkedIn() as elsewhere:
        bench.linkedin.upload_base = elsewhere.base_url
        with pytest.raises(Unavailable, match="asked for anew"):
            bench.prepare()
        [upload] = elsewhere.requests
        assert upload.method == "PUT"
        assert "authorization" not in upload.headers
