"""Pictures from Lightroom: the sizes that are always there, those that are made on demand, and what is no picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, BadInput, NotFound, Unavailable
from pressroom.sources._lightroom_api import LightroomApi
from pressroom.sources._lightroom_renditions import LOOKED_AFTER_SECONDS, Renditions, Wanted
from pressroom.sources.base import Item
from pressroom.sources.lightroom import Lightroom
from tests.fakes.faults import Fault
from tests.fakes.lightroom_renditions import draw
from tests.fakes.messages import Answer, Request
from tests.fakes.server import FakeServer
from tests.sources.lightroom_bench import Bench, a_bench, look


@pytest.fixture
def bench() -> Iterator[Bench]:
    with a_bench() as bench:
        yield bench


def found(bench: Bench, **settings: Any) -> tuple[Lightroom, Item]:
    source = bench.source(**settings)
    [item], _ = look(source)
    return source, item


class TestAlwaysThere:
    def test_the_size_is_chosen_by_the_setting(self, bench: Bench) -> None:
        import pyvips

        bench.fake.catalog.add_photo(picture=draw("Large", 3000, 1500))
        widths = {}
        for size in ("640", 1280, "2048"):
            source, item = found(bench, rendition=size)
            widths[str(size)] = pyvips.Image.new_from_buffer(source.fetch(item).data, "").width
        assert widths == {"640": 640, "1280": 1280, "2048": 2048}

    def test_one_that_is_not_ready_is_tried_again(self) -> None:
        with a_bench(processing_seconds=60) as bench:
            bench.fake.catalog.add_photo("Harbour")
            source, item = found(bench)
            with pytest.raises(Unavailable, match=r"Harbour\.jpg yet"):
                source.fetch(item)
            bench.fake.advance(61)
            assert source.fetch(item).data

    def test_a_photo_that_is_gone_is_not_found(self, bench: Bench) -> None:
        photo = bench.fake.catalog.add_photo("Harbour")
        source, item = found(bench)
        bench.fake.catalog.remove_photo(photo.id)
        with pytest.raises(NotFound, match=r"Harbour\.jpg is no longer"):
            source.fetch(item)

    def test_what_is_no_jpeg_is_refused(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Harbour")
        source, item = found(bench)
        bench.fake.script(Fault.JUNK_BODY, path="*/renditions/*")
        with pytest.raises(Unavailable, match="no JPEG"):
            source.fetch(item)

    def test_a_download_that_is_cut_off_is_tried_again(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Harbour")
        source, item = found(bench)
        bench.fake.script(Fault.PROCESSED_BUT_TRUNCATED, path="*/renditions/*")
        with pytest.raises(Unavailable, match="cut off"):
            source.fetch(item)
        assert source.fetch(item).data

    def test_a_picture_larger_than_allowed_is_refused(self, bench: Bench) -> None:
        photo = bench.fake.catalog.add_photo("Harbour")
        source, item = found(bench, largest_bytes=len(photo.picture) - 1)
        with pytest.raises(BadInput, match="larger than"):
            source.fetch(item)

    def test_a_picture_larger_than_any_other_answer_may_be_arrives_whole(self, bench: Bench) -> None:
        picture = draw("Harbour") + bytes(6_000_000)
        bench.fake.catalog.add_photo("Harbour", picture=picture)
        source, item = found(bench)
        assert source.fetch(item).data == picture


class TestOnDemand:
    """Time is the fake's; waiting makes it pass."""

    def renditions(self, bench: Bench) -> tuple[Renditions, list[float]]:
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            self.pass_by(bench, seconds)

        return Renditions(LightroomApi(bench.source().setup), 10_000_000, timedelta(seconds=20), wait), waits

    def pass_by(self, bench: Bench, seconds: float) -> None:
        bench.fake.advance(seconds)
        bench.clock.advance(seconds=seconds)

    def wanted(self, bench: Bench, size: str = "fullsize") -> Wanted:
        photo = next(iter(bench.fake.state.photos.values()))
        return Wanted(bench.fake.state.catalog_id, photo.id, photo.updated, "Harbour.jpg", size)

    def orders(self, bench: Bench) -> int:
        return len(bench.asked("/renditions", "POST"))

    def test_it_is_asked_for_and_looked_for_ever_less_often(self) -> None:
        with a_bench(making_seconds=6) as bench:
            photo = bench.fake.catalog.add_photo("Harbour")
            renditions, waits = self.renditions(bench)
            assert renditions.get(self.wanted(bench)) == photo.picture
            assert waits == [1, 2, 4]
            methods = [one.method for one in bench.fake.requests]
            assert methods == ["HEAD", "POST", "HEAD", "HEAD", "HEAD", "GET"]

    def test_one_that_is_there_already_is_not_asked_for_again(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Harbour")
        renditions, _ = self.renditions(bench)
        for _ in range(2):
            renditions.get(self.wanted(bench))
        assert self.orders(bench) == 1

    def test_a_long_wait_is_left_to_the_queue_and_asks_once(self) -> None:
        with a_bench(making_seconds=200) as bench:
            photo = bench.fake.catalog.add_photo("Harbour")
            renditions, waits = self.renditions(bench)
            given = []
            for _ in range(4):
                with pytest.raises(Unavailable, match="still making") as later:
                    renditions.get(self.wanted(bench))
                given.append(((later.value.retry_at or bench.clock.now()) - bench.clock.now()).total_seconds())
                self.pass_by(bench, given[-1])
            assert renditions.get(self.wanted(bench)) == photo.picture
            assert waits == list(LOOKED_AFTER_SECONDS)
            assert given == [30, 45, 90, 180]
            assert self.orders(bench) == 1

    def test_one_that_is_not_made_within_ten_minutes_is_asked_for_anew(self) -> None:
        with a_bench(making_seconds=100_000) as bench:
            bench.fake.catalog.add_photo("Harbour")
            renditions, _ = self.renditions(bench)
            said = []
            for _ in range(20):
                with pytest.raises(Unavailable) as later:
                    renditions.get(self.wanted(bench))
                said.append(later.value.what)
                if "within ten minutes" in said[-1]:
                    break
                self.pass_by(bench, ((later.value.retry_at or bench.clock.now()) - bench.clock.now()).total_seconds())
            assert "within ten minutes" in said[-1]
            assert len(said) <= 6, "more failures than a step is allowed by default"
            assert self.orders(bench) == 1
            with pytest.raises(Unavailable, match="still making"):
                renditions.get(self.wanted(bench))
            assert self.orders(bench) == 2

    def test_an_edit_makes_a_new_one_necessary(self, bench: Bench) -> None:
        photo = bench.fake.catalog.add_photo("Harbour")
        renditions, _ = self.renditions(bench)
        renditions.get(self.wanted(bench))
        bench.fake.catalog.edit(photo.id, "Harbour in black and white")
        assert renditions.get(self.wanted(bench)) == photo.picture
        assert self.orders(bench) == 2

    def test_basic_access_is_told_as_such(self) -> None:
        with a_bench(has_full_access=False) as bench:
            bench.fake.catalog.add_photo("Harbour")
            source, item = found(bench, rendition="fullsize")
            with pytest.raises(BadInput, match="not available with basic access") as refused:
                source.fetch(item)
            assert 'rendition = "2048"' in refused.value.todo

    def test_a_key_that_is_no_longer_valid_is_not_taken_for_basic_access(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Harbour")
        _, item = found(bench)
        bench.secrets.set("sources.lr.client_id", "another")
        with pytest.raises(AccountDisconnected, match="API Key is invalid"):
            bench.source(rendition="fullsize").fetch(item)

    def test_a_photo_that_is_gone_is_not_waited_for(self, bench: Bench) -> None:
        photo = bench.fake.catalog.add_photo("Harbour")
        renditions, waits = self.renditions(bench)
        wanted = self.wanted(bench)
        bench.fake.catalog.remove_photo(photo.id)
        with pytest.raises(NotFound):
            renditions.get(wanted)
        assert waits == []

    def test_a_photo_that_goes_while_it_is_made_is_not_waited_for_any_longer(self) -> None:
        with a_bench(making_seconds=100) as bench:
            photo = bench.fake.catalog.add_photo("Harbour")
            renditions, _ = self.renditions(bench)
            wanted = self.wanted(bench)
            with pytest.raises(Unavailable, match="still making"):
                renditions.get(wanted)
            bench.fake.catalog.remove_photo(photo.id)
            with pytest.raises(NotFound, match="no longer"):
                renditions.get(wanted)

    def test_the_source_uses_them(self, bench: Bench) -> None:
        photo = bench.fake.catalog.add_photo("Harbour")
        source, item = found(bench, rendition="fullsize")
        bench.fake.catalog.photo(photo.id).made["fullsize"] = bench.fake.now()
        assert source.fetch(item).data == photo.picture


class Endless(FakeServer):
    """Says that its pictures are larger than anything, and sends what it can."""

    def answer(self, request: Request) -> Answer:
        return Answer(200, b"\xff\xd8\xff" + bytes(40_000_000), {"content-type": "image/jpeg"})


def test_a_server_that_sends_without_end_is_stopped(bench: Bench) -> None:
    bench.fake.catalog.add_photo("Harbour")
    _, item = found(bench)
    with Endless() as endless, pytest.raises(BadInput, match="larger than"):
        bench.source(base_url=endless.base_url, largest_bytes=1_000_000).fetch(item)
