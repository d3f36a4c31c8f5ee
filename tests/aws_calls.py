"""What each function asks of AWS while it runs on the emulator, in IAM's words: an action on a resource."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Any

from tests import iam_words

OPENING = "opening"
"""Stands for every function: what a runtime asks when it is opened, which each of them does by itself."""
UNLISTED = "absent"
"""Key in a call's context under which the bucket stands whose listing decides between 403 and 404."""


@dataclass(frozen=True, slots=True)
class AwsCall:
    function: str
    """Its whole name."""
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.function} may not {self.action} on {self.resource}"


_calling: ContextVar[str] = ContextVar("_calling", default="")
_calls: dict[AwsCall, None] = {}


def calls_of(deployment: str) -> list[AwsCall]:
    """Return the calls of a deployment's functions so far, each once."""
    return [call for call in list(_calls) if call.function.startswith(f"{deployment}-")]


@contextmanager
def called_by(function: str) -> Iterator[None]:
    """Let what is asked of AWS within be this function's."""
    _listen()
    before = _calling.set(function)
    try:
        yield
    finally:
        _calling.reset(before)


def _note(asked: Callable[[], list[iam_words.Asked]]) -> None:
    if function := _calling.get():
        _calls.update((AwsCall(function, action, resource), None) for action, resource in asked())


@functools.cache
def _listen() -> None:
    """Hear every client of boto3 from now on, and what never reaches one: signed addresses, secrets read before."""
    from boto3.session import Session

    from pressroom.backends.s3 import S3Blobs
    from pressroom.backends.secrets_manager import SecretsManagerSecrets

    _before(SecretsManagerSecrets, "_section", lambda self, section: iam_words.secret(f"{self._name}/{section}"))
    for signing in ("sign", "verify"):
        _before(S3Blobs, signing, lambda self, *_: iam_words.secret(f"{self._clients.settings.name}/pressroom"))
    _before(S3Blobs, "_presigned", lambda _, method, place, *__, **___: iam_words.presigned(method, place))
    usual = Session.client

    def client(self: Any, *args: Any, **more: Any) -> Any:
        made = usual(self, *args, **more)
        made.meta.events.register("before-parameter-build", _heard)
        made.meta.events.register("after-call.s3", _answered)
        return made

    Session.client = client
    _carry_into_threads()


def _before(owner: type, name: str, words: Callable[..., list[iam_words.Asked]]) -> None:
    usual = getattr(owner, name)

    @functools.wraps(usual)
    def noted(self: Any, *args: Any, **more: Any) -> Any:
        _note(lambda: words(self, *args, **more))
        return usual(self, *args, **more)

    setattr(owner, name, noted)


def _heard(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
    service = str(model.service_model.service_name)
    if service == "s3":
        context[UNLISTED] = params.get("Bucket", "")
    _note(lambda: iam_words.asked(service, str(model.name), params))


def _answered(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """S3 says that something is not there to those alone who may list the bucket."""
    if parsed.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
        _note(lambda: iam_words.listed(context[UNLISTED]))


def _carry_into_threads() -> None:
    usual = ThreadPoolExecutor.submit

    def submit(self: Any, function: Any, /, *args: Any, **more: Any) -> Any:
        return usual(self, copy_context().run, function, *args, **more)

    ThreadPoolExecutor.submit = submit  # type: ignore[method-assign]
