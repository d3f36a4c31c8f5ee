"""Tells another program what happened: posts each wanted event, as a CloudEvent, to a URL of the operator's."""

from __future__ import annotations

from pydantic import Field

from pressroom.errors import BadInput, ConfigurationError, Unavailable
from pressroom.events import Event
from pressroom.handlers.base import Handler, HandlerSettings


class NotifySettings(HandlerSettings):
    url: str = ""
    """Where events are posted to, as `application/cloudevents+json`."""
    events: tuple[str, ...] = (
        "PostPublished",
        "PostRejected",
        "PostHeld",
        "JobFailed",
        "ChannelPaused",
        "ScheduleMissed",
    )
    """The event types that are posted."""
    timeout_seconds: float = Field(10, gt=0)
    """How long the receiver may take to answer."""


class Notify(Handler):
    Settings = NotifySettings
    types = ()

    def __init__(self, settings: NotifySettings) -> None:
        super().__init__(settings)
        if not settings.url.startswith(("http://", "https://")):
            raise ConfigurationError(
                f"The handler notify has no URL to post to: {settings.url!r}.",
                where="[handlers.notify] url",
                todo='Add `url = "https://…"` there, or set `enabled = false`.',
            )

    def handle(self, event: Event) -> None:
        """Post the event; the receiver tells repeats by the event's id."""
        import httpx

        if event.type not in self.settings.events:
            return
        try:
            answer = httpx.post(
                self.settings.url,
                json=event.as_cloudevent(),
                headers={"Content-Type": "application/cloudevents+json"},
                timeout=self.settings.timeout_seconds,
            )
        except httpx.TransportError as error:
            raise Unavailable(
                f"The receiver of events at {self.settings.url} cannot be reached: {error}.", todo="It is tried again."
            ) from error
        if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
            raise Unavailable(f"The receiver of events at {self.settings.url} answered {answer.status_code}.")
        if answer.status_code >= 400:
            raise BadInput(
                f"The receiver of events at {self.settings.url} refused {event.type}: {answer.status_code}.",
                todo="Mend the receiver, then redrive the delivery.",
                detail=answer.text[:500],
            )
