"""Uploads to Mastodon go on from where they were, and no worker waits while the server reads a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, Deferred, PostRejected, PressroomError, RateLimited, Unavailable
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.mastodon_bench import MEDIA, MastodonBench, a_bench


@pytest.fixture
def bench() -> Iterator[MastodonBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def slow() -> Iterator[MastodonBench]:
    with a_bench(working_seconds=90) as bench:
        yield bench


def prepare(bench: MastodonBench, kept: list[dict[str, Any]]) -> dict[str, Any]:
    return bench.publisher.prepare(bench.post, bench.read, kept[-1] if kept else {}, kept.append)


def test_a_picture_is_uploaded_with_its_alt_text_and_posted(bench: MastodonBench) -> None:
    bench.publisher.publish(bench.post, bench.prepare())
    [media] = bench.server.media
    assert (media.description, media.mime) == (PICTURE.alt_text, "image/jpeg")
    assert bench.server.posts[0].media_ids == [media.id]


def test_four_pictures_keep_their_order(bench: MastodonBench) -> None:
    pictures = tuple(replace(PICTURE, key=f"images/{number}.jpg", alt_text=f"{number}") for number in range(4))
    bench.post = replace(bench.post, media=pictures)
    bench.publisher.publish(bench.post, bench.prepare())
    described = {media.id: media.description for media in bench.server.media}
    assert [described[one] for one in bench.server.posts[0].media_ids] == ["0", "1", "2", "3"]


def test_a_long_alt_text_is_cut_at_a_word_to_what_is_taken(bench: MastodonBench) -> None:
    bench.post = replace(bench.post, media=(replace(PICTURE, alt_text="pumpkin " * 300),))
    bench.prepare()
    assert (bench.server.media[0].description or "").endswith("pumpkin…")


def test_a_picture_without_alt_text_has_none(bench: MastodonBench) -> None:
    bench.post = replace(bench.post, media=(replace(PICTURE, alt_text=""),))
    bench.prepare()
    assert bench.server.media[0].description is None


def test_a_picture_that_is_worked_on_is_looked_at_later_and_less_and_less_often(slow: MastodonBench) -> None:
    kept: list[dict[str, Any]] = []
    waits = []
    while "key" not in (kept[-1] if kept else {}):
        try:
            prepare(slow, kept)
        except Deferred as deferred:
            waits.append(round((deferred.until - slow.now()).total_seconds()))
            slow.let_time_pass(deferred.until - slow.now())
    assert waits == [2, 2, 4, 8, 16, 32, 60]
    assert len(slow.calls(MEDIA)) == 1
    slow.publisher.publish(slow.post, kept[-1])
    assert slow.count_posts() == 1


def test_all_pictures_are_handed_over_before_the_first_is_waited_for(slow: MastodonBench) -> None:
    slow.post = replace(slow.post, media=(PICTURE, replace(PICTURE, key="images/b.jpg")))
    with pytest.raises(Deferred):
        prepare(slow, [])
    assert len(slow.server.media) == 2


def test_a_picture_that_the_server_cannot_read_is_rejected(slow: MastodonBench) -> None:
    slow.picture = slow.picture[:300]
    kept: list[dict[str, Any]] = []
    with pytest.raises(Deferred):
        prepare(slow, kept)
    slow.let_time_pass(timedelta(minutes=2))
    with pytest.raises(PostRejected, match="File is invalid"):
        prepare(slow, kept)


def test_a_picture_that_is_worked_on_for_an_hour_is_uploaded_again() -> None:
    with a_bench(working_seconds=1e6) as bench:
        kept: list[dict[str, Any]] = []
        with pytest.raises(Deferred):
            prepare(bench, kept)
        bench.server.working_seconds = 0
        bench.let_time_pass(timedelta(minutes=61))
        prepare(bench, kept)
        assert kept[-1]["media_ids"] == [media.id for media in bench.server.media]
        assert len(bench.server.media) == 2


def test_a_picture_that_the_server_lost_is_uploaded_again(slow: MastodonBench) -> None:
    kept: list[dict[str, Any]] = []
    with pytest.raises(Deferred):
        prepare(slow, kept)
    slow.server.media.clear()
    with pytest.raises(Unavailable, match="lost a picture"):
        prepare(slow, kept)
    slow.server.working_seconds = 0
    prepare(slow, kept)
    assert len(slow.server.media) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.SERVER_ERROR, Unavailable),
        (Fault.PROCESSED_BUT_500, Unavailable),
        (Fault.JUNK_BODY, Unavailable),
        (Fault.EMPTY_BODY, Unavailable),
        (Fault.CUT_AFTER_PROCESSING, Unavailable),
        (Fault.TIMEOUT_AFTER_PROCESSING, Unavailable),
        (Fault.RATE_LIMITED, RateLimited),
        (Fault.BAD_REQUEST, PostRejected),
        (Fault.TOO_LARGE, PostRejected),
        (Fault.TOKEN_REVOKED, AccountDisconnected),
    ],
)
def test_an_upload_may_be_repeated_unless_it_was_refused(
    bench: MastodonBench, fault: Fault, kind: type[PressroomError]
) -> None:
    bench.script(fault, path=MEDIA)
    with pytest.raises(kind) as raised:
        bench.prepare()
    assert type(raised.value) is kind
    bench.publisher.publish(bench.post, bench.prepare())
    assert bench.count_posts() == 1


def test_a_failed_upload_is_made_again_and_the_others_are_not(bench: MastodonBench) -> None:
    bench.post = replace(bench.post, media=(PICTURE, replace(PICTURE, key="images/b.jpg")))
    kept: list[dict[str, Any]] = []
    bench.script(Fault.SERVER_ERROR, path=MEDIA, skip=1)
    with pytest.raises(Unavailable):
        prepare(bench, kept)
    prepare(bench, kept)
    assert len(bench.calls(MEDIA)) == 3


def test_an_upload_that_the_server_may_remove_is_made_anew(bench: MastodonBench) -> None:
    first = bench.prepare()
    bench.let_time_pass(timedelta(hours=25))
    bench.publisher.publish(bench.post, bench.prepare(first))
    assert len(bench.server.posts[0].media_ids) == 1


def test_another_revision_of_a_picture_is_uploaded(bench: MastodonBench) -> None:
    first = bench.prepare()
    bench.post = replace(bench.post, media=(replace(PICTURE, revision=2),))
    bench.prepare(first)
    assert len(bench.server.media) == 2


def test_uploads_have_a_limit_of_their_own() -> None:
    with a_bench(limits={"media": 1}) as bench:
        bench.prepare()
        with pytest.raises(RateLimited) as raised:
            bench.prepare()
        assert raised.value.retry_at is not None
        assert timedelta(minutes=29) < raised.value.retry_at - bench.now() <= timedelta(minutes=31)


def test_a_picture_that_is_too_large_is_not_sent_at_all() -> None:
    with a_bench(settings={"max_image_bytes": 100}) as bench:
        with pytest.raises(PostRejected, match="Mastodon takes 100"):
            bench.prepare()
        assert bench.calls(MEDIA) == []
