"""S3 as strict as it is: signatures, their end, signed headers and `If-None-Match` are checked; then moto stores it.

moto answers 200 to a URL that is forged, altered or over, and to two conditional writes at the same moment.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from tests.fakes.messages import Answer, Refused, Request
from tests.fakes.server import FakeServer

LONGEST_SECONDS = 604_800
SKEW_SECONDS = 900
_SCOPE = re.compile(r"([^/]+)/(\d{8})/([^/]+)/s3/aws4_request")
_HEADER = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=(\w+)")
_HOP_BY_HOP = {"connection", "transfer-encoding", "date", "server", "keep-alive"}


class StrictS3(FakeServer):
    def __init__(self, moto: str, *, key: str = "test", secret: str = "test", region: str, port: int = 0) -> None:
        super().__init__(port=port)
        self._moto = urlsplit(moto)
        self._key, self._secret, self._region = key, secret, region
        self.time: Callable[[], datetime] = lambda: datetime.now(UTC)
        """What signatures in URLs are judged by; a test sets its manual clock."""
        self.allows_listing = True
        """Without `s3:ListBucket`, S3 does not tell what is absent from what is forbidden."""

    def answer(self, request: Request) -> Answer:
        if "X-Amz-Signature" in request.query:
            self._check_url(request)
        else:
            self._check_headers(request)
        if request.method == "PUT" and "content-length" not in request.headers:
            raise _refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
        condition = request.headers.get("if-none-match")
        if request.method == "PUT" and condition is not None:
            if condition != "*":
                raise _refused(501, "NotImplemented", "A header you provided implies what is not implemented")
            if self._hand_on("HEAD", request.path, {}, b"").status == 200:
                raise _refused(
                    412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
                )
        query = f"?{request.query_string}" if request.query_string else ""
        answer = self._hand_on(request.method, request.path + query, dict(request.headers), request.body)
        if answer.status == 404 and not self.allows_listing:
            raise _refused(403, "AccessDenied", "Access Denied")
        return answer

    def _hand_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        # Signed for another host, and checked already.
        kept = {name: value for name, value in headers.items() if name not in ("host", "connection", "if-none-match")}
        kept.setdefault(
            "authorization", f"AWS4-HMAC-SHA256 Credential={self._key}/20260101/{self._region}/s3/aws4_request"
        )
        connection = http.client.HTTPConnection(str(self._moto.hostname), self._moto.port, timeout=30)
        try:
            connection.request(method, path, body or None, kept)
            got = connection.getresponse()
            data = got.read()
            told = {name.lower(): value for name, value in got.getheaders() if name.lower() not in _HOP_BY_HOP}
            return Answer(got.status, data, told)
        finally:
            connection.close()

    def _check_url(self, request: Request) -> None:
        query = request.query
        if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256":
            raise _refused(400, "AuthorizationQueryParametersError", "X-Amz-Algorithm only supports AWS4-HMAC-SHA256")
        signed_at = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        seconds = int(query["X-Amz-Expires"])
        if not 0 < seconds <= LONGEST_SECONDS:
            raise _refused(400, "AuthorizationQueryParametersError", "X-Amz-Expires must be less than a week")
        age = (self.time() - signed_at).total_seconds()
        if age < -SKEW_SECONDS:
            raise _refused(403, "AccessDenied", "Request is not yet valid")
        if age >= seconds:
            raise _refused(403, "AccessDenied", "Request has expired")
        names = query["X-Amz-SignedHeaders"]
        self._check(request, query["X-Amz-Credential"], names, query["X-Amz-Signature"], query["X-Amz-Date"], True)

    def _check_headers(self, request: Request) -> None:
        found = _HEADER.fullmatch(request.headers.get("authorization", ""))
        if found is None:
            raise _refused(403, "AccessDenied", "Access Denied")
        self._check(request, found[1], found[2], found[3], request.headers["x-amz-date"], False)

    def _check(
        self, request: Request, credential: str, names: str, signature: str, stamp: str, is_in_url: bool
    ) -> None:
        scope = _SCOPE.fullmatch(credential)
        if scope is None or scope[2] != stamp[:8] or scope[3] != self._region:
            raise _refused(400, "AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter")
        if scope[1] != self._key:
            raise _refused(
                403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
            )
        listed = names.split(";")
        # What S3 wants signed if it is there at all: the host, and every header of its own.
        must = {"host"} | {name for name in request.headers if name.startswith("x-amz-")}
        if not must <= set(listed) or "host" not in listed:
            raise _refused(403, "AccessDenied", "There were headers present in the request which were not signed")
        if self._signature(request, listed, stamp, is_in_url) != signature:
            what = "The request signature we calculated does not match the signature you provided."
            raise _refused(403, "SignatureDoesNotMatch", what)

    def _signature(self, request: Request, listed: list[str], stamp: str, is_in_url: bool) -> str:
        from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        query = "&".join(one for one in request.query_string.split("&") if not one.startswith("X-Amz-Signature="))
        url = f"http://{request.headers['host']}{request.path}" + (f"?{query}" if query else "")
        headers = {name: request.headers.get(name, "") for name in listed}
        again = AWSRequest(request.method, url, headers=headers, data=request.body)
        again.context["timestamp"] = stamp
        kind = S3SigV4QueryAuth if is_in_url else S3SigV4Auth
        auth = kind(Credentials(self._key, self._secret), "s3", self._region)
        return str(auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again))


def _refused(status: int, code: str, message: str) -> Refused:
    body = (
        f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    )
    return Refused(Answer(status, body.encode(), {"content-type": "application/xml"}))


def error_code(body: bytes) -> str:
    """Return the code of an answer that says no."""
    found = re.search(rb"<Code>(\w+)</Code>", body)
    return unquote(found[1].decode()) if found else ""
