"""The Lightroom source: what a look finds, how far it counts, and what is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from pressroom import registry
from pressroom.errors import BadInput
from pressroom.photos import Place
from pressroom.sources.lightroom import Lightroom
from tests.fakes.lightroom_renditions import draw
from tests.sources.lightroom_bench import Bench, a_bench, look, pages, titles


@pytest.fixture
def bench() -> Iterator[Bench]:
    with a_bench() as bench:
        yield bench


def test_the_source_is_found_by_its_name() -> None:
    assert registry.source("lightroom") is Lightroom


def test_what_lightroom_knows_of_a_photo_is_told(bench: Bench) -> None:
    photo = bench.fake.catalog.add_photo(
        "Harbour",
        captured="2026-06-01T20:15:00+02:00",
        caption="Boats at dusk",
        keywords=["boats", "dusk"],
        copyright="© Ada",
        creator="Ada Lichtbild",
        rating=4,
        latitude=54.3,
        longitude=10.1,
    )
    [item], _ = look(bench.source())
    assert (item.id, item.version) == (photo.id, photo.updated)
    assert item.info.name == "Harbour.jpg"
    assert (item.info.title, item.info.caption, item.info.rating) == ("Harbour", "Boats at dusk", 4)
    assert item.info.keywords == ("boats", "dusk")
    assert (item.info.copyright, item.info.credit) == ("© Ada", "Ada Lichtbild")
    assert item.info.captured_at == datetime.fromisoformat("2026-06-01T20:15:00+02:00")
    assert item.info.place is None


def test_a_place_is_told_only_where_that_is_allowed(bench: Bench) -> None:
    bench.fake.catalog.add_photo("Harbour", latitude=54.3, longitude=10.1)
    [item], _ = look(bench.source(location=True))
    assert item.info.place == Place(latitude=54.3, longitude=10.1)


def test_a_photo_without_a_capture_time_has_none_and_is_found_as_well(bench: Bench) -> None:
    for number in range(3):
        bench.fake.catalog.add_photo(f"Scan {number}", captured="0000-00-00T00:00:00")
    bench.fake.catalog.add_photo("Harbour")
    items, _ = look(bench.source(page_size=1))
    assert titles(items) == ["Harbour", "Scan 0", "Scan 1", "Scan 2"]
    assert [item.info.captured_at for item in items if "Scan" in item.info.title] == [None, None, None]


def test_videos_and_photos_that_are_not_uploaded_yet_are_left_out(bench: Bench) -> None:
    bench.fake.catalog.add_photo("Film", subtype="video")
    coming = bench.fake.catalog.add_photo("Coming", is_complete=False)
    bench.fake.catalog.add_photo("Harbour")
    source = bench.source()
    items, cursor = look(source)
    assert titles(items) == ["Harbour"]
    bench.fake.catalog.finish_upload(coming.id)
    assert "Coming" in titles(look(source, cursor)[0])


class TestPaging:
    def test_every_page_is_read_to_the_last(self, bench: Bench) -> None:
        for number in range(7):
            bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
        found = pages(bench.source(page_size=3))
        assert [len(page.items) for page in found] == [3, 3, 1]
        assert titles([item for page in found for item in page.items]) == [f"Photo {number}" for number in range(7)]

    def test_more_than_was_asked_for_is_taken_in(self, bench: Bench) -> None:
        for number in range(5):
            bench.fake.catalog.add_photo(f"Burst {number}")
        bench.fake.catalog.add_photo("Earlier", captured="2025-01-01T10:00:00")
        found = pages(bench.source(page_size=2))
        assert [len(page.items) for page in found] == [5, 1]

    def test_a_photo_that_moves_while_pages_are_read_comes_once_in_each_version(self, bench: Bench) -> None:
        for number in range(4):
            bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
        newest = next(iter(reversed(bench.fake.state.photos)))
        look_on = bench.source(page_size=2).look("")
        first = next(look_on)
        bench.fake.catalog.edit(newest, captured="2020-01-01T10:00:00")
        items = [*first.items, *(item for page in look_on for item in page.items)]
        assert len({(item.id, item.version) for item in items}) == len(items) == 5
        assert len({item.id for item in items}) == 4

    def test_a_look_that_was_cut_off_goes_on_at_its_next_page(self, bench: Bench) -> None:
        for number in range(5):
            bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
        first = next(bench.source(page_size=2).look(""))
        before = len(bench.asked("/assets"))
        items, _ = look(bench.source(page_size=2), first.cursor)
        assert titles(items) == ["Photo 0", "Photo 1", "Photo 2"]
        assert len(bench.asked("/assets")) == before + 2

    def test_what_changes_behind_the_back_of_a_long_look_is_found_by_the_next_one(self, bench: Bench) -> None:
        for number in range(4):
            bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
        late, *_, early = bench.fake.state.photos
        source = bench.source(page_size=2)
        look_on = source.look("")
        next(look_on)
        bench.fake.advance(60)
        bench.fake.catalog.edit(early, "Changed after its page was read")
        bench.fake.advance(3600)
        bench.fake.catalog.edit(late, "Changed before its page was read")
        cursor = [page.cursor for page in look_on][-1]
        assert "Changed after its page was read" in titles(look(source, cursor)[0])

    def test_what_changes_between_the_parts_of_a_look_is_found_by_the_next_one(self, bench: Bench) -> None:
        for number in range(4):
            bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
        late, *_, early = bench.fake.state.photos
        first = next(bench.source(page_size=2).look(""))
        bench.fake.advance(3600)
        bench.fake.catalog.edit(early, "Changed after its page was read")
        bench.fake.advance(3600)
        bench.fake.catalog.edit(late, "Changed before its page was read")
        _, cursor = look(bench.source(page_size=2), first.cursor)
        assert "Changed after its page was read" in titles(look(bench.source(), cursor)[0])

    def test_a_link_that_means_nothing_any_more_begins_the_look_anew(self, bench: Bench) -> None:
        for number in range(3):
            bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
        first = next(bench.source(page_size=2).look(""))
        stale = first.cursor.replace("captured_before", "captured_between")
        assert stale != first.cursor
        items, _ = look(bench.source(page_size=2), stale)
        assert titles(items) == ["Photo 0", "Photo 1", "Photo 2"]


class TestChanges:
    @pytest.mark.parametrize("is_inclusive", [True, False])
    def test_the_next_look_asks_only_for_what_changed_since_and_reaches_back(self, is_inclusive: bool) -> None:
        with a_bench(is_since_inclusive=is_inclusive) as bench:
            bench.fake.catalog.add_photo("Old")
            source = bench.source()
            _, cursor = look(source)
            bench.fake.advance(600)
            bench.fake.catalog.add_photo("In between")
            items, cursor = look(source, cursor)
            assert "In between" in titles(items)
            bench.fake.advance(600)
            bench.fake.catalog.add_photo("New")
            items, _ = look(source, cursor)
            assert titles(items) == ["In between", "New"]

    def test_a_change_that_shows_up_late_is_found(self, bench: Bench) -> None:
        late = bench.fake.catalog.add_photo("Late")
        del bench.fake.state.photos[late.id]
        bench.fake.advance(90)
        bench.fake.catalog.add_photo("Prompt")
        source = bench.source()
        _, cursor = look(source)
        bench.fake.state.photos[late.id] = late
        bench.fake.advance(3600)
        assert titles(look(source, cursor)[0]) == ["Late", "Prompt"]

    def test_an_edit_is_a_new_version_of_the_same_photo(self, bench: Bench) -> None:
        photo = bench.fake.catalog.add_photo("Harbour")
        source = bench.source()
        [before], cursor = look(source)
        picture = source.fetch(before).data
        bench.fake.advance(600)
        bench.fake.catalog.edit(photo.id, "Harbour in black and white")
        [after], _ = look(source, cursor)
        assert after.id == before.id
        assert after.version != before.version
        assert source.fetch(after).data != picture

    def test_a_look_that_finds_nothing_leaves_the_cursor_where_it_was(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Old")
        bench.fake.advance(5)
        source = bench.source()
        _, cursor = look(source)
        bench.fake.advance(3600)
        assert look(source, cursor)[1] == cursor

    def test_looking_fetches_no_picture(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Harbour")
        look(bench.source())
        assert bench.fetches() == []

    def test_a_picture_is_fetched_with_one_request(self, bench: Bench) -> None:
        photo = bench.fake.catalog.add_photo("Harbour")
        source = bench.source()
        [item], _ = look(source)
        original = source.fetch(item)
        assert original.media_type == "image/jpeg"
        assert original.data == photo.picture
        assert original.info == item.info
        assert bench.fetches() == [f"/v2/catalogs/{bench.fake.state.catalog_id}/assets/{photo.id}/renditions/2048"]

    def test_what_lightroom_does_not_tell_is_read_from_the_picture(self, bench: Bench) -> None:
        import pyvips

        image = pyvips.Image.new_from_buffer(draw("Harbour"), "").copy()
        for name, value in (("Copyright", "2026 Ada"), ("ImageDescription", "Not this one"), ("Artist", "Ada")):
            image.set_type(pyvips.GValue.gstr_type, f"exif-ifd0-{name}", value)
        bench.fake.catalog.add_photo("Harbour", caption="Boats", picture=image.write_to_buffer(".jpg"))
        source = bench.source()
        [item], _ = look(source)
        info = source.fetch(item).info
        assert (info.title, info.caption, info.copyright, info.credit) == ("Harbour", "Boats", "2026 Ada", "Ada")


def test_an_account_without_a_catalog_is_told_what_to_do(bench: Bench) -> None:
    source = bench.source(base_url=bench.fake.base_url + "/v2/nowhere")
    with pytest.raises(BadInput, match="no Lightroom catalog"):
        look(source)
