"""What cannot be used in a folder: it is left alone and told, and stops nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from pressroom.errors import BadInput, Unavailable
from pressroom.sources.folder import Folder
from tests.sources.folder_bench import FolderBench, picture


@pytest.fixture
def bench(tmp_path: Path) -> FolderBench:
    bench = FolderBench(tmp_path)
    bench.put("good.jpg", picture(1))
    return bench


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Let the system refuse to open or list what has this name; the tests may run as a user to whom all is allowed."""

    def set_up(function: str, name: str) -> None:
        allowed = getattr(os, function)

        def refused(path: Any, *more: Any, **named: Any) -> Any:
            if Path(path).name == name:
                raise PermissionError(13, "Permission denied", str(path))
            return allowed(path, *more, **named)

        monkeypatch.setattr(os, function, refused)

    return set_up


def said(folder: Folder) -> str:
    return "\n".join(f"{finding.what} {finding.todo}".strip() for finding in folder.check())


def test_what_is_no_picture_by_its_bytes_is_left_alone_whatever_its_name(bench: FolderBench) -> None:
    bench.put("words.jpg", b"These are words.")
    bench.put("report.pdf", b"%PDF-1.7 ...")
    bench.put("film.mov", b"\0\0\0\x14ftypqt  " + bytes(100))
    assert bench.names() == ["good.jpg"]
    assert bench.found() == []
    text = said(bench.folder)
    assert "photos in it: 1." in text
    assert "No pictures by their first bytes, and left alone: film.mov, report.pdf, words.jpg." in text


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"These are words.", "of no kind that is known here"),
        (b"\n<!DOCTYPE html><title>Sign in</title>", "a web page"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (bytes(100_000), "zeros"),
    ],
)
def test_what_is_named_like_a_picture_and_is_none_is_told_once(bench: FolderBench, data: bytes, kind: str) -> None:
    bench.put("shot.JPEG", data)
    bench.put("notes.txt", b"These are words, and named so.")
    with capture_logs() as logs:
        assert bench.names() == ["good.jpg"]
        assert bench.found() == []
    why = f"it is named like a picture, and by its first bytes it is none but {kind}; save or copy it again"
    assert [(line["log_level"], line["path"], line["why"]) for line in logs] == [("warning", "shot.JPEG", why)]


