"""The publisher of any REST API in front of the fake CMS, in several configurations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.server_answers import POSTED, ServerAnswer
from pressroom.publications import Post
from pressroom.publishers._rest_settings import RestSettings
from pressroom.publishers.base import Channel, MediaUrl
from pressroom.publishers.rest import Rest
from pressroom.testing.clock import ManualClock
from tests.fakes.cms import FakeCms
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg

UPLOAD: dict[str, Any] = {
    "name": "upload",
    "path": "/media",
    "for_each": "media",
    "multipart": {"file": {"file": "picture"}, "alt": "{{ picture.alt_text }}"},
    "take": {"media_id": "$.media.id"},
}
CREATE: dict[str, Any] = {
    "name": "create",
    "path": "/posts",
    "json": {"text": "{{ text }}", "title": "{{ title }}", "key": "{{ key }}", "media": "{{ media_id }}"},
}
SEARCH: dict[str, Any] = {
    "path": "/posts",
    "query": {"key": "{{ key }}"},
    "success": {"exists": ["$.items"]},
    "found": "$.items[*].id",
    "id": "$.items[0].id",
    "url": "$.items[0].link",
}
AUTH: dict[str, dict[str, Any]] = {
    "oauth2_client_credentials": {"token_url": "/token"},
    "oauth2_refresh": {"token_url": "/token"},
    "jwt_hs256": {"audience": "/cms/"},
}
REPEATABLE = {"idempotency_header": "Idempotency-Key", "idempotent": True}


@dataclass(kw_only=True)
class RestBench(FakeBench):
    cms: FakeCms
    public_path = "/posts"

    @property
    def rest(self) -> Rest:
        assert isinstance(self.publisher, Rest)
        return self.publisher

    def revoke(self) -> None:
        self.cms.door.is_revoked = True
        self.cms.door.access.clear()

    def count_posts(self) -> int:
        return len(self.cms.posts)


def secrets_for(cms: FakeCms, name: str = "blog") -> dict[str, str]:
    known = cms.door.credentials
    values: dict[str, dict[str, str]] = {
        "none": {},
        "bearer": {"token": known.token},
        "basic": {"username": known.username, "password": known.password},
        "api_key_header": {"api_key": known.api_key},
        "api_key_query": {"api_key": known.api_key},
        "oauth2_client_credentials": {"client_id": known.client_id, "client_secret": known.client_secret},
        "oauth2_refresh": {"client_id": known.client_id, "client_secret": known.client_secret},
        "jwt_hs256": {"api_key": known.jwt_key},
        "hmac_sha256": {"api_key": known.api_key},
    }
    found = dict(values[cms.door.kind])
    if cms.door.kind == "oauth2_refresh":
        issued = cms.door.issue(cms.now())
        found |= {"access_token": issued["access_token"], "refresh_token": issued["refresh_token"]}
    return {f"channels.{name}.{key}": value for key, value in found.items()}


def rest_on(
    base_url: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str] | None = None,
    media_url: MediaUrl | None = None,
) -> Rest:
    """The publisher of a channel `blog`, with these settings over what the tests usually have."""
    usual = {"network": "rest", "base_url": base_url, "service": "The CMS", "timeout_seconds": PATIENT_SECONDS}
    values: dict[str, Any] = usual | dict(settings)
    clock = ManualClock(datetime.now(UTC))
    return Rest(Channel("blog", RestSettings(**values), MemorySecrets(secrets or {}), clock, media_url))


@contextmanager
def a_bench(
    settings: Mapping[str, Any] | None = None,
    post: Post | None = None,
    *,
    auth: str = "bearer",
    media_url: MediaUrl | None = None,
    **fake: Any,
) -> Iterator[RestBench]:
    with FakeCms(auth, port=free_port(), **fake) as cms:
        usual = {
            "auth": {"kind": auth, **AUTH.get(auth, {})},
            "requests": [UPLOAD, CREATE],
            "url": "$.link",
            "errors": {"message": "$.error.message"},
        }
        publisher = rest_on(cms.base_url, usual | dict(settings or {}), secrets_for(cms), media_url)
        yield RestBench(
            publisher=publisher,
            post=post or Post(text="Happy Halloween! #pumpkins", title="Halloween", media=(PICTURE,)),
            expected={ServerAnswer.TOKEN_EXPIRED: POSTED} if auth.startswith("oauth2_") else {},
            can_look="verify" in (settings or {}),
            fake=cms,
            cms=cms,
            picture=jpeg(),
        )
