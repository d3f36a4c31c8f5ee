"""Amazon SES v2 as a strict local server: raw mails, verified identities, the sandbox, quotas, configuration sets.

Written from https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html and the guide's page on errors.
"""

from __future__ import annotations

import base64
import email
import itertools
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote

from tests.fakes.aws_signatures import Keys, mistake_in
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer

MOST_RECIPIENTS, MOST_BYTES = 50, 40 * 1024 * 1024
_KNOWN = {"FromEmailAddress", "Destination", "Content", "ConfigurationSetName", "EmailTags", "ReplyToAddresses"}


@dataclass(frozen=True)
class SentMail:
    message_id: str
    raw: bytes
    to: tuple[str, ...]
    bcc: tuple[str, ...]
    configuration_set: str

    @property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=SMTP)
        assert isinstance(message, EmailMessage)
        return message


class FakeSes(FakeServer):
    def __init__(self, *, port: int = 0, is_in_sandbox: bool = False) -> None:
        super().__init__(port=port)
        self.keys = Keys()
        self.mails: list[SentMail] = []
        self.verified = {"example.com", "ann@example.com", "bob@example.com"}
        self.configuration_sets = {"press"}
        self.is_in_sandbox, self.is_sending = is_in_sandbox, True
        self.quota = 50_000
        self._ids = itertools.count(1)

    def answer(self, request: Request) -> Answer:
        if mistake := mistake_in(request, "ses", self.keys):
            raise _failure(403, mistake, "The security token included in the request is invalid.")
        match request.method, request.path.removeprefix("/v2/email/").split("/"):
            case "POST", ["outbound-emails"]:
                return self._send(request.json())
            case "GET", ["account"]:
                quota = {"Max24HourSend": self.quota, "MaxSendRate": 14, "SentLast24Hours": len(self.mails)}
                told = {"SendingEnabled": self.is_sending, "ProductionAccessEnabled": not self.is_in_sandbox}
                return json_answer(200, told | {"SendQuota": quota})
            case "GET", ["identities", name] if unquote(name) in self.verified:
                return json_answer(200, {"VerifiedForSendingStatus": True, "IdentityType": "DOMAIN"})
            case "GET", ["configuration-sets", name] if unquote(name) in self.configuration_sets:
                return json_answer(200, {"ConfigurationSetName": unquote(name)})
        raise _failure(404, "NotFoundException", "The resource you attempted to access does not exist.")

    def holdings(self) -> dict[str, Any]:
        mails = [{"message_id": mail.message_id, "text": mail.raw.decode("latin-1")} for mail in self.mails]
        return {"mails": mails, "keys": {"key_id": self.keys.key_id, "secret": self.keys.secret}}

    def refusal(self, fault: Fault, request: Request) -> Answer:
        match fault:
            case Fault.RATE_LIMITED:
                return _failure(429, "TooManyRequestsException", "Daily message quota exceeded.").answer
            case Fault.RATE_LIMITED_BARE:
                return _failure(429, "TooManyRequestsException", "Maximum sending rate exceeded.").answer
            case Fault.TOKEN_EXPIRED | Fault.TOKEN_REVOKED:
                return _failure(403, "ExpiredTokenException", "The security token included is expired").answer
            case Fault.OUT_OF_CREDIT:
                return _failure(400, "AccountSuspendedException", "Your account is permanently restricted").answer
            case Fault.TOO_LARGE:
                return _failure(400, "BadRequestException", "Message length is more than 41943040 bytes long").answer
            case Fault.BAD_REQUEST | Fault.DUPLICATE:
                return _failure(400, "MessageRejected", "Transaction failed: Expected ';', got \"x\"").answer
            case _:
                return _failure(fault.status, "InternalServiceErrorException", "").answer

    def _send(self, given: dict[str, Any]) -> Answer:
        if given.keys() - _KNOWN or set(given["Content"]) != {"Raw"} or set(given["Content"]["Raw"]) != {"Data"}:
            raise _failure(400, "BadRequestException", "Unknown parameter in input")
        raw = base64.b64decode(given["Content"]["Raw"]["Data"], validate=True)
        if len(given["Content"]["Raw"]["Data"]) > MOST_BYTES:
            raise _failure(400, "BadRequestException", f"Message length is more than {MOST_BYTES} bytes long")
        used = given.get("ConfigurationSetName", "")
        if used and used not in self.configuration_sets:
            raise _failure(404, "NotFoundException", f"Configuration set <{used}> does not exist.")
        if not self.is_sending:
            raise _failure(400, "SendingPausedException", "Email sending is disabled for the account.")
        to, bcc = (tuple(given["Destination"].get(name, ())) for name in ("ToAddresses", "BccAddresses"))
        if not 0 < len(to + bcc) <= MOST_RECIPIENTS:
            raise _failure(400, "BadRequestException", "Recipient count exceeds 50.")
        mail = SentMail(f"0107{next(self._ids):012x}-000000", raw, to, bcc, used)
        self._refuse_unverified(parseaddr(str(mail.message["From"]))[1], to + bcc)
        if len(self.mails) >= self.quota:
            raise _failure(429, "TooManyRequestsException", "Daily message quota exceeded.")
        self.mails.append(mail)
        return json_answer(200, {"MessageId": mail.message_id})

    def _refuse_unverified(self, sender: str, recipients: tuple[str, ...]) -> None:
        asked = [sender, *(recipients if self.is_in_sandbox else ())]
        failed = [one for one in asked if not {one, one.rpartition("@")[2]} & self.verified]
        if failed:
            what = "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: "
            raise _failure(400, "MessageRejected", what + ", ".join(failed))


def _failure(status: int, code: str, message: str) -> Refused:
    return Refused(json_answer(status, {"message": message}, {"x-amzn-errortype": code}))


def main() -> None:
    options = argument_parser("ses").parse_args()
    serve(FakeSes(port=options.port), options)


if __name__ == "__main__":
    main()
