"""The contract of `AssetIndex`: what is stored in the blob store, by key and revision."""

from __future__ import annotations

from datetime import timedelta

from pressroom.changes import Change
from pressroom.contracts.base import Contract
from pressroom.contracts.samples import NOW, an_asset
from pressroom.media import Asset
from pressroom.ports import Ports

HOUR = timedelta(hours=1)


def _store(ports: Ports, *assets: Asset) -> None:
    ports.store.commit(Change(assets=assets))


class AssetIndexContract(Contract):
    def test_an_asset_comes_back_as_it_was_stored(self, ports: Ports) -> None:
        asset = an_asset(
            width=1600, height=900, job_id="job_1", expires_at=NOW + HOUR, about={"title": "Kočka", "keywords": ["cat"]}
        )
        _store(ports, asset)
        assert ports.assets.get(asset.key) == asset
        assert ports.assets.get(asset.key, 1) == asset
        assert ports.assets.of_job("job_1") == [asset]

    def test_what_is_not_there_is_none(self, ports: Ports) -> None:
        _store(ports, an_asset("a.jpg"))
        assert ports.assets.get("b.jpg") is None
        assert ports.assets.get("a.jpg", 2) is None
        assert ports.assets.of_job("job_1") == []

    def test_the_newest_revision_is_what_a_key_means(self, ports: Ports) -> None:
        revisions = [an_asset("a.jpg", number, sha256=f"{number:02}" * 32) for number in range(1, 12)]
        _store(ports, *revisions[::-1])
        assert ports.assets.get("a.jpg") == revisions[-1]
        assert ports.assets.get("a.jpg", 2) == revisions[1]

    def test_the_same_asset_again_is_no_error(self, ports: Ports) -> None:
        _store(ports, an_asset())
        _store(ports, an_asset())
        assert ports.assets.find("") == [an_asset()]

    def test_assets_whose_time_is_over_are_found(self, ports: Ports) -> None:
        over, later = an_asset("a.jpg", expires_at=NOW), an_asset("b.jpg", expires_at=NOW + HOUR)
        _store(ports, later, over, an_asset("c.jpg"))
        assert ports.assets.expired(NOW - HOUR) == []
        assert ports.assets.expired(NOW) == [over]
        assert {asset.key for asset in ports.assets.expired(NOW + HOUR)} == {"a.jpg", "b.jpg"}
        assert len(ports.assets.expired(NOW + HOUR, limit=1)) == 1

    def test_assets_are_found_by_the_beginning_of_their_keys(self, ports: Ports) -> None:
        old, new = an_asset("images/b%.jpg"), an_asset("images/b%.jpg", 2, sha256="cd" * 32)
        other = an_asset("images/a_.jpg")
        _store(ports, new, old, other, an_asset("Images/c.jpg"), an_asset("stories/d.mp3"), an_asset("images/č.jpg"))
        assert ports.assets.find("images/", limit=2) == [other, new]
        assert [asset.key for asset in ports.assets.find("images/")] == [other.key, new.key, "images/č.jpg"]
        assert ports.assets.find("images/b%") == [new]
        assert ports.assets.find("images/_") == []
        assert len(ports.assets.find("")) == 5

    def test_what_is_listed_goes_on_behind_the_last_key(self, ports: Ports) -> None:
        found = [an_asset(f"images/{name}.jpg") for name in "abc"]
        _store(ports, *found, an_asset("images/a.jpg", 2, sha256="cd" * 32), an_asset("stories/d.mp3"))
        assert ports.assets.find("images/", after="images/a.jpg") == found[1:]
        assert ports.assets.find("images/", after="images/b.jpg", limit=1) == [found[2]]
        assert ports.assets.find("images/", after="images/c.jpg") == []
        assert len(ports.assets.find("images/", after="a")) == 3

    def test_every_revision_of_a_key_is_told_the_newest_first(self, ports: Ports) -> None:
        revisions = [an_asset("a.jpg", number, sha256=f"{number:02}" * 32) for number in range(1, 12)]
        _store(ports, *revisions, an_asset("a.jpg.txt"))
        assert ports.assets.revisions("a.jpg") == revisions[::-1]
        assert ports.assets.revisions("b.jpg") == []
