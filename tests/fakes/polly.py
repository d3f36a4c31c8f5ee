"""Amazon Polly as a strict local server: `POST /v1/speech` and `GET /v1/voices`, signed with Signature Version 4."""

from __future__ import annotations

import json
import math
import re
import struct
from typing import Any
from xml.etree import ElementTree

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer

KEY_ID, SECRET_KEY = "AKIDTESTOFPRESSROOM", "secret-key-of-a-test"
REGION = "eu-central-1"
VOICES = {"Amy": ("neural", "standard", "generative"), "Vicki": ("neural",), "Carla": ("standard",)}
LONGEST_BILLED = 3000
RATE = 16_000
CHARACTERS_A_SECOND = 15
_KNOWN = {"Engine", "LanguageCode", "LexiconNames", "OutputFormat", "SampleRate", "SpeechMarkTypes", "Text"}
_KNOWN |= {"TextType", "VoiceId"}


class FakePolly(FakeServer):
    """Hums what it is given, and counts the characters that are billed."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.billed_characters = 0

    def answer(self, request: Request) -> Answer:
        _check_signature(request)
        match request.method, request.path:
            case "GET", "/v1/voices":
                engine = request.query.get("Engine", "")
                voices = [{"Id": name} for name, engines in VOICES.items() if not engine or engine in engines]
                return json_answer(200, {"Voices": voices})
            case "POST", "/v1/speech":
                return self._speech(request.json())
        raise _failure(404, "UnknownOperationException", "")

    def refusal(self, fault: Fault, request: Request) -> Answer:
        match fault:
            case Fault.RATE_LIMITED | Fault.RATE_LIMITED_BARE:
                return _failure(400, "ThrottlingException", "Rate exceeded").answer
            case Fault.TOKEN_EXPIRED | Fault.TOKEN_REVOKED:
                return _failure(403, "ExpiredTokenException", "The security token is expired").answer
            case Fault.BAD_REQUEST:
                return _failure(400, "EngineNotSupportedException", "This voice does not support it").answer
            case _:
                return _failure(fault.status, "ServiceFailureException", "").answer

    def _speech(self, given: dict[str, Any]) -> Answer:
        if unknown := given.keys() - _KNOWN:
            raise _failure(400, "ValidationException", f"unknown {unknown}")
        words, speed = _words(given)
        if len(words) > LONGEST_BILLED:
            raise _failure(400, "TextLengthExceededException", "Maximum text length has been exceeded")
        engine = given.get("Engine", "standard")
        if engine not in VOICES.get(given["VoiceId"], ()):
            raise _failure(400, "ValidationException", f"{given['VoiceId']} does not support the engine {engine}")
        self.billed_characters += len(words)
        if given["OutputFormat"] == "json":
            return Answer(200, _marks(words, given.get("SpeechMarkTypes", [])), {"content-type": "application/json"})
        if given["OutputFormat"] != "pcm" or given.get("SampleRate") not in ("8000", "16000"):
            raise _failure(400, "InvalidSampleRateException", "The specified sample rate is not valid.")
        count = round(len(words) / CHARACTERS_A_SECOND / speed * RATE)
        second = struct.pack(
            f"<{RATE}h", *(round(9000 * math.sin(2 * math.pi * 220 * at / RATE)) for at in range(RATE))
        )
        return Answer(200, (second * (count // RATE + 1))[: 2 * count], {"content-type": "audio/pcm"})


def _words(given: dict[str, Any]) -> tuple[str, float]:
    """The words that are billed, which are those without the tags, and how fast they are to be spoken."""
    if given.get("TextType", "text") == "text":
        return given["Text"], 1.0
    try:
        root = ElementTree.fromstring(given["Text"])
    except ElementTree.ParseError:
        raise _failure(400, "InvalidSsmlException", "Invalid SSML request") from None
    [prosody] = root
    return "".join(root.itertext()), int(prosody.attrib["rate"].rstrip("%")) / 100


def _marks(words: str, kinds: list[str]) -> bytes:
    if kinds != ["sentence"]:
        raise _failure(400, "MarksNotSupportedForFormatException", "Speech marks are not supported for it")
    lines = [
        {"time": round(found.start() / CHARACTERS_A_SECOND * 1000), "type": "sentence", "value": found.group().strip()}
        for found in re.finditer(r"[^.!?]+[.!?]+", words)
    ]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def _check_signature(request: Request) -> None:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    given = request.headers.get("authorization", "")
    found = re.match(r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/polly/aws4_request, SignedHeaders=", given)
    if found is None:
        raise _failure(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    if found.group(1) != KEY_ID:
        raise _failure(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
    signed = re.search(r"SignedHeaders=([^,]+), Signature=(\w+)", given)
    assert signed is not None
    headers = {name: request.headers[name] for name in signed.group(1).split(";")}
    query = f"?{request.query_string}" if request.query_string else ""
    url = f"http://{request.headers['host']}{request.path}{query}"
    again = AWSRequest(request.method, url, headers=headers, data=request.body)
    again.context["timestamp"] = request.headers["x-amz-date"]
    auth = SigV4Auth(Credentials(KEY_ID, SECRET_KEY), "polly", found.group(2))
    if auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again) != signed.group(2):
        raise _failure(403, "InvalidSignatureException", "The request signature we calculated does not match")


def _failure(status: int, code: str, message: str) -> Refused:
    return Refused(json_answer(status, {"message": message}, {"x-amzn-errortype": code}))
