"""Who asks the fake LinkedIn: the version headers, bearer tokens with scopes, and the renewal of tokens."""

from __future__ import annotations

from tests.fakes.linkedin_problems import denied, not_active, refused, token_refused, unauthorized
from tests.fakes.linkedin_state import Member, State, Token
from tests.fakes.messages import Answer, Request, json_answer, parse_form


def check_version(request: Request, active: tuple[str, ...]) -> None:
    version = request.headers.get("linkedin-version")
    if not version:
        raise refused(
            400,
            "VERSION_MISSING",
            "A version must be present. Please specify a version by adding the LinkedIn-Version header.",
        )
    if version not in active:
        raise not_active(version)
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        raise refused(400, "ILLEGAL_ARGUMENT", "X-RestLi-Protocol-Version 2.0.0 is required")


def identify(request: Request, state: State, now: float) -> tuple[Member, Token]:
    """The member behind the bearer token; 401 for one that is unknown, over or revoked."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = next((token for token in state.access_tokens if token.text == text), None)
    if scheme != "Bearer" or token is None:
        raise unauthorized("INVALID_ACCESS_TOKEN", "Invalid access token")
    if token.expires_at <= now:
        raise unauthorized("EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
    member = state.member_of(token)
    if member.is_revoked:
        raise unauthorized("REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user")
    return member, token


def check_author(author: object, member: Member, token: Token, what: str) -> str:
    """The author if the member may write in its name with this token."""
    scope = "w_member_social" if author == member.urn else "w_organization_social"
    if author not in (member.urn, *member.organizations) or scope not in token.scopes:
        raise denied(what)
    return str(author)


def check_reader(author: str, member: Member, token: Token, scope: str, what: str) -> None:
    """Posts of members are shown to nobody: `r_member_social` is closed."""
    if author not in member.organizations or scope not in token.scopes:
        raise denied(what)


def renew(request: Request, state: State, now: float) -> Answer:
    """`POST /oauth/v2/accessToken`: a refresh token lives for a year and stays the same."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise token_refused("invalid_request", "A form is expected.")
    form = parse_form(request)
    if form.get("grant_type") != "refresh_token":
        raise token_refused("invalid_request", "Only grant_type=refresh_token is known here.")
    text = form.get("refresh_token")
    token = next((token for token in state.refresh_tokens if token.text == text and token.expires_at > now), None)
    member = state.member_of(token) if token else None
    if token is None or member is None or member.is_revoked:
        said = "The provided authorization grant or refresh token is invalid, expired or revoked."
        raise token_refused("invalid_request", said)
    if (form.get("client_id"), form.get("client_secret")) != (member.client_id, member.client_secret):
        raise token_refused("invalid_client", "Client authentication failed", 401)
    access, spare = state.issue(member, token.scopes, now)
    state.refresh_tokens.remove(spare)
    document = {
        "access_token": access.text,
        "expires_in": int(access.expires_at - now),
        "refresh_token": token.text,
        "refresh_token_expires_in": int(token.expires_at - now),
        "scope": ",".join(token.scopes),
    }
    return json_answer(200, document)
