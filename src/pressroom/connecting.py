"""Connects an account to a channel by OAuth 2: the authorization code flow, and what the channel does after it.

Knows no network: what differs between them is data (`oauth.OAuth`). Showing the address to a person and taking the
browser back is the caller's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from pressroom.code_exchange import NotConnected, begin_again, exchange, readable, words_of
from pressroom.errors import BadInput, ConfigurationError, problem_of
from pressroom.findings import Finding
from pressroom.oauth import Connected, OAuth

if TYPE_CHECKING:
    from pressroom.desk import Desk
    from pressroom.publishers.base import Publisher

_OUT_OF_CREDIT = "OutOfCredit"
"""The kind of the problem of posts that new tokens do not help."""


class NotOurs(BadInput):
    """What came back does not belong to the attempt that was begun; the attempt goes on waiting."""


class NoWayIn(BadInput):
    """The network has no login in a browser: its accounts are connected by secrets that a person stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """One attempt to connect an account; it is kept where only the one who began it can use it."""

    channel: str
    url: str = field(repr=False)
    """The network's page, where a person lets Pressroom in."""
    redirect_uri: str
    """Where the network sends the browser afterwards; it must be registered there."""
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def begin(publisher: Publisher, redirect_uri: str) -> Begun:
    """Return a new attempt. Raises `NoWayIn`, or `ConfigurationError` if something that it needs is missing."""
    oauth, name = way_in(publisher), publisher.channel.name
    refuse_bad_address(redirect_uri)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    query = dict(oauth.more) | {
        "response_type": "code",
        "client_id": oauth.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if oauth.scopes:
        query["scope"] = oauth.scope_separator.join(oauth.scopes)
    if oauth.uses_pkce:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    joint = "&" if urlsplit(oauth.authorize_url).query else "?"
    # Not every network reads a plus as a blank.
    url = oauth.authorize_url + joint + urlencode(query, quote_via=quote)
    return Begun(channel=name, url=url, redirect_uri=redirect_uri, state=state, verifier=verifier)


def way_in(publisher: Publisher) -> OAuth:
    """Return how an account is connected in a browser. Raises `NoWayIn` or `ConfigurationError`."""
    oauth, name = publisher.oauth(), publisher.channel.name
    if oauth is None:
        raise NoWayIn(
            f"{publisher.title} has no login in a browser." if publisher.needs_secrets else f"{name} needs no account.",
            where=f"channel {name}",
            todo=how_by_secrets(publisher),
        )
    if urlsplit(oauth.authorize_url).scheme not in ("https", "http"):
        raise ConfigurationError(
            f"The page where {publisher.title} lets an app in has no address.",
            where=f"channel {name}",
            todo="Give the setting of its address as a whole: https://…",
        )
    return oauth


def how_by_secrets(publisher: Publisher) -> str:
    """Return the commands that connect an account without a browser."""
    name = publisher.channel.name
    ways = (
        "\n".join(f"pressroom secrets set channels.{name}.{one}" for one in names) for names in publisher.needs_secrets
    )
    check = f"pressroom channels check {name}"
    told = "\nor else\n".join(ways)
    return f"Store what it asks for, then look whether it is right:\n{told}\n{check}" if told else f"Try it: {check}"


def belongs(begun: Begun, query: Mapping[str, str]) -> bool:
    """Say whether the browser came back from this very attempt; compares in constant time."""
    return hmac.compare_digest(begun.state.encode(), query.get("state", "").encode())


def finish(publisher: Publisher, begun: Begun, query: Mapping[str, str]) -> Connected:
    """Exchange what the browser brought back for tokens and store them, all or none.

    Raises `NotOurs` if it is not this attempt's, `NotConnected` if the network refused or cannot be reached, and
    whatever the network's own `finish` raises. A secret that came empty leaves the stored one as it is.
    """
    channel = publisher.channel
    if not belongs(begun, query):
        raise NotOurs(
            "What came back from the network does not belong to this attempt.",
            where=f"channel {channel.name}",
            todo=begin_again(channel.name),
        )
    if not query.get("code"):
        raise _not_let_in(publisher, query)
    oauth = way_in(publisher)
    connected = oauth.finish(exchange(publisher, oauth, query["code"], begun.verifier, begun.redirect_uri))
    _store(publisher, connected)
    return connected


def _store(publisher: Publisher, connected: Connected) -> None:
    channel = publisher.channel
    section = f"channels.{channel.name}"
    values = {f"{section}.{name}": value.strip() for name, value in connected.secrets.items() if value.strip()}
    if not values:
        raise NotConnected(f"{publisher.title} gave no tokens.", where=section, todo=begin_again(channel.name))
    # Behind the same lock as a renewal: one that is under way would put the old account's tokens over these.
    with channel.secrets.lock(f"{section}.tokens"):
        channel.secrets.set_many(values)


def _not_let_in(publisher: Publisher, query: Mapping[str, str]) -> NotConnected:
    """Return what it means that the browser came back without a code."""
    kind, said = words_of(dict(query))
    name, title = publisher.channel.name, publisher.title
    where = f"channel {name}"
    reason = f": {(said or kind).rstrip('.')}" if said or kind else ""
    if "denied" in kind or "cancel" in kind:
        what = f"{title} did not let Pressroom in, because somebody said no on its page."
        return NotConnected(what, where=where, todo=begin_again(name), detail=readable(f"{kind} {said}"))
    if "scope" in kind:
        what = f"{title} does not give the app what it asks for{reason}."
        return NotConnected(what, where=where, todo="Allow it in the app's settings there, then begin again.")
    if not (kind or said):
        return NotConnected(f"{title} sent the browser back without a code.", where=where, todo=begin_again(name))
    return NotConnected(f"{title} did not let Pressroom in{reason}.", where=where, todo=begin_again(name))


def refuse_bad_address(redirect_uri: str) -> None:
    """Raise `BadInput` for what is no address that a browser can be sent back to."""
    try:
        parts = urlsplit(redirect_uri)
        is_one = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0 and not parts.fragment
    except ValueError:
        is_one = False
    if not is_one or not redirect_uri.isprintable() or " " in redirect_uri:
        raise BadInput(
            f"{readable(redirect_uri)!r} is no address that a browser can be sent back to.",
            todo="Give one like https://press.example/callback, without a part after #.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a channel stands once an account is connected."""

    findings: tuple[Finding, ...]
    posts: int | None = None
    """How many posts go on, if the channel was paused and goes on now."""
    paused: str = ""
    """Why it is paused still."""

    @property
    def is_well(self) -> bool:
        return not self.paused and all(finding.ok for finding in self.findings)


def go_on(desk: Desk, channel: str) -> Standing:
    """Look whether the account is good, and end the channel's pause if it was for the account.

    A channel that waits for credit, or whose check finds something wrong, stays paused.
    """
    publisher = desk.publisher(channel)
    try:
        findings = tuple(publisher.check())
    except Exception as error:  # noqa: BLE001 - whatever a plugin's check raises is a finding; the tokens are stored
        problem = problem_of(error)
        findings = (Finding(ok=False, what=problem.what, todo=problem.todo),)
    why = desk.state(channel).paused
    if not why:
        return Standing(findings=findings)
    if not all(finding.ok for finding in findings) or _waits_for_credit(desk, channel):
        return Standing(findings=findings, paused=why)
    return Standing(findings=findings, posts=desk.resume(channel))


def _waits_for_credit(desk: Desk, channel: str) -> bool:
    held = (one.problem for one in desk.held() if one.channel == channel and one.problem)
    return any(problem.kind == _OUT_OF_CREDIT for problem in held)


def settings_to_write(publisher: Publisher, connected: Connected) -> list[str]:
    """Return the lines that should now stand in pressroom.toml and do not; none if the account needs none."""
    import json

    channel = publisher.channel
    new = {k: v for k, v in connected.settings.items() if v and getattr(channel.settings, k, "") != v}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in new.items()]
    return [f"[channels.{channel.name}]", *lines] if lines else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an attempt came to, for whoever shows it."""

    channel: str
    title: str
    """The network's name."""
    connected: Connected
    standing: Standing
    lines: tuple[str, ...] = ()
    """What should now stand in pressroom.toml."""

    @property
    def headline(self) -> str:
        return f"Connected as {self.connected.account}." if self.connected.account else f"Connected to {self.title}."


def arrive(desk: Desk, begun: Begun, query: Mapping[str, str]) -> Outcome:
    """Finish an attempt, and let the channel go on. Raises what `finish` raises."""
    publisher = desk.publisher(begun.channel)
    connected = finish(publisher, begun, query)
    return Outcome(
        channel=begun.channel,
        title=publisher.title,
        connected=connected,
        standing=go_on(desk, begun.channel),
        lines=tuple(settings_to_write(publisher, connected)),
    )
