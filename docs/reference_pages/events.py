"""Every type of event, with what its data holds."""

from __future__ import annotations

from docs.reference_pages._markdown import begin, finish, table

Data = dict[str, str]

_ERROR = "the problem: `what, where, todo, kind, detail`"
_LATE = "true if the deadline of its join had passed, so that nothing followed from it"
_CHANNEL = {"channel": "its name"}
_END = _CHANNEL | {
    "kind": "what it is: `access token`, `API version 202607`",
    "expires_at": "when",
    "todo": "what a person has to do",
}
_POSTED = _CHANNEL | {
    "publication_id": "the publication's id",
    "network": "the publisher's name",
    "pipeline": "its job's pipeline",
    "remote_id": "the network's id of the post",
}
_CONSENT = {"step": "the path of the step that held it", "by": "who, as far as known", "comment": "as given"}
_DELIVERY = {"queue": "where it waited", "name": "the step's path or the subscriber's name"}
_ASSET = {"key": "the asset's key", "revision": "1 for the first"}

EVENTS: dict[str, tuple[str, Data]] = {
    "JobRequested": (
        "A pipeline was to start; the job stands from here on.",
        {
            "pipeline": "its name",
            "input": "as it was given",
            "key": "what this is the only job for, or null",
            "trigger": "`run`, `demo`, `api`, `schedule`, `source`, or the type of the event that started it",
            "expires_at": "when the job and what it made are removed",
        },
    ),
    "JobStarted": ("A worker began the first step.", {}),
    "JobAdvanced": ("The job went on without a step of its own having run: a join, a deadline.", {}),
    "StepCompleted": (
        "A step was done, or a gate opened.",
        {
            "step": "its path: `publish_post[main]`",
            "attempt": "which one went well",
            "seconds": "how long that took",
            "phase": "the pipeline's own word, if the step said one",
            "result": "what the step added to the job's result, if anything",
            "late": _LATE,
        },
    ),
    "StepFailed": (
        "An attempt at a step failed, or its worker vanished.",
        {
            "step": "its path",
            "attempt": "which one",
            "error": _ERROR,
            "retry_at": "when it is tried again, or null",
            "late": _LATE,
        },
    ),
    "AnswerReceived": (
        "A model answered; the raw answer is kept under the subject.",
        {
            "generator": "its name",
            "model": "who answered",
            "media_type": "of the answer",
            "usage": "what it used",
            "reserved": "the cost that was held back for it",
        },
    ),
    "UploadStored": (
        "The file that a job waited for has been sent, whole. The job begins with it.",
        _ASSET | {"media_type": "read from the bytes", "bytes": "its size", "sha256": "of the bytes"},
    ),
    "AssetStored": (
        "A step stored an asset. Pipelines may wait for it.",
        _ASSET
        | {
            "media_type": "read from the bytes",
            "bytes": "its size",
            "width": "pixels, or null",
            "height": "pixels, or null",
            "sha256": "of the bytes",
            "created_at": "when",
            "expires_at": "when it is removed, or null",
            "about": "title, alt text and what else is known",
        },
    ),
    "AssetRemoved": ("Its time was over; the bytes are gone.", _ASSET | {"job_id": "whose it was"}),
    "PostFlagged": (
        "Moderation found something in a post before it went out.",
        {
            "step": "the path of the step that asked",
            "generator": "who judged",
            "flags": "what was found: `category, score, why` of each",
        },
    ),
    "PostApproved": ("A person let a flagged post go out as it stands.", _CONSENT),
    "PostRefused": ("A person refused a flagged post; its job is cancelled.", _CONSENT),
    "PublicationRequested": (
        "A post is to go onto a channel.",
        _CHANNEL
        | {
            "network": "the publisher's name",
            "pipeline": "its job's pipeline",
            "publication_id": "the publication's id",
        },
    ),
    "PublicationChanged": (
        "A person gave a post that waits other words, or another time.",
        _CHANNEL | {"text": "the words as they are now", "publish_at": "not before, or null"},
    ),
    "PublishAttempted": (
        "The call that makes the post public is about to be made.",
        _CHANNEL | {"attempt": "1 for the first"},
    ),
    "PostPublished": (
        "The post is there.",
        _CHANNEL
        | {
            "publication_id": "the publication's id",
            "network": "the publisher's name",
            "pipeline": "its job's pipeline",
            "remote_id": "the network's id of the post",
            "url": "where it is to be seen",
            "text": "its words",
            "title": "what it is about",
            "media": "its pictures: `key, revision, width, height` of each",
            "alt_texts": "one for each picture",
            "about": "what the pipeline knows of it: the day, the theme",
        },
    ),
    "PostRejected": ("The network refused the post.", _CHANNEL | {"error": _ERROR}),
    "PostHeld": ("A person must decide.", _CHANNEL | {"error": _ERROR, "known": "what the publisher found"}),
    "PublicationResolved": (
        "A person decided, or a pause ended.",
        _CHANNEL
        | {
            "action": "`it_is_there`, `send_again`, `give_up` or `resume`",
            "url": "as given, with it_is_there",
            "remote_id": "as given, with it_is_there",
        },
    ),
    "ChannelPaused": ("Nothing goes out on the channel until somebody resumes it.", _CHANNEL | {"why": "in words"}),
    "ChannelResumed": ("The pause is over.", _CHANNEL),
    "TokenEnding": (
        "A token, or a version of the network's API, ends soon and a person has to act. Told once each 14, 7 and 1 "
        "days before; of a token that should have renewed itself only the last.",
        _END | {"days": "until then, a begun one counted whole"},
    ),
    "TokenEnded": ("It is over. Told once.", _END),
    "EngagementRead": (
        "The network told a post's counts.",
        _POSTED
        | {
            "counts": "`likes, comments, shares, views, clicks, saves`; null where it does not tell",
            "as_of": "when they were so",
        },
    ),
    "EngagementNoticed": (
        "The network sent a notice about a post: somebody liked it, or answered.",
        _POSTED
        | {
            "notice_id": "the network's id of it; each is told once",
            "kind": "`like`, `comment`, `share`, `view`, `click`, `save`, or the network's own word",
            "at": "when that was, or null",
            "text": "the words of a comment",
            "more": "what else the network says of it, if anything",
        },
    ),
    "WebhookReceived": (
        "A network's webhook came in and is signed; what it says is read by a worker.",
        _CHANNEL | {"body": "what was sent, as it was signed"},
    ),
    "SourceDisconnected": (
        "A source no longer accepts its credentials; nothing new is found until somebody connects it again.",
        {"source": "its name", "error": _ERROR},
    ),
    "JobHeld": ("The job waits for a person.", {"error": _ERROR}),
    "JobResumed": ("The job goes on.", {}),
    "JobCompleted": ("Every step is done.", {}),
    "JobFailed": ("A step failed for good.", {"error": _ERROR}),
    "JobSkipped": ("There was nothing to do.", {"error": "why, as a problem"}),
    "JobCancelled": (
        "A person ended the job, or refused its post.",
        {"error": "why, as a problem, if a post was refused"},
    ),
    "JobExpired": ("The job's time was over; its content is gone.", {}),
    "JobKeyReleased": ("The job's key is free again, because it ended without having made anything.", {}),
    "ScheduleMissed": (
        "A start went by while nothing ran, and is not made up for.",
        {"pipeline": "its name", "due": "when it should have started"},
    ),
    "ScheduleFailed": (
        "A scheduled start was refused; the next one is tried again.",
        {"pipeline": "its name", "due": "when it was due", "error": _ERROR},
    ),
    "DeliveryDied": ("Nobody tries it again by itself.", _DELIVERY | {"error": _ERROR}),
    "DeliveryRedriven": ("A dead delivery was put back.", _DELIVERY | {"job_id": "whose it is, or null"}),
    "DeliveryDiscarded": ("A dead delivery was removed for good.", _DELIVERY | {"job_id": "whose it was, or null"}),
}


def page() -> str:
    lines = begin(
        "Events",
        "Each event is a CloudEvents 1.0 envelope: `id, source, type, subject, time, data`, with `job_id` and "
        "`cause_id` (in CloudEvents' own form `jobid` and `causeid`). Events carry keys of assets, never bytes. "
        "`pressroom events --json` prints them; the handler `notify` posts them to a URL.",
    )
    for name, (sentence, data) in EVENTS.items():
        lines += ["", f"## {name}", "", sentence]
        if data:
            lines += table(["data", "holds"], [[f"`{field}`", meaning] for field, meaning in data.items()])
    return finish(lines)
