"""Mail through Amazon SES. It knows no key of ours and shows nobody what it sent on: what is unclear is held."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pressroom.errors import AccountDisconnected, ConfigurationError, PostRejected, PressroomError
from pressroom.publications import Post, Receipt
from pressroom.publishers import _mail_addresses
from pressroom.publishers._mail_publisher import A_LETTER, IMAGE_RULES, TEXT_RULES, MailPublisher
from pressroom.publishers._mail_settings import MailSettings
from pressroom.publishers._ses_client import NoCredentials, NotSent, Refused, SesClient, Unclear
from pressroom.publishers._ses_outcomes import About, Failed, outcome
from pressroom.publishers.base import Channel, Finding, Keep, ReadMedia

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html, 2026-11-21: 50 recipients; 40 MB, in base64 as it is sent
MOST_RECIPIENTS = 50
MOST_BYTES = 40 * 1024 * 1024
_FAILURES = (Refused, NotSent, Unclear, NoCredentials)
_OF_THE_FIRST_REGION = {"us-east-1": "email"}
"""What the ids of its mails end with where another region has its name."""


class SesSettings(MailSettings):
    region: str = ""
    """Such as eu-central-1; empty for the machine's own setting."""
    configuration_set: str = Field("", pattern=r"^[A-Za-z0-9_-]{0,64}$", examples=["press-events"])
    """What counts and keeps the events of mails in SES; empty for none."""
    max_mail_bytes: int = Field(20_000_000, gt=0, le=MOST_BYTES * 3 // 4)
    """Of a whole mail; SES takes 40 MB of it in base64."""


class Ses(MailPublisher):
    Settings = SesSettings
    settings: SesSettings
    title = "E-mail (Amazon SES)"
    # A mail has no limit on its words; this one keeps a mistake from being sent.
    text_rules = TEXT_RULES
    # What every mail program shows; a mail as a whole is limited by `max_mail_bytes`: 40 MB in base64,
    # https://docs.aws.amazon.com/ses/latest/dg/quotas.html, 2026-11-21
    image_rules = IMAGE_RULES
    nobody_can_look = "Amazon SES shows nobody what it has sent on."
    takes_secrets = ("access_key_id", "secret_access_key", "session_token")

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._made: SesClient | None = None

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        self.check_settings(post)
        self._refuse_recipients(post)
        return super().prepare(post, read, prepared, keep)

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        mail = self.at_hand(prepared)
        given: dict[str, Any] = {"Content": {"Raw": {"Data": mail}}, "Destination": self._destination(post)}
        if self.settings.configuration_set:
            given["ConfigurationSetName"] = self.settings.configuration_set
        client = self._client()
        try:
            message_id = str(client.call("send_email", **given).get("MessageId") or "")
            if not message_id:
                raise Unclear("an answer without the id of a mail")
        except _FAILURES as failed:
            raise self._outcome(failed, post) from None
        self.let_go(prepared)
        region = client.found_region
        host = f"{_OF_THE_FIRST_REGION.get(region, region)}.amazonses.com"
        # SES writes an id of its own into the mail, by which it is found in a mailbox.
        return Receipt(remote_id=message_id, url=f"mid:{message_id}@{host}", at=self.channel.clock.now())

    def check(self) -> list[Finding]:
        """Look whether SES lets the channel send, without sending: quotas, the sandbox, the sender's identity."""
        try:
            to_nobody = not self.written(None)
            self.check_settings(A_LETTER if to_nobody else None)
            self._refuse_recipients(None)
            client = self._client()
            account = client.call("get_account")
            verified = self._verified(client)
            if self.settings.configuration_set:
                client.call("get_configuration_set", ConfigurationSetName=self.settings.configuration_set)
        except PressroomError as error:
            return [Finding(ok=False, what=error.what, todo=error.todo)]
        except _FAILURES as failed:
            refusal = self._outcome(failed, None)
            return [Finding(ok=False, what=refusal.what, todo=refusal.todo)]
        return [*self._of_account(account), verified]

    def _of_account(self, account: dict[str, Any]) -> list[Finding]:
        found, quota = [], account.get("SendQuota", {})
        if not account.get("SendingEnabled", True):
            found.append(
                Finding(ok=False, what="Sending is paused for the account.", todo="Resume it in the SES console.")
            )
        if not account.get("ProductionAccessEnabled", True):
            what = "The account is in the sandbox of Amazon SES: it sends to verified addresses alone, 200 a day."
            found.append(Finding(ok=True, what=what, todo="Ask for production access in the SES console."))
        most, sent = quota.get("Max24HourSend", 0), quota.get("SentLast24Hours", 0)
        if most > 0:
            full = sent >= most
            todo = "Wait, or ask for a higher quota in the SES console." if full else ""
            what = f"{sent:,.0f} of {most:,.0f} mails were sent in the last 24 hours."
            found.append(Finding(ok=not full, what=what, todo=todo))
        return found

    def _verified(self, client: SesClient) -> Finding:
        """Say whether the sender's address, or its domain, is verified."""
        sender = _mail_addresses.parse(self.settings.sender)
        for identity in (sender.addr_spec, sender.domain):
            try:
                if client.call("get_email_identity", EmailIdentity=identity).get("VerifiedForSendingStatus"):
                    return Finding(ok=True, what=f"{identity} is verified in Amazon SES ({client.found_region}).")
            except Refused as refused:
                if refused.status != 404:
                    raise
        return Finding(
            ok=False,
            what=f"Neither {sender.addr_spec} nor {sender.domain} is verified in Amazon SES ({client.found_region}).",
            todo=f"Verify {sender.domain} in the SES console of that region: it gives the DNS records.",
        )

    def _destination(self, post: Post) -> dict[str, list[str]]:
        """Return to whom it goes: those in `bcc` stand in no header of the mail."""
        everybody = self.recipients(post)
        hidden = set() if post.letter else {_mail_addresses.parse(one).addr_spec for one in self.settings.bcc}
        open_to_all = [] if post.letter else [_mail_addresses.parse(one).addr_spec for one in self.settings.to]
        shown = [one for one in everybody if one not in hidden or one in open_to_all]
        unseen = [one for one in everybody if one not in shown]
        return {"ToAddresses": shown} | ({"BccAddresses": unseen} if unseen else {})

    def _refuse_recipients(self, post: Post | None) -> None:
        recipients = self.recipients(post)
        if len(recipients) > MOST_RECIPIENTS:
            raise PostRejected(
                f"The mail is for {len(recipients)} recipients, and Amazon SES takes {MOST_RECIPIENTS} for one.",
                where=self.where,
                todo="Divide them among several channels, or send letters: one to each reader.",
            )
        if self.needs_utf8(post):
            raise PostRejected(
                "Amazon SES takes no address whose name before the @ is not ASCII.",
                where=self.where,
                todo='Send to that one through a mail server: a channel with network = "smtp".',
            )

    def _client(self) -> SesClient:
        keys = tuple((self.channel.secret(name) or "").strip() for name in self.takes_secrets)
        if bool(keys[0]) is not bool(keys[1]):
            missing = f"channels.{self.channel.name}.{self.takes_secrets[bool(keys[0])]}"
            todo = f"`pressroom secrets set {missing}`, or remove the other one; then resume the channel."
            raise AccountDisconnected(f"There is no {missing}.", where=self.where, todo=todo)
        if self._made is None or self._made.keys != keys:
            settings = self.settings
            client = SesClient(settings.region, settings.base_url, self.timeout.total_seconds(), *keys)
            try:
                client.found_region  # noqa: B018 - what cannot be used says so before anything is sent
            except ConfigurationError as error:
                todo = f"{error.todo} Then resume the channel."
                raise AccountDisconnected(error.what, where=self.where, todo=todo) from None
            self._made = client
        return self._made

    def _outcome(self, failed: Failed, post: Post | None) -> PressroomError:
        secrets = [value for name in self.takes_secrets if (value := self.channel.secret(name))]
        sender = _mail_addresses.parse(self.settings.sender).addr_spec
        return outcome(failed, About(self.where, self.channel.clock.now(), sender, tuple(secrets + self.hidden(post))))
