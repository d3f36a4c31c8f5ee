"""What is stored, as documents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from pressroom.changes import Change
from tests.entrypoints.api.world import World, a_world

BASE = "/api/v1/assets"


@pytest.fixture
def world() -> World:
    return a_world()


def store(world: World, key: str, *contents: bytes, **more: Any) -> None:
    for data in contents:
        world.runtime.bus.commit(Change(assets=(world.runtime.assets.store(key, data, **more),)))


def keys(page: Any) -> list[str]:
    return [one["key"] for one in page["items"]]


def test_assets_are_listed_by_the_beginning_of_their_keys_page_by_page(world: World) -> None:
    for name in ("b/2", "a/1", "b/1", "b/3", "c"):
        store(world, f"texts/{name}.txt", b"words")
    path, seen = f"{BASE}?prefix=texts/b/&limit=2", []
    while path:
        page = world.get(path)
        seen += keys(page)
        path = page["next"]
    assert seen == ["texts/b/1.txt", "texts/b/2.txt", "texts/b/3.txt"]
    assert keys(world.get(BASE, prefix="texts/d")) == []


def test_long_keys_in_any_script_lead_to_the_next_page(world: World) -> None:
    names = [f"texts/{'日本語のとても長い名前' * 25}/{number}.txt" for number in range(3)]
    for name in names:
        store(world, name, b"words")
    path, seen = f"{BASE}?prefix=texts/&limit=1", []
    while path:
        page = world.get(path)
        seen += keys(page)
        path = page["next"]
    assert seen == names


def test_one_asset_is_told_with_every_revision_and_each_opens(world: World) -> None:
    store(world, "texts/a b/ö.txt", b"first", b"second", media_type="text/plain")
    shown = world.get(f"{BASE}/texts/a%20b/%C3%B6.txt")
    assert (shown["revision"], shown["bytes"], shown["media_type"]) == (2, 6, "text/plain")
    assert [one["revision"] for one in shown["revisions"]] == [2, 1]
    assert [world.client.get(one["url"]).content for one in shown["revisions"]] == [b"second", b"first"]


def test_its_url_ends(world: World) -> None:
    store(world, "texts/a.txt", b"words")
    shown = world.get(f"{BASE}/texts/a.txt")
    ends = datetime.fromisoformat(shown["url_expires_at"])
    assert timedelta(days=1) <= ends - world.clock.now() <= timedelta(days=2)
    world.clock.move_to(ends)
    assert world.client.get(shown["url"]).status_code == 410


def test_its_url_never_lives_longer_than_the_asset(world: World) -> None:
    job = world.ports.jobs.get(world.jobs["flagged 1"])
    assert job is not None
    assert job.expires_at is not None
    store(world, "texts/a.txt", b"words", job=job)
    world.clock.move_to(job.expires_at - timedelta(hours=1))
    assert world.get(f"{BASE}/texts/a.txt")["url_expires_at"] == job.expires_at.isoformat()


def test_an_asset_that_is_not_there_is_told(world: World) -> None:
    assert "texts/x.txt" in world.get(f"{BASE}/texts/x.txt", expects=404)["message"]
