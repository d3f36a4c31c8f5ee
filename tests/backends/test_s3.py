"""The blob store on S3: what S3 itself holds, and what it lets a client do with a URL of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from pressroom.backends._s3_presigning import SigningKeys, presigned
from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.s3 import S3Blobs
from pressroom.config import Aws
from pressroom.contracts.blob_store import BlobStoreContract
from pressroom.contracts.upload_store import UploadStoreContract
from pressroom.errors import BadInput, ConfigurationError, NotFound
from pressroom.incoming import UploadTerms
from pressroom.testing.clock import ManualClock
from tests.emulated_aws import REGION, clients
from tests.fakes.faults import Fault
from tests.fakes.s3 import error_code
from tests.s3_store import ACCOUNT, Shop, a_strict_s3, sent

KEY = "uploads/job_0197f3c2a0c47d1f9b62e3a1d4c5b6a7.png"
FILE = b"\x89PNG\r\n\x1a\n" + b"x" * 92
MINUTES = timedelta(minutes=10)


class S3Bench:
    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def shop(self, clock: ManualClock) -> Iterator[Shop]:
        with a_strict_s3(clock) as shop:
            yield shop

    @pytest.fixture
    def blobs(self, shop: Shop) -> S3Blobs:
        return shop.blobs

    @pytest.fixture
    def bound(self, clock: ManualClock) -> UploadTerms:
        return UploadTerms(key=KEY, media_type="image/png", max_bytes=200, expires_at=clock.now() + MINUTES)

    @pytest.fixture
    def exact(self, bound: UploadTerms) -> UploadTerms:
        return replace(bound, bytes=len(FILE), max_bytes=len(FILE))


class TestS3Blobs(S3Bench, BlobStoreContract, UploadStoreContract):
    put_signature, put_expires = "X-Amz-Signature", "X-Amz-Expires"


class TestPlaces(S3Bench):
    def test_what_was_processed_lies_in_the_second_bucket(self, blobs: S3Blobs, shop: Shop) -> None:
        blobs.put("processed/job_1.png", 1, FILE)
        blobs.put("images/pet.jpg", 2, b"a pet")
        name = shop.clients.settings.name
        assert blobs.where("processed/job_1.png", 1) == f"s3://{name}-processed-{ACCOUNT}/processed/job_1.png"
        assert blobs.where("images/pet.jpg", 2) == f"s3://{name}-assets-{ACCOUNT}/images/pet.r2.jpg"
        s3 = shop.clients("s3")
        stored = {bucket: s3.list_objects_v2(Bucket=bucket)["Contents"] for bucket in _names(blobs)}
        assert {bucket: [one["Key"] for one in found] for bucket, found in stored.items()} == {
            f"{name}-processed-{ACCOUNT}": ["processed/job_1.png"],
            f"{name}-assets-{ACCOUNT}": ["images/pet.r2.jpg"],
        }

    def test_the_account_is_asked_of_aws_where_no_setting_names_it(self, clock: ManualClock) -> None:
        blobs = S3Blobs(clients(), lambda: b"k" * 32, clock)
        assert blobs.buckets.assets.endswith(f"-assets-{ACCOUNT}")

    @pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "a\\b", "a//b", ".incoming/x", "ž" * 501])
    def test_what_cannot_be_a_key_is_refused_before_s3_is_asked(self, blobs: S3Blobs, shop: Shop, key: str) -> None:
        before = len(shop.s3.requests)
        for call in (lambda: blobs.put(key, 1, b""), lambda: blobs.get(key, 1), lambda: blobs.begin(key)):
            with pytest.raises(BadInput):
                call()
        assert len(shop.s3.requests) == before


class TestWriting(S3Bench):
    def test_every_write_lets_s3_hold_that_nothing_is_written_over(self, blobs: S3Blobs, shop: Shop) -> None:
        blobs.put("a.png", 1, FILE, like=None)
        incoming = blobs.begin("b.png")
        incoming.write(FILE)
        incoming.keep(1)
        written = [one for one in shop.s3.requests if one.method == "PUT" and one.path.endswith(".png")]
        assert [one.headers["if-none-match"] for one in written] == ["*", "*"]
        assert [one.headers["content-type"] for one in written] == ["image/png", "image/png"]

    def test_a_write_whose_answer_was_lost_is_known_again(self, blobs: S3Blobs, shop: Shop) -> None:
        shop.s3.script(Fault.CUT_AFTER_PROCESSING, method="PUT")
        blobs.put("a.png", 1, FILE)
        assert blobs.get("a.png", 1) == FILE
        assert sum(one.method == "PUT" and one.path.endswith("a.png") for one in shop.s3.requests) == 2

    def test_what_a_client_stored_by_itself_is_compared_by_its_bytes(self, blobs: S3Blobs, exact: UploadTerms) -> None:
        signed = blobs.sign_put(exact)
        assert sent("PUT", signed.url, signed.headers, FILE)[0] == 200
        blobs.put(KEY, 1, FILE)
        with pytest.raises(Exception, match="stored already"):
            blobs.put(KEY, 1, FILE + b"more")

    def test_a_large_file_on_its_way_in_goes_over_the_disk(self, blobs: S3Blobs) -> None:
        piece, incoming = b"0123456789abcdef" * 65536, blobs.begin("large.bin")
        for _ in range(9):
            incoming.write(piece)
        incoming.keep(1)
        assert blobs.measure("large.bin", 1, most_bytes=2**30, head_bytes=4).size == 9 * len(piece)

    def test_a_bucket_that_is_not_there_is_told_with_what_to_do(self, shop: Shop, clock: ManualClock) -> None:
        settings = shop.clients.settings.model_copy(update={"name": "nowhere"})
        blobs = S3Blobs(AwsClients(settings), lambda: b"k" * 32, clock)
        with pytest.raises(ConfigurationError, match=r"nowhere-assets.*pressroom aws deploy"):
            blobs.put("a.png", 1, FILE)

    def test_a_role_that_may_not_list_is_told_what_it_lacks(self, blobs: S3Blobs, shop: Shop) -> None:
        shop.s3.allows_listing = False
        with pytest.raises(ConfigurationError, match="s3:ListBucket"):
            blobs.get("never.png", 1)


class TestUploadUrls(S3Bench):
    def test_size_type_and_once_are_part_of_the_signature(
        self, blobs: S3Blobs, bound: UploadTerms, exact: UploadTerms
    ) -> None:
        def signed_headers(terms: UploadTerms) -> list[str]:
            return parse_qs(urlsplit(blobs.sign_put(terms).url).query)["X-Amz-SignedHeaders"]

        assert signed_headers(exact) == ["content-length;content-type;host;if-none-match"]
        assert signed_headers(bound) == ["content-type;host;if-none-match"]
        assert blobs.sign_put(exact).headers == {"Content-Type": "image/png", "If-None-Match": "*"}

    def test_a_url_is_signed_from_when_its_job_was_asked_for(self, blobs: S3Blobs, bound: UploadTerms) -> None:
        asked = bound.expires_at - MINUTES
        key = f"uploads/job_{int(asked.timestamp() * 1000) + 345:012x}7d1f9b62e3a1d4c5b6a7.png"
        signed = blobs.sign_put(replace(bound, key=key))
        query = dict(parse_qsl(urlsplit(signed.url).query))
        assert (query["X-Amz-Date"], query["X-Amz-Expires"]) == (f"{asked:%Y%m%dT%H%M%SZ}", "600")
        assert blobs.verify_put(key, query) == replace(bound, key=key)
        assert sent("PUT", signed.url, signed.headers, FILE)[0] == 200

    @pytest.mark.parametrize("digits", ["f" * 12, "0" * 12])
    def test_a_key_of_no_time_that_there_is_opens_nothing(
        self, blobs: S3Blobs, exact: UploadTerms, digits: str
    ) -> None:
        query = dict(parse_qsl(urlsplit(blobs.sign_put(exact).url).query))
        assert blobs.verify_put(f"uploads/job_{digits}7d1f9b62e3a1d4c5b6a7.png", query) is None

    def test_the_file_that_was_announced_is_taken_once(self, blobs: S3Blobs, exact: UploadTerms) -> None:
        signed = blobs.sign_put(exact)
        assert sent("PUT", signed.url, signed.headers, FILE)[0] == 200
        assert blobs.get(KEY, 1) == FILE
        status, _, body = sent("PUT", signed.url, signed.headers, FILE[:-1] + b"y")
        assert (status, error_code(body)) == (412, "PreconditionFailed")
        assert blobs.get(KEY, 1) == FILE

    @pytest.mark.parametrize(
        ("changed", "body"),
        [
            ({}, FILE + b"more"),
            ({}, FILE[:-1]),
            ({}, b""),
            ({"Content-Type": "text/html"}, FILE),
            ({"Content-Type": "image/png; charset=utf-8"}, FILE),
            ({"If-None-Match": ""}, FILE),
            ({"x-amz-acl": "public-read"}, FILE),
            ({"x-amz-meta-sha256": "0" * 64}, FILE),
        ],
        ids=["longer", "shorter", "empty", "type", "parameter", "twice", "acl", "metadata"],
    )
    def test_another_file_than_was_announced_is_refused_by_the_signature(
        self, blobs: S3Blobs, exact: UploadTerms, changed: dict[str, str], body: bytes
    ) -> None:
        signed = blobs.sign_put(exact)
        headers = {name: value for name, value in {**signed.headers, **changed}.items() if value}
        assert sent("PUT", signed.url, headers, body)[0] == 403
        with pytest.raises(NotFound):
            blobs.get(KEY, 1)

    def test_a_url_is_over_when_its_terms_are(self, blobs: S3Blobs, exact: UploadTerms, clock: ManualClock) -> None:
        signed = blobs.sign_put(exact)
        clock.advance(MINUTES)
        status, _, body = sent("PUT", signed.url, signed.headers, FILE)
        assert (status, b"expired" in body) == (403, True)

    @pytest.mark.parametrize(
        ("part", "by"),
        [
            ("X-Amz-Expires=604800", "X-Amz-Expires=604799"),
            ("x-bytes=100", "x-bytes=101"),
            (".png?", ".gif?"),
            ("content-length%3B", ""),
            ("/uploads/", "/config/"),
        ],
    )
    def test_an_altered_url_is_refused(self, blobs: S3Blobs, exact: UploadTerms, part: str, by: str) -> None:
        signed = blobs.sign_put(exact)
        assert part in signed.url
        assert sent("PUT", signed.url.replace(part, by), signed.headers, FILE)[0] == 403

    def test_a_url_to_put_opens_nothing(self, blobs: S3Blobs, exact: UploadTerms) -> None:
        signed = blobs.sign_put(exact)
        sent("PUT", signed.url, signed.headers, FILE)
        assert sent("GET", signed.url, signed.headers)[0] == 403
        assert sent("DELETE", signed.url, signed.headers)[0] == 403

    def test_a_mere_bound_is_held_by_nobody_before_it_is_measured(self, blobs: S3Blobs, bound: UploadTerms) -> None:
        signed = blobs.sign_put(bound)
        assert sent("PUT", signed.url, signed.headers, b"x" * 201)[0] == 200
        assert blobs.measure(KEY, 1, most_bytes=bound.max_bytes, head_bytes=10).size == 201

    def test_what_a_role_signs_has_its_sessions_token_in_it(self, bound: UploadTerms) -> None:
        keys = SigningKeys("ASIAX", "secret", "a session's token+/=")
        now = datetime(2026, 11, 21, tzinfo=UTC)
        url = presigned("GET", "https://b.s3/x y", keys, REGION, begins_at=now, seconds=60, headers={}, query={})
        assert parse_qs(urlsplit(url).query)["X-Amz-Security-Token"] == ["a session's token+/="]
        assert urlsplit(url).path == "/x%20y"
        assert "secret" not in repr(keys)
        assert "token" not in repr(keys).replace("token=", "")


class TestDirectUrls(S3Bench):
    def test_the_store_itself_gives_the_bytes_out_until_the_url_ends(self, blobs: S3Blobs, clock: ManualClock) -> None:
        key = "images/january_14 0 kočka & co+.jpg"
        blobs.put(key, 3, b"\xff\xd8\xff")
        url = blobs.direct_url(key, 3, clock.now() + MINUTES, "image/jpeg")
        assert sent("GET", url, {}) == (200, "image/jpeg", b"\xff\xd8\xff")
        assert sent("GET", url.replace(".r3.", ".r2."), {})[0] == 403
        assert sent("GET", url.replace("X-Amz-Expires=600", "X-Amz-Expires=900"), {})[0] == 403
        assert sent("PUT", url, {}, b"other")[0] == 403
        clock.advance(MINUTES)
        assert sent("GET", url, {})[0] == 403

    def test_it_lives_no_longer_than_s3_signs_for(self, blobs: S3Blobs, clock: ManualClock) -> None:
        url = blobs.direct_url("a.jpg", 1, clock.now() + timedelta(days=30), "image/jpeg")
        assert "X-Amz-Expires=604800&" in url

    def test_a_page_that_was_stored_is_not_shown_as_one(self, blobs: S3Blobs, clock: ManualClock) -> None:
        query = parse_qs(urlsplit(blobs.direct_url("a.html", 1, clock.now() + MINUTES, "text/html")).query)
        assert query["response-content-disposition"] == ["attachment"]
        assert query["response-content-type"] == ["text/html"]

    def test_on_aws_each_bucket_has_a_host_of_its_own(self, clock: ManualClock) -> None:
        clients()  # the credentials of tests
        blobs = S3Blobs(AwsClients(Aws(region=REGION, account=ACCOUNT)), lambda: b"k" * 32, clock)
        url = urlsplit(blobs.direct_url("images/pet.jpg", 1, clock.now() + MINUTES, "image/jpeg"))
        assert url.netloc == f"pressroom-assets-{ACCOUNT}.s3.{REGION}.amazonaws.com"
        assert (url.scheme, url.path) == ("https", "/images/pet.jpg")


def _names(blobs: S3Blobs) -> tuple[str, str]:
    return blobs.buckets.assets, blobs.buckets.processed
