"""Pages that somebody saved: what lies beside them is found, and nothing else on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom.errors import BadInput
from pressroom.saved_pages import NOWHERE, beside, read_saved


@pytest.fixture
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "saved"
    (folder / "mug_files").mkdir(parents=True)
    (folder / "mug_files" / "a mug.jpg").write_bytes(b"mug")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    saved = folder / "mug.html"
    saved.write_bytes(b"<html>")
    return saved


def test_a_file_beside_the_page_is_found_by_its_address(page: Path) -> None:
    found = beside(page, f"{NOWHERE}mug_files/a%20mug.jpg?v=2", NOWHERE)
    assert found is not None
    assert found.read_bytes() == b"mug"


def test_a_page_that_says_where_it_came_from_is_where_its_files_are(page: Path) -> None:
    base = "https://shop.example/cups/mug.html"
    assert beside(page, "https://shop.example/cups/mug_files/a%20mug.jpg", base) is not None
    assert beside(page, "https://shop.example/mug_files/a%20mug.jpg", base) is None
    assert beside(page, "https://other.example/cups/mug_files/a%20mug.jpg", base) is None


@pytest.mark.parametrize(
    "path", ["..%2Fsecret.jpg", "mug_files/..%2F..%2Fsecret.jpg", "link.jpg", "%2Fetc%2Fpasswd", "none.jpg", "%00", ""]
)
def test_nothing_outside_the_folder_is_ever_found(page: Path, path: str) -> None:
    assert beside(page, NOWHERE + path, NOWHERE) is None


def test_a_file_that_cannot_be_read_or_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=r"The photo .* cannot be read: Is a directory"):
        read_saved(tmp_path, "The photo")
    large = tmp_path / "large.html"
    large.write_bytes(b"x" * 20)
    monkeypatch.setattr("pressroom.saved_pages.MOST_BYTES", 10)
    with pytest.raises(BadInput, match="has 20 bytes; at most 10 are read"):
        read_saved(large, "The saved page")
