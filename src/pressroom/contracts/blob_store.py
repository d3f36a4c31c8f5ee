"""The contract of `BlobStore`: bytes by key and revision, written once, opened by signed URLs."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from pressroom.contracts.base import Contract, at_once, by_many
from pressroom.contracts.samples import NOW
from pressroom.errors import Conflict, NotFound
from pressroom.ports import BlobStore, Ports
from pressroom.testing.clock import ManualClock

KEY = "images/january_14 0 kočka & co.jpg"
HOUR = timedelta(hours=1)


def _signed(blobs: BlobStore, key: str = KEY, revision: int = 1) -> dict[str, str]:
    query = parse_qs(urlsplit(blobs.sign(key, revision, NOW + HOUR)).query, strict_parsing=True)
    return {name: values[0] for name, values in query.items()}


class BlobStoreContract(Contract):
    """A store that is no whole backend provides `blobs` instead of `ports`."""

    @pytest.fixture
    def blobs(self, ports: Ports) -> BlobStore:
        return ports.blobs

    @pytest.mark.parametrize("data", [b"", b"\x00\xff bytes", b"x" * 300_000], ids=["none", "few", "many"])
    def test_bytes_come_back_as_they_were_stored(self, blobs: BlobStore, data: bytes) -> None:
        blobs.put(KEY, 1, data)
        assert blobs.get(KEY, 1) == data

    def test_a_part_of_the_bytes_comes_alone(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"0123456789")
        assert blobs.get(KEY, 1, start=2, length=3) == b"234"
        assert blobs.get(KEY, 1, start=8, length=30) == b"89"
        assert blobs.get(KEY, 1, start=8) == b"89"
        assert blobs.get(KEY, 1, length=1) == b"0"
        assert blobs.get(KEY, 1, length=0) == b""
        assert blobs.get(KEY, 1, start=10, length=3) == b""
        assert blobs.get(KEY, 1, start=11) == b""
        with pytest.raises(NotFound):
            blobs.get(KEY, 2, start=2, length=3)

    def test_of_no_bytes_there_is_no_part(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"")
        assert blobs.get(KEY, 1, length=3) == b""

    def test_revisions_and_keys_are_kept_apart(self, blobs: BlobStore) -> None:
        blobs.put("a/b.jpg", 1, b"one")
        blobs.put("a/b.jpg", 2, b"two")
        blobs.put("a/b.jpg.1", 1, b"other")
        assert [blobs.get("a/b.jpg", 1), blobs.get("a/b.jpg", 2), blobs.get("a/b.jpg.1", 1)] == [
            b"one",
            b"two",
            b"other",
        ]

    def test_what_was_never_stored_is_not_found(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        with pytest.raises(NotFound):
            blobs.get(KEY, 2)
        with pytest.raises(NotFound):
            blobs.get("images/other.jpg", 1)

    def test_the_same_bytes_again_are_no_error(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        blobs.put(KEY, 1, b"one")
        assert blobs.get(KEY, 1) == b"one"

    def test_a_revision_like_another_has_the_bytes_and_outlives_it(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        blobs.put(KEY, 2, b"one", like=1)
        blobs.remove(KEY, 1)
        assert blobs.get(KEY, 2) == b"one"

    @pytest.mark.parametrize("like", [1, 7])
    def test_a_revision_that_is_not_like_the_other_has_its_own_bytes(self, blobs: BlobStore, like: int) -> None:
        blobs.put(KEY, 1, b"one")
        blobs.put(KEY, 2, b"two", like=like)
        assert (blobs.get(KEY, 1), blobs.get(KEY, 2)) == (b"one", b"two")

    def test_a_revision_like_another_is_not_written_over_either(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        blobs.put(KEY, 2, b"two")
        with pytest.raises(Conflict):
            blobs.put(KEY, 2, b"one", like=1)

    def test_stored_bytes_are_never_written_over(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        with pytest.raises(Conflict):
            blobs.put(KEY, 1, b"two")
        assert blobs.get(KEY, 1) == b"one"

    def test_of_many_that_store_different_bytes_one_succeeds(self, blobs: BlobStore) -> None:
        contents = [bytes([number]) * 50_000 for number in range(6)]
        outcomes = at_once(lambda data: blobs.put(KEY, 1, data), contents)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
        assert blobs.get(KEY, 1) == contents[outcomes.index(None)]

    def test_many_that_store_the_same_bytes_all_succeed(self, blobs: BlobStore) -> None:
        assert by_many(6, lambda: blobs.put(KEY, 1, b"x" * 50_000)) == [None] * 6

    def test_removed_bytes_are_gone_and_can_be_removed_again(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        blobs.put(KEY, 2, b"two")
        blobs.remove(KEY, 1)
        blobs.remove(KEY, 1)
        blobs.remove("images/never.jpg", 1)
        with pytest.raises(NotFound):
            blobs.get(KEY, 1)
        assert blobs.get(KEY, 2) == b"two"

    def test_each_revision_of_each_key_has_a_place_of_its_own(self, blobs: BlobStore) -> None:
        places = [blobs.where(key, revision) for key in (KEY, "images/other.jpg") for revision in (1, 2)]
        assert all(places)
        assert len(set(places)) == 4
        assert [blobs.where(key, revision) for key in (KEY, "images/other.jpg") for revision in (1, 2)] == places

    def test_a_signed_url_names_its_asset_and_needs_no_quoting(self, blobs: BlobStore) -> None:
        url = urlsplit(blobs.sign(KEY, 3, NOW + HOUR))
        assert (url.scheme, url.netloc) == ("", "")
        assert unquote(url.path).endswith(f"/{KEY}")
        assert url.geturl().isascii()
        assert " " not in url.geturl()
        assert parse_qs(url.query)["revision"] == ["3"]

    def test_a_signed_url_opens_until_its_time_is_over(self, blobs: BlobStore, clock: ManualClock) -> None:
        signed = _signed(blobs)
        assert blobs.verify(KEY, 1, signed["expires"], signed["signature"])
        clock.advance(HOUR - timedelta(seconds=1))
        assert blobs.verify(KEY, 1, signed["expires"], signed["signature"])
        clock.advance(seconds=2)
        assert not blobs.verify(KEY, 1, signed["expires"], signed["signature"])

    def test_a_signed_url_opens_nothing_else(self, blobs: BlobStore) -> None:
        signed = _signed(blobs)
        assert not blobs.verify(KEY, 2, signed["expires"], signed["signature"])
        assert not blobs.verify(KEY + "x", 1, signed["expires"], signed["signature"])
        assert not blobs.verify("images/other.jpg", 1, signed["expires"], signed["signature"])

    def test_a_signed_url_cannot_be_prolonged(self, blobs: BlobStore) -> None:
        signed = _signed(blobs)
        assert not blobs.verify(KEY, 1, str(int(signed["expires"]) + 1), signed["signature"])

    @pytest.mark.parametrize("text", ["", "0", "ž", "\x00", "-1", "9" * 400, "1e9", "٣", "\udcff"])
    def test_nonsense_opens_nothing(self, blobs: BlobStore, text: str) -> None:
        signed = _signed(blobs)
        assert not blobs.verify(KEY, 1, text, signed["signature"])
        assert not blobs.verify(KEY, 1, signed["expires"], text)
        assert not blobs.verify(KEY, 1, text, text)
