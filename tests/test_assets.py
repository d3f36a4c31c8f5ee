"""Storing media: revisions, repetition after a crash, reading."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from pressroom.assets import Assets
from pressroom.backends.memory import build_memory_ports
from pressroom.changes import Change
from pressroom.contracts.samples import a_new_job
from pressroom.errors import Conflict, NotFound
from pressroom.media import Asset
from pressroom.ports import Ports
from pressroom.testing import ManualClock, plain_png

KEY = "images/pet.png"


@pytest.fixture
def ports() -> Ports:
    return build_memory_ports(ManualClock())


@pytest.fixture
def assets(ports: Ports) -> Assets:
    return Assets(ports.assets, ports.blobs, ports.clock)


def known(ports: Ports, asset: Asset) -> Asset:
    """Make a stored asset known, as the completion of its step does."""
    ports.store.commit(Change(assets=(asset,)))
    return asset


def test_a_stored_asset_tells_what_it_is(assets: Assets, ports: Ports) -> None:
    data = plain_png(3, 2)
    asset = assets.store(KEY, data, width=3, height=2, about={"alt_text": "grey"})
    assert asset == Asset(
        key=KEY,
        revision=1,
        media_type="image/png",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=ports.clock.now(),
        width=3,
        height=2,
        about={"alt_text": "grey"},
    )
    assert ports.blobs.get(KEY, 1) == data


def test_a_media_type_that_is_given_is_believed(assets: Assets) -> None:
    assert assets.store("config/days.json", b"{}", media_type="application/json").media_type == "application/json"


def test_an_asset_of_a_job_expires_with_it(assets: Assets, ports: Ports) -> None:
    expires_at = ports.clock.now() + timedelta(days=2)
    job = a_new_job("job_1", expires_at=expires_at.isoformat()).jobs[0].after
    asset = assets.store(KEY, b"abc", job=job)
    assert (asset.job_id, asset.expires_at) == ("job_1", expires_at)


def test_other_bytes_are_a_new_revision_and_the_old_one_stays(assets: Assets, ports: Ports) -> None:
    known(ports, assets.store(KEY, b"first"))
    second = known(ports, assets.store(KEY, b"second"))
    assert second.revision == 2
    assert (assets.read(KEY), assets.read(KEY, 1)) == (b"second", b"first")


def test_the_same_bytes_are_the_same_revision(assets: Assets, ports: Ports) -> None:
    known(ports, assets.store(KEY, b"first"))
    assert assets.store(KEY, b"first").revision == 1


def test_a_step_that_runs_again_after_a_crash_stores_no_second_revision(assets: Assets) -> None:
    assert [assets.store(KEY, b"first").revision for _ in range(2)] == [1, 1]


def test_bytes_that_were_never_made_known_are_skipped(assets: Assets, ports: Ports) -> None:
    assets.store(KEY, b"of a step that crashed")
    asset = known(ports, assets.store(KEY, b"of the step that ran again and drew otherwise"))
    assert asset.revision == 2
    assert assets.read(KEY) == b"of the step that ran again and drew otherwise"


def test_what_is_not_there_is_named(assets: Assets, ports: Ports) -> None:
    with pytest.raises(NotFound, match="There is no asset"):
        assets.read("images/dog.png")
    known(ports, assets.store(KEY, b"abc"))
    with pytest.raises(NotFound):
        assets.read(KEY, 7)


def test_bytes_are_not_known_before_the_step_that_stored_them_is_completed(assets: Assets, ports: Ports) -> None:
    assets.store(KEY, b"abc")
    assert ports.assets.get(KEY) is None


def test_a_key_with_nothing_but_unknown_revisions_is_an_error(assets: Assets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressroom.assets._REVISIONS", 3)
    for number in range(3):
        assets.store(KEY, b"%d" % number)
    with pytest.raises(Conflict, match=f"3 revisions of {KEY}"):
        assets.store(KEY, b"one more")


def test_what_a_person_has_put_into_the_store_by_hand_can_be_read() -> None:
    clock = ManualClock()
    ports = build_memory_ports(clock)
    ports.blobs.put("config/mine.json", 1, b"{}")
    assets = Assets(ports.assets, ports.blobs, clock)
    assert assets.read("config/mine.json") == b"{}"
    with pytest.raises(NotFound):
        assets.read("config/yours.json")
