"""The blob store over files."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pressroom.backends._file_names import file_name
from pressroom.backends.files import FileBlobs
from pressroom.contracts.blob_store import BlobStoreContract
from pressroom.contracts.upload_store import UploadStoreContract
from pressroom.errors import BadInput, ConfigurationError, Conflict, NotFound, Unavailable
from pressroom.testing.clock import ManualClock

KEY = "images/january_14_0_DressUpYourPet.jpg"
NOW = datetime(2026, 1, 14, 13, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def blobs(tmp_path: Path, clock: ManualClock) -> FileBlobs:
    return FileBlobs(tmp_path / "assets", b"k" * 32, clock)


class TestFileBlobs(BlobStoreContract, UploadStoreContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path, clock: ManualClock) -> FileBlobs:
        return FileBlobs(tmp_path / "assets", b"k" * 32, clock)


def signed(blobs: FileBlobs, key: str, revision: int, expires_at: datetime) -> tuple[str, str]:
    query = parse_qs(urlsplit(blobs.sign(key, revision, expires_at)).query)
    return query["expires"][0], query["signature"][0]


def test_the_first_revision_lies_at_the_path_of_its_key(blobs: FileBlobs) -> None:
    blobs.put(KEY, 1, b"a pet")
    assert (blobs.folder / "images" / "january_14_0_DressUpYourPet.jpg").read_bytes() == b"a pet"


def test_a_later_revision_lies_beside_it_under_its_number(blobs: FileBlobs) -> None:
    blobs.put(KEY, 1, b"a pet")
    blobs.put(KEY, 2, b"a dressed pet")
    assert (blobs.folder / "images" / "january_14_0_DressUpYourPet.r2.jpg").read_bytes() == b"a dressed pet"
    assert (blobs.get(KEY, 1), blobs.get(KEY, 2)) == (b"a pet", b"a dressed pet")


def test_a_key_that_looks_like_a_revision_is_not_taken_for_one(blobs: FileBlobs) -> None:
    blobs.put("pet.jpg", 2, b"second revision")
    blobs.put("pet.r2.jpg", 1, b"a key of its own")
    assert blobs.get("pet.jpg", 2) == b"second revision"
    assert blobs.get("pet.r2.jpg", 1) == b"a key of its own"


def test_no_two_keys_and_revisions_share_a_file() -> None:
    parts = ["a", ".", ".r1", ".r2", ".r02", ".jpg", "r2", "r"]
    names = {"".join(some) for length in (1, 2, 3, 4) for some in itertools.product(parts, repeat=length)}
    names = {name for name in names if not name.startswith(".")}
    files = [file_name(name, revision) for name in names for revision in (1, 2, 3, 12)]
    assert len(set(files)) == len(files) > 5000


def test_the_same_bytes_again_are_no_error(blobs: FileBlobs) -> None:
    blobs.put(KEY, 1, b"a pet")
    blobs.put(KEY, 1, b"a pet")
    assert blobs.get(KEY, 1) == b"a pet"


def test_other_bytes_are_a_conflict_and_change_nothing(blobs: FileBlobs) -> None:
    blobs.put(KEY, 1, b"a pet")
    with pytest.raises(Conflict, match="stored already, with other bytes"):
        blobs.put(KEY, 1, b"another pet")
    assert blobs.get(KEY, 1) == b"a pet"


def test_of_many_writers_at_once_one_wins_and_no_draft_is_left(blobs: FileBlobs) -> None:
    def write(number: int) -> bool:
        try:
            blobs.put(KEY, 1, b"%d" % number * 50_000)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(8)))
    assert won.count(True) == 1
    assert blobs.get(KEY, 1) == b"%d" % won.index(True) * 50_000
    assert [path.name for path in (blobs.folder / "images").iterdir()] == ["january_14_0_DressUpYourPet.jpg"]


def test_a_full_disk_leaves_nothing_half_written(blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs.put("images/other.jpg", 1, b"another")

    real = os.fsync

    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left") as raised:
            blobs.put(KEY, 1, b"a pet")
        assert "Make room" in raised.value.todo
    with pytest.raises(NotFound):
        blobs.get(KEY, 1)
    assert [path.name for path in (blobs.folder / "images").iterdir()] == ["other.jpg"]


def test_identical_bytes_of_two_revisions_lie_on_the_disk_once(blobs: FileBlobs) -> None:
    blobs.put("photos/a.jpg", 1, b"boats")
    blobs.put("photos/a.jpg", 2, b"boats", like=1)
    first, second = (Path(blobs.where("photos/a.jpg", revision)).stat() for revision in (1, 2))
    assert first.st_ino == second.st_ino


def test_a_folder_is_brought_down_to_the_disk_once_and_again_when_it_was_made_anew(
    blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    synchronised: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synchronised.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)

    def times_for_the_top(key: str) -> int:
        synchronised.clear()
        blobs.put(key, 1, b"a pet")
        assert (blobs.folder / "images").stat().st_ino in synchronised  # it holds what is new
        return synchronised.count(blobs.folder.stat().st_ino)

    assert times_for_the_top("images/one.jpg") == 1
    assert times_for_the_top("images/two.jpg") == 0
    shutil.rmtree(blobs.folder / "images")
    assert times_for_the_top("images/one.jpg") == 1
    another_process = FileBlobs(blobs.folder, b"k" * 32, ManualClock(NOW))
    synchronised.clear()
    another_process.put("images/three.jpg", 1, b"a pet")
    assert blobs.folder.stat().st_ino in synchronised


def test_what_is_large_is_read_whole(blobs: FileBlobs) -> None:
    original = os.urandom(5 * 2**20)
    blobs.put("photos/boats.jpg", 1, original)
    assert blobs.get("photos/boats.jpg", 1) == original
    assert blobs.get("photos/boats.jpg", 1) == original


def test_what_is_not_there_is_not_found(blobs: FileBlobs) -> None:
    with pytest.raises(NotFound, match="Revision 3 of images/"):
        blobs.get(KEY, 3)


def test_a_folder_is_not_found_as_an_asset(blobs: FileBlobs) -> None:
    blobs.put("images/pet", 1, b"a pet")
    with pytest.raises(NotFound):
        blobs.get("images", 1)


def test_a_removed_revision_is_gone_and_removing_it_again_is_no_error(blobs: FileBlobs) -> None:
    blobs.put(KEY, 1, b"a pet")
    blobs.put(KEY, 2, b"a dressed pet")
    blobs.remove(KEY, 1)
    blobs.remove(KEY, 1)
    with pytest.raises(NotFound):
        blobs.get(KEY, 1)
    assert blobs.get(KEY, 2) == b"a dressed pet"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "it is empty"),
        ("/etc/passwd", "absolute path"),
        ("images/../../secrets", "begins with a dot"),
        ("..", "begins with a dot"),
        ("images/./pet.jpg", "begins with a dot"),
        (".draft-1234", "begins with a dot"),
        ("images//pet.jpg", "one of its parts is empty"),
        ("images/", "one of its parts is empty"),
        ("images\\pet.jpg", r"it holds a \\"),
        ("images/pet\x00.jpg", "control character"),
        ("images/pet\n.jpg", "control character"),
        ("images/pet\udc80.jpg", "control character"),
        ("images/" + "ä" * 121, "longer than 240 bytes"),
        ("/".join(["abcdefghi"] * 101), "longer than 1000 bytes"),
    ],
)
def test_a_key_that_is_no_plain_relative_path_is_refused_with_the_reason(
    blobs: FileBlobs, key: str, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        blobs.put(key, 1, b"x")


def test_the_longest_key_and_the_highest_revision_fit_into_a_file_name(blobs: FileBlobs) -> None:
    key = "images/" + "p" * 236 + ".jpg"
    blobs.put(key, 10**9, b"x")
    assert blobs.get(key, 10**9) == b"x"


def test_a_revision_below_one_is_refused(blobs: FileBlobs) -> None:
    with pytest.raises(BadInput, match="counted from 1"):
        blobs.put(KEY, 0, b"x")


def test_a_linked_folder_does_not_lead_out_of_the_store(blobs: FileBlobs, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_bytes(b"secret")
    blobs.put("images/pet.jpg", 1, b"a pet")
    (blobs.folder / "images" / "out").symlink_to(outside)
    with pytest.raises(BadInput, match="symbolic link"):
        blobs.get("images/out/secret.txt", 1)
    with pytest.raises(BadInput, match="symbolic link"):
        blobs.put("images/out/new.txt", 1, b"x")
    assert not (outside / "new.txt").exists()


def test_a_linked_file_is_not_read(blobs: FileBlobs, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    blobs.put("pet.jpg", 1, b"a pet")
    (blobs.folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(BadInput, match="symbolic link"):
        blobs.get("out.txt", 1)


def test_a_key_below_another_ones_file_says_so(blobs: FileBlobs) -> None:
    blobs.put("images", 1, b"a file")
    with pytest.raises(BadInput, match="a file where a folder must be"):
        blobs.put("images/pet.jpg", 1, b"a pet")


def test_a_key_that_is_already_a_folder_says_so(blobs: FileBlobs) -> None:
    blobs.put("images/pet.jpg", 1, b"a pet")
    with pytest.raises(BadInput, match="the other way round"):
        blobs.put("images", 1, b"a file")


def test_a_signed_url_opens_its_revision_until_it_ends(blobs: FileBlobs, clock: ManualClock) -> None:
    expires, signature = signed(blobs, KEY, 1, NOW + timedelta(minutes=10))
    assert blobs.verify(KEY, 1, expires, signature)
    clock.advance(timedelta(minutes=10))
    assert not blobs.verify(KEY, 1, expires, signature)


def test_a_signed_url_is_a_path_of_the_asset_route(blobs: FileBlobs) -> None:
    url = urlsplit(blobs.sign("images/a pet & co.jpg", 2, NOW))
    assert url.path == "/assets/images/a%20pet%20%26%20co.jpg"
    assert parse_qs(url.query)["revision"] == ["2"]
    assert not url.netloc


def test_a_signed_url_opens_nothing_else(blobs: FileBlobs) -> None:
    expires, signature = signed(blobs, KEY, 1, NOW + timedelta(minutes=10))
    assert not blobs.verify("images/other.jpg", 1, expires, signature)
    assert not blobs.verify(KEY, 2, expires, signature)
    assert not blobs.verify(KEY, 1, str(int(expires) + 1), signature)
    assert not blobs.verify(KEY, 1, expires, signature[:-1] + ("0" if signature[-1] != "0" else "1"))


@pytest.mark.parametrize("junk", ["", "soon", "-1", "1e9", "٣٣٣", "9" * 400, "1.5", " 5"])
def test_a_junk_expiry_is_not_genuine(blobs: FileBlobs, junk: str) -> None:
    assert not blobs.verify(KEY, 1, junk, "0" * 64)


@pytest.mark.parametrize("junk", ["", "é" * 64, "\udc80", "zz"])
def test_a_junk_signature_is_not_genuine(blobs: FileBlobs, junk: str) -> None:
    expires, _ = signed(blobs, KEY, 1, NOW + timedelta(minutes=10))
    assert not blobs.verify(KEY, 1, expires, junk)
    assert not blobs.verify("../secret", 1, expires, junk)


def test_another_key_signs_otherwise(blobs: FileBlobs, clock: ManualClock) -> None:
    other = FileBlobs(blobs.folder, b"o" * 32, clock)
    assert not other.verify(KEY, 1, *signed(blobs, KEY, 1, NOW + timedelta(minutes=10)))


def test_a_time_without_a_zone_is_not_signed(blobs: FileBlobs) -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        blobs.sign(KEY, 1, datetime(2026, 1, 14))  # noqa: DTZ001


def test_a_short_signing_key_is_refused_and_never_shown(blobs: FileBlobs, tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(ConfigurationError, match="too short"):
        FileBlobs(tmp_path, b"short", clock)
    assert "kkkk" not in repr(blobs)


def test_drafts_of_killed_writers_are_removed_when_they_are_a_day_old(blobs: FileBlobs) -> None:
    blobs.put(KEY, 1, b"a pet")
    old, young = blobs.folder / "images" / ".draft-1", blobs.folder / "images" / ".draft-2"
    for draft, age in ((old, timedelta(hours=25)), (young, timedelta(hours=23))):
        draft.write_bytes(b"half")
        os.utime(draft, times=((NOW - age).timestamp(),) * 2)
    assert blobs.remove_leftovers() == 1
    assert not old.exists()
    assert young.exists()
    assert blobs.get(KEY, 1) == b"a pet"
