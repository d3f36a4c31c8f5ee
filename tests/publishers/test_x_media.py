"""Uploads to X go on from where they were, and no picture goes out without its alt text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import OutOfCredit, PostRejected, PressroomError, Unavailable
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.x_bench import XBench, a_bench


@pytest.fixture
def bench() -> Iterator[XBench]:
    with a_bench() as bench:
        yield bench


def test_a_picture_is_uploaded_described_and_posted(bench: XBench) -> None:
    bench.publisher.publish(bench.post, bench.prepare())
    [media] = bench.x.media
    assert (media.alt_text, media.mime) == (PICTURE.alt_text, "image/jpeg")
    assert bench.x.posts[0].media_ids == [media.id]


def test_four_pictures_keep_their_order(bench: XBench) -> None:
    pictures = tuple(replace(PICTURE, key=f"images/{number}.jpg", alt_text=f"{number}") for number in range(4))
    bench.post = replace(bench.post, media=pictures)
    bench.publisher.publish(bench.post, bench.prepare())
    described = {media.id: media.alt_text for media in bench.x.media}
    assert [described[one] for one in bench.x.posts[0].media_ids] == ["0", "1", "2", "3"]


def test_a_picture_without_alt_text_is_not_described(bench: XBench) -> None:
    bench.post = replace(bench.post, media=(replace(PICTURE, alt_text=""),))
    bench.prepare()
    assert bench.calls("metadata") == []


def test_a_long_alt_text_is_cut_at_a_word_to_what_x_takes(bench: XBench) -> None:
    bench.post = replace(bench.post, media=(replace(PICTURE, alt_text="pumpkin " * 200),))
    bench.prepare()
    assert (bench.x.media[0].alt_text or "").endswith("pumpkin…")


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_REQUEST, Fault.TIMEOUT_NOT_PROCESSED])
def test_a_failed_alt_text_waits_and_uploads_nothing_again(bench: XBench, fault: Fault) -> None:
    kept: list[dict[str, Any]] = []
    bench.script(fault, path="/2/media/metadata")
    with pytest.raises(Unavailable, match="alt text"):
        bench.publisher.prepare(bench.post, bench.read, {}, kept.append)
    prepared = bench.prepare(kept[-1])
    assert len(bench.x.media) == 1
    bench.publisher.publish(bench.post, prepared)
    assert bench.x.media[0].alt_text == PICTURE.alt_text


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.SERVER_ERROR, Unavailable),
        (Fault.PROCESSED_BUT_500, Unavailable),
        (Fault.JUNK_BODY, Unavailable),
        (Fault.EMPTY_BODY, Unavailable),
        (Fault.CUT_AFTER_PROCESSING, Unavailable),
        (Fault.TIMEOUT_AFTER_PROCESSING, Unavailable),
        (Fault.BAD_REQUEST, PostRejected),
        (Fault.TOO_LARGE, PostRejected),
        (Fault.OUT_OF_CREDIT, OutOfCredit),
    ],
)
def test_an_upload_may_be_repeated_unless_it_was_refused(
    bench: XBench, fault: Fault, kind: type[PressroomError]
) -> None:
    bench.script(fault, path="/2/media/upload")
    with pytest.raises(kind) as raised:
        bench.prepare()
    assert type(raised.value) is kind
    bench.publisher.publish(bench.post, bench.prepare())
    assert bench.count_posts() == 1


def test_an_upload_that_ends_soon_is_made_anew_and_its_key_is_remembered(bench: XBench) -> None:
    first = bench.prepare()
    bench.clock.advance(hours=23, minutes=55)
    bench.x.advance(timedelta(hours=23, minutes=55).total_seconds())
    second = bench.prepare(first)
    assert len(bench.x.media) == 2
    assert second["media_keys"] == [media.media_key for media in bench.x.media]


def test_another_revision_of_a_picture_is_uploaded(bench: XBench) -> None:
    first = bench.prepare()
    bench.post = replace(bench.post, media=(replace(PICTURE, revision=2),))
    bench.prepare(first)
    assert len(bench.x.media) == 2


def test_a_picture_that_is_too_large_is_not_sent_at_all(bench: XBench) -> None:
    bench.picture = b"\xff" * 5_000_001
    with pytest.raises(PostRejected, match="5,000,001 bytes; X takes 5,000,000"):
        bench.prepare()
    assert bench.calls() == []
