"""How the fake X gives posts back."""

from __future__ import annotations

import pytest

from tests.fakes.x import FakeX
from tests.fakes.x_caller import Caller, picture


class TestReading:
    def test_the_timeline_is_newest_first_in_pages(self, x: FakeX, call: Caller) -> None:
        for number in range(7):
            call.post(f"post {number}")
        path = f"/2/users/{x.account.id}/tweets"
        first = call("GET", path, params={"max_results": 5, "tweet.fields": "created_at"}).json()
        assert [post["text"] for post in first["data"]] == [f"post {n}" for n in (6, 5, 4, 3, 2)]
        assert first["data"][0]["created_at"].endswith("Z")
        assert first["meta"]["result_count"] == 5
        more = {"max_results": 5, "pagination_token": first["meta"]["next_token"]}
        second = call("GET", path, params=more).json()
        assert [post["text"] for post in second["data"]] == ["post 1", "post 0"]
        assert "next_token" not in second["meta"]

    def test_media_are_included_if_asked_for(self, x: FakeX, call: Caller) -> None:
        media = call.upload(picture()).json()["data"]
        call.post("with a picture", media["id"])
        path = f"/2/users/{x.account.id}/tweets"
        assert "attachments" not in call("GET", path).json()["data"][0]
        asked = {"expansions": "attachments.media_keys", "media.fields": "width,alt_text"}
        answer = call("GET", path, params=asked).json()
        assert answer["data"][0]["attachments"] == {"media_keys": [media["media_key"]]}
        assert answer["includes"]["media"] == [{"media_key": media["media_key"], "type": "photo", "width": 40}]

    @pytest.mark.parametrize(
        "query", [{"max_results": 4}, {"max_results": 101}, {"start_time": "yesterday"}, {"count": 5}]
    )
    def test_a_wrong_question_is_invalid(self, x: FakeX, call: Caller, query: dict[str, str]) -> None:
        assert call("GET", f"/2/users/{x.account.id}/tweets", params=query).status_code == 400

    def test_a_start_time_leaves_out_what_is_older(self, x: FakeX, call: Caller) -> None:
        call.post("old")
        query = {"start_time": "2100-01-01T00:00:00Z"}
        assert call("GET", f"/2/users/{x.account.id}/tweets", params=query).json() == {"meta": {"result_count": 0}}

    def test_a_post_may_appear_later_than_it_was_accepted(self) -> None:
        with FakeX(read_lag_seconds=60) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            post_id = call.post("soon").json()["data"]["id"]
            assert call("GET", f"/2/users/{x.account.id}/tweets").json()["meta"]["result_count"] == 0
            assert "data" not in call("GET", f"/2/tweets/{post_id}").json()
            x.advance(61)
            assert call("GET", f"/2/users/{x.account.id}/tweets").json()["meta"]["result_count"] == 1

    def test_posts_are_found_by_id_and_missing_ones_named(self, call: Caller) -> None:
        post_id = call.post("here").json()["data"]["id"]
        assert call("GET", f"/2/tweets/{post_id}").json()["data"]["text"] == "here"
        both = call("GET", "/2/tweets", params={"ids": f"{post_id},99"}).json()
        assert [post["id"] for post in both["data"]] == [post_id]
        assert both["errors"][0]["resource_id"] == "99"

    def test_one_learns_who_one_is(self, x: FakeX, call: Caller) -> None:
        assert call("GET", "/2/users/me").json()["data"]["id"] == x.account.id

    def test_an_unknown_route_is_an_empty_404(self, call: Caller) -> None:
        answer = call("GET", "/2/nothing")
        assert (answer.status_code, answer.content) == (404, b"")
