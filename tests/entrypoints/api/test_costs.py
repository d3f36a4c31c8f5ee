"""What was spent, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from pressroom.changes import Change
from pressroom.costs import Cost
from pressroom.ids import new_id
from tests.entrypoints.api.world import World, a_world

BASE = "/api/v1/costs"


def spend(world: World, money: str, *, days_ago: int = 0, pipeline: str = "daily_post") -> None:
    at = world.clock.now() - timedelta(days=days_ago)
    cost = Cost(
        id=new_id("cost"),
        job_id="job_1",
        pipeline=pipeline,
        what="art",
        unit="images",
        quantity=1,
        money=Decimal(money),
        currency="USD",
        at=at,
    )
    world.ports.store.commit(Change(costs=(cost,)))


@pytest.fixture
def world() -> World:
    made = a_world()
    made.clock.advance(days=20)
    return made


def test_what_was_spent_is_told_by_pipeline_and_by_day(world: World) -> None:
    spend(world, "0.10")
    spend(world, "0.02", days_ago=2)
    spend(world, "0.003", days_ago=2, pipeline="picture_post")
    spend(world, "5", days_ago=40)
    found = world.get(BASE)
    assert (found["since"], found["money"], found["currency"]) == ("2026-11-01", "0.123", "USD")
    assert found["by_pipeline"] == [
        {"pipeline": "daily_post", "money": "0.12"},
        {"pipeline": "picture_post", "money": "0.003"},
    ]
    assert found["by_day"] == [{"day": "2026-11-20", "money": "0.1"}, {"day": "2026-11-18", "money": "0.023"}]


def test_an_earlier_day_may_be_asked_for(world: World) -> None:
    spend(world, "5", days_ago=40)
    found = world.get(BASE, since="2026-10-01")
    assert found["by_day"][-1] == {"day": "2026-10-11", "money": "5"}


@pytest.mark.parametrize("since", ["2026-11-21", "2026-01-01", "0", "yesterday"])
def test_a_day_that_is_too_far_away_or_none_is_told(world: World, since: str) -> None:
    world.get(BASE, expects=400, since=since)


def test_what_one_job_cost_stands_in_its_document(world: World) -> None:
    shown = world.get(f"/api/v1/jobs/{world.jobs['posted']}")
    assert (shown["cost"]["money"], shown["cost"]["lines"][0]["what"]) == ("0.0361", "art")
