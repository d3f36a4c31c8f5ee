"""The public address of a picture that a network fetches itself, tried from outside in before it is named."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from pressroom.errors import ConfigurationError, PostRejected, Unavailable
from pressroom.http_answers import Answer, CallFailed, Deadline
from pressroom.publications import PostMedia
from pressroom.publishers.base import Channel, ImageRules

_OPEN_FOR = timedelta(hours=2)
"""A network fetches a picture at once, or within the five minutes that it may take over a container."""
_SET_BASE = (
    "Set [server] public_base_url to an https:// address under which this machine can be reached from outside, "
    "and keep `pressroom up` running."
)


def media_address(channel: Channel, service: str, item: PostMedia, data: bytes, rules: ImageRules) -> str:
    """Return an address that surely gives out these very bytes; raises `ConfigurationError` if there can be none."""
    if len(data) > rules.max_bytes:
        raise PostRejected(
            f"The picture {item.key} has {len(data):,} bytes; {service} takes {rules.max_bytes:,}.",
            where=item.key,
            todo="Make a smaller variant of it.",
        )
    url = signed_address(channel, service, item)
    _check(channel, service, item, data, url)
    return url


def signed_address(channel: Channel, service: str, item: PostMedia) -> str:
    """Return the address without trying it; raises `ConfigurationError` if the network could not reach it."""
    if channel.media_url is None:
        raise ConfigurationError(
            f"{service} fetches pictures by their address, and nothing of this Pressroom can be reached from outside.",
            where=f"channel {channel.name}",
            todo=_SET_BASE,
        )
    url = channel.media_url(item, channel.clock.now() + _OPEN_FOR)
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.netloc}"
    if _is_local(parts.hostname or "") and not _is_local(urlsplit(channel.settings.base_url).hostname or ""):
        raise ConfigurationError(
            f"{service} fetches pictures by their address; {where} is only reachable from this machine or its network.",
            where=f"channel {channel.name}",
            todo=_SET_BASE,
        )
    if not url.isascii():
        raise ConfigurationError(
            f"{service} takes addresses in plain ASCII only, and those under {where} are not.",
            where=f"channel {channel.name}",
            todo="Write the host of [server] public_base_url in its ASCII form (xn--…).",
        )
    return url


def _check(channel: Channel, service: str, item: PostMedia, data: bytes, url: str) -> None:
    import httpx

    from pressroom.http_calls import HttpCalls

    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.netloc}"
    what = f"The picture {item.key} cannot be fetched from {where}, where {service} would look for it"
    try:
        request = httpx.Request("GET", url, headers={"accept": "*/*"})
        deadline = Deadline(timedelta(seconds=channel.settings.timeout_seconds))
        answer = HttpCalls().call(request, deadline, len(data) + 1)
    except CallFailed as failed:
        raise Unavailable(
            f"{what}: {failed.why}.",
            where=f"channel {channel.name}",
            todo="Is `pressroom up` running, and does [server] public_base_url lead to it?",
        ) from None
    wrong = _wrong(answer, item, data)
    if not wrong:
        return
    kind = Unavailable if answer.status >= 500 or answer.status == 429 else ConfigurationError
    raise kind(
        f"{what}: {wrong}.",
        where=f"channel {channel.name}",
        todo="[server] public_base_url must lead to this Pressroom, past whatever asks visitors to sign in or wait.",
    )


def _wrong(answer: Answer, item: PostMedia, data: bytes) -> str:
    if answer.status != 200:
        return f"the answer is {answer.status}"
    given = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != item.media_type:
        return f"it is given out as {given or 'nothing'}, not as {item.media_type}"
    if len(answer.body) != len(data) or not answer.is_whole:
        return f"{len(answer.body):,} bytes come, not {len(data):,}"
    return "" if answer.body == data else "other bytes come"


def _is_local(host: str) -> bool:
    """Say whether a host is one that nobody outside can reach, as far as its name tells."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))
