"""What is Instagram's own: captions, alt texts, pictures by their address, the quota, both logins, the check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.errors import (
    AccountDisconnected,
    ConfigurationError,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.publications import Post, PostMedia
from pressroom.publishers.instagram import Instagram, InstagramSettings
from tests.fakes.faults import Fault
from tests.fakes.instagram import APP_SCOPED_ID, USER_ID
from tests.publishers.instagram_bench import PICTURES, InstagramBench, a_bench
from tests.publishers.meta_checks import let_it_say


@pytest.fixture
def bench() -> Iterator[InstagramBench]:
    with a_bench() as bench:
        yield bench


def with_media_url(bench: InstagramBench, url: str | None) -> InstagramBench:
    """Have the channel name this address for every picture, or none."""
    channel = replace(bench.publisher.channel, media_url=None if url is None else lambda media, until: url)
    bench.publisher = Instagram(channel)
    return bench


class TestPublishing:
    def test_a_carousel_has_its_pictures_in_their_order_with_their_alt_texts(self) -> None:
        with a_bench(Post(text="Three", media=PICTURES)) as bench:
            receipt = bench.publisher.publish(bench.post, bench.prepare())
            (post,) = bench.instagram.posts
            assert (post.id, post.text, post.kind) == (receipt.remote_id, "Three", "CAROUSEL")
            assert post.alt_texts == ["Pumpkin 0", "Pumpkin 1", "Pumpkin 2"]

    def test_the_receipt_leads_to_the_post(self, bench: InstagramBench) -> None:
        receipt = bench.publisher.publish(bench.post, bench.prepare())
        assert receipt.url == bench.instagram.permalink(bench.instagram.posts[0])

    @pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.JUNK_BODY, Fault.BAD_REQUEST, Fault.TOKEN_EXPIRED])
    def test_a_post_whose_address_cannot_be_read_is_there_all_the_same(
        self, bench: InstagramBench, fault: Fault
    ) -> None:
        prepared = bench.prepare()
        bench.script(fault, method="GET")
        assert bench.publisher.publish(bench.post, prepared).url == "https://www.instagram.com/pressroom/"

    def test_no_post_goes_without_a_picture(self, bench: InstagramBench) -> None:
        bench.post = Post(text="Words alone")
        with pytest.raises(PostRejected, match="without a picture"):
            bench.prepare()
        assert "Instagram takes no post without a picture." in bench.publisher.warnings(bench.post)
        assert bench.calls() == []

    def test_a_long_alt_text_is_cut(self, bench: InstagramBench) -> None:
        bench.post = replace(bench.post, media=(replace(PICTURES[0], alt_text="pumpkin " * 200),))
        bench.publisher.publish(bench.post, bench.prepare())
        assert len(bench.instagram.posts[0].alt_texts[0]) <= 1000

    def test_a_blocked_action_may_have_gone_live(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        let_it_say(bench.publisher, 403, {"code": 4, "error_subcode": 2207051})
        with pytest.raises(OutcomeUnknown):
            bench.publisher.publish(bench.post, prepared)

    @pytest.mark.parametrize(
        ("error", "kind"),
        [
            ({"code": 9007, "error_subcode": 2207027}, Unavailable),
            ({"code": 24, "error_subcode": 2207006}, Unavailable),
            ({"code": 9, "error_subcode": 2207042}, RateLimited),
            ({"code": 25, "error_subcode": 2207050}, AccountDisconnected),
            ({"code": 100, "error_subcode": 33}, PostRejected),
            ({"code": 2, "is_transient": True}, OutcomeUnknown),
        ],
    )
    def test_what_it_says_means_what_it_says(
        self, bench: InstagramBench, error: dict[str, Any], kind: type[PressroomError]
    ) -> None:
        prepared = bench.prepare()
        let_it_say(bench.publisher, 400, error)
        with pytest.raises(PressroomError) as raised:
            bench.publisher.publish(bench.post, prepared)
        assert type(raised.value) is kind

    def test_a_restricted_account_pauses_the_channel(self, bench: InstagramBench) -> None:
        bench.instagram.account.is_restricted = True
        with pytest.raises(AccountDisconnected, match="has restricted the account"):
            bench.prepare()


class TestQuota:
    def test_nothing_is_prepared_once_the_day_is_used_up(self) -> None:
        with a_bench(quota=1) as bench:
            bench.publisher.publish(bench.post, bench.prepare())
            with pytest.raises(RateLimited, match="publish 1 posts a day") as raised:
                bench.prepare()
            assert raised.value.retry_at == bench.now() + timedelta(hours=1)
            assert len(bench.instagram.containers) == 1

    def test_a_day_that_is_used_up_meanwhile_is_waited_for(self) -> None:
        with a_bench(quota=1) as bench:
            first, second = bench.prepare(), bench.prepare()
            bench.publisher.publish(bench.post, first)
            with pytest.raises(RateLimited):
                bench.publisher.publish(bench.post, second)
            bench.instagram.advance(24 * 3600 - 60)
            bench.clock.advance(days=1)

    def test_a_server_without_the_limit_is_posted_to(self, bench: InstagramBench) -> None:
        bench.script(Fault.BAD_REQUEST, path="/v*/content_publishing_limit")
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.count_posts() == 1


class TestAddresses:
    def test_without_an_address_it_says_what_to_set(self, bench: InstagramBench) -> None:
        with_media_url(bench, None)
        with pytest.raises(ConfigurationError, match="fetches pictures by their address") as raised:
            bench.prepare()
        assert "[server] public_base_url" in raised.value.todo
        assert [finding.ok for finding in bench.publisher.check()] == [False, True]

    @pytest.mark.parametrize(
        "local",
        ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "http://10.1.2.3", "http://nas"],
    )
    def test_an_address_of_this_machine_is_no_good_for_the_network_itself(self, local: str) -> None:
        with a_bench(settings={"base_url": "https://graph.instagram.com", "user_id": "1"}) as bench:
            with_media_url(bench, f"{local}/media/1.jpg?signature=secret")
            prepared = {"account": "1", "username": ""}
            bench.publisher.channel.secrets.set("channels.main.access_token_expires_at", "2099-01-01T00:00:00+00:00")
            with pytest.raises(ConfigurationError) as raised:
                with_quota_read(bench).prepare(bench.post, bench.read, prepared, lambda _: None)
            assert f"{local} is only reachable from this machine" in raised.value.what
            assert "secret" not in str(raised.value)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"signature": "wrong"}, "the answer is 403"),
            ({"media_type": "text/html"}, "not as image/jpeg"),
            ({"data": b"short"}, "5 bytes come, not"),
        ],
    )
    def test_a_picture_is_fetched_from_outside_before_it_is_named(
        self, bench: InstagramBench, change: dict[str, Any], says: str
    ) -> None:
        media_type, data = change.get("media_type", "image/jpeg"), change.get("data", bench.picture)
        url = bench.host.put("odd.jpg", media_type, data)
        with_media_url(bench, url.replace(bench.host.signature, change.get("signature", bench.host.signature)))
        with pytest.raises(ConfigurationError, match=says):
            bench.prepare()
        assert bench.instagram.containers == []

    def test_other_bytes_are_not_taken_for_the_picture(self, bench: InstagramBench) -> None:
        with_media_url(bench, bench.host.put("odd.jpg", "image/jpeg", bytes(len(bench.picture))))
        with pytest.raises(ConfigurationError, match="other bytes come"):
            bench.prepare()

    def test_a_server_that_is_away_is_tried_again(self, bench: InstagramBench) -> None:
        bench.host.script(Fault.UNAVAILABLE, times=None)
        with pytest.raises(Unavailable, match="the answer is 503"):
            bench.prepare()
        bench.host.stop()
        with_media_url(bench, "http://127.0.0.1:9/media/1.jpg")
        with pytest.raises(Unavailable, match="cannot be fetched"):
            bench.prepare()
        bench.host.start()

    def test_no_credentials_go_to_the_picture(self, bench: InstagramBench) -> None:
        bench.prepare()
        assert bench.host.requests
        assert not any("authorization" in request.headers for request in bench.host.requests)

    def test_the_address_is_open_long_enough_and_not_for_ever(self, bench: InstagramBench) -> None:
        asked: list[datetime] = []

        def url(media: PostMedia, until: datetime) -> str:
            asked.append(until)
            return bench.host.put(media.key, media.media_type, bench.picture)

        bench.publisher = Instagram(replace(bench.publisher.channel, media_url=url))
        bench.prepare()
        assert asked == [bench.now() + timedelta(hours=2)]

    def test_a_picture_with_too_many_bytes_is_not_offered(self, bench: InstagramBench) -> None:
        bench.picture = b"\xff\xd8\xff" + bytes(8_000_000)
        with pytest.raises(PostRejected, match="8,000,003 bytes"):
            bench.prepare()

    @pytest.mark.parametrize(("size", "says"), [((100, 200), "aspect ratio 0.50"), ((200, 100), "aspect ratio 2.00")])
    def test_a_shape_that_is_not_taken_is_refused_in_instagrams_words(
        self, bench: InstagramBench, size: tuple[int, int], says: str
    ) -> None:
        import pyvips

        bench.picture = pyvips.Image.black(*size).write_to_buffer(".jpg")
        with_media_url(bench, bench.host.put("odd.jpg", "image/jpeg", bench.picture))
        with pytest.raises(PostRejected, match=says) as raised:
            bench.prepare()
        assert "Crop or pad" in raised.value.todo


def with_quota_read(bench: InstagramBench) -> Instagram:
    """Return the publisher of a channel on the network itself, which is asked for nothing but its quota."""
    publisher = bench.publisher
    assert isinstance(publisher, Instagram)
    vars(publisher)["containers"] = lambda account: replace(
        Instagram.containers(publisher, account), check_quota=lambda: None
    )
    return publisher


class TestKnowing:
    def test_counts_are_those_that_instagram_tells(self, bench: InstagramBench) -> None:
        receipt = bench.publisher.publish(bench.post, bench.prepare())
        bench.instagram.posts[0].counts = {"views": 90, "likes": 5, "comments": 2, "saved": 3, "shares": 1}
        found = bench.publisher.measure([receipt.remote_id])[receipt.remote_id]
        assert (found.views, found.likes, found.comments, found.saves, found.shares) == (90, 5, 2, 3, 1)

    def test_what_is_not_told_is_not_zero(self, bench: InstagramBench) -> None:
        receipt = bench.publisher.publish(bench.post, bench.prepare())
        bench.instagram.posts[0].counts = {}
        counts = bench.publisher.measure([receipt.remote_id, "1"])
        assert set(counts[receipt.remote_id].as_dict().values()) == {None}
        assert counts.keys() == {receipt.remote_id}

    def test_it_warns_of_hashtags_mentions_and_a_link(self, bench: InstagramBench) -> None:
        text = " ".join([*(f"#tag{number}" for number in range(31)), *(f"@name{number}" for number in range(21))])
        said = bench.publisher.warnings(replace(bench.post, text=text, link="https://example.com/a"))
        assert any("31 hashtags; Instagram takes 30" in line for line in said)
        assert any("names 21 accounts; Instagram takes 20" in line for line in said)
        assert any("https://example.com/a is left out" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_a_check_names_the_account(self, bench: InstagramBench) -> None:
        assert [finding.what for finding in bench.publisher.check()] == [
            "Instagram accepts the credentials of @pressroom."
        ]

    def test_a_check_finds_the_user_id_of_somebody_else(self) -> None:
        with a_bench(settings={"user_id": "12"}) as bench:
            finding = bench.publisher.check()[-1]
            assert not finding.ok
            assert f'user_id = "{USER_ID}"' in finding.todo

    def test_a_check_finds_a_version_that_has_ended(self) -> None:
        with a_bench(settings={"api_version": "v19.0"}) as bench:
            assert not bench.publisher.check()[0].ok

    def test_the_account_is_the_one_that_the_token_is_of_and_not_the_apps_name_for_it(
        self, bench: InstagramBench
    ) -> None:
        assert bench.prepare()["account"] == USER_ID != APP_SCOPED_ID

    def test_with_a_pages_token_the_account_is_the_one_of_the_page(self) -> None:
        with a_bench(settings={"login": "facebook"}, is_page=True) as bench:
            receipt = bench.publisher.publish(bench.post, bench.prepare())
            assert bench.instagram.posts[0].id == receipt.remote_id
            assert bench.calls("refresh") == []

    def test_a_token_without_an_account_is_told_so(self) -> None:
        with (
            a_bench(settings={"login": "facebook"}) as bench,
            pytest.raises(AccountDisconnected, match=r"nonexisting field|does not name"),
        ):
            bench.prepare()

    @pytest.mark.parametrize(
        ("login", "base_url"),
        [("instagram", "https://graph.instagram.com"), ("facebook", "https://graph.facebook.com")],
    )
    def test_the_login_chooses_the_host(self, login: str, base_url: str) -> None:
        assert InstagramSettings(network="instagram", login=login).base_url == base_url

    @pytest.mark.parametrize(
        "wrong", [{"base_url": "graph.instagram.com"}, {"user_id": "@me"}, {"login": "google"}, {"api_version": "26"}]
    )
    def test_wrong_settings_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            InstagramSettings(network="instagram", **wrong)

    def test_the_token_goes_in_no_address_of_a_post(self, bench: InstagramBench) -> None:
        bench.publisher.publish(bench.post, bench.prepare())
        told = [request for request in bench.instagram.requests if request.path != "/refresh_access_token"]
        assert not any("EAA" in request.query_string for request in told)
