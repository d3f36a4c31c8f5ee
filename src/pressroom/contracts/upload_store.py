"""The contract of `UploadStore`: URLs that take one file as it was announced, and bytes on their way in."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest

from pressroom.contracts.base import Contract, at_once
from pressroom.contracts.samples import NOW
from pressroom.errors import Conflict, NotFound
from pressroom.incoming import Measured, SignedPut, UploadTerms
from pressroom.ports import BlobStore, Ports

KEY = "uploads/job_0197f3c2a0c47d1f9b62e3a1d4c5b6a7.png"
BOUND = UploadTerms(key=KEY, media_type="image/png", max_bytes=5_000, expires_at=NOW + timedelta(minutes=10))
EXACT = replace(BOUND, bytes=4_000, max_bytes=4_000)


def query_of(signed: SignedPut) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(signed.url).query, strict_parsing=True))


class UploadStoreContract(Contract):
    """A store that is no whole backend provides `blobs` instead of `ports`."""

    put_signature: ClassVar[str] = "signature"
    """What the signature is called in the URL of a store that has an address of its own, and does the checking."""
    put_expires: ClassVar[str] = "expires"

    @pytest.fixture
    def blobs(self, ports: Ports) -> BlobStore:
        return ports.blobs

    def test_a_signed_put_names_its_key_and_what_the_client_must_send(self, blobs: BlobStore) -> None:
        signed = blobs.sign_put(BOUND)
        url = urlsplit(signed.url)
        assert unquote(url.path).endswith(f"/{KEY}")
        assert signed.url.isascii()
        assert " " not in signed.url
        assert signed.headers["Content-Type"] == "image/png"

    @pytest.mark.parametrize("terms", [BOUND, EXACT], ids=["bound", "exact"])
    def test_a_signed_put_says_what_it_was_signed_for(self, blobs: BlobStore, terms: UploadTerms) -> None:
        assert blobs.verify_put(KEY, query_of(blobs.sign_put(terms))) == terms

    def test_the_same_terms_give_the_same_url_and_others_another(self, blobs: BlobStore) -> None:
        others = [
            BOUND,
            EXACT,
            replace(BOUND, key=f"{KEY}x"),
            replace(BOUND, media_type="image/gif"),
            replace(BOUND, max_bytes=5_001),
            replace(BOUND, expires_at=BOUND.expires_at + timedelta(seconds=1)),
        ]
        urls = [blobs.sign_put(terms).url for terms in others]
        assert len(set(urls)) == len(others)
        assert [blobs.sign_put(terms).url for terms in others] == urls

    @pytest.mark.parametrize("terms", [BOUND, EXACT], ids=["bound", "exact"])
    def test_no_part_of_a_signed_put_can_be_altered(self, blobs: BlobStore, terms: UploadTerms) -> None:
        query = query_of(blobs.sign_put(terms))
        for name, value in query.items():
            rest = {other: text for other, text in query.items() if other != name}
            for altered in ("", "0", f"{value}0", f"0{value}", value[:-1], value.swapcase(), "ž", "\x00", "\udcff"):
                if altered != value:
                    assert blobs.verify_put(KEY, rest | {name: altered}) is None, (name, altered)
            assert blobs.verify_put(KEY, rest) is None, name
            assert blobs.verify_put(KEY, rest | {f"{name}_": value}) is None, name

    @pytest.mark.parametrize("terms", [BOUND, EXACT], ids=["bound", "exact"])
    def test_nothing_can_be_added_to_a_signed_put(self, blobs: BlobStore, terms: UploadTerms) -> None:
        query = query_of(blobs.sign_put(terms))
        for more in ({"bytes": "9"}, {"max_bytes": "9"}, {"revision": "1"}, {"": ""}):
            if not more.keys() & query.keys():
                assert blobs.verify_put(KEY, query | more) is None, more

    @pytest.mark.parametrize(
        "key",
        ["", "uploads/job_2.png", f"{KEY}\n", f"/{KEY}", "uploads/../x", "uploads/\udcff.png", f"{KEY}\nexpires=1"],
    )
    def test_a_signed_put_is_for_no_other_key(self, blobs: BlobStore, key: str) -> None:
        assert blobs.verify_put(key, query_of(blobs.sign_put(BOUND))) is None

    def test_a_signed_get_is_no_signed_put_and_the_other_way_round(self, blobs: BlobStore) -> None:
        get = dict(parse_qsl(urlsplit(blobs.sign(KEY, 1, BOUND.expires_at)).query))
        put = query_of(blobs.sign_put(BOUND))
        assert blobs.verify_put(KEY, put | {self.put_signature: get["signature"]}) is None
        assert blobs.verify_put(KEY, get) is None
        assert not blobs.verify(KEY, 1, put[self.put_expires], put[self.put_signature])

    def test_a_store_with_an_address_of_its_own_says_so(self, blobs: BlobStore) -> None:
        has_address = self.put_signature != UploadStoreContract.put_signature
        assert blobs.sign_put(BOUND).url.startswith("http" if has_address else f"/{KEY}?")
        assert blobs.direct_url(KEY, 1, NOW + timedelta(hours=1), "image/png").startswith("http") is has_address

    def test_whether_it_is_over_is_for_whoever_asks(self, blobs: BlobStore) -> None:
        long_ago = replace(BOUND, expires_at=NOW - timedelta(days=1))
        assert blobs.verify_put(KEY, query_of(blobs.sign_put(long_ago))) == long_ago

    def test_a_signed_put_survives_being_written_down_and_read_again(self, blobs: BlobStore) -> None:
        terms = replace(BOUND, media_type="image/svg+xml")
        query = query_of(blobs.sign_put(terms))
        assert blobs.verify_put(KEY, dict(parse_qsl(urlencode(query)))) == terms

    def test_what_is_on_its_way_in_is_seen_when_it_is_kept_and_whole(self, blobs: BlobStore) -> None:
        incoming = blobs.begin(KEY)
        for piece in (b"one ", b"", b"two ", b"three"):
            incoming.write(piece)
            with pytest.raises(NotFound):
                blobs.get(KEY, 1)
        incoming.keep(1)
        assert blobs.get(KEY, 1) == b"one two three"

    def test_what_was_kept_is_not_dropped_any_more(self, blobs: BlobStore) -> None:
        incoming = blobs.begin(KEY)
        incoming.write(b"one")
        incoming.keep(1)
        incoming.drop()
        incoming.drop()
        assert blobs.get(KEY, 1) == b"one"

    def test_what_was_dropped_leaves_nothing(self, blobs: BlobStore) -> None:
        incoming = blobs.begin(KEY)
        incoming.write(b"one")
        incoming.drop()
        incoming.drop()
        with pytest.raises(NotFound):
            blobs.get(KEY, 1)
        assert blobs.drop_abandoned() == 0

    def test_what_comes_in_writes_over_nothing(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        for data in (b"two", b"one and more", b""):
            incoming = blobs.begin(KEY)
            incoming.write(data)
            with pytest.raises(Conflict):
                incoming.keep(1)
            incoming.drop()
        assert blobs.get(KEY, 1) == b"one"

    def test_the_same_bytes_coming_in_again_are_no_error(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"one")
        incoming = blobs.begin(KEY)
        incoming.write(b"one")
        incoming.keep(1)
        assert blobs.get(KEY, 1) == b"one"

    @pytest.mark.parametrize("size", [0, 1, 100_000], ids=["none", "one", "many"])
    def test_stored_bytes_can_be_measured(self, blobs: BlobStore, size: int) -> None:
        data = bytes(number % 251 for number in range(size))
        blobs.put(KEY, 1, data)
        found = blobs.measure(KEY, 1, most_bytes=size, head_bytes=70_000)
        assert found == Measured(size=size, head=data[:70_000], sha256=hashlib.sha256(data).hexdigest())

    def test_of_what_is_too_large_only_the_size_is_measured(self, blobs: BlobStore) -> None:
        blobs.put(KEY, 1, b"x" * 1001)
        assert blobs.measure(KEY, 1, most_bytes=1000, head_bytes=10) == Measured(size=1001)

    def test_what_is_not_stored_cannot_be_measured(self, blobs: BlobStore) -> None:
        with pytest.raises(NotFound):
            blobs.measure(KEY, 1, most_bytes=1000, head_bytes=10)

    def test_of_many_that_come_in_at_once_one_is_kept(self, blobs: BlobStore) -> None:
        def take(data: bytes) -> None:
            incoming = blobs.begin(KEY)
            try:
                for at in range(0, len(data), 10_000):
                    incoming.write(data[at : at + 10_000])
                incoming.keep(1)
            finally:
                incoming.drop()

        contents = [bytes([number]) * 50_000 for number in range(6)]
        outcomes = at_once(take, contents)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
        assert blobs.get(KEY, 1) == contents[outcomes.index(None)]

    def test_what_is_under_way_is_not_taken_for_abandoned(self, blobs: BlobStore) -> None:
        incoming = blobs.begin(KEY)
        incoming.write(b"one ")
        assert blobs.drop_abandoned() == 0
        incoming.write(b"two")
        incoming.keep(1)
        assert blobs.get(KEY, 1) == b"one two"
