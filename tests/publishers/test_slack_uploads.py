"""Uploads to Slack before a message: each is made once, seen by nobody, and made anew where Slack has lost it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, Deferred, PostRejected, Unavailable
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.slack_bench import SlackBench, a_bench


@pytest.fixture
def bench() -> Iterator[SlackBench]:
    with a_bench() as bench:
        yield bench


def prepare(bench: SlackBench, kept: list[dict[str, Any]]) -> dict[str, Any]:
    return bench.publisher.prepare(bench.post, bench.read, kept[-1] if kept else {}, kept.append)


def test_a_file_that_slack_works_on_is_looked_at_again_and_not_uploaded_again() -> None:
    with a_bench(processing_looks=2) as bench:
        kept: list[dict[str, Any]] = []
        for _ in range(2):
            with pytest.raises(Deferred, match="still working"):
                prepare(bench, kept)
        bench.publisher.publish(bench.post, prepare(bench, kept))
        assert len(bench.slack.files) == 1


def test_a_file_that_never_gets_ready_is_uploaded_anew() -> None:
    with a_bench(processing_looks=2) as bench:
        kept: list[dict[str, Any]] = []
        with pytest.raises(Deferred):
            prepare(bench, kept)
        bench.clock.advance(timedelta(minutes=6))
        with pytest.raises(Unavailable, match="did not get the picture"):
            prepare(bench, kept)
        bench.slack.processing_looks = 0
        bench.publisher.publish(bench.post, prepare(bench, kept))
        assert len(bench.slack.files) == 2


def test_an_upload_that_slack_took_and_did_not_store_is_uploaded_anew(bench: SlackBench) -> None:
    kept: list[dict[str, Any]] = []
    bench.script(Fault.JUNK_BODY, path="/upload/*")  # a success by its status, which is all that is promised
    with pytest.raises(Unavailable, match=f"has lost the picture {PICTURE.key} .* file_not_found"):
        prepare(bench, kept)
    bench.publisher.publish(bench.post, prepare(bench, kept))
    assert [file.state for file in bench.slack.files] == ["asked for", "complete"]
    assert bench.count_posts() == 1


def test_an_upload_that_slack_loses_while_it_works_on_it_is_uploaded_anew() -> None:
    with a_bench(processing_looks=1) as bench:
        kept: list[dict[str, Any]] = []
        with pytest.raises(Deferred):
            prepare(bench, kept)
        bench.slack.processing_looks = 0
        bench.slack.files.clear()
        with pytest.raises(Unavailable, match="has lost the picture"):
            prepare(bench, kept)
        bench.publisher.publish(bench.post, prepare(bench, kept))
        assert (len(bench.slack.files), bench.count_posts()) == (1, 1)


def test_a_file_that_is_not_ready_after_all_is_no_refusal(bench: SlackBench) -> None:
    prepared = bench.prepare()
    bench.slack.files[0].looks_left = 1
    with pytest.raises(Unavailable, match="invalid slack file"):
        bench.publisher.publish(bench.post, prepared)
    assert bench.count_posts() == 0


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.CUT_AFTER_PROCESSING, Fault.SERVER_ERROR])
@pytest.mark.parametrize(
    "path", ["/api/auth.test", "/api/files.get*", "/upload/*", "/api/files.complete*", "/api/files.info"]
)
def test_trouble_before_the_message_is_tried_again(bench: SlackBench, fault: Fault, path: str) -> None:
    if (fault, path) == (Fault.SERVER_ERROR, "/upload/*"):
        fault = Fault.PROCESSED_BUT_503
    kept: list[dict[str, Any]] = []
    bench.script(fault, path=path)
    with pytest.raises(Unavailable):
        prepare(bench, kept)
    bench.publisher.publish(bench.post, prepare(bench, kept))
    assert bench.count_posts() == 1


def test_a_missing_right_is_named(bench: SlackBench) -> None:
    bench.slack.bot.scopes = ("chat:write",)
    with pytest.raises(AccountDisconnected, match="missing_scope") as raised:
        bench.prepare()
    assert "files:write" in raised.value.todo


def test_a_picture_that_is_too_large_is_refused_by_name(bench: SlackBench) -> None:
    bench.picture = bytes(10_000_001)
    with pytest.raises(PostRejected, match=PICTURE.key):
        bench.prepare()
