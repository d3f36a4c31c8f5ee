"""What a channel on any REST API sends, keeps and finds again."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from pressroom.errors import (
    AccountDisconnected,
    ConfigurationError,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.publications import Attempt, Post
from pressroom.publishers.base import Absent, CannotTell, Found
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.rest_bench import CREATE, REPEATABLE, SEARCH, UPLOAD, RestBench, a_bench


def publish(bench: RestBench) -> Any:
    return bench.publisher.publish(bench.post, bench.prepare())


def test_a_picture_is_uploaded_and_then_the_post_is_made_with_it() -> None:
    with a_bench() as bench:
        receipt = publish(bench)
        (item,) = bench.cms.media
        assert (item.sha256, item.alt, item.file_name) == (
            hashlib.sha256(bench.picture).hexdigest(),
            PICTURE.alt_text,
            "october_31_0_Halloween.jpg",
        )
        (post,) = bench.cms.posts
        assert (post.text, post.title, post.media) == (bench.post.text, "Halloween", [item.id])
        assert (receipt.remote_id, receipt.url) == ("1", "https://cms.example/p/1")


def test_a_try_after_a_crash_between_upload_and_post_goes_on_from_the_upload() -> None:
    with a_bench() as bench:
        kept: list[dict[str, Any]] = []

        def dies_after_the_upload(prepared: dict[str, Any]) -> None:
            kept.append(prepared)
            if prepared.get("taken"):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            bench.publisher.prepare(bench.post, bench.read, {}, dies_after_the_upload)
        assert len(bench.cms.media) == 1
        bench.publisher.publish(bench.post, bench.prepare(kept[-1]))
        assert len(bench.cms.media) == 1
        assert bench.cms.posts[0].media == ["m-1"]
        assert bench.cms.posts[0].key == kept[0]["key"]


def test_a_result_that_is_only_good_for_a_while_is_made_anew_with_all_that_followed_from_it() -> None:
    upload = {**UPLOAD, "good_for_seconds": 60}
    describe = {
        "name": "describe",
        "method": "PATCH",
        "path": "/media/{{ picture.media_id }}",
        "for_each": "media",
        "json": {"alt": "{{ picture.alt_text }}"},
    }
    with a_bench({"requests": [upload, describe, CREATE]}) as bench:
        prepared = bench.prepare()
        bench.clock.advance(seconds=61)
        again = bench.prepare(prepared)
        assert [item.id for item in bench.cms.media] == ["m-1", "m-2"]
        assert bench.calls("/media/") == [("PATCH", "/media/m-1"), ("PATCH", "/media/m-2")]
        assert again["key"] == prepared["key"]


def test_the_same_attempt_is_sent_again_to_the_byte() -> None:
    with a_bench(
        {**REPEATABLE, "requests": [{"path": "/posts", "multipart": {"text": "{{ text }} {{ now }}"}}]}
    ) as one:
        prepared = one.prepare()
        one.publisher.publish(one.post, prepared)
        one.clock.advance(seconds=3600)
        one.publisher.publish(one.post, one.prepare(prepared))
        first, second = (request for request in one.cms.requests if request.path == "/posts")
        assert first.body == second.body
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == prepared["key"]


def test_an_attempt_is_not_repeated_once_the_service_has_forgotten_the_key() -> None:
    with a_bench({**REPEATABLE, "idempotent_for_seconds": 600}) as bench:
        prepared, attempt = bench.prepare(), Attempt(number=1, started_at=bench.now())
        assert bench.publisher.may_repeat(prepared, attempt)
        bench.clock.advance(seconds=601)
        assert not bench.publisher.may_repeat(prepared, attempt)


def test_a_post_is_found_by_its_key_and_not_by_its_words() -> None:
    with a_bench({"verify": SEARCH}) as bench:
        first, second = bench.prepare(), bench.prepare()
        bench.publisher.publish(bench.post, first)
        found = bench.reconcile(first, bench.now())
        assert isinstance(found, Found)
        assert (found.receipt.remote_id, found.receipt.url) == ("1", "https://cms.example/p/1")
        assert isinstance(bench.reconcile(second, bench.now()), Absent)


def test_a_status_can_say_that_a_post_is_not_there() -> None:
    verify = {"path": "/posts/by-key/{{ key }}", "id": "$.id", "url": "$.link"}
    with a_bench({"verify": verify}) as bench:
        prepared = bench.prepare()
        assert isinstance(bench.reconcile(prepared, bench.now()), Absent)
        bench.publisher.publish(bench.post, prepared)
        assert isinstance(bench.reconcile(prepared, bench.now()), Found)


def test_of_two_posts_that_could_be_it_nobody_can_tell() -> None:
    verify = {**SEARCH, "query": {"text": "{{ text }}"}}
    with a_bench({"verify": verify}) as bench:
        prepared = bench.prepare()
        for _ in range(2):
            bench.publisher.publish(bench.post, bench.prepare())
        assert isinstance(bench.reconcile(prepared, bench.now()), CannotTell)


@pytest.mark.parametrize("fault", [Fault.JUNK_BODY, Fault.EMPTY_BODY, Fault.SERVER_ERROR, Fault.BAD_REQUEST])
def test_a_search_that_goes_wrong_says_nothing_about_the_post(fault: Fault) -> None:
    with a_bench({"verify": SEARCH}) as bench:
        prepared = bench.prepare()
        bench.fake.script(fault, method="GET", path="/posts")
        with pytest.raises(PressroomError):
            bench.reconcile(prepared, bench.now())


def test_a_post_that_is_there_already_is_published_if_the_settings_say_so() -> None:
    rule = {"status": 409, "means": "published", "id": "$.existing.id", "url": "$.existing.link"}
    with a_bench({"outcomes": [rule]}, keys_are_unique=True) as bench:
        prepared = bench.prepare()
        first = bench.publisher.publish(bench.post, prepared)
        again = bench.publisher.publish(bench.post, prepared)
        assert (again.remote_id, again.url) == (first.remote_id, first.url)
        assert bench.count_posts() == 1


@pytest.mark.parametrize(
    ("means", "error"),
    [
        ("rejected", PostRejected),
        ("disconnected", AccountDisconnected),
        ("rate_limited", RateLimited),
        ("unavailable", Unavailable),
        ("unknown", OutcomeUnknown),
    ],
)
def test_a_rule_says_what_a_reply_means(means: str, error: type[PressroomError]) -> None:
    rule = {"equals": {"$.error.message": "The CMS says server_error."}, "means": means}
    with a_bench({"outcomes": [rule]}) as bench:
        prepared = bench.prepare()
        bench.fake.script(Fault.SERVER_ERROR, path="/posts")
        with pytest.raises(error, match="The CMS"):
            bench.publisher.publish(bench.post, prepared)


def test_a_refusal_is_told_in_the_words_of_the_service() -> None:
    with a_bench(post=Post(text="x" * 5001)) as bench, pytest.raises(PostRejected, match="1 to 5000 characters"):
        publish(bench)


def test_a_success_without_what_it_must_say_is_no_clear_answer() -> None:
    with a_bench({"requests": [UPLOAD, {**CREATE, "success": {"exists": ["$.slug"]}}]}) as bench:
        prepared = bench.prepare()
        with pytest.raises(OutcomeUnknown):
            bench.publisher.publish(bench.post, prepared)


def test_a_success_that_says_no_is_a_refusal() -> None:
    with a_bench({"requests": [UPLOAD, {**CREATE, "success": {"equals": {"$.key": "another"}}}]}) as bench:
        prepared = bench.prepare()
        with pytest.raises(PostRejected):
            bench.publisher.publish(bench.post, prepared)


def test_an_upload_that_does_not_say_its_id_is_tried_again_and_nothing_is_posted() -> None:
    with a_bench({"requests": [{**UPLOAD, "take": {"media_id": "$.id"}}, CREATE]}) as bench:
        with pytest.raises(Unavailable, match=r"did not say media_id \(\$\.id\)"):
            bench.prepare()
        assert bench.count_posts() == 0


def test_a_request_is_made_only_when_it_is_wanted() -> None:
    upload = {**UPLOAD, "for_each": "", "when": "{{ picture and title }}"}
    create = {**CREATE, "json": {"text": "{{ text }}", "media": "{{ [media_id] if media_id else omit }}"}}
    for title, count in (("A title", 1), ("", 0)):
        with a_bench({"requests": [upload, create]}, Post(text="Boo", title=title, media=(PICTURE,))) as bench:
            publish(bench)
            assert len(bench.cms.media) == count
            assert len(bench.cms.posts[0].media) == count


def test_a_template_that_does_not_fit_a_post_ends_its_preparation_with_the_key_and_the_name() -> None:
    create = {**CREATE, "json": {"text": "{{ about.day }}"}}
    with a_bench({"requests": [create]}) as bench:
        with pytest.raises(ConfigurationError, match=r"requests\.create\.json\.text, line 1: .*'day'"):
            bench.prepare()
        assert any("'day'" in warning for warning in bench.publisher.warnings(bench.post))


def test_a_picture_that_is_too_large_is_refused_before_anything_is_sent() -> None:
    with a_bench({"images": {"max_bytes": 100}}) as bench:
        with pytest.raises(PostRejected, match="takes 100"):
            bench.prepare()
        assert bench.cms.requests == []


def test_limits_are_those_of_the_settings() -> None:
    settings = {
        "text": {"limit": 30, "counted_in": "bytes", "alt_text_limit": 12},
        "images": {"formats": ["image/png"], "max_width": 800, "most": 1},
    }
    with a_bench(settings) as bench:
        publisher = bench.publisher
        assert (publisher.text_rules.limit, publisher.length("é"), publisher.title) == (30, 2, "The CMS")
        assert (publisher.image_rules.best_width, publisher.image_rules.most) == (800, 1)
        assert any("image/jpeg" in warning for warning in publisher.warnings(bench.post))
        publish(bench)
        assert len(bench.cms.media[0].alt) <= 12


def test_the_next_post_waits_for_the_end_of_a_limit_that_the_last_one_has_used_up() -> None:
    from dataclasses import replace

    with a_bench({"rate_limit_headers": ["x-ratelimit-reset"]}) as bench:
        spent = {"x-ratelimit-reset": "120", "x-ratelimit-remaining": "0"}
        bench.cms.mangle = lambda answer: replace(answer, headers={**answer.headers, **spent})
        receipt = publish(bench)
        assert receipt.limit_ends_at is not None
        assert (receipt.limit_ends_at - bench.now()).total_seconds() == 120
