"""Posts that wait for their time, over HTTP: listed, changed and withdrawn until they are sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.api_keys import ApiKeys, Scope
from pressroom.entrypoints.api.app import create_app
from pressroom.testing import ManualClock
from tests.entrypoints.api.world import checked
from tests.entrypoints.site import Client
from tests.press import Network, Press, sent

BASE = "/api/v1/waiting-posts"
NIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


class Desk:
    """A press at night, whose channel posts by day, asked over HTTP."""

    def __init__(self) -> None:
        clock = ManualClock(NIGHT)
        self.press = Press(Network(clock, windows=["08:00-20:00"]), clock=clock)
        self.app = create_app(self.press.runtime)
        self.client = Client(self.app, "http://127.0.0.1:8080")

    def ask(self, *texts: str) -> list[str]:
        """Return the ids of posts with these words, which wait until they are worked on no more."""
        jobs = [self.press.ask(text) for text in texts]
        self.press.work()
        return [self.press.publication(job).id for job in jobs]

    def get(self, path: str = BASE, expects: int = 200, **query: Any) -> Any:
        return checked(self.client.get(path, params=query or None), expects)

    def change(self, id: str, body: dict[str, Any], expects: int = 200) -> Any:
        return checked(self.client.request("PATCH", f"{BASE}/{id}", json=body), expects)

    def withdraw(self, id: str, expects: int = 200) -> Any:
        return checked(self.client.post(f"{BASE}/{id}/withdraw"), expects)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_posts_that_wait_are_listed_in_pages_with_when_they_go_out(desk: Desk) -> None:
    ids = desk.ask("One", "Two", "Three")
    first = desk.get(limit=2)
    second = desk.get(first["next"])
    assert [one["id"] for one in (*first["items"], *second["items"])] == ids[::-1]
    assert second["next"] is None
    waits = first["items"][0]
    assert (waits["post"]["text"], waits["state"], waits["due_at"]) == (
        "Three",
        "scheduled",
        "2026-11-21T08:00:00+00:00",
    )


def test_what_a_job_that_has_ended_left_behind_is_passed_over_and_makes_no_page_short(desk: Desk) -> None:
    ids = desk.ask("One", "Two", "Three", "Four")
    for id in ids[1:3]:
        publication = desk.press.ports.publications.get(id)
        assert publication is not None
        desk.press.runtime.runner.cancel(publication.job_id)
    first = desk.get(limit=1)
    second = desk.get(first["next"])
    assert [one["id"] for one in (*first["items"], *second["items"])] == [ids[3], ids[0]]
    assert second["next"] is None


def test_posts_are_chosen_by_a_channel_that_there_is(desk: Desk) -> None:
    [id] = desk.ask("One")
    assert [one["id"] for one in desk.get(channel="main")["items"]] == [id]
    assert "mian" in desk.get(channel="mian", expects=422)["message"]


@pytest.mark.parametrize("body", [{"text": "Uno"}, {"publish_at": "2026-11-23T09:00:00+00:00"}])
def test_a_change_answers_when_the_post_goes_out_then_as_the_list_does_before_and_after_anybody_looked(
    desk: Desk, body: dict[str, Any]
) -> None:
    [id] = desk.ask("One")
    changed = desk.change(id, body)
    assert changed["due_at"] == body.get("publish_at", "2026-11-21T08:00:00+00:00")
    assert changed["problem"]["what"] == (
        "It was asked for at this time." if "publish_at" in body else "main waits: Its window is not open."
    )
    assert desk.get()["items"] == [changed]
    desk.press.work()
    assert desk.get()["items"] == [changed]


def test_a_change_says_that_nothing_holds_the_post_back_any_more(desk: Desk) -> None:
    [id] = desk.ask("One")
    desk.press.clock.move_to(NIGHT + timedelta(hours=13))
    changed = desk.change(id, {"text": "Uno"})
    assert (changed["due_at"], changed["problem"]) == (None, None)


def test_one_post_is_shown_as_in_the_list_until_it_waits_no_more(desk: Desk) -> None:
    [id] = desk.ask("One")
    answer = desk.client.get(f"{BASE}/{id}")
    assert answer.json() == desk.get()["items"][0]
    known = {"if-none-match": answer.headers["etag"]}
    assert desk.client.get(f"{BASE}/{id}", headers=known).status_code == 304
    desk.change(id, {"text": "Uno"})
    assert desk.client.get(f"{BASE}/{id}", headers=known).status_code == 200
    desk.withdraw(id)
    refused = desk.get(f"{BASE}/{id}", expects=404)
    assert "does not wait" in refused["message"]
    assert f"/api/v1/publications/{id}" in refused["todo"]
    assert "/api/v1/waiting-posts lists" in desk.get(f"{BASE}/pub_1", expects=404)["todo"]


def test_who_has_the_list_already_is_told_so(desk: Desk) -> None:
    desk.ask("One")
    tag = desk.client.get(BASE).headers["etag"]
    assert desk.client.get(BASE, headers={"if-none-match": tag}).status_code == 304


def test_other_words_are_what_is_sent(desk: Desk) -> None:
    [id] = desk.ask("One")
    changed = desk.change(id, {"text": "Uno"})
    assert (changed["post"]["text"], changed["post"]["by_hand"]) == ("Uno", True)
    assert desk.change(id, {"text": "Uno"})["post"] == changed["post"]
    desk.press.finish()
    assert sent(desk.press) == ["Uno"]


def test_another_time_is_when_it_goes_out(desk: Desk) -> None:
    [id] = desk.ask("One")
    assert desk.change(id, {"publish_at": "2026-11-23T10:00:00+01:00"})["post"]["publish_at"].startswith("2026-11-23")
    desk.press.pass_time(days=1)
    assert sent(desk.press) == []
    desk.press.finish()
    assert desk.press.clock.now() >= NIGHT + timedelta(days=2, hours=10)
    assert sent(desk.press) == ["One"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "the body: nothing to change is named: give text, publish_at or both"),
        ({"text": "x" * 300}, "too long for Recording"),
        ({"text": " "}, "would be empty"),
        ({"publish_at": "2026-11-20T22:00:00Z"}, "is over"),
        ({"publish_at": "2026-11-23T10:00:00"}, "publish_at must be a time with its zone, such as"),
        ({"publish_at": "tomorrow"}, "publish_at must be a time with its zone, such as"),
        ({"publish_at": "9999-12-31T23:59:59-12:00"}, "is more than 3660 days from now"),
        ({"words": "Uno"}, "words is not known here"),
        ({"text": None, "publish_at": "2026-11-23T10:00:00Z"}, "text"),
    ],
)
def test_a_change_that_does_not_fit_leaves_the_post_as_it_was(desk: Desk, body: dict[str, Any], said: str) -> None:
    [id] = desk.ask("One")
    before = desk.get()
    refused = desk.change(id, body, expects=422)
    assert said in refused["message"]
    assert refused["todo"]
    assert desk.get() == before


def test_a_withdrawn_post_is_never_sent_and_withdrawn_once(desk: Desk) -> None:
    [id] = desk.ask("One")
    assert desk.withdraw(id)["state"] == "rejected"
    assert "does not wait any more" in desk.withdraw(id, expects=409)["message"]
    desk.press.finish()
    assert (sent(desk.press), desk.get()["items"]) == ([], [])


def test_what_is_out_already_is_not_changed_any_more(desk: Desk) -> None:
    [id] = desk.ask("One")
    desk.press.finish()
    for body in ({"text": "Uno"}, {"publish_at": "2026-12-23T10:00:00+01:00"}):
        assert desk.change(id, body, expects=409)["type"] == "urn:pressroom:problem:not-now"
    assert sent(desk.press) == ["One"]


def test_a_post_that_is_not_there_is_told(desk: Desk) -> None:
    assert "pub_1" in desk.change("pub_1", {"text": "Uno"}, expects=404)["message"]
    assert "/api/v1/waiting-posts" in desk.withdraw("pub_1", expects=404)["todo"]


def test_reading_takes_one_scope_and_deciding_what_goes_out_another(desk: Desk) -> None:
    [id] = desk.ask("One")
    keys = ApiKeys(desk.press.ports.tables, desk.press.clock)

    def status(method: str, path: str, *scopes: Scope, **more: Any) -> int:
        _, text = keys.create(f"{method}{len(keys.all())}", scopes)
        headers = {"authorization": f"Bearer {text}"}
        return desk.client.request(method, f"{BASE}{path}", headers=headers, **more).status_code

    assert status("GET", "", Scope.READ) == 200
    assert status("GET", "", Scope.PUBLISH) == 403
    words = {"json": {"text": "Uno"}}
    for scopes, expected in (((Scope.READ, Scope.WRITE), 403), ((Scope.PUBLISH,), 200)):
        assert status("PATCH", f"/{id}", *scopes, **words) == expected
    for scopes, expected in (((Scope.READ, Scope.WRITE), 403), ((Scope.PUBLISH,), 200)):
        assert status("POST", f"/{id}/withdraw", *scopes) == expected
