"""A desk that takes uploads: a runtime in memory with a pipeline that one starts, asked as HTTP would ask it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pressroom.assets import Assets
from pressroom.errors import NotFound
from pressroom.incoming import UploadTerms
from pressroom.jobs import Job
from pressroom.pipeline import Outcome, Pipeline, StoredUpload, Upload
from pressroom.ports import Ports
from pressroom.testing import plain_png
from pressroom.upload_refusals import Reason, UploadRefused
from pressroom.upload_terms import UploadSettings
from pressroom.uploads import AskedUpload
from tests.engine import Bench, a_pipeline

PNG = plain_png(16, 16)
OTHER_PNG = plain_png(17, 17)


def look(upload: StoredUpload, assets: Assets) -> Outcome[StoredUpload]:
    """Tell what came, and how much of it can be read."""
    data = assets.read(upload.key, upload.revision)
    return Outcome(output=upload, result={"seen": len(data), "type": upload.media_type}, phase="looked")


def looking(*steps: Any, types: tuple[str, ...] = ("image/png",), max_bytes: int = 100_000, **more: Any) -> Pipeline:
    settings = {"settings": UploadSettings} | more
    return a_pipeline(look, *steps, name="look_at", trigger=Upload(types, max_bytes), **settings)


def parts_of(url: str) -> tuple[str, dict[str, str]]:
    """Return the key and the query of a signed URL."""
    parts = urlsplit(url)
    return parts.path.removeprefix("/"), dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))


def blob_of(ports: Ports, asked: AskedUpload) -> bytes | None:
    try:
        return ports.blobs.get(asked.terms.key, 1)
    except NotFound:
        return None


class UploadDesk(Bench):
    def __init__(self, pipeline: Pipeline | None = None, **settings: Any) -> None:
        """`settings` are those of the pipeline's section."""
        super().__init__(pipeline or looking(), pipelines={"look_at": settings})
        self.uploads, self.ports = self.runtime.uploads, self.runtime.ports

    def ask(self, **how: Any) -> AskedUpload:
        return self.uploads.request(self.pipeline.name, {}, **how)

    def terms(self, url: str) -> UploadTerms:
        return self.uploads.terms(*parts_of(url))

    def put(self, url: str, data: bytes = PNG) -> Job:
        """Send a file in pieces, as it comes over a network."""
        with self.uploads.receive(self.terms(url)) as receiving:
            for at in range(0, len(data), 50):
                receiving.write(data[at : at + 50])
            return receiving.finish()

    def refused(self, url: str, data: bytes = PNG) -> Reason:
        with pytest.raises(UploadRefused) as raised:
            self.put(url, data)
        assert raised.value.todo
        return raised.value.reason

    def blob(self, asked: AskedUpload) -> bytes | None:
        return blob_of(self.ports, asked)
