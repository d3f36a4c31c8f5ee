"""The types of events that Pressroom itself stores; steps of other pipelines may store more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pressroom.ports import EventLog

EVENT_TYPES = (
    "JobRequested",
    "JobStarted",
    "JobAdvanced",
    "JobHeld",
    "JobResumed",
    "JobCompleted",
    "JobFailed",
    "JobSkipped",
    "JobCancelled",
    "JobExpired",
    "JobKeyReleased",
    "StepCompleted",
    "StepFailed",
    "AnswerReceived",
    "AssetStored",
    "UploadStored",
    "AssetRemoved",
    "PostFlagged",
    "PostApproved",
    "PostRefused",
    "PublicationRequested",
    "PublishAttempted",
    "PostPublished",
    "PostRejected",
    "PostHeld",
    "PublicationResolved",
    "PublicationChanged",
    "ChannelPaused",
    "ChannelResumed",
    "TokenEnding",
    "TokenEnded",
    "EngagementRead",
    "EngagementNoticed",
    "WebhookReceived",
    "SourceDisconnected",
    "ScheduleMissed",
    "ScheduleFailed",
    "DeliveryDied",
    "DeliveryRedriven",
    "DeliveryDiscarded",
)


def refuse_unknown(types: Sequence[str], events: EventLog) -> None:
    """Raise `UnknownName` for a type that is none of ours and of which no event is stored."""
    from pressroom.errors import UnknownName

    for type_ in types:
        if type_ not in EVENT_TYPES and not events.latest(limit=1, types=[type_]):
            raise UnknownName("type of event", type_, EVENT_TYPES)
