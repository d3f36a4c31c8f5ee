"""Mail to a list of recipients. A server knows no key of ours and shows nobody what it sent on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime
from threading import Lock
from typing import Any

from pressroom.errors import AccountDisconnected, PostRejected, PressroomError, Unavailable
from pressroom.ids import new_id
from pressroom.log import log
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Letter, Post, PostMedia, Receipt
from pressroom.publishers import _smtp_addresses
from pressroom.publishers._smtp_letter import Envelope, letter, subject_of
from pressroom.publishers._smtp_outcomes import Failed, outcome
from pressroom.publishers._smtp_session import NotSent, RecipientsRefused, Refused, Session, Unclear, Untrusted
from pressroom.publishers._smtp_settings import SmtpSettings
from pressroom.publishers.base import (
    CannotTell,
    Channel,
    Finding,
    ImageRules,
    Keep,
    Preview,
    Publisher,
    Reading,
    ReadMedia,
    TextRules,
)
from pressroom.unencrypted import is_open_to_listeners

_A_LETTER = Post(text="", letter=Letter(to="reader@example.com"))
_LETTERS_AT_HAND = 4
"""Mails that are made and not yet sent, in the memory of this process; a further one drops the oldest."""


class Smtp(Publisher):
    Settings = SmtpSettings
    settings: SmtpSettings
    title = "E-mail"
    # A mail has no limit on its words; this one keeps a mistake from being sent.
    text_rules = TextRules(limit=100_000, counted_in="characters", alt_text_limit=2_000)
    # What every mail program shows; a mail as a whole is limited by `max_mail_bytes`.
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png", "image/gif"), max_bytes=5_000_000, most=10, best_width=1200, best_height=900
    )
    takes_letters = True
    takes_secrets = ("username", "password")

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._letters: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def warnings(self, post: Post) -> tuple[str, ...]:
        return tuple(broken_limits(post, self.text_rules, self.image_rules, self.length, self.title))

    def preview(self, post: Post) -> Preview:
        count = len(self._recipients(post))
        to = post.letter.to if post.letter else f"{count} recipient{'' if count == 1 else 's'}"
        account = f"{self.settings.sender} to {to}"
        subject = subject_of(post, self.settings.subject)
        return replace(super().preview(post), account=f"{account}: {subject}" if self.settings.sender else subject)

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        """Choose the mail's id and date, once, and make it; it stays in this process until it is sent."""
        self._check_settings(post)
        sender = _smtp_addresses.parse(self.settings.sender)
        if "message_id" not in prepared:
            key = f"<{new_id('mail')}@{sender.domain}>"
            prepared = {**prepared, "message_id": key, "date": format_datetime(self.channel.clock.now())}
            keep(prepared)
        pictures = [self._read(item, read) for item in post.media]
        mail = letter(post, self._envelope(prepared, post), pictures)
        if len(mail) > self.settings.max_mail_bytes:
            raise PostRejected(
                f"The mail would have {len(mail):,} bytes; max_mail_bytes is {self.settings.max_mail_bytes:,}.",
                where=self._where,
                todo="Send fewer or smaller pictures.",
            )
        with self._lock:
            self._letters[prepared["message_id"]] = mail
            while len(self._letters) > _LETTERS_AT_HAND:
                self._letters.popitem(last=False)
        return prepared

    def _read(self, item: PostMedia, read: ReadMedia) -> bytes:
        data = read(item)
        if len(data) > self.image_rules.max_bytes:
            raise PostRejected(
                f"The picture {item.key} has {len(data):,} bytes; a mail takes {self.image_rules.max_bytes:,}.",
                where=item.key,
                todo="Make a smaller variant of it.",
            )
        return data

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        with self._lock:
            mail = self._letters.get(prepared["message_id"])
        if mail is None:
            raise Unavailable("The mail is not at hand.", where=self._where, todo="It is made anew and tried again.")
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
        with self._lock:
            self._letters.pop(prepared["message_id"], None)
        if left_out:
            log.warning("a mail server does not take mail for some recipients", channel=self.channel.name, to=left_out)
        message_id = prepared["message_id"].strip("<>")
        return Receipt(remote_id=message_id, url=f"mid:{message_id}", at=self.channel.clock.now())

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        known = {
            "message_id": prepared.get("message_id", ""),
            "subject": subject_of(post, self.settings.subject),
            # What is known of a held post is an event, and no event keeps a reader's address: the post has it.
            "recipients": "the reader of this letter" if post.letter else self._recipients(post),
            "since": attempt.started_at.isoformat(),
        }
        return CannotTell("a mail server shows nobody what it has sent on.", known)

    def check(self) -> list[Finding]:
        """Look whether the server would take a mail to every recipient, without sending one."""
        found = list(self._warnings_of_openness())
        session = self._session()
        try:
            to_nobody = not self._written(None)
            self._check_settings(_A_LETTER if to_nobody else None)
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
        count = len(self._recipients())
        to = f"{count} recipient{'' if count == 1 else 's'}"
        what = f"{self.settings.host} takes mail from {self.settings.sender} to {to}."
        return [*found, Finding(ok=True, what=what)]

    def _warnings_of_openness(self) -> Iterator[Finding]:
        settings = self.settings
        if settings.security == "none" and settings.host and is_open_to_listeners(f"smtp://{settings.host}"):
            what = f"Mails to {settings.host} travel unencrypted: anybody on the way can read them."
            yield Finding(ok=True, what=what, todo='Set security = "starttls" or "tls".')

    def _envelope(self, prepared: dict[str, Any], post: Post) -> Envelope:
        settings = self.settings
        to = (post.letter.to,) if post.letter else settings.to
        return Envelope(
            message_id=prepared["message_id"],
            date=prepared["date"],
            sender=_smtp_addresses.parse(settings.sender),
            to=tuple(map(_smtp_addresses.parse, to)),
            reply_to=_smtp_addresses.parse(settings.reply_to) if settings.reply_to else None,
            subject=settings.subject,
            list_unsubscribe=settings.list_unsubscribe,
            needs_utf8=self._needs_utf8(post),
        )

    def _address(self, session: Session, size: int, post: Post | None = None) -> list[str]:
        sender = _smtp_addresses.parse(self.settings.sender).addr_spec
        utf8, all_or_none = self._needs_utf8(post), self.settings.all_or_none
        return session.address(sender, self._recipients(post), size, utf8=utf8, all_or_none=all_or_none)

    def _needs_utf8(self, post: Post | None) -> bool:
        written = (self.settings.sender, self.settings.reply_to, *self._written(post))
        return any(_smtp_addresses.needs_utf8(_smtp_addresses.parse(one)) for one in written if one)

    def _recipients(self, post: Post | None = None) -> list[str]:
        """Return everybody once, without names; a letter goes to its own reader and to nobody else."""
        return list(dict.fromkeys(_smtp_addresses.parse(one).addr_spec for one in self._written(post)))

    def _written(self, post: Post | None) -> tuple[str, ...]:
        return (post.letter.to,) if post and post.letter else (*self.settings.to, *self.settings.bcc)

    def _credentials(self) -> tuple[str, str]:
        username, password = (self.channel.secret(name) or "" for name in ("username", "password"))
        section = f"channels.{self.channel.name}"
        if bool(username) is not bool(password):
            missing = "password" if username else "username"
            todo = f"`pressroom secrets set {section}.{missing}`, or remove the other one; then resume the channel."
            raise AccountDisconnected(f"There is no {section}.{missing}.", where=self._where, todo=todo)
        settings = self.settings
        if username and settings.security == "none" and is_open_to_listeners(f"smtp://{settings.host}"):
            raise AccountDisconnected(
                f"The password of the channel {self.channel.name} would be sent to {settings.host} unencrypted.",
                where=self._where,
                todo=f'Set security = "starttls" or "tls" in [{section}], then resume the channel.',
            )
        return username.strip(), password.strip()

    def _check_settings(self, post: Post | None = None) -> None:
        settings, name = self.settings, self.channel.name
        wanted = {"host": settings.host, "sender": settings.sender, "to, or bcc": self._written(post)}
        missing = [setting for setting, value in wanted.items() if not value]
        if missing:
            raise AccountDisconnected(
                f"The channel {name} does not say {' and '.join(missing)}.",
                where=self._where,
                todo=f"Set it in [channels.{name}], then resume the channel.",
            )
        if post and post.letter:
            try:
                _smtp_addresses.parse(post.letter.to)
            except ValueError:
                is_one_line = post.letter.to.strip().isprintable()
                why = "is none that mail can go to" if is_one_line else "has a line break or a control character"
                todo = "Correct it where the readers are listed; then run the pipeline again."
                what = f"A mail cannot go out: the reader's address {why}."
                raise PostRejected(what, where=self._where, todo=todo) from None

    def _session(self) -> Session:
        settings = self.settings
        domain = settings.sender.rpartition("@")[2].rstrip(">") or "localhost"
        return Session(settings.host, settings.port, settings.security, self.timeout, domain, settings.ca_file)

    def _outcome(self, failed: Failed, post: Post | None = None) -> PressroomError:
        secrets = [value for name in ("username", "password") if (value := self.channel.secret(name))]
        now, is_letter = self.channel.clock.now(), bool(post and post.letter)
        if is_letter:  # errors become events, and no event keeps a reader's address
            secrets += [part for one in self._recipients(post) for part in (one, one.rpartition("@")[0])]
        return outcome(failed, self._where, self.settings.host, secrets, now, is_letter=is_letter)

    @property
    def _where(self) -> str:
        return f"channel {self.channel.name}"
