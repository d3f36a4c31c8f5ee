"""The step that has a post judged before it goes out, and holds or refuses it if anything is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.drafts import Draft
from pressroom.errors import BadInput, Held
from pressroom.generators.base import Flag, ModerationPicture, ModerationRequest, Verdict
from pressroom.makers import Moderator
from pressroom.pipeline import Outcome, Pipeline, Step
from pressroom.steps import PublishingSettings, fit_pictures


class Approval(BaseModel):
    """A person's consent to a post that was held for it; `approvals` hands it to the step that held it."""

    by: str
    """Who, as far as that is known: "mira, by command", "on the page"."""
    at: datetime
    comment: str = ""


class Moderated(BaseModel):
    """How a post came past moderation."""

    verdict: Verdict | None = None
    """None if nobody was asked, or a person has approved it."""
    approval: Approval | None = None


class ApprovalNeeded(Held):
    """Moderation found something; a person approves or refuses the post."""


def moderate(
    draft: Draft,
    settings: PublishingSettings,
    moderation: Moderator | None,
    assets: Assets,
    approval: Approval | None,
    context: Context,
) -> Outcome[Moderated]:
    """Have the draft judged, words and pictures. It is a stored output, so what passes here is what is posted.

    Raises `ApprovalNeeded`, or `BadInput` where the settings say that a flagged post is refused.
    """
    if approval is not None:
        return Outcome(output=Moderated(approval=approval))
    if moderation is None:
        return Outcome(output=Moderated())
    verdict = judged(draft, moderation, assets, keeps_metadata=not fits_pictures(context.pipeline))
    if verdict.is_clean:
        return Outcome(output=Moderated(verdict=verdict))
    moderation.tell(verdict)
    found = f"Moderation ({settings.moderation}) found something in this post: {in_short(verdict)}."
    detail = "\n".join(flag.why for flag in verdict.flags)
    if settings.moderation_action == "refuse":
        raise BadInput(
            f"{found} It is not posted.",
            todo="Change its words or pictures; or let a person decide, with "
            f'moderation_action = "hold" in [pipelines.{context.pipeline.name}].',
            detail=detail,
        )
    job_id = context.job.id
    raise ApprovalNeeded(
        f"{found} It is posted only if a person approves it.",
        todo=f"Look at it: `pressroom held show {job_id}` or the page /held. Then `pressroom held resolve {job_id} "
        "--action approve`, or `--action refuse`.",
        detail=detail,
    )


def judged(draft: Draft, moderation: Moderator, assets: Assets, *, keeps_metadata: bool) -> Verdict:
    """Return everything that is found in a draft, the worst first."""
    found: dict[tuple[str, str], Flag] = {}
    for request in _requests(draft, assets, keeps_metadata):
        for flag in moderation.judge(request).flags:
            found.setdefault((flag.category, flag.why), flag)
    return Verdict(flags=tuple(sorted(found.values(), key=lambda flag: -flag.score)))


def words_of(draft: Draft) -> str:
    """Return everything of a draft that can be read, each once: title, the words of each channel, link, alt texts."""
    texts = (draft.title, draft.text, *draft.texts.values(), draft.link, *(media.alt_text for media in draft.media))
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def fits_pictures(pipeline: Pipeline) -> bool:
    """Say whether pictures are fitted before they go out, which takes their metadata off."""
    return any(isinstance(node, Step) and node.run is fit_pictures for node in pipeline.nodes())


def in_short(verdict: Verdict) -> str:
    """Return each category once, with its highest score: "hate (0.95), link (0.50)"."""
    worst: dict[str, float] = {}
    for flag in verdict.flags:
        worst[flag.category] = max(flag.score, worst.get(flag.category, 0.0))
    return ", ".join(f"{category} ({score:.2f})" for category, score in worst.items())


def _requests(draft: Draft, assets: Assets, keeps_metadata: bool) -> Iterator[ModerationRequest]:
    """Yield the words with the first picture, then each further picture: no two lie in memory at the same time."""
    text = words_of(draft)
    for number, media in enumerate(draft.media, 1):
        data = assets.read(media.key, media.revision)
        picture = ModerationPicture(
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=media.media_type,
            number=number,
            keeps_metadata=keeps_metadata,
            data=data,
        )
        yield ModerationRequest(text=text, pictures=(picture,))
        text = ""
    if text:
        yield ModerationRequest(text=text)
