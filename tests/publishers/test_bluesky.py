"""What is Bluesky's own: the record that is put, its key, its uploads, its refusals, and the check of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.publications import Attempt, Post
from pressroom.publishers._bluesky_record import new_key
from pressroom.publishers.base import Absent, Found
from pressroom.publishers.bluesky import Bluesky, BlueskySettings
from tests.fakes.bluesky_state import is_key
from tests.fakes.faults import Fault
from tests.publishers.bluesky_bench import PUT, UPLOAD, BlueskyBench, a_bench
from tests.publishers.fake_bench import PICTURE, jpeg


@pytest.fixture
def bench() -> Iterator[BlueskyBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[BlueskyBench]:
    with a_bench(Post(text="Boo at midnight")) as bench:
        yield bench


def publish(bench: BlueskyBench, post: Post | None = None) -> dict[str, Any]:
    bench.post = post or bench.post
    bench.publisher.publish(bench.post, bench.prepare())
    return bench.record


class TestTheRecord:
    def test_the_receipt_leads_to_the_post(self, words: BlueskyBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        [post] = words.sky.posts
        assert receipt.remote_id == post.uri
        assert receipt.url == f"https://bsky.app/profile/{post.did}/post/{post.key}"

    def test_a_picture_has_its_alt_text_and_its_shape(self, bench: BlueskyBench) -> None:
        [image] = publish(bench)["embed"]["images"]
        assert image["alt"] == PICTURE.alt_text
        assert image["aspectRatio"] == {"width": PICTURE.width, "height": PICTURE.height}
        assert image["image"]["mimeType"] == "image/jpeg"

    def test_four_pictures_keep_their_order(self, bench: BlueskyBench) -> None:
        pictures = tuple(replace(PICTURE, key=f"images/{number}.jpg", alt_text=f"{number}") for number in range(4))
        record = publish(bench, replace(bench.post, media=pictures))
        assert [image["alt"] for image in record["embed"]["images"]] == ["0", "1", "2", "3"]

    def test_a_long_alt_text_is_cut_at_a_word(self, bench: BlueskyBench) -> None:
        post = replace(bench.post, media=(replace(PICTURE, alt_text="pumpkin " * 300),))
        assert publish(bench, post)["embed"]["images"][0]["alt"].endswith("pumpkin…")

    def test_a_link_is_a_card_with_the_title_of_the_post(self, words: BlueskyBench) -> None:
        post = Post(text="Read", link="https://example.com/a", title="A story")
        external = publish(words, post)["embed"]["external"]
        assert external == {"uri": "https://example.com/a", "title": "A story", "description": ""}
        assert words.record["text"] == "Read"

    def test_a_card_without_a_title_names_the_host(self, words: BlueskyBench) -> None:
        assert (
            publish(words, Post(text="Read", link="https://example.com/a"))["embed"]["external"]["title"]
            == "example.com"
        )

    @pytest.mark.parametrize("link", ["example.com", "https://exa mple.com/", "mailto:me@example.com", "http://[x"])
    def test_a_link_that_makes_no_card_does_not_fail_the_post(self, words: BlueskyBench, link: str) -> None:
        record = publish(words, Post(text="Read", link=link))
        assert "embed" not in record
        assert link in record["text"]

    def test_a_link_beside_a_picture_works_in_the_text(self, bench: BlueskyBench) -> None:
        record = publish(bench, replace(bench.post, text="Größe 🎃", link="https://example.com/a"))
        [facet] = record["facets"]
        assert facet["features"][0]["uri"] == "https://example.com/a"
        assert facet["index"] == {"byteStart": 14, "byteEnd": 35}

    def test_who_is_mentioned_is_asked_for_once_and_nobody_is_just_text(self, words: BlueskyBench) -> None:
        words.sky.handles["you.example.com"] = "did:plc:you"
        text = "Hi @You.example.com and @you.example.com and @nobody.example.com"
        prepared = words.publisher.prepare(Post(text=text), words.read, {}, lambda _: None)
        dids = [facet["features"][0]["did"] for facet in prepared["record"]["facets"]]
        assert dids == ["did:plc:you", "did:plc:you"]
        assert len(words.calls("resolveHandle")) == 2
        words.publisher.prepare(Post(text=text), words.read, prepared, lambda _: None)
        assert len(words.calls("resolveHandle")) == 2

    def test_who_cannot_be_asked_for_now_is_asked_for_later(self, words: BlueskyBench) -> None:
        words.sky.handles["you.example.com"] = "did:plc:you"
        words.script(Fault.UNAVAILABLE, path="*resolveHandle")
        with pytest.raises(Unavailable):
            publish(words, Post(text="@you.example.com"))
        assert publish(words)["facets"]

    def test_languages_are_said_if_they_are_set(self) -> None:
        with a_bench(Post(text="Buh"), settings={"languages": ["de", "pt-BR"]}) as bench:
            assert publish(bench)["langs"] == ["de", "pt-BR"]
        with a_bench(Post(text="Boo")) as bench:
            assert "langs" not in publish(bench)

    def test_the_time_is_that_of_the_first_try(self, words: BlueskyBench) -> None:
        prepared = words.prepare()
        words.script(Fault.CUT_AFTER_PROCESSING, path=PUT)
        with pytest.raises(OutcomeUnknown):
            words.publisher.publish(words.post, prepared)
        words.let_time_pass(timedelta(minutes=5))
        words.publisher.publish(words.post, words.prepare(prepared))
        [post] = words.sky.posts
        assert (post.puts, post.updates) == (2, 0)
        assert datetime.fromisoformat(post.value["createdAt"]) == pytest.approx(
            words.now() - timedelta(minutes=5), abs=timedelta(seconds=1)
        )

    def test_a_post_that_waited_long_is_dated_anew_under_its_key(self, words: BlueskyBench) -> None:
        first = words.prepare()
        words.let_time_pass(timedelta(hours=5))
        second = words.prepare(first)
        assert second["key"] == first["key"]
        assert datetime.fromisoformat(second["record"]["createdAt"]) > words.now() - timedelta(seconds=1)

    def test_a_post_that_is_there_is_not_dated_anew(self, words: BlueskyBench) -> None:
        prepared = words.prepare()
        words.publisher.publish(words.post, prepared)
        words.let_time_pass(timedelta(hours=5))
        assert words.prepare(prepared) == prepared


class TestTheKey:
    def test_it_is_one_that_the_network_takes_and_sorts_by_time(self) -> None:
        keys = [new_key(datetime(year, 1, 1, tzinfo=UTC)) for year in (2024, 2025, 2026, 2100)]
        assert all(map(is_key, keys))
        assert keys == sorted(keys)

    @pytest.mark.parametrize("drawn", ["least", "most"])
    def test_its_last_second_and_its_clock_number_are_drawn(self, monkeypatch: pytest.MonkeyPatch, drawn: str) -> None:
        monkeypatch.setattr("secrets.randbelow", lambda below: 0 if drawn == "least" else below - 1)
        now, number = datetime(2026, 11, 20, tzinfo=UTC), 0
        for character in new_key(now):
            number = number << 5 | "234567abcdefghijklmnopqrstuvwxyz".index(character)
        earlier, clock_number = (0, 0) if drawn == "least" else (999_999, 1_023)
        assert number == (int(now.timestamp()) * 1_000_000 - earlier) << 10 | clock_number

    def test_two_are_not_the_same_although_the_clock_stands_still(self) -> None:
        now = datetime(2026, 11, 20, tzinfo=UTC)
        assert len({new_key(now) for _ in range(20)}) == 20

    def test_it_is_kept_before_anything_is_uploaded(self, bench: BlueskyBench) -> None:
        kept: list[dict[str, Any]] = []
        bench.script(Fault.SERVER_ERROR, path=UPLOAD)
        with pytest.raises(Unavailable):
            bench.publisher.prepare(bench.post, bench.read, {}, kept.append)
        assert is_key(kept[-1]["key"])

    def test_the_same_record_again_is_the_same_post_days_later(self, bench: BlueskyBench) -> None:
        prepared = bench.prepare()
        attempt = Attempt(number=1, started_at=bench.now())
        first = bench.publisher.publish(bench.post, prepared)
        bench.let_time_pass(timedelta(days=3))
        assert bench.publisher.may_repeat(prepared, attempt)
        again = bench.publisher.publish(bench.post, bench.prepare(prepared))
        assert (again.remote_id, bench.count_posts()) == (first.remote_id, 1)
        assert bench.sky.posts[0].updates == 0


class TestUploads:
    def test_a_failed_upload_is_made_again_and_the_others_are_not(self, bench: BlueskyBench) -> None:
        bench.post = replace(bench.post, media=(PICTURE, replace(PICTURE, key="images/b.jpg")))
        kept: list[dict[str, Any]] = []
        bench.script(Fault.SERVER_ERROR, path=UPLOAD, skip=1)
        with pytest.raises(Unavailable):
            bench.publisher.prepare(bench.post, bench.read, {}, kept.append)
        bench.prepare(kept[-1])
        assert len(bench.calls(UPLOAD)) == 3

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.SERVER_ERROR, Unavailable),
            (Fault.JUNK_BODY, Unavailable),
            (Fault.EMPTY_BODY, Unavailable),
            (Fault.TIMEOUT_AFTER_PROCESSING, Unavailable),
            (Fault.BAD_REQUEST, PostRejected),
            (Fault.TOO_LARGE, PostRejected),
        ],
    )
    def test_an_upload_may_be_repeated_unless_it_was_refused(
        self, bench: BlueskyBench, fault: Fault, kind: type[PressroomError]
    ) -> None:
        bench.script(fault, path=UPLOAD)
        with pytest.raises(kind) as raised:
            bench.prepare()
        assert type(raised.value) is kind
        publish(bench)
        assert bench.count_posts() == 1

    def test_an_old_upload_is_made_anew_and_the_record_stays_the_same(self, bench: BlueskyBench) -> None:
        first = bench.prepare()
        bench.let_time_pass(timedelta(minutes=55))
        second = bench.prepare(first)
        assert len(bench.calls(UPLOAD)) == 2
        assert [item["blob"] for item in second["blobs"]] == [item["blob"] for item in first["blobs"]]

    def test_an_upload_that_the_server_dropped_is_made_again(self, bench: BlueskyBench) -> None:
        prepared = bench.prepare()
        bench.sky.drop_unused_blobs()
        with pytest.raises(Unavailable, match="no longer has an upload"):
            bench.publisher.publish(bench.post, prepared)
        bench.publisher.publish(bench.post, bench.prepare(prepared))
        assert bench.count_posts() == 1

    def test_another_revision_of_a_picture_is_uploaded(self, bench: BlueskyBench) -> None:
        first = bench.prepare()
        bench.post = replace(bench.post, media=(replace(PICTURE, revision=2),))
        bench.prepare(first)
        assert len(bench.calls(UPLOAD)) == 2

    def test_a_picture_that_is_too_large_is_not_sent_at_all(self, bench: BlueskyBench) -> None:
        bench.picture = jpeg() + bytes(2_000_000)
        with pytest.raises(PostRejected, match="Bluesky takes 2,000,000"):
            bench.prepare()
        assert bench.calls(UPLOAD) == []


class TestRefusals:
    def test_a_refusal_says_why_in_the_networks_words(self, words: BlueskyBench) -> None:
        words.post = Post(text="boo " * 100)
        with pytest.raises(PostRejected, match="300 graphemes"):
            words.publisher.publish(words.post, words.prepare())

    def test_a_picture_that_the_lexicon_does_not_take_is_rejected(self, bench: BlueskyBench) -> None:
        prepared = bench.prepare()
        bench.sky.blobs[0].size = prepared["blobs"][0]["blob"]["size"] = 2_000_001
        with pytest.raises(PostRejected, match="too large"):
            bench.publisher.publish(bench.post, prepared)

    def test_the_limit_of_the_hour_is_waited_for(self) -> None:
        with a_bench(Post(text="Boo"), limits={"writes": 4}) as bench:
            first = bench.publisher.publish(bench.post, bench.prepare())
            second = bench.publisher.publish(bench.post, bench.prepare())
            assert first.limit_ends_at is None
            assert second.limit_ends_at is not None
            with pytest.raises(Unavailable) as raised:
                bench.publisher.publish(bench.post, bench.prepare())
            assert raised.value.retry_at is not None
            assert timedelta(minutes=59) < raised.value.retry_at - bench.now() <= timedelta(minutes=61)

    def test_an_answer_without_a_place_is_unknown_and_put_again(self, words: BlueskyBench) -> None:
        prepared = words.prepare()
        words.script(Fault.PROCESSED_BUT_TRUNCATED, path=PUT)
        with pytest.raises(OutcomeUnknown):
            words.publisher.publish(words.post, prepared)
        words.publisher.publish(words.post, prepared)
        assert words.count_posts() == 1

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [(Fault.SERVER_ERROR, Unavailable), (Fault.JUNK_BODY, Unavailable), (Fault.BAD_REQUEST, PostRejected)],
    )
    def test_who_cannot_look_says_so(self, words: BlueskyBench, fault: Fault, kind: type[PressroomError]) -> None:
        prepared = words.prepare()
        words.script(fault, path="*getRecord")
        with pytest.raises(kind):
            words.reconcile(prepared, words.now())

    def test_a_look_alike_is_not_this_post(self, words: BlueskyBench) -> None:
        prepared, other = words.prepare(), words.prepare()
        words.publisher.publish(words.post, other)
        assert words.reconcile(prepared, words.now()) == Absent()
        assert isinstance(words.reconcile(other, words.now()), Found)


class TestKnowing:
    def test_counts_are_the_networks(self, words: BlueskyBench) -> None:
        publish(words)
        post = words.sky.posts[0]
        post.counts |= {"likeCount": 7, "replyCount": 2, "repostCount": 3, "quoteCount": 1}
        assert words.publisher.measure([post.uri]) == {post.uri: Engagement(likes=7, comments=2, shares=4)}

    def test_a_post_that_is_gone_or_not_yet_seen_has_no_counts(self) -> None:
        with a_bench(Post(text="Boo"), index_lag_seconds=60) as bench:
            publish(bench)
            assert bench.publisher.measure([bench.sky.posts[0].uri]) == {}
            bench.let_time_pass(timedelta(minutes=2))
            assert len(bench.publisher.measure([bench.sky.posts[0].uri])) == 1

    def test_as_many_as_it_says_are_measured_at_once(self, words: BlueskyBench) -> None:
        for number in range(Bluesky.measured_at_once):
            publish(words, Post(text=f"Boo {number}"))
        assert len(words.publisher.measure([post.uri for post in words.sky.posts])) == Bluesky.measured_at_once

    def test_it_warns_of_what_would_be_refused(self, bench: BlueskyBench) -> None:
        odd = replace(PICTURE, media_type="image/gif", width=5_000, alt_text="")
        said = bench.publisher.warnings(Post(text="boo " * 80, media=(odd,) * 5))
        assert any("Shorten it by 20" in line for line in said)
        assert any("5 pictures; Bluesky takes 4" in line for line in said)
        assert any("5000 × 36 pixels, too big" in line for line in said)
        assert any("no alt text" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_the_largest_side_can_be_set(self) -> None:
        with a_bench(settings={"largest_side": 1_000}) as bench:
            rules = bench.publisher.image_rules
        assert (rules.max_width, rules.best_width) == (1_000, 1_000)

    def test_a_check_names_the_account(self, words: BlueskyBench) -> None:
        assert [finding.what for finding in words.publisher.check()] == [
            "Bluesky accepts the credentials of @pressroom.example.com."
        ]

    def test_a_check_warns_of_the_accounts_own_password(self, words: BlueskyBench) -> None:
        words.secrets.set("channels.sky.app_password", words.sky.account.password)
        finding = words.publisher.check()[-1]
        assert finding.ok
        assert "app password" in finding.what
        assert words.sky.account.password not in finding.what

    def test_a_check_finds_what_is_wrong(self, words: BlueskyBench) -> None:
        words.revoke()
        finding = words.publisher.check()[-1]
        assert not finding.ok
        assert "pressroom secrets set" in finding.todo

    def test_a_check_warns_of_credentials_in_the_open_only_beyond_this_machine(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Bluesky, "_account", lambda _: {"did": "did:plc:1", "handle": "me.example.com"})
        with a_bench(settings={"base_url": "http://pds.invalid"}) as beyond:
            assert "is not encrypted" in beyond.publisher.check()[0].what

    def test_an_account_without_a_name_is_no_account(self, words: BlueskyBench) -> None:
        words.script(Fault.JUNK_BODY, path="*getSession")
        with pytest.raises(Unavailable):
            words.prepare()

    @pytest.mark.parametrize(
        "wrong",
        [{"base_url": "bsky.social"}, {"languages": ["english!"]}, {"languages": ["a"] * 4}, {"colour": "red"}],
    )
    def test_wrong_settings_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            BlueskySettings(network="bluesky", **wrong)

    def test_other_credentials_than_those_of_the_post_do_not_post_it(self, words: BlueskyBench) -> None:
        prepared = words.prepare()
        other = words.sky.add_account("other.example.com", "zzzz-zzzz-zzzz-zzzz")
        words.secrets.set("channels.sky.identifier", other.handle)
        words.secrets.set("channels.sky.app_password", other.app_password)
        with pytest.raises(AccountDisconnected):
            words.publisher.publish(words.post, prepared)
        assert words.count_posts() == 0
