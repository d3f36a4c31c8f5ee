"""Dead letters."""

from __future__ import annotations

import json

import pytest

from tests.entrypoints.site import PAGE, Site, a_site


@pytest.fixture
def site() -> Site:
    return a_site()


@pytest.fixture
def dead(site: Site) -> int:
    return site.edition.dead(site.edition.job("Cake", ends="JobFailed"))


def left(site: Site) -> list[int]:
    return [letter.id for letter in site.runtime.ports.dead_letters.find()]


def test_the_list_says_what_died_why_and_what_to_do(site: Site, dead: int) -> None:
    html = site.page("/dead")
    assert f'href="/dead/{dead}"' in html
    assert "The picture model answered six times that it is overloaded." in html
    assert "Redrive it in a while" in html


def test_one_letter_is_shown_with_its_history_and_what_it_carries(site: Site, dead: int) -> None:
    html = site.page(f"/dead/{dead}")
    assert "History" in html
    assert "Attempt 1" in html
    assert "&#34;style&#34;: &#34;spooky&#34;" in html


def test_a_letter_is_redriven_as_it_is(site: Site, dead: int) -> None:
    assert site.submit(f"/dead/{dead}", action="redrive") == "/dead?note=redriven"
    assert left(site) == []


def test_a_letter_is_redriven_with_edited_data(site: Site, dead: int) -> None:
    before = json.dumps({"style": "spooky"})
    site.submit(f"/dead/{dead}", action="redrive", data='{"style": "sunny"}', data_before=before)
    from datetime import timedelta

    [delivery] = site.runtime.ports.queue.claim(["steps"], 1, timedelta(minutes=1))
    assert delivery.data == {"style": "sunny"}


@pytest.mark.parametrize("data", ["{", "[1]", '"text"'])
def test_edited_data_that_is_no_object_is_refused_with_its_place(site: Site, dead: int, data: str) -> None:
    response = site.client.post(f"/dead/{dead}", data={"action": "redrive", "data": data, "data_before": "{}"})
    assert response.status_code == 400
    assert "JSON" in response.json()["message"]
    assert left(site) == [dead]


def test_a_letter_is_discarded(site: Site, dead: int) -> None:
    assert site.submit(f"/dead/{dead}", action="discard") == "/dead?note=discarded"
    assert left(site) == []


def test_many_are_redriven_or_discarded_at_once(site: Site, dead: int) -> None:
    other = site.edition.dead(site.edition.job("Bread", ends="JobFailed"))
    kept = site.edition.dead(site.edition.job("Mousse", ends="JobFailed"))
    response = site.client.post("/dead", data={"action": "discard", "id": [str(dead), str(other)]})
    assert response.status_code == 303
    assert left(site) == [kept]


def test_one_that_cannot_be_redriven_is_told_and_keeps_no_other_from_it(site: Site, dead: int) -> None:
    over = site.edition.dead(site.edition.job("Bread", ends="JobCancelled"))
    response = site.client.post("/dead", data={"action": "redrive", "id": [str(over), str(dead)]}, headers=PAGE)
    assert response.status_code == 409
    assert left(site) == [over]
    assert f"No. {over}:" in response.text
    assert "nothing of it can be redriven" in response.text
    assert f"No. {dead}:" not in response.text


def test_with_nothing_ticked_nothing_happens(site: Site, dead: int) -> None:
    assert site.client.post("/dead", data={"action": "discard"}).status_code == 400
    assert left(site) == [dead]


def test_a_letter_that_is_gone_says_so(site: Site) -> None:
    assert "It was redriven or discarded" in site.page("/dead/7", 404)


def test_without_dead_letters_the_page_says_so(site: Site) -> None:
    assert "No dead letters." in site.page("/dead")
