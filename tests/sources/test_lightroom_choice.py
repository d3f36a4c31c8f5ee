"""Which photos the Lightroom source takes: since when, with which flag and rating, of which album."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from pressroom.errors import BadInput, UnknownName
from pressroom.sources._lightroom_settings import LightroomSettings
from tests.sources.lightroom_bench import Bench, a_bench, look, pages, titles


@pytest.fixture
def bench() -> Iterator[Bench]:
    with a_bench() as bench:
        yield bench


class TestSince:
    def test_from_now_on_leaves_out_what_is_there_and_takes_what_comes(self, bench: Bench) -> None:
        there = bench.fake.catalog.add_photo("There")
        bench.fake.advance(30)
        source = bench.source(since="now")
        items, cursor = look(source)
        assert items == []
        bench.fake.advance(30)
        bench.fake.catalog.add_photo("New")
        assert titles(look(source, cursor)[0]) == ["New"]
        bench.fake.catalog.edit(there.id, "There, edited")
        assert titles(look(source, cursor)[0]) == ["New", "There, edited"]

    def test_from_a_date_on(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Yesterday")
        bench.fake.advance(86400)
        tomorrow = datetime.fromtimestamp(bench.fake.now(), UTC).isoformat()
        bench.fake.advance(60)
        bench.fake.catalog.add_photo("Tomorrow")
        assert titles(look(bench.source(since=tomorrow))[0]) == ["Tomorrow"]

    def test_another_setting_begins_anew(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("There")
        bench.fake.advance(30)
        _, cursor = look(bench.source(since="now"))
        assert titles(look(bench.source(), cursor)[0]) == ["There"]

    def test_a_cursor_that_cannot_be_read_begins_anew(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("There")
        for cursor in ("junk", "[1]", '{"wanted": "all"}', '{"wanted": "all", "scope": 1, "start": ""}'):
            assert titles(look(bench.source(), cursor)[0]) == ["There"]

    @pytest.mark.parametrize("value", ["2026-11-20", date(2026, 11, 20), datetime(2026, 11, 20, tzinfo=UTC)])
    def test_a_date_is_taken_as_toml_has_it(self, value: object) -> None:
        assert LightroomSettings(use="lightroom", since=value).since == "2026-11-20T00:00:00.000000Z"

    @pytest.mark.parametrize("value", ["yesterday", 5, "0000-00-00T00:00:00", None])
    def test_anything_else_is_a_mistake(self, value: object) -> None:
        with pytest.raises(ValidationError, match="since"):
            LightroomSettings(use="lightroom", since=value)


class TestFilters:
    def test_a_least_rating(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("None")
        poor = bench.fake.catalog.add_photo("Poor", rating=2)
        bench.fake.catalog.add_photo("Good", rating=4)
        source = bench.source(min_rating=3)
        items, cursor = look(source)
        assert titles(items) == ["Good"]
        bench.fake.catalog.edit(poor.id, rating=3)
        assert titles(look(source, cursor)[0]) == ["Good", "Poor"]

    def test_a_flag_in_the_whole_catalog(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Plain")
        bench.fake.catalog.add_photo("Picked", flag="pick")
        bench.fake.catalog.add_photo("Rejected", flag="reject")
        assert titles(look(bench.source(flag="pick"))[0]) == ["Picked"]
        assert titles(look(bench.source(flag="unflagged"))[0]) == ["Plain"]

    def test_another_filter_looks_at_everything_again(self, bench: Bench) -> None:
        bench.fake.catalog.add_photo("Poor", rating=1)
        _, cursor = look(bench.source(min_rating=3))
        bench.fake.advance(3600)
        assert titles(look(bench.source(min_rating=1), cursor)[0]) == ["Poor"]


class TestAlbums:
    def test_only_the_photos_of_the_album_are_found(self, bench: Bench) -> None:
        album = bench.fake.catalog.add_album("For the feed")
        chosen = bench.fake.catalog.add_photo("Chosen")
        bench.fake.catalog.add_photo("Not chosen")
        bench.fake.catalog.add_to_album(album.id, chosen.id)
        for name in ("For the feed", " for the FEED", album.id):
            [item], _ = look(bench.source(album=name))
            assert (item.id, item.version) == (chosen.id, chosen.updated)

    def test_an_old_photo_that_is_added_later_is_found(self, bench: Bench) -> None:
        album = bench.fake.catalog.add_album("Feed")
        old = bench.fake.catalog.add_photo("Old")
        for since in ("all", "now"):
            source = bench.source(album="Feed", since=since)
            bench.fake.advance(3600)
            _, cursor = look(source)
            bench.fake.advance(3600)
            bench.fake.catalog.add_to_album(album.id, old.id)
            assert titles(look(source, cursor)[0]) == ["Old"]
            album.members.clear()

    def test_an_album_is_read_page_by_page(self, bench: Bench) -> None:
        album = bench.fake.catalog.add_album("Feed")
        for number in range(5):
            photo = bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
            bench.fake.catalog.add_to_album(album.id, photo.id)
        found = pages(bench.source(album="Feed", page_size=2))
        assert [len(page.items) for page in found] == [2, 2, 1]

    def test_a_flag_is_left_to_lightroom(self, bench: Bench) -> None:
        album = bench.fake.catalog.add_album("Feed")
        for flag in ("pick", "reject"):
            bench.fake.catalog.add_to_album(album.id, bench.fake.catalog.add_photo(flag, flag=flag).id)
        assert titles(look(bench.source(album="Feed", flag="pick"))[0]) == ["pick"]
        assert "flag=pick" in bench.asked("/albums/")[-1]

    def test_an_unknown_name_offers_the_closest(self, bench: Bench) -> None:
        for number in range(120):
            bench.fake.catalog.add_album(f"Album {number:03}")
        with pytest.raises(UnknownName, match="Album 119"):
            look(bench.source(album="Albun 119"))

    def test_a_name_that_two_albums_bear_is_refused_with_their_ids(self, bench: Bench) -> None:
        ids = [bench.fake.catalog.add_album("Feed").id for _ in range(2)]
        with pytest.raises(BadInput, match="2 albums") as refused:
            look(bench.source(album="Feed"))
        assert all(id in refused.value.todo for id in ids)

    def test_a_folder_of_albums_is_none(self, bench: Bench) -> None:
        bench.fake.catalog.add_album("Feed", subtype="collection_set")
        with pytest.raises(UnknownName):
            look(bench.source(album="Feed"))
