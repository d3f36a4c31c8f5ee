"""The settings of a channel on any REST API. What one model cannot see for itself is checked in `_rest_mistakes`."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from pressroom.publishers._rest_hook import Hook
from pressroom.publishers._rest_limits import ImageLimits, Table, TextLimits
from pressroom.publishers.base import ChannelSettings

SUCCESS = (200, 201, 202, 204)


class Auth(Table):
    """How requests are signed in to the service. Secrets stand under the channel's section, never here."""

    kind: Literal[
        "none",
        "bearer",
        "basic",
        "api_key_header",
        "api_key_query",
        "oauth2_client_credentials",
        "oauth2_refresh",
        "jwt_hs256",
        "hmac_sha256",
    ] = "none"
    """Which way; each has its own secrets: see the table of ways to sign in."""
    header: str = ""
    """The header that the credentials go into; empty for the usual one of the kind."""
    prefix: str | None = None
    """What stands before the credentials in the header; by default Bearer for tokens, nothing for keys."""
    parameter: str = "api_key"
    """The parameter of the address that a key goes into (api_key_query)."""
    token_url: str = ""
    """Where tokens are given (oauth2_…): a whole address, or a path below base_url."""
    authorize_url: str = ""
    """Where an account is connected in a browser (oauth2_refresh), for `pressroom channels connect`."""
    scopes: tuple[str, ...] = ()
    """What the token is asked for (oauth2_…)."""
    parameters: dict[str, str] = Field(default_factory=dict)
    """Further fields of the request for a token (oauth2_…): audience, resource."""
    client_in: Literal["header", "form"] = "header"
    """Whether client id and secret go as Basic authentication or as fields of the form (oauth2_…)."""
    audience: str = ""
    """The claim `aud` (jwt_hs256)."""
    issuer: str = ""
    """The claim `iss` (jwt_hs256)."""
    key_id: str = ""
    """The header `kid` (jwt_hs256); by default the part of api_key before its colon."""
    key_is: Literal["hex", "text", "base64"] | None = None
    """How the part of api_key that signs is written: hex, text or base64; by default hex for jwt_hs256, else text."""
    lifetime_seconds: int = Field(300, ge=10, le=3600)
    """How long a token that is made here is good (jwt_hs256)."""


class Success(Table):
    """When a reply is a success. Whatever is neither that nor a refusal is looked into, never sent again."""

    statuses: tuple[int, ...] = SUCCESS
    """The statuses that a success may have."""
    exists: tuple[str, ...] = ()
    """JSON paths that must lead to something; a reply without it is no clear answer."""
    equals: dict[str, Any] = Field(default_factory=dict)
    """JSON paths with what must stand there, { "$.ok" = true }; a reply with something else is a refusal."""


class Outcome(Table):
    """What a reply means that would mean something else everywhere: the first rule that fits counts."""

    status: int = 0
    """The status of the reply; 0 for any."""
    equals: dict[str, Any] = Field(default_factory=dict)
    """JSON paths with what must stand there for the rule to fit."""
    exists: tuple[str, ...] = ()
    """JSON paths that must lead to something for the rule to fit."""
    means: Literal[
        "published", "rejected", "disconnected", "out_of_credit", "rate_limited", "unavailable", "unknown"
    ] = "rejected"
    """published: it is there already, and the reply says its id; unavailable: surely not there, try again;
    unknown: it may be there."""
    id: str = ""
    """Where the id stands (published); by default as in the channel's `id`."""
    url: str = ""
    """Where the address stands (published); by default as in the channel's `url`."""


class Errors(Table):
    """Where a reply says why it is no success."""

    message: str = ""
    """A JSON path or a header; empty to look where most services say it."""


