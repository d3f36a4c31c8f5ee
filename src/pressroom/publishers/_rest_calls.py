"""Sends requests to the service and says what came of them. Credentials go to the service alone."""

from __future__ import annotations

import fnmatch
import ipaddress
import socket
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.http_answers import Answer, Deadline
from pressroom.http_api import HttpApi
from pressroom.http_outcomes import Call, excerpt, with_answer
from pressroom.publishers._rest_auth import Unsigned, Way
from pressroom.publishers._rest_oauth import Tokens
from pressroom.publishers._rest_replies import Reply, fits, why_not, words_of
from pressroom.publishers._rest_requests import Outgoing
from pressroom.publishers._rest_settings import Outcome, RestSettings, Success
from pressroom.publishers.base import Channel
from pressroom.redaction import redact

_ANY_STATUS = range(100, 600)
_AS_STATUS = {"rejected": 400, "disconnected": 401, "out_of_credit": 402, "rate_limited": 429}
"""The status that means everywhere what a rule of the settings says."""
_PORTS = {"https": 443, "http": 80}


class Service:
    """One channel's side of the service; may be shared by threads."""

    def __init__(self, channel: Channel, settings: RestSettings) -> None:
        self.tokens = Tokens(channel, settings)
        self._channel, self._settings = channel, settings
        self._signed = self._api(lambda: Way(channel, settings.auth, self.tokens, Deadline(self._timeout)))
        self._unsigned = self._api(lambda: Unsigned(channel))

    def send(self, outgoing: Outgoing, doing: str, *, is_public: bool = False) -> Answer:
        """Return the answer, whatever its status; raises what it means that there is none."""
        api = self._signed if self.gets_credentials(outgoing.url) else self._unsigned
        if api is self._unsigned:
            self._refuse_inner_address(outgoing.url)
        content: dict[str, Any] = {"headers": outgoing.headers}
        if data := outgoing.body.data:
            content["content"] = data
        return api.call(outgoing.method, outgoing.url, doing, is_public=is_public, ok=_ANY_STATUS, **content)

    def accept(self, answer: Answer, success: Success, doing: str, *, is_public: bool = False) -> Outcome | None:
        """Return None for a success, and a rule that says that it is there already; raise what else it means."""
        call, reply = self.told(doing, is_public=is_public), Reply(answer)
        for rule in self._settings.outcomes:
            if fits(rule, reply):
                if rule.means == "published":
                    return rule
                raise self._as_told(rule.means, call, answer)
        if answer.status not in success.statuses:
            raise self._signed.refusal(call, answer)
        why = why_not(success, reply)
        if why:
            raise self._as_told("rejected" if why == "refused" else "unknown", call, answer)
        return None

    def told(self, doing: str, *, is_public: bool = False) -> Call:
        secrets = Way(self._channel, self._settings.auth, self.tokens, Deadline(self._timeout)).secrets
        where = f"channel {self._channel.name}"
        return Call(service=self._settings.service_name, where=where, doing=doing, is_public=is_public, secrets=secrets)

    def used_up(self, answer: Answer) -> Any:
        return self._signed.used_up(answer)

    def gets_credentials(self, url: str) -> bool:
        """Say whether a request to this address bears the credentials: at the service itself, and where it may."""
        origin = _origin(url)
        if origin == _origin(self._settings.base_url):
            return True
        _, host, port = origin
        return any(
            fnmatch.fnmatchcase(name, pattern.lower())
            for pattern in self._settings.send_credentials_to
            for name in ((f"{host}:{port}",) if ":" in pattern else (host,))
        )

    @property
    def _timeout(self) -> timedelta:
        return timedelta(seconds=self._settings.timeout_seconds)

    def _api(self, sign_in: Any) -> HttpApi:
        return HttpApi(
            service=self._settings.service_name,
            where=f"channel {self._channel.name}",
            base_url=self._settings.base_url,
            timeout=self._timeout,
            clock=self._channel.clock,
            sign_in=sign_in,
            words=lambda answer: words_of(self._settings.errors, answer),
            reset_headers=self._settings.rate_limit_headers,
        )

    def _as_told(self, means: str, call: Call, answer: Answer) -> PressroomError:
        """Return what a rule of the settings says that this answer means."""
        reason = redact(words_of(self._settings.errors, answer), call.secrets).rstrip(".")
        detail = excerpt(answer, call.secrets)
        said = f": {reason}" if reason else f" ({answer.status})"
        if means == "unavailable":
            what = f"{call.service} did not {call.doing}{said}."
            return call.error(Unavailable, what, "It is tried again later.", detail)
        if means == "unknown":
            what = f"{call.service} gave no clear answer when asked to {call.doing}{said}."
            if not call.is_public:
                return call.error(Unavailable, what, "It is tried again later.", detail)
            return call.error(OutcomeUnknown, what, "Pressroom looks for it before anything is sent again.", detail)
        error = with_answer(
            call,
            replace(answer, status=_AS_STATUS[means]),
            self._channel.clock.now(),
            reason=reason,
            reset_headers=self._settings.rate_limit_headers,
        )
        assert isinstance(error, PostRejected | AccountDisconnected | OutOfCredit | RateLimited)
        error.detail = detail
        return error

    def _refuse_inner_address(self, url: str) -> None:
        """Raise if a reply leads from a service on the internet to an address that only this network can reach."""
        host = urlsplit(url).hostname or ""
        inner = [address for address in _addresses(host) if not address.is_global]
        own = _addresses(urlsplit(self._settings.base_url).hostname or "")
        is_at_home = bool(own) and all(not address.is_global for address in own)
        if inner and (not is_at_home or any(address.is_link_local for address in inner)):
            raise PostRejected(
                f"{self._settings.service_name} leads to {host}, which is an address inside of a network.",
                where=f"channel {self._channel.name}",
                todo="If that is meant, add the host to send_credentials_to; else look at what the service replies.",
            )


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)


def _addresses(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return the addresses of a host; none if it cannot be resolved, which the call itself then says."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
