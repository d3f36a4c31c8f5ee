"""A blob store on a strict S3, with buckets that no other test has."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.s3 import S3Blobs
from pressroom.testing.clock import ManualClock
from tests.emulated_aws import REGION, deployment, endpoint
from tests.fakes.s3 import StrictS3

ACCOUNT = "123456789012"


@dataclass
class Shop:
    blobs: S3Blobs
    s3: StrictS3
    clients: AwsClients


@contextmanager
def a_strict_s3(clock: ManualClock) -> Iterator[Shop]:
    """Signatures in URLs are judged by the manual clock."""
    with StrictS3(endpoint(), region=REGION) as s3:
        s3.time = clock.now
        clients = AwsClients(deployment().model_copy(update={"endpoint_url": s3.base_url, "account": ACCOUNT}))
        blobs = S3Blobs(clients, lambda: b"k" * 32, clock)
        make_buckets(blobs, clients)
        yield Shop(blobs, s3, clients)
        clients.close()


def make_buckets(blobs: S3Blobs, clients: AwsClients) -> None:
    """Do what Terraform does on AWS."""
    for bucket in (blobs.buckets.assets, blobs.buckets.processed):
        clients("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})


def sent(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> tuple[int, str, bytes]:
    """Send what a client would; return the status, the type and the body of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.headers.get("content-type", ""), answer.read()
    finally:
        connection.close()