class Request(Table):
    """One request. Every text of it is a template."""

    name: str = Field("", pattern=r"^[a-z0-9_]*$", examples=["post_id"])
    """What it is called in errors: small letters, digits, underscores."""
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] = "POST"
    """What is done."""
    path: str = "/"
    """Below base_url. What is inserted is escaped, unless the whole of it is one value: then that may be an address."""
    query: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the address; a list is repeated, null and omit are left out."""
    headers: dict[str, Any] = Field(default_factory=dict)
    """Headers, beside the channel's own."""
    as_json: Any = Field(None, alias="json")
    """A body of JSON: a table or a list, nested as you like."""
    form: dict[str, Any] | None = None
    """A body of form fields; a list is repeated, null and omit are left out."""
    multipart: dict[str, Any] | None = None
    """A body of fields and files; a file is { file = "picture" } or { file = "media" }."""
    raw: Literal["", "picture"] = ""
    """"picture": the body is the picture's bytes."""
    text: str | None = None
    """A body of text."""
    success: Success = Success()
    """When its reply is a success."""


class Step(Request):
    """One request on the way to a post; the last one makes it public, those before prepare it."""

    public: bool | None = None
    """Whether it makes the post public; only the last one can, and does so unless said otherwise."""
    for_each: Literal["", "media"] = ""
    """"media": it is made once for each picture."""
    when: str = ""
    """A template; where it comes to nothing, false or an empty text the request is not made."""
    take: dict[str, str] = Field(default_factory=dict)
    """What later requests need of the reply: a JSON path, header:NAME, body, or a template."""
    good_for_seconds: float = Field(0, ge=0)
    """How long what it came to can be used by a later try; 0 for as long as need be."""


class Verify(Request):
    """Looks whether a post is there, after an attempt without a clear answer."""

    method: Literal["GET", "POST", "HEAD"] = "GET"
    """What is done; it must change nothing at the service."""
    found: str = ""
    """A JSON path that leads to something if the post is there; empty if the status alone says so."""
    absent: tuple[int, ...] = (404, 410)
    """The statuses that say that the post is not there."""
    id: str = ""
    """Where the post's id stands in this reply; by default as in the channel's `id`."""
    url: str = ""
    """Where the post's address stands in this reply; by default as in the channel's `url`."""


class Check(Request):
    """Shows without posting that the credentials are good: a request that changes nothing."""

    method: Literal["GET", "HEAD"] = "GET"
    """What is done."""


class RestSettings(ChannelSettings):
    """A channel on any REST API, by configuration alone."""

    base_url: str = ""
    """Where the API is: https://blog.example.com/wp-json. Paths of requests go below it."""
    service: str = ""
    """What the service is called in errors and previews; by default the host of base_url."""
    auth: Auth = Auth()
    """How requests are signed in to the service."""
    headers: dict[str, Any] = Field(default_factory=dict)
    """Headers of every request, each a template."""
    requests: tuple[Step, ...] = ()
    """The requests of one post, in their order; write each as [[channels.NAME.requests]]."""
    id: str = "$.id"
    """Where the reply to the public request says the post's id: a JSON path, header:NAME, body, or a template."""
    url: str = ""
    """Where it says the post's address, or a template that makes it of `id`; empty if there is none."""
    errors: Errors = Errors()
    """Where a reply says why it is no success."""
    outcomes: tuple[Outcome, ...] = ()
    """What replies of this service mean that would mean something else everywhere: [[channels.NAME.outcomes]]."""
    idempotency_header: str = ""
    """The header of the public request that bears our key, such as Idempotency-Key."""
    idempotent: bool = False
    """Whether the service takes the public request with the same key for the same post, however often it comes."""
    idempotent_for_seconds: float = Field(86_400, gt=0)
    """How long the service remembers the key; after that Pressroom looks, or asks a person."""
    verify: Verify | None = None
    """How to look whether a post is there: [channels.NAME.verify]. Without it a person is asked."""
    check_with: Check | None = None
    """How to see that the credentials are good: [channels.NAME.check_with]."""
    webhook: Hook | None = None
    """What the service tells about posts by webhook: [channels.NAME.webhook]."""
    text: TextLimits = TextLimits()
    """What the service takes of words."""
    images: ImageLimits = ImageLimits()
    """What the service takes of pictures."""
    send_credentials_to: tuple[str, ...] = ()
    """Hosts beside that of base_url, as "host" or "host:port", which requests to may bear the credentials."""
    rate_limit_headers: tuple[str, ...] = ()
    """Headers that say when a rate limit ends, beside Retry-After: ["x-ratelimit-reset"]."""

    @property
    def service_name(self) -> str:
        return self.service or urlsplit(self.base_url).hostname or "The service"
