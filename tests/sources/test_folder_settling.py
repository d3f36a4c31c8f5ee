"""When a file counts as complete: not while it grows, soon when it shows its end, and at last whatever it is."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BufferedReader
from pathlib import Path

import pytest

from pressroom.sources._folder_endings import Ending, ending_of
from pressroom.sources._folder_reading import content_of
from tests.sources.folder_bench import FolderBench, picture

EXIF_WITH_THUMBNAIL = b"Exif\0\0" + picture(3)


@pytest.fixture
def bench(tmp_path: Path) -> FolderBench:
    return FolderBench(tmp_path)


def ending(folder: Path, data: bytes) -> Ending:
    file = folder / "file"
    file.write_bytes(data)
    with file.open("rb") as stream:
        return ending_of(stream)


def with_thumbnail(data: bytes) -> bytes:
    """Return a JPEG with another one in its header, as cameras write them."""
    length = (len(EXIF_WITH_THUMBNAIL) + 2).to_bytes(2, "big")
    return data[:2] + b"\xff\xe1" + length + EXIF_WITH_THUMBNAIL + data[2:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_whole_file_shows_its_end_and_a_cut_one_that_there_must_come_more(tmp_path: Path, kind: str) -> None:
    data = picture(1, kind, size=(64, 48))
    assert ending(tmp_path, data) is Ending.WHOLE
    for length in (len(data) - 1, len(data) - 9, len(data) // 2, 20):
        assert ending(tmp_path, data[:length]) is Ending.CUT


def test_a_tiff_does_not_tell(tmp_path: Path) -> None:
    assert ending(tmp_path, picture(1, "TIFF")) is Ending.UNSURE


def test_a_jpeg_that_breaks_off_after_its_thumbnail_is_cut(tmp_path: Path) -> None:
    whole = with_thumbnail(picture(1))
    assert ending(tmp_path, whole) is Ending.WHOLE
    header = whole[: 2 + 4 + len(EXIF_WITH_THUMBNAIL)]
    assert header.endswith(b"\xff\xd9")
    assert ending(tmp_path, header) is Ending.CUT


def test_a_jpeg_with_a_film_behind_it_is_neither_cut_nor_surely_whole(tmp_path: Path) -> None:
    assert ending(tmp_path, picture(1) + b"\0\0\0\x20ftypmp42" + b"film" * 500_000) is Ending.UNSURE


def test_a_jpeg_with_further_pictures_is_not_taken_after_the_first_of_them(tmp_path: Path) -> None:
    data = picture(1)
    assert ending(tmp_path, data[:2] + b"\xff\xe2\0\x08MPF\0ab" + data[2:]) is Ending.UNSURE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_file_that_was_made_as_large_as_it_will_be_is_not_whole(tmp_path: Path, kind: str) -> None:
    data = picture(1, kind, size=(64, 48))
    half = len(data) // 2
    assert ending(tmp_path, data[:half] + bytes(len(data) - half)) is not Ending.WHOLE


def test_a_file_with_a_hole_in_it_is_not_whole(tmp_path: Path) -> None:
    file = tmp_path / "file"
    data = picture(1, size=(2000, 1500), quality=100)
    with file.open("wb") as stream:
        stream.write(data[:8192])
        stream.seek(len(data) - 4096)
        stream.write(data[-4096:])
    with file.open("rb") as stream:
        assert ending_of(stream) is not Ending.WHOLE


def test_a_file_that_shows_its_end_is_found_after_a_fifth_of_the_time(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    assert bench.names(seconds=0.09) == []
    assert bench.names(seconds=0.01) == ["a.jpg"]


def test_a_file_that_does_not_tell_is_found_after_the_whole_time(bench: FolderBench) -> None:
    bench.put("a.tif", picture(1, "TIFF"))
    assert bench.names(seconds=0.1) == []
    assert bench.names(seconds=0.39) == []
    assert bench.names(seconds=0.01) == ["a.tif"]


def test_a_copy_that_stalls_is_waited_for(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1)[:-30])
    assert bench.names(seconds=9) == []
    bench.put("a.jpg", picture(1))
    assert bench.names() == ["a.jpg"]


def test_a_copy_that_broke_off_is_handed_on_in_the_end_so_that_somebody_hears_of_it(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1)[:-30])
    assert bench.names(seconds=5) == []
    assert bench.names(seconds=5) == ["a.jpg"]


def test_a_growing_file_is_not_found_until_it_stands_still(bench: FolderBench) -> None:
    data = picture(1, "TIFF", size=(400, 300))
    for length in range(len(data) // 4, len(data), len(data) // 4):
        bench.put("a.tif", data[:length])
        assert bench.names(seconds=0.4) == []
    bench.put("a.tif", data)
    [item] = bench.found()
    assert bench.folder.fetch(item).data == data


def test_a_file_of_an_unchanged_size_that_is_still_written_to_is_not_found(bench: FolderBench) -> None:
    data = picture(1, "TIFF")
    for step in range(4):
        os.utime(bench.put("a.tif", data), (step + 1, step + 1))
        assert bench.names(seconds=0.4) == []
    assert bench.names(seconds=0.5) == ["a.tif"]


@pytest.mark.parametrize(
    "name",
    [".a.jpg.Xy12Zz", "a.jpg.part", "a.jpg.partial", "a.jpg.tmp", "a.jpg.filepart", "a.crdownload", "a.jpg~", "~a.tmp"],
)
def test_a_name_under_which_files_are_written_is_left_alone_until_it_is_the_final_one(
    bench: FolderBench, name: str
) -> None:
    file = bench.put(name, picture(1, "TIFF"))
    assert bench.names() == []
    file.rename(bench.inbox / "a.tif")
    # It stood still long enough under its first name.
    assert [item.info.name for page in bench.pages() for item in page.items] == ["a.tif"]


def test_a_file_that_changes_while_it_is_read_is_settling_again(
    bench: FolderBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bench.put("a.jpg", picture(1))

    def interrupted(stream: BufferedReader) -> str:
        file.write_bytes(picture(2))
        os.utime(file, (5, 5))
        return content_of(stream)

    monkeypatch.setattr("pressroom.sources.folder.content_of", interrupted)
    assert bench.names() == []
    monkeypatch.undo()
    [item] = bench.found()
    assert bench.folder.fetch(item).data == picture(2)


def test_nothing_settles_for_ever_when_the_clock_is_set_back(bench: FolderBench) -> None:
    bench.put("a.jpg", picture(1))
    bench.clock.advance(days=1)
    bench.pages()
    bench.clock._now -= timedelta(hours=1)
    bench.pages()
    assert bench.names() == ["a.jpg"]
