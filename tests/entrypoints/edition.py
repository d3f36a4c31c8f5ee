"""Fills a runtime's ports with an edition: jobs in every state, posts, dead letters, a paused channel."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pressroom.changes import Change, Claim, change_job
from pressroom.costs import Cost
from pressroom.deliveries import Bury, Delivery, Task
from pressroom.errors import Problem
from pressroom.events import Event
from pressroom.ids import new_id
from pressroom.jobs import StepRecord, StepStatus
from pressroom.media import Asset
from pressroom.ports import Ports
from pressroom.publications import Attempt, Post, PostMedia, Publication, PublicationState, Receipt
from pressroom.reconciling import receipt_key
from pressroom.testing import plain_png

Draw = Callable[[str], tuple[bytes, str, int, int, str]]
"""Theme -> bytes, media type, width, height, alt text."""

UNKNOWN = Problem(
    "Nobody can tell whether the post is on main: two posts there have the same words and picture.",
    "main",
    "Look there, then say so with `pressroom held resolve`.",
    "OutcomeUnknown",
)
AWAY = Problem(
    "The picture model answered six times that it is overloaded.",
    "step draw_picture",
    "Redrive it in a while, or name another generator at `image` under [pipelines.daily_post].",
    "Unavailable",
    "HTTP 503 Service Unavailable",
)


def plain(theme: str) -> tuple[bytes, str, int, int, str]:
    return plain_png(16, 9), "image/png", 16, 9, f"A square for {theme}"


class Edition:
    def __init__(self, ports: Ports, draw: Draw = plain) -> None:
        self.ports, self.draw = ports, draw

    @property
    def now(self) -> datetime:
        return self.ports.clock.now()

    def job(
        self,
        theme: str,
        *,
        ago: timedelta = timedelta(hours=1),
        ends: str = "JobCompleted",
        state: PublicationState = PublicationState.PUBLISHED,
        channel: str = "preview",
        text: str = "",
        pipeline: str = "daily_post",
        problem: Problem | None = None,
        pictures: int = 1,
        url: str = "",
        seconds: float = 3.2,
    ) -> str:
        """Store one job that ran `ago`; `ends` is its last event, empty while it runs. Returns its id."""
        begun = self.now - ago
        job_id = new_id("job")
        caption = text or f"National {theme} Day! #{theme.replace(' ', '')}"
        events: list[Event] = []

        def happen(after: float, kind: str, subject: str = "", **data: Any) -> None:
            events.append(
                Event(
                    type=kind,
                    subject=subject or job_id,
                    time=begun + timedelta(seconds=after),
                    data=data,
                    job_id=job_id,
                    cause_id=events[-1].id if events else None,
                )
            )

        happen(0, "JobRequested", pipeline=pipeline, input={"date": f"{begun:%Y-%m-%d}", "theme": theme}, trigger="run")
        happen(0.02, "JobStarted")
        drawn = ends not in ("JobSkipped", "JobFailed")
        assets = self._pictures(theme, job_id, pictures if drawn else 0)
        steps = [self._step(job_id, "choose_theme", begun, 0.02, 0.05)]
        happen(0.07, "StepCompleted", step="choose_theme", attempt=1, seconds=0.05)
        publications: tuple[Publication, ...] = ()
        if drawn:
            for asset in assets:
                happen(
                    seconds * 0.6, "AssetStored", asset.key, key=asset.key, revision=asset.revision, about=asset.about
                )
            happen(
                seconds * 0.6, "StepCompleted", step="draw_picture", attempt=1, seconds=seconds * 0.55, phase="uploaded"
            )
            happen(
                seconds * 0.7,
                "StepCompleted",
                step="write_caption",
                attempt=1,
                seconds=seconds * 0.1,
                result={"theme": theme, "name": f"National {theme} Day", "caption": caption},
            )
            steps += [
                self._step(job_id, "draw_picture", begun, 0.07, seconds * 0.55),
                self._step(job_id, "write_caption", begun, seconds * 0.6, seconds * 0.1),
            ]
            if ends:
                publication = self._publication(
                    job_id, pipeline, channel, theme, caption, assets, state, begun, seconds, problem, url
                )
                publications = (publication,)
                self._tell(publication, happen, seconds)
            status = StepStatus.COMPLETED if ends == "JobCompleted" else StepStatus.HELD if ends else StepStatus.READY
            steps.append(self._step(job_id, f"publish_post[{channel}]", begun, seconds * 0.72, seconds * 0.25, status))
        elif ends == "JobFailed":
            error = problem or AWAY
            for attempt in (1, 2, 3):
                happen(attempt * 4.0, "StepFailed", step="draw_picture", attempt=attempt, error=error.as_dict())
            steps.append(self._step(job_id, "draw_picture", begun, 0.07, 12, StepStatus.FAILED, error, 3))
        if ends:
            said = problem or (AWAY if ends == "JobFailed" else None)
            happen(seconds if drawn else 12.5, ends, **({"error": said.as_dict()} if said else {"phase": "posted"}))
        cost = Cost(
            id=new_id("cost"),
            job_id=job_id,
            pipeline=pipeline,
            what="art",
            unit="images",
            quantity=1,
            money=Decimal("0.0361"),
            currency="USD",
            at=begun,
        )
        self.ports.store.commit(
            change_job(
                None,
                events,
                steps=tuple(steps),
                assets=tuple(assets),
                publications=publications,
                costs=(cost,) if drawn else (),
                claims=tuple(
                    Claim(receipt_key(one.channel, one.receipt.remote_id), {"publication_id": one.id})
                    for one in publications
                    if one.receipt
                ),
            )
        )
        return job_id

    def dead(self, job_id: str, name: str = "draw_picture", problem: Problem = AWAY) -> int:
        """Bury a delivery of the job; returns its id."""
        delivery = Delivery(queue="steps", task=Task.STEP, name=name, job_id=job_id, data={"style": "spooky"})
        event = self.ports.events.of_job(job_id)[-1]
        self.ports.store.commit(Change(deliveries=(Delivery(**_fields(delivery) | {"event": event}),)))
        claimed = self.ports.queue.claim(["steps"], 1, timedelta(minutes=1), job_id=job_id)
        self.ports.store.commit(Change(settled=Bury(claimed[0], problem)))
        return self.ports.dead_letters.find(job_id=job_id)[0].id

    def waiting(self, queue: str = "steps", name: str = "draw_picture") -> None:
        """Put a delivery on a queue, where nobody fetches it."""
        self.ports.store.commit(Change(deliveries=(Delivery(queue=queue, task=Task.STEP, name=name),)))

    def pause(self, channel: str, why: str) -> None:
        states = self.ports.channel_states
        state = states.get(channel).pause(why)
        states.put(type(state)(**_fields(state) | {"version": state.version + 1}))

    def _pictures(self, theme: str, job_id: str, count: int) -> list[Asset]:
        found = []
        for number in range(count):
            data, media_type, width, height, alt_text = self.draw(theme)
            key = f"images/{job_id[-8:]}_{number}_{theme.replace(' ', '')}.{media_type.rpartition('/')[2]}"
            self.ports.blobs.put(key, 1, data)
            found.append(
                Asset(
                    key=key,
                    revision=1,
                    media_type=media_type,
                    bytes=len(data),
                    sha256=hashlib.sha256(data).hexdigest(),
                    created_at=self.now,
                    width=width,
                    height=height,
                    job_id=job_id,
                    about={"alt_text": alt_text, "theme": theme},
                )
            )
        return found

    def _step(
        self,
        job_id: str,
        path: str,
        begun: datetime,
        after: float,
        took: float,
        status: StepStatus = StepStatus.COMPLETED,
        error: Problem | None = None,
        attempts: int = 1,
    ) -> StepRecord:
        start = begun + timedelta(seconds=after)
        return StepRecord(
            job_id=job_id,
            path=path,
            status=status,
            attempts=attempts,
            error=error,
            started_at=start,
            completed_at=start + timedelta(seconds=took) if status.is_over else None,
        )

    def _publication(
        self,
        job_id: str,
        pipeline: str,
        channel: str,
        theme: str,
        text: str,
        assets: list[Asset],
        state: PublicationState,
        begun: datetime,
        seconds: float,
        problem: Problem | None,
        url: str,
    ) -> Publication:
        remote_id = new_id("preview")
        at = begun + timedelta(seconds=seconds * 0.9)
        outcome = {"published": "published", "rejected": "refused"}.get(state.value, "")
        media = tuple(
            PostMedia(
                key=one.key,
                revision=one.revision,
                media_type=one.media_type,
                width=one.width or 1,
                height=one.height or 1,
                alt_text=str(one.about["alt_text"]),
            )
            for one in assets
        )
        return Publication(
            id=new_id("pub"),
            key=f"{job_id}:{channel}:1",
            job_id=job_id,
            pipeline=pipeline,
            channel=channel,
            network="preview",
            post=Post(
                text=text,
                media=media,
                title=f"National {theme} Day",
                about={"day": f"{begun:%Y-%m-%d}", "theme": theme},
            ),
            state=state,
            created_at=begun,
            updated_at=at,
            attempts=(Attempt(number=1, started_at=at, outcome=outcome),),
            problem=problem,
            version=1,
            receipt=Receipt(remote_id=remote_id, url=url or f"/preview/{remote_id}", at=at)
            if state is PublicationState.PUBLISHED
            else None,
        )

    def _tell(self, publication: Publication, happen: Callable[..., None], seconds: float) -> None:
        channel, subject = publication.channel, publication.id
        happen(seconds * 0.75, "PublicationRequested", subject, channel=channel, network="preview")
        happen(seconds * 0.9, "PublishAttempted", subject, channel=channel, attempt=1)
        said = (publication.problem or UNKNOWN).as_dict()
        if publication.state is PublicationState.PUBLISHED:
            assert publication.receipt is not None
            happen(seconds * 0.97, "PostPublished", subject, **publication.as_published())
        elif publication.state is PublicationState.REJECTED:
            happen(seconds * 0.97, "PostRejected", subject, channel=channel, error=said)
        elif publication.state is PublicationState.HELD:
            known = {"posts that could be it": 2, "looked": "twice, four minutes apart"}
            happen(seconds * 0.97, "PostHeld", subject, channel=channel, error=said, known=known)


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).__slots__}
