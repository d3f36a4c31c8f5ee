"""Checks Signature Version 4 in a request's headers, as AWS's services do; with the library's own computation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.fakes.messages import Request

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)"
)


@dataclass(frozen=True)
class Keys:
    key_id: str = "AKIDTESTOFPRESSROOM"
    secret: str = "secret-key-of-a-test"


def mistake_in(request: Request, service: str, keys: Keys) -> str:
    """Return the code of what is wrong with a request's signature; empty if it is right."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    found = _HEADER.fullmatch(request.headers.get("authorization", ""))
    if found is None or found[3] != service:
        return "MissingAuthenticationTokenException"
    if found[1] != keys.key_id:
        return "UnrecognizedClientException"
    headers = {name: request.headers[name] for name in found[4].split(";")}
    query = f"?{request.query_string}" if request.query_string else ""
    url = f"http://{request.headers['host']}{request.path}{query}"
    again = AWSRequest(request.method, url, headers=headers, data=request.body)
    again.context["timestamp"] = request.headers["x-amz-date"]
    auth = SigV4Auth(Credentials(keys.key_id, keys.secret), service, found[2])
    right = auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)
    return "" if right == found[5] else "InvalidSignatureException"
