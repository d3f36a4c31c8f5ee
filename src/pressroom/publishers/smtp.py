"""Mail to a list of recipients. A server knows no key of ours and shows nobody what it sent on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pressroom.errors import AccountDisconnected, PressroomError
from pressroom.log import log
from pressroom.publications import Post, Receipt
from pressroom.publishers import _mail_addresses
from pressroom.publishers._mail_publisher import A_LETTER, IMAGE_RULES, TEXT_RULES, MailPublisher
from pressroom.publishers._smtp_outcomes import Failed, outcome
from pressroom.publishers._smtp_session import NotSent, RecipientsRefused, Refused, Session, Unclear, Untrusted
from pressroom.publishers._smtp_settings import SmtpSettings
from pressroom.publishers.base import Finding
from pressroom.unencrypted import is_open_to_listeners


class Smtp(MailPublisher):
    Settings = SmtpSettings
    settings: SmtpSettings
    title = "E-mail"
    # A mail has no limit on its words; this one keeps a mistake from being sent.
    text_rules = TEXT_RULES
    # What every mail program shows; a mail as a whole is limited by `max_mail_bytes`.
    image_rules = IMAGE_RULES
    nobody_can_look = "a mail server shows nobody what it has sent on."
    takes_secrets = ("username", "password")

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        mail = self.at_hand(prepared)
        username, password = self._credentials()
        session = self._session()
        try:
            session.begin(username, password)
            left_out = self._address(session, len(mail), post)
            session.send(mail)
        except (Refused, RecipientsRefused, NotSent, Unclear, Untrusted) as failed:
            raise self._outcome(failed, post) from None
        finally:
            session.stop()
        self.let_go(prepared)
        if left_out:
            log.warning("a mail server does not take mail for some recipients", channel=self.channel.name, to=left_out)
        message_id = prepared["message_id"].strip("<>")
        return Receipt(remote_id=message_id, url=f"mid:{message_id}", at=self.channel.clock.now())

    def check(self) -> list[Finding]:
        """Look whether the server would take a mail to every recipient, without sending one."""
        found = list(self._warnings_of_openness())
        session = self._session()
        try:
            to_nobody = not self.written(None)
            self.check_settings(A_LETTER if to_nobody else None)
            session.begin(*self._credentials())
            if to_nobody:
                what = f"{self.settings.host} lets us in; the channel names no recipients, so it takes letters alone."
                return [*found, Finding(ok=True, what=what)]
            self._address(session, 0)
        except PressroomError as error:
            return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
        except (Refused, RecipientsRefused, NotSent, Unclear, Untrusted) as failed:
            refusal = self._outcome(failed)
            return [*found, Finding(ok=False, what=refusal.what, todo=refusal.todo)]
        finally:
            session.stop()
        count = len(self.recipients())
        to = f"{count} recipient{'' if count == 1 else 's'}"
        what = f"{self.settings.host} takes mail from {self.settings.sender} to {to}."
        return [*found, Finding(ok=True, what=what)]

    def _warnings_of_openness(self) -> Iterator[Finding]:
        settings = self.settings
        if settings.security == "none" and settings.host and is_open_to_listeners(f"smtp://{settings.host}"):
            what = f"Mails to {settings.host} travel unencrypted: anybody on the way can read them."
            yield Finding(ok=True, what=what, todo='Set security = "starttls" or "tls".')

    def _address(self, session: Session, size: int, post: Post | None = None) -> list[str]:
        sender = _mail_addresses.parse(self.settings.sender).addr_spec
        utf8, all_or_none = self.needs_utf8(post), self.settings.all_or_none
        return session.address(sender, self.recipients(post), size, utf8=utf8, all_or_none=all_or_none)

    def _credentials(self) -> tuple[str, str]:
        username, password = (self.channel.secret(name) or "" for name in ("username", "password"))
        section = f"channels.{self.channel.name}"
        if bool(username) is not bool(password):
            missing = "password" if username else "username"
            todo = f"`pressroom secrets set {section}.{missing}`, or remove the other one; then resume the channel."
            raise AccountDisconnected(f"There is no {section}.{missing}.", where=self.where, todo=todo)
        settings = self.settings
        if username and settings.security == "none" and is_open_to_listeners(f"smtp://{settings.host}"):
            raise AccountDisconnected(
                f"The password of the channel {self.channel.name} would be sent to {settings.host} unencrypted.",
                where=self.where,
                todo=f'Set security = "starttls" or "tls" in [{section}], then resume the channel.',
            )
        return username.strip(), password.strip()

    def _session(self) -> Session:
        settings = self.settings
        domain = settings.sender.rpartition("@")[2].rstrip(">") or "localhost"
        return Session(settings.host, settings.port, settings.security, self.timeout, domain, settings.ca_file)

    def _outcome(self, failed: Failed, post: Post | None = None) -> PressroomError:
        secrets = [value for name in ("username", "password") if (value := self.channel.secret(name))]
        now, is_letter = self.channel.clock.now(), bool(post and post.letter)
        secrets += self.hidden(post)
        return outcome(failed, self.where, self.settings.host, secrets, now, is_letter=is_letter)

    def wanted_settings(self) -> dict[str, str]:
        return {"host": self.settings.host}
