"""What is LinkedIn's own: what is sent, what its refusals mean, duplicates, statistics and the check of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, RateLimited
from pressroom.publications import Attempt, Post
from pressroom.publishers.base import CannotTell
from pressroom.publishers.linkedin import LinkedIn, LinkedInSettings
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.linkedin_bench import LinkedInBench, a_bench


@pytest.fixture
def bench() -> Iterator[LinkedInBench]:
    with a_bench() as bench:
        yield bench


def with_settings(bench: LinkedInBench, **settings: Any) -> LinkedIn:
    channel = bench.publisher.channel
    return LinkedIn(replace(channel, settings=channel.settings.model_copy(update=settings)))


class TestPublishing:
    def test_the_receipt_leads_to_the_post(self, bench: LinkedInBench) -> None:
        receipt = bench.publisher.publish(bench.post, bench.prepare())
        [post] = bench.linkedin.posts
        assert receipt.remote_id == post.urn
        assert receipt.url == f"https://www.linkedin.com/feed/update/{post.urn}"

    def test_one_picture_is_a_media_with_its_alt_text(self, bench: LinkedInBench) -> None:
        bench.publisher.publish(bench.post, bench.prepare())
        [image] = bench.linkedin.images
        assert bench.linkedin.posts[0].content == {"media": {"id": image.urn, "altText": PICTURE.alt_text}}

    def test_several_pictures_keep_their_order_and_their_alt_texts(self, bench: LinkedInBench) -> None:
        media = tuple(replace(PICTURE, key=f"images/{number}.jpg", alt_text=f"Nr {number}") for number in range(3))
        bench.post = replace(bench.post, media=media)
        bench.publisher.publish(bench.post, bench.prepare())
        images = bench.linkedin.posts[0].content["multiImage"]["images"]
        assert [image["altText"] for image in images] == ["Nr 0", "Nr 1", "Nr 2"]
        assert [image["id"] for image in images] == [image.urn for image in bench.linkedin.images]

    def test_a_long_alt_text_is_cut_at_a_word(self, bench: LinkedInBench) -> None:
        bench.post = replace(bench.post, media=(replace(PICTURE, alt_text="pumpkin " * 200),))
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.linkedin.posts[0].content["media"]["altText"].endswith("pumpkin…")

    def test_a_link_without_pictures_is_a_card(self, bench: LinkedInBench) -> None:
        post = Post(text="Read this", link="https://example.com/a", title="All of it")
        bench.publisher.publish(post, {})
        assert bench.linkedin.posts[0].content == {"article": {"source": "https://example.com/a", "title": "All of it"}}

    def test_a_link_beside_pictures_is_in_the_text(self, bench: LinkedInBench) -> None:
        bench.post = replace(bench.post, link="https://example.com/a_b")
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.linkedin.posts[0].text == f"{bench.post.text}\n\nhttps://example.com/a_b"

    def test_a_text_of_the_whole_length_arrives_whole_although_it_is_escaped(self, bench: LinkedInBench) -> None:
        text = "(_*" * 1000
        bench.publisher.publish(Post(text=text), {})
        assert bench.linkedin.posts[0].text == text

    def test_a_text_that_is_too_long_is_refused_in_linkedins_words(self, bench: LinkedInBench) -> None:
        with pytest.raises(PostRejected, match=r"ShareCommentary text length \(3001 characters\)") as raised:
            bench.publisher.publish(Post(text="b" * 3001), {})
        assert "com.linkedin" not in raised.value.what

    def test_an_ended_version_pauses_the_channel_and_says_which_to_set(self, bench: LinkedInBench) -> None:
        with pytest.raises(AccountDisconnected, match="version 202501") as raised:
            with_settings(bench, api_version="202501").publish(Post(text="Boo"), {})
        assert 'api_version = "202607"' in raised.value.todo
        assert bench.count_posts() == 0

    def test_when_even_the_newest_known_version_has_ended_a_newer_one_is_asked_for(self) -> None:
        with (
            a_bench(Post(text="Boo"), versions=("202708",)) as bench,
            pytest.raises(AccountDisconnected) as raised,
        ):
            bench.publisher.publish(bench.post, {})
        assert 'a newer one than "202607"' in raised.value.todo

    def test_a_missing_right_pauses_the_channel(self, bench: LinkedInBench) -> None:
        stranger = with_settings(bench, author="urn:li:organization:1")
        with pytest.raises(AccountDisconnected, match=r"Not enough permissions to access: posts\.CREATE"):
            stranger.publish(Post(text="Boo"), {})

    def test_without_an_author_the_channel_says_what_to_set(self, bench: LinkedInBench) -> None:
        with pytest.raises(AccountDisconnected) as raised:
            with_settings(bench, author="").prepare(bench.post, bench.read, {}, lambda _: None)
        assert "urn:li:organization:" in raised.value.todo
        assert bench.calls() == []

    def test_a_rate_limit_without_headers_is_asked_again_in_a_quarter_of_an_hour(self, bench: LinkedInBench) -> None:
        bench.linkedin.script(Fault.RATE_LIMITED_BARE, path="/rest/posts")
        with pytest.raises(RateLimited) as raised:
            bench.publisher.publish(Post(text="Boo"), {})
        assert raised.value.retry_at == bench.now() + timedelta(minutes=15)


class TestDuplicates:
    def test_a_duplicate_that_bears_our_picture_is_the_receipt_of_an_earlier_attempt(
        self, bench: LinkedInBench
    ) -> None:
        prepared = bench.prepare()
        bench.linkedin.script(Fault.CUT_AFTER_PROCESSING, path="/rest/posts")
        with pytest.raises(OutcomeUnknown):
            bench.publisher.publish(bench.post, prepared)
        receipt = bench.publisher.publish(bench.post, prepared)
        assert [post.urn for post in bench.linkedin.posts] == [receipt.remote_id]

    def test_a_duplicate_of_somebody_elses_post_is_refused_with_its_address(self, bench: LinkedInBench) -> None:
        earlier = bench.publisher.publish(bench.post, bench.prepare())
        bench.post = replace(bench.post, media=(replace(PICTURE, key="images/another.jpg"),))
        with pytest.raises(PostRejected, match=earlier.url) as raised:
            bench.publisher.publish(bench.post, bench.prepare())
        assert raised.value.problem().kind == "PostRejected"

    def test_a_duplicate_that_nobody_can_see_is_refused(self, bench: LinkedInBench) -> None:
        prepared = bench.prepare()
        bench.linkedin.script(Fault.DUPLICATE, method="POST", path="/rest/posts")
        with pytest.raises(PostRejected, match="duplicate"):
            bench.publisher.publish(bench.post, prepared)

    def test_a_duplicate_that_cannot_be_looked_at_is_unknown(self, bench: LinkedInBench) -> None:
        prepared = bench.prepare()
        bench.publisher.publish(bench.post, prepared)
        bench.linkedin.script(Fault.UNAVAILABLE, method="GET")
        with pytest.raises(OutcomeUnknown, match="could not be seen"):
            bench.publisher.publish(bench.post, prepared)

    def test_a_members_duplicate_is_refused_with_the_address_to_look_at(self) -> None:
        with a_bench(organization=False) as bench:
            prepared = bench.prepare()
            bench.publisher.publish(bench.post, prepared)
            with pytest.raises(PostRejected, match=bench.linkedin.posts[0].urn):
                bench.publisher.publish(bench.post, prepared)


class TestKnowing:
    def test_it_warns_of_what_would_be_refused(self, bench: LinkedInBench) -> None:
        odd = replace(PICTURE, media_type="image/webp", alt_text="")
        said = bench.publisher.warnings(Post(text="boo " * 800, media=(odd,) * 21))
        assert any("takes 3,000" in line for line in said)
        assert any("21 pictures; LinkedIn takes 20" in line for line in said)
        assert any("image/webp" in line for line in said)
        assert any("no alt text" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_limits_that_are_not_documented_can_be_set(self, bench: LinkedInBench) -> None:
        publisher = with_settings(bench, text_limit=10, max_image_bytes=100)
        assert any("takes 10" in line for line in publisher.warnings(Post(text="b" * 11)))
        with pytest.raises(PostRejected, match="takes 100"):
            publisher.prepare(bench.post, bench.read, {}, lambda _: None)
        assert LinkedIn.text_rules.limit == 3_000

    def test_an_organisations_counts_are_told_and_what_is_not_told_is_left_out(self, bench: LinkedInBench) -> None:
        receipt = bench.publisher.publish(Post(text="Boo"), {})
        found = bench.publisher.measure([receipt.remote_id, "urn:li:share:1"])
        assert found.keys() == {receipt.remote_id}
        counts = found[receipt.remote_id]
        assert (counts.likes, counts.comments, counts.views, counts.saves) == (4, 2, 120, None)

    def test_a_members_counts_are_not_asked_for(self) -> None:
        with a_bench(organization=False) as bench:
            assert bench.publisher.measured_at_once == 0
            assert bench.publisher.measure(["urn:li:share:1"]) == {}
            assert bench.calls() == []

    def test_a_member_is_told_what_is_known_of_the_attempt(self) -> None:
        with a_bench(organization=False) as bench:
            reading = bench.publisher.reconcile(bench.post, {}, Attempt(number=1, started_at=bench.now()))
            assert isinstance(reading, CannotTell)
            assert reading.known["text"] == bench.post.text

    @pytest.mark.parametrize(
        "wrong",
        [
            {"author": "urn:li:company:1"},
            {"author": "Acme"},
            {"api_version": "2026-07"},
            {"api_version": "202613"},
            {"base_url": "api.linkedin.com"},
            {"visibility": "EVERYBODY"},
        ],
    )
    def test_wrong_settings_are_refused(self, wrong: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            LinkedInSettings(network="linkedin", **wrong)

    def test_a_version_may_be_written_as_a_number(self) -> None:
        assert LinkedInSettings.model_validate({"network": "linkedin", "api_version": 202603}).api_version == "202603"


class TestChecking:
    def test_a_check_says_whose_token_it_is(self) -> None:
        with a_bench(organization=False) as bench:
            assert "Pressroom Press" in bench.publisher.check()[-1].what

    def test_a_check_finds_another_members_token(self) -> None:
        with a_bench(organization=False, settings={"author": "urn:li:person:somebody"}) as bench:
            finding = bench.publisher.check()[-1]
            assert not finding.ok
            assert f'author = "{bench.linkedin.member.urn}"' in finding.todo

    def test_a_token_that_does_not_say_whose_it_is_is_no_failure(self) -> None:
        with a_bench(organization=False) as bench:
            access, _ = bench.linkedin.connect(("w_member_social",))
            bench.secrets.set("channels.main.access_token", access.text)
            finding = bench.publisher.check()[-1]
            assert finding.ok
            assert "openid" in finding.todo

    def test_an_organisation_whose_posts_may_not_be_read_is_warned_of(self, bench: LinkedInBench) -> None:
        access, _ = bench.linkedin.connect(("w_organization_social",))
        bench.secrets.set("channels.main.access_token", access.text)
        finding = bench.publisher.check()[-1]
        assert finding.ok
        assert "r_organization_social" in finding.todo
        prepared = bench.prepare()
        assert isinstance(bench.reconcile(prepared, bench.now()), CannotTell)

    def test_a_revoked_token_is_found(self, bench: LinkedInBench) -> None:
        bench.revoke()
        finding = bench.publisher.check()[-1]
        assert not finding.ok
        assert "pressroom channels connect main" in finding.todo
