"""What channels that send mail share: the mail itself, made once and kept at hand, and to whom it goes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from email.utils import format_datetime
from threading import Lock
from typing import Any, ClassVar

from pressroom.errors import AccountDisconnected, PostRejected, Unavailable
from pressroom.ids import new_id
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Letter, Post, PostMedia
from pressroom.publishers import _mail_addresses
from pressroom.publishers._mail_letter import Envelope, letter, subject_of
from pressroom.publishers._mail_settings import MailSettings
from pressroom.publishers.base import (
    CannotTell,
    Channel,
    ImageRules,
    Keep,
    Preview,
    Publisher,
    Reading,
    ReadMedia,
    TextRules,
)

A_LETTER = Post(text="", letter=Letter(to="reader@example.com"))
TEXT_RULES = TextRules(limit=100_000, counted_in="characters", alt_text_limit=2_000)
IMAGE_RULES = ImageRules(
    formats=("image/jpeg", "image/png", "image/gif"), max_bytes=5_000_000, most=10, best_width=1200, best_height=900
)
_LETTERS_AT_HAND = 4
"""Mails that are made and not yet sent, in the memory of this process; a further one drops the oldest."""


class MailPublisher(Publisher):
    settings: MailSettings
    takes_letters = True
    nobody_can_look: ClassVar[str]
    """Why it cannot be told what became of a mail."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._letters: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def warnings(self, post: Post) -> tuple[str, ...]:
        return tuple(broken_limits(post, self.text_rules, self.image_rules, self.length, self.title))

    def preview(self, post: Post) -> Preview:
        count = len(self.recipients(post))
        to = post.letter.to if post.letter else f"{count} recipient{'' if count == 1 else 's'}"
        account = f"{self.settings.sender} to {to}"
        subject = subject_of(post, self.settings.subject)
        return replace(super().preview(post), account=f"{account}: {subject}" if self.settings.sender else subject)

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        """Choose the mail's id and date, once, and make it; it stays in this process until it is sent."""
        self.check_settings(post)
        sender = _mail_addresses.parse(self.settings.sender)
        if "message_id" not in prepared:
            key = f"<{new_id('mail')}@{sender.domain}>"
            prepared = {**prepared, "message_id": key, "date": format_datetime(self.channel.clock.now())}
            keep(prepared)
        pictures = [self._read(item, read) for item in post.media]
        mail = letter(post, self._envelope(prepared, post), pictures)
        if len(mail) > self.settings.max_mail_bytes:
            raise PostRejected(
                f"The mail would have {len(mail):,} bytes; max_mail_bytes is {self.settings.max_mail_bytes:,}.",
                where=self.where,
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

    def at_hand(self, prepared: Mapping[str, Any]) -> bytes:
        """Return the mail that was made; raises `Unavailable` if another process has made it, or many were since."""
        with self._lock:
            mail = self._letters.get(prepared["message_id"])
        if mail is None:
            raise Unavailable("The mail is not at hand.", where=self.where, todo="It is made anew and tried again.")
        return mail

    def let_go(self, prepared: Mapping[str, Any]) -> None:
        """Forget a mail that was sent."""
        with self._lock:
            self._letters.pop(prepared["message_id"], None)

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        known = {
            "message_id": prepared.get("message_id", ""),
            "subject": subject_of(post, self.settings.subject),
            # What is known of a held post is an event, and no event keeps a reader's address: the post has it.
            "recipients": "the reader of this letter" if post.letter else self.recipients(post),
            "since": attempt.started_at.isoformat(),
        }
        return CannotTell(self.nobody_can_look, known)

    def _envelope(self, prepared: dict[str, Any], post: Post) -> Envelope:
        settings = self.settings
        to = (post.letter.to,) if post.letter else settings.to
        return Envelope(
            message_id=prepared["message_id"],
            date=prepared["date"],
            sender=_mail_addresses.parse(settings.sender),
            to=tuple(map(_mail_addresses.parse, to)),
            reply_to=_mail_addresses.parse(settings.reply_to) if settings.reply_to else None,
            subject=settings.subject,
            list_unsubscribe=settings.list_unsubscribe,
            needs_utf8=self.needs_utf8(post),
        )

    def recipients(self, post: Post | None = None) -> list[str]:
        """Return everybody once, without names; a letter goes to its own reader and to nobody else."""
        return list(dict.fromkeys(_mail_addresses.parse(one).addr_spec for one in self.written(post)))

    def written(self, post: Post | None) -> tuple[str, ...]:
        return (post.letter.to,) if post and post.letter else (*self.settings.to, *self.settings.bcc)

    def needs_utf8(self, post: Post | None) -> bool:
        written = (self.settings.sender, self.settings.reply_to, *self.written(post))
        return any(_mail_addresses.needs_utf8(_mail_addresses.parse(one)) for one in written if one)

    def hidden(self, post: Post | None) -> list[str]:
        """Return what of a letter's reader must not be in an error: errors become events, and none keeps an address."""
        if post is None or post.letter is None:
            return []
        return [part for one in self.recipients(post) for part in (one, one.rpartition("@")[0])]

    def wanted_settings(self) -> dict[str, str]:
        """Return further settings without which nothing can be sent, by name."""
        return {}

    def check_settings(self, post: Post | None = None) -> None:
        """Raise if the channel does not say enough to send a mail, or a letter has no reader that mail can go to."""
        name = self.channel.name
        wanted = {**self.wanted_settings(), "sender": self.settings.sender, "to, or bcc": self.written(post)}
        missing = [setting for setting, value in wanted.items() if not value]
        if missing:
            raise AccountDisconnected(
                f"The channel {name} does not say {' and '.join(missing)}.",
                where=self.where,
                todo=f"Set it in [channels.{name}], then resume the channel.",
            )
        if post and post.letter:
            try:
                _mail_addresses.parse(post.letter.to)
            except ValueError:
                is_one_line = post.letter.to.strip().isprintable()
                why = "is none that mail can go to" if is_one_line else "has a line break or a control character"
                todo = "Correct it where the readers are listed; then run the pipeline again."
                what = f"A mail cannot go out: the reader's address {why}."
                raise PostRejected(what, where=self.where, todo=todo) from None

    @property
    def where(self) -> str:
        return f"channel {self.channel.name}"
