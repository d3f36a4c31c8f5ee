"""What is Facebook's own: photos that are reused, posts that are found by them, counts, versions, the check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.publications import Post
from pressroom.publishers.base import Absent, CannotTell, Found
from pressroom.publishers.facebook import Facebook, FacebookSettings
from tests.fakes.facebook import PAGE_ID
from tests.fakes.faults import Fault
from tests.publishers.facebook_bench import PICTURES, FacebookBench, a_bench
from tests.publishers.fake_bench import PICTURE
from tests.publishers.meta_checks import let_it_say


@pytest.fixture
def bench() -> Iterator[FacebookBench]:
    with a_bench(Post(text="Three pumpkins", media=PICTURES)) as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[FacebookBench]:
    with a_bench(Post(text="Boo at midnight"), refuse_repeats=False) as bench:
        yield bench


class TestPublishing:
    def test_photos_are_attached_in_their_order_with_their_alt_texts(self, bench: FacebookBench) -> None:
        prepared = bench.prepare()
        receipt = bench.publisher.publish(bench.post, prepared)
        (post,) = bench.facebook.posts
        assert (post.id, post.message) == (receipt.remote_id, "Three pumpkins")
        alt_texts = {photo.id: photo.alt_text for photo in bench.facebook.photos}
        assert [alt_texts[photo_id] for photo_id in post.photo_ids] == [item.alt_text for item in PICTURES]

    def test_the_receipt_leads_to_the_post(self, words: FacebookBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        number = receipt.remote_id.rpartition("_")[2]
        assert receipt.url == f"https://www.facebook.com/{PAGE_ID}/posts/{number}"

    @pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.JUNK_BODY, Fault.BAD_REQUEST, Fault.TOKEN_EXPIRED])
    def test_a_post_whose_address_cannot_be_read_is_there_all_the_same(
        self, words: FacebookBench, fault: Fault
    ) -> None:
        prepared = words.prepare()
        words.script(fault, method="GET")
        receipt = words.publisher.publish(words.post, prepared)
        assert receipt.url == f"https://www.facebook.com/{receipt.remote_id}"

    def test_an_address_that_does_not_come_in_time_does_not_make_the_post_unclear(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        words.script(Fault.TIMEOUT_NOT_PROCESSED, method="GET")
        assert words.publisher.publish(words.post, prepared).url.startswith("https://")

    def test_a_link_is_a_card_of_its_own(self, words: FacebookBench) -> None:
        words.publisher.publish(Post(text="Read", link="https://example.com/a"), words.prepare())
        assert (words.facebook.posts[0].message, words.facebook.posts[0].link) == ("Read", "https://example.com/a")

    def test_beside_photos_a_link_stands_in_the_text(self, bench: FacebookBench) -> None:
        bench.post = replace(bench.post, link="https://example.com/a")
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.facebook.posts[0].message == "Three pumpkins\n\nhttps://example.com/a"
        assert isinstance(bench.reconcile(bench.prepare(), bench.now()), Absent)

    def test_a_post_that_uses_up_the_calls_says_until_when(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        assert words.publisher.publish(words.post, prepared).limit_ends_at is None
        words.facebook.usage_percent = 100
        ends_at = words.publisher.publish(Post(text="Boo again"), prepared).limit_ends_at
        assert ends_at == words.now() + timedelta(minutes=15)

    def test_a_limit_that_says_when_it_ends_is_waited_for_so_long(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        words.script(Fault.RATE_LIMITED, path="/v*/feed")
        with pytest.raises(Unavailable) as raised:
            words.publisher.publish(words.post, prepared)
        assert raised.value.retry_at == words.now() + timedelta(minutes=7)

    @pytest.mark.parametrize(
        ("status", "error", "kind"),
        [
            (400, {"code": 100, "message": "Bad link."}, PostRejected),
            (403, {"code": 368, "error_subcode": 1390008}, Unavailable),
            (400, {"code": 190}, AccountDisconnected),
            (403, {"code": 200}, AccountDisconnected),
            (500, {"code": 1}, OutcomeUnknown),
            (400, {"code": 2, "is_transient": True}, OutcomeUnknown),
        ],
    )
    def test_what_it_says_means_what_it_says(
        self, words: FacebookBench, status: int, error: dict[str, Any], kind: type[PressroomError]
    ) -> None:
        prepared = words.prepare()
        let_it_say(words.publisher, status, error)
        with pytest.raises(kind) as raised:
            words.publisher.publish(words.post, prepared)
        assert raised.value.problem().kind in ("RateLimited", kind.__name__)


class TestPhotos:
    def test_a_retry_attaches_the_photos_that_are_there(self, bench: FacebookBench) -> None:
        kept: list[dict[str, Any]] = []
        bench.facebook.script(Fault.UNAVAILABLE, path="/v*/photos", skip=2)
        with pytest.raises(Unavailable):
            bench.publisher.prepare(bench.post, bench.read, {}, kept.append)
        assert len(kept[-1]["photos"]) == 2
        bench.publisher.publish(bench.post, bench.prepare(kept[-1]))
        assert len(bench.facebook.photos) == 3

    def test_photos_that_are_too_old_are_uploaded_again_and_the_old_ones_remembered(self, bench: FacebookBench) -> None:
        first = bench.prepare()
        bench.clock.advance(hours=21)
        bench.facebook.advance(21 * 3600)
        second = bench.prepare(first)
        assert len(bench.facebook.photos) == 6
        assert second["photo_ids"][:3] == first["photo_ids"]
        bench.publisher.publish(bench.post, second)

    def test_a_photo_that_is_another_now_is_uploaded_anew(self, bench: FacebookBench) -> None:
        first = bench.prepare()
        bench.post = replace(bench.post, media=(PICTURES[0], replace(PICTURES[1], revision=2), PICTURES[2]))
        second = bench.prepare(first)
        same = [one["id"] == other["id"] for one, other in zip(first["photos"], second["photos"], strict=True)]
        assert same == [True, False, True]

    def test_a_photo_with_too_many_bytes_is_not_sent(self, bench: FacebookBench) -> None:
        bench.picture = b"\xff\xd8\xff" + bytes(4_000_000)
        with pytest.raises(PostRejected, match="4,000,003 bytes"):
            bench.prepare()
        assert bench.calls("photos") == []

    def test_a_file_that_is_no_photo_is_rejected_in_facebooks_words(self, bench: FacebookBench) -> None:
        bench.picture = b"no photo"
        with pytest.raises(PostRejected, match="Save them as JPG"):
            bench.prepare()

    def test_the_bytes_that_are_taken_can_be_set(self) -> None:
        with a_bench(settings={"max_image_bytes": 10}) as bench, pytest.raises(PostRejected, match="takes 10"):
            bench.prepare()


class TestReadingBack:
    def test_the_same_words_with_other_photos_are_not_this_post(self, bench: FacebookBench) -> None:
        prepared, other = bench.prepare(), bench.prepare()
        bench.publisher.publish(bench.post, other)
        assert bench.reconcile(prepared, bench.now()) == Absent()

    def test_a_post_with_photos_that_were_replaced_meanwhile_is_found(self, bench: FacebookBench) -> None:
        first = bench.prepare()
        receipt = bench.publisher.publish(bench.post, first)
        replaced = {**first, "photos": [], "photo_ids": [*first["photo_ids"], "1"]}
        found = bench.reconcile(replaced, bench.now())
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id

    def test_a_post_is_found_among_many_that_came_after_it(self, bench: FacebookBench) -> None:
        prepared = bench.prepare()
        receipt = bench.publisher.publish(bench.post, prepared)
        for number in range(30):
            bench.publisher.publish(Post(text=f"Later {number}"), prepared)
        found = bench.reconcile(prepared, bench.now())
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id

    def test_a_page_that_posts_without_end_is_left_to_a_person(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        words.publisher.publish(words.post, prepared)
        first = words.facebook.posts[0]
        words.facebook.posts += [replace(first, id=f"{PAGE_ID}_{number}", message="x") for number in range(300)]
        assert isinstance(words.reconcile(prepared, words.now()), CannotTell)

    def test_words_alone_are_found_by_words_and_time(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        receipt = words.publisher.publish(words.post, prepared)
        words.publisher.publish(Post(text="Something else"), prepared)
        found = words.reconcile(prepared, words.now())
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id
        words.clock.advance(days=7)
        assert words.reconcile(prepared, words.now()) == Absent()

    def test_two_with_the_same_words_cannot_be_told_apart(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        receipts = [words.publisher.publish(words.post, prepared) for _ in range(2)]
        reading = words.reconcile(prepared, words.now())
        assert isinstance(reading, CannotTell)
        assert {one["remote_id"] for one in reading.known["candidates"]} == {one.remote_id for one in receipts}

    def test_a_server_that_does_not_tell_photos_leaves_it_to_a_person(self) -> None:
        with a_bench(tells_photos=False) as bench:
            prepared = bench.prepare()
            bench.publisher.publish(bench.post, prepared)
            assert isinstance(bench.reconcile(prepared, bench.now()), CannotTell)

    def test_a_visitors_post_with_the_same_words_is_not_ours(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        words.publisher.publish(words.post, prepared)
        words.facebook.posts[0].author = "77"
        assert words.reconcile(prepared, words.now()) == Absent()

    def test_a_duplicate_that_is_our_own_earlier_attempt_is_a_receipt(self, bench: FacebookBench) -> None:
        prepared = bench.prepare()
        bench.facebook.script(Fault.CUT_AFTER_PROCESSING, path="/v*/feed")
        with pytest.raises(OutcomeUnknown):
            bench.publisher.publish(bench.post, prepared)
        receipt = bench.publisher.publish(bench.post, prepared)
        assert [post.id for post in bench.facebook.posts] == [receipt.remote_id]

    def test_a_duplicate_that_cannot_be_looked_at_is_unknown(self, bench: FacebookBench) -> None:
        prepared = bench.prepare()
        bench.publisher.publish(bench.post, prepared)
        bench.facebook.script(Fault.UNAVAILABLE, method="GET")
        with pytest.raises(OutcomeUnknown, match="could not be seen"):
            bench.publisher.publish(bench.post, prepared)

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.SERVER_ERROR, Unavailable),
            (Fault.JUNK_BODY, Unavailable),
            (Fault.RATE_LIMITED, Unavailable),
            (Fault.BAD_REQUEST, AccountDisconnected),
            (Fault.TOKEN_EXPIRED, AccountDisconnected),
        ],
    )
    def test_who_cannot_look_says_so(self, words: FacebookBench, fault: Fault, kind: type[PressroomError]) -> None:
        prepared = words.prepare()
        words.script(fault, method="GET")
        with pytest.raises(kind):
            words.reconcile(prepared, words.now())


class TestKnowing:
    def test_counts_are_those_that_facebook_tells(self, words: FacebookBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        post = words.facebook.posts[0]
        post.likes, post.comments, post.shares, post.views, post.clicks = 5, 2, 1, 90, 7
        found = words.publisher.measure([receipt.remote_id])[receipt.remote_id]
        assert (found.likes, found.comments, found.shares, found.views, found.clicks) == (5, 2, 1, 90, 7)

    def test_what_is_not_told_is_not_zero(self, words: FacebookBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        words.facebook.insights_known = False
        found = words.publisher.measure([receipt.remote_id])[receipt.remote_id]
        assert (found.views, found.clicks, found.saves, found.shares) == (None, None, None, None)
        assert found.likes == 0

    def test_an_app_without_the_right_to_insights_counts_the_rest(self, words: FacebookBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        words.facebook.tokens[0].scopes = ("pages_read_engagement",)
        assert words.publisher.measure([receipt.remote_id])[receipt.remote_id].views is None

    def test_a_post_that_is_gone_is_left_out(self, words: FacebookBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        assert words.publisher.measure([f"{PAGE_ID}_1", receipt.remote_id]).keys() == {receipt.remote_id}

    def test_whose_page_it_is_is_asked_once_or_never(self, words: FacebookBench) -> None:
        words.prepare()
        words.prepare()
        assert len(words.calls("/me")) == 1
        with a_bench(Post(text="Boo"), settings={"page_id": PAGE_ID}) as told:
            told.prepare()
            assert told.calls() == []

    def test_the_token_goes_in_no_address(self, bench: FacebookBench) -> None:
        bench.publisher.publish(bench.post, bench.prepare())
        assert not any("EAA" in request.query_string for request in bench.facebook.requests)

    def test_a_check_names_the_page(self, bench: FacebookBench) -> None:
        assert "Pressroom" in bench.publisher.check()[-1].what

    def test_a_check_finds_a_page_id_of_another_page(self) -> None:
        with a_bench(settings={"page_id": "12"}) as bench:
            finding = bench.publisher.check()[-1]
            assert not finding.ok
            assert f'page_id = "{PAGE_ID}"' in finding.todo

    def test_a_check_finds_a_version_that_has_ended(self) -> None:
        with a_bench(settings={"api_version": "v20.0"}) as bench:
            findings = bench.publisher.check()
            assert [finding.ok for finding in findings] == [False, False]
            assert "ended on 2026-09-24" in findings[0].what
            assert 'api_version = "v26.0"' in findings[0].todo
            with pytest.raises(AccountDisconnected, match="no longer serves the version"):
                bench.publisher.prepare(bench.post, bench.read, {"account": PAGE_ID}, lambda _: None)

    def test_the_end_of_a_version_is_told_long_before(self) -> None:
        with a_bench(settings={"api_version": "v22.0"}) as bench:
            (told,) = bench.publisher.tokens()
            assert told.kind == "API version v22.0"
            assert told.expires_at.date().isoformat() == "2027-05-20"
            assert all(finding.ok for finding in bench.publisher.check())

    def test_it_warns_of_what_would_be_refused(self, bench: FacebookBench) -> None:
        many = replace(bench.post, text="boo" * 30_000, media=(PICTURE,) * 11)
        said = bench.publisher.warnings(many)
        assert any("Shorten it by" in line for line in said)
        assert any("11 pictures; Facebook takes 10" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_limits_that_are_not_documented_can_be_set(self) -> None:
        with a_bench(settings={"text_limit": 10, "max_images": 40}) as bench:
            assert bench.publisher.text_rules.limit == 10
            assert bench.publisher.image_rules.most == 40
            assert Facebook.text_rules.limit == 63_206

    def test_a_token_without_the_right_to_post_is_told_so(self, words: FacebookBench) -> None:
        prepared = words.prepare()
        words.facebook.tokens[0].scopes = ("pages_read_engagement",)
        with pytest.raises(AccountDisconnected, match="pages_manage_posts"):
            words.publisher.publish(words.post, prepared)

    @pytest.mark.parametrize(
        "wrong", [{"base_url": "graph.facebook.com"}, {"page_id": "my page"}, {"api_version": "26"}, {"colour": "red"}]
    )
    def test_wrong_settings_are_refused(self, wrong: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            FacebookSettings(network="facebook", **wrong)
