"""The analytics over HTTP."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.events import Event
from tests.entrypoints.site import KEY, Site, a_site
from tests.post_events import NOON, PostEvents

BASE = "/api/v1/analytics"
DAY = timedelta(days=1)


def tell(site: Site, *events: Event) -> None:
    site.runtime.bus.commit(Change(events=events))


def a_week(**server: Any) -> Site:
    """Five posts: two on main, two on sky of which one was refused, one more on main a day later."""
    site = a_site(**server)
    for number, channel in enumerate(["main", "sky", "main", "sky", "main"], 1):
        post, at = PostEvents(number, channel), NOON + (number == 5) * DAY
        tell(site, post.requested(at), post.attempted(1, at), post.rejected(at) if number == 4 else post.published(at))
    tell(site, PostEvents(1).read(likes=3, views=40), PostEvents(3).read(NOON + DAY, likes=0))
    tell(site, PostEvents(2, "sky").noticed("like"))
    return site


def asked(site: Site, path: str, **headers: str) -> Any:
    response = site.client.get(f"{BASE}{path}", headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_posts_are_listed_newest_first_with_their_counts() -> None:
    answer = asked(a_week(), "/posts")
    assert [post["publication_id"] for post in answer["posts"]] == [f"pub_000{number}" for number in (5, 4, 3, 2, 1)]
    newest, refused, read, noticed, counted = answer["posts"]
    assert newest["counts"]["likes"] is None
    assert newest["as_of"] is None
    assert (refused["state"], refused["why"]) == ("rejected", "It is too long.")
    assert read["counts"] == dict.fromkeys(counted["counts"]) | {"likes": 0}, "0 that was read is 0"
    assert noticed["counts"]["likes"] is None
    assert noticed["at_least"]["likes"] == 1
    assert counted["counts"]["views"] == 40
    assert answer["as_of"] == "2026-11-01T12:00:00Z"
    assert answer["next"] is None


def test_pages_lead_to_the_next_one_until_there_is_none() -> None:
    site, path, seen = a_week(), f"{BASE}/posts?limit=2&channel=main", []
    while path:
        response = site.client.get(path)
        answer = response.json()
        seen += [post["publication_id"] for post in answer["posts"]]
        assert ("link" in response.headers) == bool(answer["next"])
        path = answer["next"]
    assert seen == ["pub_0005", "pub_0003", "pub_0001"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?channel=sky", 2),
        ("?pipeline=daily_post", 5),
        ("?pipeline=photo_feed", 0),
        ("?since=2026-11-01", 1),
        ("?until=2026-10-31", 4),
        ("?since=2026-10-31&until=2026-10-31&channel=main", 2),
    ],
)
def test_every_list_can_be_narrowed(query: str, found: int) -> None:
    site = a_week()
    assert len(asked(site, f"/posts{query}")["posts"]) == found
    for kind in ("channels", "pipelines", "days"):
        assert sum(row["posts"] for row in asked(site, f"/{kind}{query}")[kind]) == found


def test_a_channel_tells_sums_and_of_how_many_posts_they_are() -> None:
    main, sky = asked(a_week(), "/channels")["channels"]
    assert (main["channel"], main["network"], main["published"]) == ("main", "net_main", 3)
    assert main["counts"]["likes"] == {"sum": 3, "posts": 2, "at_least": 0}
    assert main["counts"]["shares"] == {"sum": None, "posts": 0, "at_least": 0}
    assert (sky["rejected"], sky["counts"]["likes"]) == (1, {"sum": None, "posts": 0, "at_least": 1})
    assert sky["noticed"] == {"like": 1}


def test_days_come_newest_first_each_with_its_newest_reading() -> None:
    days = asked(a_week(), "/days")["days"]
    assert [(day["day"], day["as_of"]) for day in days] == [
        ("2026-11-01", None),
        ("2026-10-31", "2026-11-01T12:00:00Z"),
    ]


@pytest.mark.parametrize("kind", ["posts", "channels", "pipelines", "days"])
def test_everything_comes_as_csv_too(kind: str) -> None:
    site = a_week()
    response = site.client.get(f"{BASE}/{kind}?format=csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert f'filename="pressroom-{kind}.csv"' in response.headers["content-disposition"]
    by_header = site.client.get(f"{BASE}/{kind}", headers={"accept": "text/csv"})
    assert by_header.text == response.text
    assert len(table(response.text)) == len(asked(site, f"/{kind}")[kind])


def test_what_is_unknown_is_an_empty_field() -> None:
    text = a_week().client.get(f"{BASE}/channels?format=csv").text
    assert [(row["likes"], row["likes_posts"], row["views"], row["shares"]) for row in table(text)] == [
        ("3", "2", "40", ""),
        ("", "0", "", ""),
    ]


def test_a_csv_of_posts_is_whole_unless_less_is_asked_for() -> None:
    site = a_site()
    for number in range(700):
        tell(site, PostEvents(number).requested())
    assert len(table(site.client.get(f"{BASE}/posts?format=csv").text)) == 700
    page = site.client.get(f"{BASE}/posts?format=csv&limit=3")
    assert len(table(page.text)) == 3
    assert 'rel="next"' in page.headers["link"]


def test_a_title_that_is_a_formula_stays_text() -> None:
    site = a_site()
    tell(site, PostEvents().published(title='=HYPERLINK("https://evil.example")'))
    [row] = table(site.client.get(f"{BASE}/posts?format=csv").text)
    assert row["title"] == '\'=HYPERLINK("https://evil.example")'


@pytest.mark.parametrize("kind", ["posts", "channels", "pipelines", "days"])
def test_an_answer_that_the_caller_has_already_is_not_sent_again(kind: str) -> None:
    site = a_week()
    first = site.client.get(f"{BASE}/{kind}")
    again = site.client.get(f"{BASE}/{kind}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")
    tell(site, PostEvents(1).read(NOON + 2 * DAY, likes=9))
    news = site.client.get(f"{BASE}/{kind}", headers={"if-none-match": first.headers["etag"]})
    assert news.status_code == 200


def test_json_and_csv_are_never_taken_for_each_other() -> None:
    site = a_week()
    tag = site.client.get(f"{BASE}/channels").headers["etag"]
    assert site.client.get(f"{BASE}/channels?format=csv", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-11-02&until=2026-11-01", "format=xml", "limit=0"])
def test_a_parameter_that_cannot_be_used_is_told(query: str) -> None:
    response = a_week().client.get(f"{BASE}/posts?{query}")
    assert response.status_code == 400
    assert response.json()["message"]


def test_beyond_this_machine_the_key_is_needed() -> None:
    site = a_week(host="0.0.0.0", key=KEY, base_url="http://press.example")
    assert site.client.get(f"{BASE}/channels").status_code == 401
    answer = site.client.get(f"{BASE}/channels", headers={"authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("private")


def test_the_description_of_the_api_shows_the_answers_and_csv() -> None:
    described = a_site().client.get("/openapi.json").json()
    for kind in ("posts", "channels", "pipelines", "days"):
        content = described["paths"][f"{BASE}/{kind}"]["get"]["responses"]["200"]["content"]
        assert set(content) == {"application/json", "text/csv"}
        assert content["application/json"]["schema"]["$ref"].rpartition("/")[2].lower() == kind
    assert described["components"]["schemas"]["CountSum"]["example"] == {"sum": 12, "posts": 3, "at_least": 0}
