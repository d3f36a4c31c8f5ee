"""What the fake X takes as a post."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.x import FakeX
from tests.fakes.x_caller import Caller, message, picture
from tests.fakes.x_text import weighted_length


class TestPosting:
    def test_a_post_is_up_once_it_is_answered(self, x: FakeX, call: Caller) -> None:
        answer = call.post("Good morning", made_with_ai=True)
        assert answer.status_code == 201
        assert answer.json()["data"] | {"text": "Good morning"} == answer.json()["data"]
        (post,) = x.posts
        assert (post.id, post.text, post.made_with_ai) == (answer.json()["data"]["id"], "Good morning", True)

    def test_images_are_attached_in_order(self, x: FakeX, call: Caller) -> None:
        ids = [call.upload(picture(width=size)).json()["data"]["id"] for size in (10, 20, 30, 40)]
        assert call.post("Four", *ids[::-1]).status_code == 201
        assert x.posts[0].media_ids == ids[::-1]
        assert {media.post_id for media in x.media} == {x.posts[0].id}

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"text": ""},
            {"text": 5},
            {"text": "a", "idempotency_key": "b"},
            {"text": "a", "media": {"media_ids": ["1"], "alt_text": "b"}},
            {"text": "a", "media": {"media_ids": "1"}},
            {"text": "a", "media": {"media_ids": []}},
            {"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}},
            {"text": "a", "media": None},
            {"text": "a", "made_with_ai": "yes"},
            {"text": "a", "reply_settings": "nobody"},
            ["text"],
        ],
    )
    def test_a_request_that_breaks_the_schema_is_invalid(self, x: FakeX, call: Caller, document: Any) -> None:
        answer = call("POST", "/2/tweets", json=document)
        assert answer.status_code == 400
        assert answer.json()["title"] == "Invalid Request"
        assert answer.json()["type"].endswith("/problems/invalid-request")
        assert x.posts == []

    def test_a_body_must_be_json_and_say_so(self, call: Caller) -> None:
        assert call("POST", "/2/tweets", content='{"text":"a"}').status_code == 400
        kind = {"content-type": "application/json"}
        assert call("POST", "/2/tweets", content="{", headers=kind).status_code == 400

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("a" * 280, 201),
            ("a" * 281, 400),
            ("漢" * 140, 201),
            ("漢" * 141, 400),
            ("👨‍👩‍👧‍👦" * 140, 201),
            ("👨‍👩‍👧‍👦" * 141, 400),
            ("https://example.com/" + "x" * 500, 201),
            ("e\u0301" * 280, 201),
        ],
    )
    def test_the_weight_of_the_text_is_limited(self, call: Caller, text: str, status: int) -> None:
        assert call.post(text).status_code == status

    def test_a_premium_account_may_write_more(self, x: FakeX) -> None:
        access, _ = x.connect(x.add_account("patron", is_premium=True))
        assert Caller(x, access.text).post("a" * 5000).status_code == 201

    def test_an_image_belongs_to_one_post_only(self, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        assert call.post("one", media_id).status_code == 201
        answer = call.post("two", media_id)
        assert (answer.status_code, message(answer)) == (400, "Your media IDs are invalid.")

    def test_an_image_expires_after_a_day(self, x: FakeX, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        x.advance(86_401)
        assert Caller(x, x.connect(x.account)[0].text).post("late", media_id).status_code == 400

    def test_an_image_of_somebody_else_is_refused(self, x: FakeX, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        access, _ = x.connect(x.add_account("other"))
        assert Caller(x, access.text).post("mine", media_id).status_code == 400

    def test_the_same_text_is_a_duplicate_for_a_day(self, x: FakeX, call: Caller) -> None:
        assert call.post("again").status_code == 201
        answer = call.post("again")
        assert (answer.status_code, answer.json()) == (
            403,
            {
                "title": "Forbidden",
                "detail": "You are not allowed to create a Tweet with duplicate content.",
                "type": "about:blank",
                "status": 403,
            },
        )
        x.advance(86_401)
        assert Caller(x, x.connect(x.account)[0].text).post("again").status_code == 201

    def test_repeats_can_be_allowed(self) -> None:
        with FakeX(refuse_repeats=False) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            assert [call.post("again").status_code for _ in range(2)] == [201, 201]

    def test_links_are_shortened_and_markup_escaped_in_what_is_given_back(self, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        text = call.post("Fish & chips at example.com.", media_id).json()["data"]["text"]
        assert text.startswith("Fish &amp; chips at https://t.co/")
        assert text.count("https://t.co/") == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "naïve café",
        "漢字かな",
        "“quoted” – dash… ellipsis",
        "👾🙋🏽👨‍🎤👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇫🇷",
        "☺️ ❤️ 1️⃣",
        "see https://example.com/a/b?c=d#e.",
        "see example.com, or www.example.co.uk/path",
        "(https://example.com/a_(b)) and (example.com), 中文example.com中文",
        "https://пример.рф and https://example.photography/x",
        "no link: 3.14, e.g. this, file.txt, me@example.com",
        "مرحبا שלום ไทย हिन्दी",
    ],
)
def test_the_weight_agrees_with_twitter_text(text: str) -> None:
    import twitter_text

    assert weighted_length(text) == twitter_text.parse_tweet(text).weightedLength
