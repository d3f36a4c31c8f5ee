"""Dead deliveries over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.entrypoints.api.paging import cursor_of
from tests.entrypoints.api.world import World, a_world

BASE = "/api/v1/dead"


@pytest.fixture
def world() -> World:
    made = a_world()
    for theme in ("Bread", "Jam", "Salt"):
        made.clock.advance(seconds=1)
        job = made.edition.job(theme, ends="JobFailed")
        made.edition.dead(job)
        made.jobs[theme] = job
    return made


def ids(page: dict[str, list[dict[str, int]]]) -> list[int]:
    return [one["id"] for one in page["items"]]


def dead_of(world: World, what: str) -> int:
    return world.ports.dead_letters.find(job_id=world.jobs[what])[0].id


def test_dead_deliveries_are_listed_newest_first_page_by_page(world: World) -> None:
    path, seen = f"{BASE}?limit=3", []
    while path:
        page = world.get(path)
        seen += ids(page)
        path = page["next"]
    assert seen == [letter.id for letter in world.ports.dead_letters.find()]
    assert len(seen) == 4


def test_a_page_goes_on_although_its_last_one_is_gone(world: World) -> None:
    first = world.get(BASE, limit=2)
    world.delete(f"{BASE}/{ids(first)[-1]}")
    assert len(ids(world.get(first["next"]))) == 2


def test_they_are_chosen_by_queue_and_job(world: World) -> None:
    assert ids(world.get(BASE, job=world.jobs["Jam"])) == [dead_of(world, "Jam")]
    assert ids(world.get(BASE, queue="events")) == []
    assert len(ids(world.get(BASE, queue="steps"))) == 4


def test_one_is_told_with_its_history_and_what_to_do(world: World) -> None:
    shown = world.get(f"{BASE}/{dead_of(world, 'Jam')}")
    assert shown["error"]["kind"] == "Unavailable"
    assert "Redrive" in shown["advice"]
    assert shown["history"][-1]["attempt"] == 1
    assert shown["data"] == {"style": "spooky"}


def test_one_is_put_back_with_other_arguments(world: World) -> None:
    dead_id = dead_of(world, "Jam")
    world.post(f"{BASE}/{dead_id}/redrive", {"data": {"style": "merry"}}, expects=204)
    world.get(f"{BASE}/{dead_id}", expects=404)
    [again] = world.ports.queue.claim(["steps"], 1, timedelta(minutes=1), job_id=world.jobs["Jam"])
    assert again.data == {"style": "merry"}
    assert world.get(f"/api/v1/jobs/{world.jobs['Jam']}")["status"] == "processing"


def test_one_whose_job_is_over_is_not_put_back(world: World) -> None:
    world.post(f"/api/v1/dead/{dead_of(world, 'Jam')}/redrive", expects=204)
    world.post(f"/api/v1/jobs/{world.jobs['Jam']}/cancel")
    dead_id = world.edition.dead(world.jobs["Jam"])
    assert "cancelled" in world.post(f"{BASE}/{dead_id}/redrive", expects=409)["message"]


def test_many_are_put_back_and_one_that_cannot_be_keeps_no_other(world: World) -> None:
    world.post(f"{BASE}/{dead_of(world, 'Jam')}/redrive", expects=204)
    world.post(f"/api/v1/jobs/{world.jobs['Jam']}/cancel")
    refused = world.edition.dead(world.jobs["Jam"])
    done = world.post(f"{BASE}/redrive", {"queue": "steps"})
    assert len(done["redriven"]) == 3
    assert [one["id"] for one in done["refused"]] == [refused]
    assert "cancelled" in done["refused"][0]["error"]["what"]
    assert done["left"] == 1


def test_many_are_bounded_and_chosen(world: World) -> None:
    salt = dead_of(world, "Salt")
    assert world.post(f"{BASE}/redrive", {"job": world.jobs["Salt"]})["redriven"] == [salt]
    assert len(world.post(f"{BASE}/redrive", {"limit": 1})["redriven"]) == 1
    assert world.post(f"{BASE}/redrive", {"queue": "events"})["redriven"] == []
    world.post(f"{BASE}/redrive", {"limit": 0}, expects=422)
    world.post(f"{BASE}/redrive", {"que": "steps"}, expects=422)


def test_one_is_discarded_for_good_and_the_log_keeps_it(world: World) -> None:
    dead_id = dead_of(world, "Jam")
    world.delete(f"{BASE}/{dead_id}")
    world.delete(f"{BASE}/{dead_id}", expects=404)
    assert world.ports.events.latest(limit=1)[0].type == "DeliveryDiscarded"


@pytest.mark.parametrize("dead_id", ["0", "-1", "x", str(2**63)])
def test_what_is_no_id_is_told(world: World, dead_id: str) -> None:
    world.get(f"{BASE}/{dead_id}", expects=400)


@pytest.mark.parametrize("place", ["x", "2026-10-31T08:00:00 1", "2026-10-31T08:00:00+00:00 x", "2026-10-31 1", " 1"])
def test_a_cursor_that_leads_nowhere_is_refused(world: World, place: str) -> None:
    world.get(BASE, expects=400, cursor=cursor_of(BASE, place))
