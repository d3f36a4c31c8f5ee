"""Tells another program what happened: posts each wanted event, as a CloudEvent, to a URL of the operator's."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field

from pressroom.errors import BadInput, ConfigurationError, Unavailable
from pressroom.events import Event
from pressroom.handlers.base import Handler, HandlerSettings, Setup
from pressroom.redaction import redactor


class NotifySettings(HandlerSettings):
    url: str = Field("", repr=False)
    """Where events are posted to, as `application/cloudevents+json`. If the URL itself gives access, as a chat's
    webhook does, leave this empty and store it as the secret handlers.notify.url."""
    events: tuple[str, ...] = Field(
        (
            "PostPublished",
            "PostRejected",
            "PostHeld",
            "JobFailed",
            "ChannelPaused",
            "TokenEnding",
            "TokenEnded",
            "ScheduleMissed",
        ),
        min_length=1,
    )
    """The event types that are posted."""
    timeout_seconds: float = Field(10, gt=0)
    """How long the receiver may take to answer."""


class Notify(Handler):
    Settings = NotifySettings

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.settings: NotifySettings = setup.settings
        self._url = setup.secret("url") or self.settings.url
        self._receiver = f"The receiver of events at {_shown(self._url)}"
        parts = urlsplit(self._url)
        # Some servers repeat the path in their answer, and for a webhook it is what gives access.
        self._redact = redactor([self._url, parts.path.strip("/"), parts.query])

    @property
    def wants(self) -> frozenset[str]:
        return frozenset(self.settings.events)

    def handle(self, event: Event) -> None:
        """Post the event; the receiver tells repeats by the event's id."""
        import httpx

        try:
            answer = httpx.post(
                self._url,
                json=event.as_cloudevent(),
                headers={"Content-Type": "application/cloudevents+json"},
                timeout=self.settings.timeout_seconds,
            )
        except httpx.TransportError as error:
            raise Unavailable(
                f"{self._receiver} cannot be reached: {self._redact(str(error))}.", todo="It is tried again."
            ) from error
        if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
            raise Unavailable(f"{self._receiver} answered {answer.status_code}.")
        if answer.status_code >= 400:
            raise BadInput(
                f"{self._receiver} refused {event.type}: {answer.status_code}.",
                todo="Mend the receiver, then redrive the delivery.",
                detail=self._redact(answer.text)[:500],
            )


def _shown(url: str) -> str:
    """Return the scheme and the host, which give no access; raises `ConfigurationError` if that is no URL."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        if parts.scheme in ("http", "https") and parts.hostname and url.isprintable():
            return f"{parts.scheme}://{parts.hostname}{port}"
    except ValueError:
        pass  # what is no URL is told below, without its text
    raise ConfigurationError(
        "The handler notify has no URL to post to." if not url else "What the handler notify is to post to is no URL.",
        where="[handlers.notify] url",
        todo='Add `url = "https://…"` there or store it with `pressroom secrets set handlers.notify.url`, '
        "or set `enabled = false`.",
    )