def test_what_is_no_picture_is_opened_once(bench: FolderBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.put("words.jpg", b"These are words.")
    bench.found()
    monkeypatch.setattr("pressroom.sources.folder.opened", None)
    assert bench.found() == []


def test_a_text_that_becomes_a_picture_is_found(bench: FolderBench) -> None:
    bench.put("a.jpg", b"These are words.")
    bench.found()
    bench.put("a.jpg", picture(2))
    assert bench.names() == ["a.jpg"]


def test_an_empty_file_is_left_alone_until_something_is_in_it(bench: FolderBench) -> None:
    bench.put("a.jpg", b"")
    assert bench.names(seconds=60) == ["good.jpg"]
    bench.put("a.jpg", picture(2))
    assert bench.names() == ["a.jpg"]


def test_a_folder_with_the_name_of_a_photo_is_a_folder(bench: FolderBench) -> None:
    bench.put("x.jpg/inside.jpg", picture(2))
    assert sorted(bench.names()) == ["good.jpg", "inside.jpg"]


def test_an_unreadable_file_is_told_once_and_tried_again(
    bench: FolderBench, refuse: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.put("locked.jpg", picture(2))
    refuse("open", "locked.jpg")
    with capture_logs() as logs:
        assert bench.names() == ["good.jpg"]
        assert bench.found() == []
    assert [(line["path"], line["why"]) for line in logs] == [("locked.jpg", "it cannot be read: Permission denied")]
    assert "Left alone: locked.jpg (it cannot be read: Permission denied). Mend that" in said(bench.folder)
    monkeypatch.undo()
    assert bench.names() == ["locked.jpg"]


def test_an_unreadable_file_is_not_tried_in_a_circle(bench: FolderBench, refuse: Callable[[str, str], None]) -> None:
    bench.put("locked.jpg", picture(2))
    refuse("open", "locked.jpg")
    bench.found()
    assert bench.folder._settling.seconds_left() is None


def test_a_photo_that_becomes_unreadable_before_it_is_fetched_is_tried_again(
    bench: FolderBench, refuse: Callable[[str, str], None]
) -> None:
    [item] = bench.found()
    refuse("open", "good.jpg")
    with pytest.raises(Unavailable, match=r"good\.jpg in the folder .* cannot be read: Permission denied"):
        bench.folder.fetch(item)


def test_an_unreadable_folder_stops_no_other_and_its_photos_stay_known(
    bench: FolderBench, refuse: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bench.put("locked/a.jpg", picture(2))
    [first] = [item for item in bench.found() if item.info.name == "a.jpg"]
    refuse("scandir", "locked")
    bench.put("b.jpg", picture(3))
    assert bench.names(seconds=600) == ["b.jpg"]
    assert "locked (the folder cannot be read (Permission denied))" in said(bench.folder)
    monkeypatch.undo()
    file.write_bytes(picture(4))
    assert [item.id for item in bench.found()] == [first.id]


def test_links_out_of_the_folder_are_not_followed(bench: FolderBench, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(picture(2))
    (bench.inbox / "link.jpg").symlink_to(outside / "secret.jpg")
    (bench.inbox / "linked").symlink_to(outside)
    assert bench.names() == ["good.jpg"]
    assert "link.jpg (it is a symbolic link, which is not followed" in said(bench.folder)


def test_links_are_followed_if_the_settings_say_so_and_not_in_circles(tmp_path: Path) -> None:
    bench = FolderBench(tmp_path, follow_links=True)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.jpg").write_bytes(picture(2))
    (bench.inbox / "linked").symlink_to(outside)
    (outside / "back").symlink_to(bench.inbox)
    assert "photos in it: 1." in said(bench.folder)
    [item] = bench.found()
    assert bench.folder.fetch(item).data == picture(2)


def test_a_photo_that_was_replaced_by_a_link_is_not_fetched_through_it(bench: FolderBench, tmp_path: Path) -> None:
    bench.put("sub/a.jpg", picture(2))
    [item] = [item for item in bench.found() if item.info.name == "a.jpg"]
    outside = tmp_path / "outside"
    (bench.inbox / "sub").rename(outside)
    (outside / "a.jpg").write_bytes(picture(9))
    (bench.inbox / "sub").symlink_to(outside)
    with pytest.raises(Unavailable, match="a symbolic link leads out of the folder"):
        bench.folder.fetch(item)


@pytest.mark.timeout(20)
def test_a_named_pipe_is_not_waited_for(bench: FolderBench) -> None:
    os.mkfifo(bench.inbox / "pipe.jpg")
    assert bench.names() == ["good.jpg"]


@pytest.mark.timeout(20)
def test_a_photo_that_was_replaced_by_a_named_pipe_is_not_waited_for(bench: FolderBench) -> None:
    [item] = bench.found()
    (bench.inbox / "good.jpg").unlink()
    os.mkfifo(bench.inbox / "good.jpg")
    with pytest.raises(Unavailable, match="it is not a file"):
        bench.folder.fetch(item)


def test_a_file_that_vanishes_during_a_look_stops_nothing(bench: FolderBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.put("gone.jpg", picture(2))
    bench.pages()
    bench.clock.advance(seconds=1)
    tree = bench.folder._tree()
    monkeypatch.setattr(bench.folder, "_tree", lambda: tree)
    (bench.inbox / "gone.jpg").unlink()
    assert [item.info.name for page in bench.pages() for item in page.items] == ["good.jpg"]


def test_a_name_that_is_not_text_is_told(bench: FolderBench) -> None:
    Path(os.fsdecode(os.fsencode(bench.inbox) + b"/b\xff.jpg")).write_bytes(picture(2))
    assert bench.names() == ["good.jpg"]
    assert "b?.jpg (its name is not UTF-8; rename it)" in said(bench.folder)


def test_a_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    bench = FolderBench(tmp_path, max_bytes=1000)
    bench.put("good.jpg", picture(1))
    size = bench.put("large.png", picture(2, "PNG", size=(400, 300), compress_level=0)).stat().st_size
    with capture_logs() as logs:
        assert bench.names() == ["good.jpg"]
    why = f"{size:,} bytes are more than max_bytes, 1,000"
    assert [(line["path"], line["why"]) for line in logs] == [("large.png", why)]
    assert f"large.png ({why})" in said(bench.folder)


def test_a_photo_that_grew_too_large_is_refused_when_it_is_fetched(tmp_path: Path) -> None:
    bench = FolderBench(tmp_path, max_bytes=1000)
    bench.put("good.jpg", picture(1))
    [item] = bench.found()
    bench.put("good.jpg", bytes(1001))
    with pytest.raises(BadInput, match="more than max_bytes, 1,000 bytes"):
        bench.folder.fetch(item)


@pytest.mark.parametrize("folder", [".thumbnails", "@eaDir", "__MACOSX", "$RECYCLE.BIN", "#recycle"])
def test_thumbnails_and_what_was_thrown_away_are_left_out(bench: FolderBench, folder: str) -> None:
    bench.put(f"{folder}/a.jpg", picture(2))
    assert bench.names() == ["good.jpg"]


def test_a_folder_that_is_not_there_is_an_error_unless_it_is_made_by_itself(tmp_path: Path) -> None:
    here = FolderBench(tmp_path, path="photos").folder.check()
    there = FolderBench(tmp_path, path="/nowhere/at/all").folder.check()
    assert [(finding.ok, finding.todo) for finding in here + there] == [
        (True, ""),
        (False, "Mount or make it, or mend its rights."),
    ]
    assert not (tmp_path / "photos").exists()


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "photos").write_bytes(b"")
    bench = FolderBench(tmp_path, path="photos")
    assert [finding.ok for finding in bench.folder.check()] == [False]
    with pytest.raises(Unavailable, match="cannot be read"):
        bench.pages()
