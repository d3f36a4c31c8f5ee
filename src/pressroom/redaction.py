"""Takes secrets out of text before anybody sees it: those that are known, and what looks like one. Pure."""

from __future__ import annotations

import base64
import html
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus

REDACTED = "•••"

_SHORT = 6
"""A secret shorter than this is only taken out where it stands alone, not out of the middle of words."""
_LEAST_OF_BASE64 = 8
"""Characters of base64 that must be certain, so that no ordinary text is taken for an encoded secret."""
_LEAST_OF_A_LINE = 16
"""Of a secret of several lines, such as a private key, each line of this length is a secret itself."""

_NAMES = (
    r"(?:(?:access|refresh|id|auth|bearer|session|security|oauth|app|page|user)[_-]?token"
    r"|(?:client|consumer|app|api|webhook|signing|token|shared)[_-]?secret"
    r"|(?:api|secret|private|signing|consumer|subscription)[_-]?key"
    r"|password|passwd|passphrase|signature|x-amz-credential|code_verifier|client_assertion"
    r"|\b(?:token|secret|pwd|authorization|proxy-authorization|set-cookie|cookie))"
)
_ORDINARY = r"(?!(?:none|null|true|false|undefined)\b|•)"
# In prose a word may well follow "token:"; a credential has a digit somewhere, and some length.
_CREDENTIAL_LIKE = r"(?=[^\s,;\"'<>]{0,200}\d)[^\s,;\"'<>&]{8,}"

_LOOKS: tuple[tuple[str, str], ...] = (
    # -----BEGIN PRIVATE KEY----- …
    (
        r"(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)(?!•).*?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|\Z)",
        rf"\1{REDACTED}",
    ),
    # https://user:password@host
    (r"(\b[a-z][a-z0-9+.-]{1,20}://)(?!•)[^\s/@\"'<>?#]{1,500}@", rf"\1{REDACTED}@"),
    # Authorization: OAuth oauth_token="…", oauth_signature="…"
    (r"(\bauthorization\s*[:=]\s*)(?:bearer|basic|oauth|digest|token|dpop|aws4\S*)\s[^\r\n]+", rf"\1{REDACTED}"),
    # "access_token": "…", and the same inside a string of JSON
    (rf"({_NAMES}[\"']\s*[:,=]\s*b?([\"'])){_ORDINARY}(?:\\.|(?!\2)[^\\])+", rf"\1{REDACTED}"),
    (rf"({_NAMES}\\+[\"']\s*[:,=]\s*\\+[\"']){_ORDINARY}(?:(?!\\+[\"']).)+", rf"\1{REDACTED}"),
    # access_token=…
    (rf"({_NAMES}=[\"']?){_ORDINARY}[^\s\"'&;,<>)]+", rf"\1{REDACTED}"),
    # x-api-key: …
    (rf"({_NAMES}[\"']?:\s*[\"']?){_ORDINARY}{_CREDENTIAL_LIKE}", rf"\1{REDACTED}"),
    (r"(\b(?:bearer|dpop)\s+)(?!(?:auth\w*|tokens?|scheme|header|credentials?)\b|•)[\w.~+/=*-]{6,}", rf"\1{REDACTED}"),
    (r"(\bbasic\s+)(?=[a-z0-9+/]{0,200}(?:[0-9=+/]|(?-i:[a-z][A-Z])))[a-z0-9+/_-]{8,}=*", rf"\1{REDACTED}"),
    # JSON Web Tokens, and the beginnings that services give their keys
    (r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*", REDACTED),
    (r"\bsk-[\w*-]{6,}", f"sk-{REDACTED}"),
    (r"\b(gh[opusr]_|github_pat_|xox[abeoprs]-|ya29\.|AIza|EAA)[\w.-]{16,}", rf"\1{REDACTED}"),
    (r"\b(AKIA|ASIA)[A-Z0-9]{16}\b", rf"\1{REDACTED}"),
    # Keys of our own HTTP API: what stands before the last part names the key and opens nothing
    (r"\b(pr_[0-9a-f]{12}_)[0-9a-f]{64}\b", rf"\1{REDACTED}"),
)


def redact(text: str, secrets: Iterable[str]) -> str:
    """Replace every known secret, in whatever form it may stand in the text, and what looks like a credential."""
    return redactor(secrets)(text)


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return `redact` for these secrets, made ready for many texts. It holds the secrets; never store it."""
    forms = {form for secret in secrets if secret for part in _parts(secret) for form in _forms(part)}
    # The longest first, so that a secret that begins like another one leaves no rest behind.
    patterns = [_pattern(form) for form in sorted(forms, key=len, reverse=True)]
    known = re.compile("|".join(patterns)) if patterns else None
    looks = [(re.compile(look, re.IGNORECASE | re.DOTALL), shown) for look, shown in _LOOKS]

    def take_out(text: str) -> str:
        if known is not None:
            text = known.sub(REDACTED, text)
        for look, shown in looks:
            text = look.sub(shown, text)
        return text

    return take_out


def _parts(secret: str) -> Iterator[str]:
    yield secret
    if len(lines := secret.splitlines()) > 1:
        yield from (line for line in map(str.strip, lines) if len(line) >= _LEAST_OF_A_LINE)
    if (bare := secret.strip()) and bare != secret:
        yield bare


def _forms(secret: str) -> Iterator[str]:
    yield secret
    for encode in (quote, quote_plus):
        for safe in ("", "/", "~"):
            encoded = encode(secret, safe=safe, errors="surrogatepass")
            yield from (encoded, re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), encoded))
            # OAuth 1.0a signs what is encoded twice.
            yield quote(encoded, safe="")
    for to_ascii in (True, False):
        escaped = json.dumps(secret, ensure_ascii=to_ascii)[1:-1]
        yield from (escaped, escaped.replace("/", r"\/"), json.dumps(escaped, ensure_ascii=to_ascii)[1:-1])
    yield repr(secret)[1:-1]
    data = secret.encode(errors="surrogatepass")
    yield repr(data)[2:-1]
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    yield from (data.hex(), data.hex().upper())
    yield from _base64_forms(data)


def _base64_forms(data: bytes) -> Iterator[str]:
    """What the secret looks like inside base64, wherever it begins: `user:secret` in Basic auth is one case.

    Each character holds six bits; those that share bits with what stands before or after are left away.
    """
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).rstrip(b"=").decode()
        certain = encoded[math.ceil(before * 8 / 6) : (before + len(data)) * 8 // 6]
        if len(certain) >= _LEAST_OF_BASE64:
            yield from (certain, certain.replace("+", "-").replace("/", "_"), certain.replace("+", "%2B"))


def _pattern(form: str) -> str:
    if len(form) >= _SHORT:
        return re.escape(form)
    return rf"(?<!\w){re.escape(form)}(?!\w)"
