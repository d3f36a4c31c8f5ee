"""The folder as a source: what is found, once, under which id, and what is handed on."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from pressroom.errors import ConfigurationError, NotFound, Unavailable
from pressroom.photos import Place
from pressroom.sources._folder_place import STORES
from pressroom.sources._folder_tree import File
from pressroom.sources.base import Item
from pressroom.sources.folder import PAGE
from tests.metadata_reading.samples import alternatives, exif, xmp
from tests.sources.folder_bench import FolderBench, picture


@pytest.fixture
def bench(tmp_path: Path) -> FolderBench:
    return FolderBench(tmp_path)


def only(items: list[Item]) -> Item:
    assert len(items) == 1
    return items[0]


def test_a_photo_that_is_put_into_the_folder_is_found_once(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    assert bench.names() == ["a.jpg"]
    assert bench.pages() == []
    bench.again()
    assert bench.found() == []


def test_photos_in_folders_within_are_found_too(bench: FolderBench) -> None:
    bench.put("2026/october/a.jpg", picture(1))
    assert bench.names() == ["a.jpg"]


def test_folders_within_are_left_out_if_the_settings_say_so(tmp_path: Path) -> None:
    bench = FolderBench(tmp_path, recursive=False)
    bench.put("2026/a.jpg", picture(1))
    bench.put("b.jpg", picture(2))
    assert bench.names() == ["b.jpg"]


def test_the_bytes_come_with_their_kind(bench: FolderBench) -> None:
    bench.put("a.dat", picture(1, "PNG"))
    original = bench.folder.fetch(only(bench.found()))
    assert (original.data, original.media_type, original.info.name) == (picture(1, "PNG"), "image/png", "a.dat")
    assert original.sha256 == hashlib.sha256(picture(1, "PNG")).hexdigest()


def test_a_file_that_turns_out_longer_than_it_was_is_fetched_whole(
    bench: FolderBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.put("a.jpg", picture(1))
    item = only(bench.found())
    look = os.fstat

    def earlier(descriptor: int) -> os.stat_result:
        now = list(look(descriptor))
        return os.stat_result([*now[:6], now[6] // 3, *now[7:]])

    monkeypatch.setattr(os, "fstat", earlier)
    assert bench.folder.fetch(item).data == picture(1)


@pytest.mark.parametrize("name", ["a.jpg.xmp", "a.xmp", "a.XMP"])
def test_a_file_of_metadata_beside_the_photo_is_read_with_it(bench: FolderBench, name: str) -> None:
    bench.put("sub/a.jpg", picture(1))
    bench.put(f"sub/{name}", xmp(alternatives("dc:title", "From beside")))
    item = only(bench.found())
    assert bench.folder.fetch(item).info.title == "From beside"
    assert "No pictures" not in bench.folder.check()[-1].what


def test_where_a_photo_was_taken_is_told_only_if_the_settings_allow_it(tmp_path: Path) -> None:
    gps = exif(gps={1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 0.0, 0.0)})
    for location, place in ((False, None), (True, Place(latitude=52.5, longitude=13.0))):
        workspace = tmp_path / str(location)
        workspace.mkdir()
        bench = FolderBench(workspace, location=location)
        bench.put("a.jpg", picture(1, exif=gps))
        assert bench.folder.fetch(only(bench.found())).info.place == place


def test_a_renamed_photo_is_the_same_photo_and_nothing_new(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    bench.found()
    file.rename(bench.inbox / "b.jpg")
    assert bench.found() == []


def test_a_photo_keeps_its_id_over_renaming_and_editing(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    first = only(bench.found())
    (bench.inbox / "sub").mkdir()
    moved = file.rename(bench.inbox / "sub" / "b.jpg")
    bench.found()
    moved.write_bytes(picture(2))
    second = only(bench.found())
    assert second.id == first.id
    assert second.version != first.version
    assert second.info.name == "b.jpg"


def test_an_edit_that_replaces_the_file_is_a_new_version_of_the_photo(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    first = only(bench.found())
    bench.put(".a.jpg.draft", picture(2)).replace(bench.inbox / "a.jpg")
    second = only(bench.found())
    assert (second.id, second.version == first.version) == (first.id, False)


def test_an_edit_that_removes_the_file_for_a_moment_is_one_too(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    first = only(bench.found())
    file.unlink()
    bench.found(seconds=5)
    bench.put("a.jpg", picture(2))
    assert only(bench.found()).id == first.id


def test_a_name_that_a_camera_uses_again_later_is_another_photo(bench: FolderBench) -> None:
    file = bench.put("DSC_0001.jpg", picture(1))
    first = only(bench.found())
    file.unlink()
    bench.found(seconds=61)
    bench.put("DSC_0001.jpg", picture(2))
    assert only(bench.found()).id != first.id


def test_that_a_file_is_gone_is_not_forgotten_by_a_restart(bench: FolderBench) -> None:
    file = bench.put("DSC_0001.jpg", picture(1))
    first = only(bench.found())
    file.unlink()
    bench.found(seconds=40)
    bench.again()
    bench.found(seconds=40)
    bench.put("DSC_0001.jpg", picture(2))
    assert only(bench.found()).id != first.id


@pytest.mark.parametrize(("written_after", "is_another"), [(59, False), (61, True)])
def test_a_name_that_was_free_and_came_back_while_nobody_looked_goes_by_when_the_file_was_written(
    bench: FolderBench, written_after: float, is_another: bool
) -> None:
    file = bench.put("a.jpg", picture(1))
    first = only(bench.found())
    file.unlink()
    gone = bench.clock.now().timestamp()
    bench.pages()
    bench.again()
    bench.clock.advance(hours=2)
    os.utime(bench.put("a.jpg", picture(2)), (gone + written_after, gone + written_after))
    assert (only(bench.found()).id != first.id) == is_another


def taken(moment: str) -> bytes:
    return exif(inner={0x9003: moment})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("restarts", [False, True])
def test_a_photo_that_was_taken_at_another_moment_is_another_photo_under_the_same_name(
    bench: FolderBench, kind: str, restarts: bool
) -> None:
    bench.put("IMG_0001", picture(1, kind, exif=taken("2026:10:01 12:00:00")))
    first = only(bench.found())
    if restarts:
        bench.again()
    bench.put("IMG_0001", picture(2, kind, exif=taken("2026:10:01 12:00:02")))
    second = only(bench.found())
    assert second.id != first.id
    bench.put("IMG_0001", picture(3, kind, exif=taken("2026:10:01 12:00:02")))
    assert only(bench.found()).id == second.id


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026:10:01 12:00:00", "a crop keeps it"),
        ("2026:10:01 12:00:01", "a program rounds it"),
        ("2026:10:01 17:30:00", "a camera's time zone was corrected"),
        ("2025:09:30 12:00:00", "a camera's day was corrected"),
        ("", "a program leaves it out"),
    ],
)
def test_an_edit_is_no_other_photo_whatever_becomes_of_its_time(bench: FolderBench, moment: str, why: str) -> None:
    bench.put("a.jpg", picture(1, exif=taken("2026:10:01 12:00:00")))
    first = only(bench.found())
    bench.put("a.jpg", picture(2, size=(48, 90), exif=taken(moment) if moment else b""))
    assert only(bench.found()).id == first.id, why


def test_the_time_of_a_photo_outlives_an_edit_without_it_and_a_new_name(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1, exif=taken("2026:10:01 12:00:00")))
    first = only(bench.found())
    file.write_bytes(picture(2))
    assert only(bench.found()).id == first.id
    file.rename(bench.inbox / "b.jpg")
    bench.found()
    bench.put("b.jpg", picture(3, exif=taken("2026:10:02 09:15:12")))
    assert only(bench.found()).id != first.id


def test_a_name_whose_photo_was_moved_away_is_free_for_another(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    first = only(bench.found())
    file.rename(bench.inbox / "b.jpg")
    bench.put("a.jpg", picture(2))
    assert only(bench.found()).id != first.id


def test_the_backup_that_exiftool_leaves_does_not_take_the_name_along(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    first = only(bench.found())
    file.rename(bench.inbox / "a.jpg_original")
    bench.put("a.jpg", picture(2))
    assert only(bench.found()).id == first.id


def test_going_back_to_an_older_edit_is_nothing_new(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    bench.found()
    bench.put("a.jpg", picture(2))
    only(bench.found())
    bench.put("a.jpg", picture(1))
    assert bench.found() == []
    bench.put("a.jpg", picture(3))
    only(bench.found())


def test_a_copy_of_a_known_photo_is_nothing_new(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    bench.put("copy of a.jpg", picture(1))
    assert len(bench.found()) == 1
    bench.put("another copy.jpg", picture(1))
    assert bench.found() == []


def test_a_photo_that_was_removed_and_comes_back_is_known(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    bench.found()
    (bench.inbox / "a.jpg").unlink()
    bench.found(seconds=3600)
    bench.again()
    bench.put("again.jpg", picture(1))
    assert bench.found() == []


def test_touching_a_file_is_no_edit(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    bench.found()
    os.utime(file, (1, 1))
    assert bench.found() == []
    bench.again()
    assert bench.pages() == []


def test_an_edit_that_keeps_size_and_time_is_seen_when_the_file_is_another_one(bench: FolderBench) -> None:
    before, after = (picture(number, "PNG", compress_level=0) for number in (1, 2))
    assert len(before) == len(after)
    file = bench.put("a.png", before)
    first = only(bench.found())
    times = file.stat().st_mtime_ns
    draft = bench.put(".draft", after)
    os.utime(draft, ns=(times, times))
    draft.replace(file)
    assert only(bench.found()).id == first.id


def test_a_thousand_photos_come_in_pages(bench: FolderBench) -> None:
    for number in range(2 * PAGE + 10):
        bench.put(f"{number:04}.jpg", picture(number))
    bench.pages()
    bench.clock.advance(seconds=1)
    pages = bench.pages()
    assert max(len(page.items) for page in pages) <= PAGE
    assert len(pages) >= 3
    assert len({item.id for page in pages for item in page.items}) == 2 * PAGE + 10


def test_a_look_that_was_cut_off_goes_on_after_the_last_page_that_was_taken_in(bench: FolderBench) -> None:
    for number in range(3 * PAGE):
        bench.put(f"{number:04}.jpg", picture(number))
    bench.pages()
    bench.clock.advance(seconds=1)
    look = bench.folder.look(bench.cursor)
    taken = next(look)
    next(look)
    del look
    bench.cursor = taken.cursor
    names = {item.info.name for page in bench.pages() for item in page.items}
    assert names == {f"{number:04}.jpg" for number in range(3 * PAGE)} - {item.info.name for item in taken.items}


def test_a_look_that_fails_within_a_page_finds_the_whole_page_again(
    bench: FolderBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        bench.put(f"{number}.jpg", picture(number))
    bench.pages()
    bench.clock.advance(seconds=1)
    read, seen = bench.folder._content, []

    def fails_at_the_second(file: File) -> tuple[str | None, datetime | None]:
        seen.append(file)
        if len(seen) == 2:
            raise MemoryError
        return read(file)

    monkeypatch.setattr(bench.folder, "_content", fails_at_the_second)
    with pytest.raises(MemoryError):
        bench.pages()
    monkeypatch.undo()
    assert sorted(bench.names()) == ["0.jpg", "1.jpg", "2.jpg"]


def test_a_photo_that_is_renamed_before_it_is_fetched_is_fetched_all_the_same(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    item = only(bench.found())
    file.rename(bench.inbox / "Sunset.jpg")
    original = bench.folder.fetch(item)
    assert (original.data, original.info.name) == (picture(1), "Sunset.jpg")


def test_a_photo_that_is_gone_when_it_is_fetched_is_not_found(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    item = only(bench.found())
    file.unlink()
    with pytest.raises(NotFound, match=r"a\.jpg is not in the folder"):
        bench.folder.fetch(item)


def test_an_edit_between_looking_and_fetching_is_fetched_once_it_rests(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    item = only(bench.found())
    file.write_bytes(picture(2))
    with pytest.raises(Unavailable, match="is being changed"):
        bench.folder.fetch(item)
    os.utime(file, (1, 1))
    assert bench.folder.fetch(item).data == picture(2)


def test_half_an_edit_is_not_fetched(bench: FolderBench) -> None:
    file = bench.put("a.jpg", picture(1))
    item = only(bench.found())
    file.write_bytes(picture(2)[:-20])
    os.utime(file, (1, 1))
    with pytest.raises(Unavailable, match="is being changed"):
        bench.folder.fetch(item)


def test_a_folder_in_the_workspace_is_made_when_it_is_missing(tmp_path: Path) -> None:
    bench = FolderBench(tmp_path, path="photos/in")
    assert bench.pages() == []
    assert (tmp_path / "photos" / "in").is_dir()


def test_a_folder_elsewhere_is_waited_for(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    bench = FolderBench(workspace, path=str(tmp_path / "share"))
    with pytest.raises(Unavailable, match=r"share cannot be read: No such file or directory\. Mount or make it"):
        bench.pages()
    assert not (tmp_path / "share").exists()
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.jpg").write_bytes(picture(1))
    assert bench.names() == ["a.jpg"]


def test_an_unmounted_folder_makes_nothing_new_when_it_comes_back(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    bench.found()
    away = bench.workspace / "away"
    shutil.move(bench.inbox, away)
    bench.inbox.mkdir()
    bench.found(seconds=600)
    bench.found()
    bench.inbox.rmdir()
    shutil.copytree(away, bench.inbox)
    assert bench.found() == []


def test_a_folder_that_holds_the_workspace_is_refused(tmp_path: Path) -> None:
    for path in (".", "..", str(tmp_path)):
        with pytest.raises(ConfigurationError, match="holds the workspace"):
            FolderBench(tmp_path, path=path)


@pytest.mark.parametrize("path", ["assets", "data", "assets/photos", "inbox/../assets", "./data/", "link/photos"])
def test_a_folder_in_which_pressroom_keeps_its_own_files_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "assets")
    with pytest.raises(ConfigurationError, match="keeps its own files"):
        FolderBench(tmp_path, path=path)


def test_a_folder_in_which_a_store_lies_by_a_link_is_refused(tmp_path: Path) -> None:
    workspace, share = tmp_path / "workspace", tmp_path / "share"
    (share / "assets").mkdir(parents=True)
    workspace.mkdir()
    (workspace / "assets").symlink_to(share / "assets")
    with pytest.raises(ConfigurationError, match="keeps its own files"):
        FolderBench(workspace, path=str(share))


def test_the_stores_of_a_workspace_are_those_that_are_refused(tmp_path: Path) -> None:
    from pressroom.runtimes import embedded

    assert set(STORES) == {embedded.ASSETS, embedded.DATA}
    for path in ("assets-of-mine", "database", "photos/assets"):
        assert FolderBench(tmp_path, path=path).pages() == []


def test_a_cursor_of_another_kind_of_source_begins_from_the_beginning(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    for cursor in (
        "2026-11-20T00:00:00Z",
        '{"updated_since": 1}',
        '{"layout": 1}',
        '{"layout":1,"photos":[],"files":[1]}',
    ):
        bench.cursor = cursor
        bench.again()
        assert bench.names() == ["a.jpg"]


def test_names_in_any_script_are_kept_and_composed(bench: FolderBench) -> None:
    bench.put("Cafe\u0301 東京.jpg", picture(1))
    assert bench.names() == ["Café 東京.jpg"]
    bench.again()
    assert bench.pages() == []
