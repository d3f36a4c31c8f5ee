"""Posts that wait for their time: a person may change their words or time, or withdraw them, until they are sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pressroom.bus import Bus
from pressroom.changes import Change
from pressroom.channel_desk import ChannelDesk, queue_of, waiting_room
from pressroom.due_times import Due, channels_time, own_time
from pressroom.errors import BadInput, Conflict, NotFound, Problem
from pressroom.events import Event
from pressroom.ports import Ports
from pressroom.publications import GIVEN_UP, Post, Publication, PublicationState

_WAITING = (PublicationState.REQUESTED, PublicationState.SCHEDULED)


class WaitingPosts:
    def __init__(self, bus: Bus, channels: ChannelDesk, ports: Ports) -> None:
        self._bus, self._channels, self._clock = bus, channels, ports.clock
        self._publications, self._queue, self._jobs = ports.publications, ports.queue, ports.jobs

    def find(self, *, channel: str | None = None, limit: int = 100) -> list[Publication]:
        """Return the posts that wait, newest first; what a job that has ended left behind waits for nothing."""
        found = self._publications.find(states=_WAITING, channel=channel, limit=limit)
        return [one for one in found if (job := self._jobs.get(one.job_id)) and not job.status.has_ended]

    def change(
        self, publication_id: str, *, text: str | None = None, publish_at: datetime | None = None
    ) -> Publication:
        """Give a waiting post other words, or another time; what is sent later is what stands then.

        Raises `BadInput` if the words are too long for the network, or if the post is not waiting any more.
        """
        waiting = self._waiting(publication_id)
        if text is not None:
            _refuse_letter(waiting)
            self._refuse_too_long(waiting, text)
        post = replace(
            waiting.post,
            text=waiting.post.text if text is None else text,
            publish_at=waiting.post.publish_at if publish_at is None else publish_at,
            by_hand=True,
        )
        # What was prepared may hold the words, and is only made again.
        due = self._due(waiting, post)
        why, at = (due.why, due.at) if due else (None, None)
        changed = self._moved(waiting, post=post, prepared={}, problem=why, due_at=at)
        told = "" if post.letter else post.text  # no event keeps the words of a letter
        self._store(changed, "PublicationChanged", {"text": told, "publish_at": _iso(post.publish_at)})
        return changed

    def withdraw(self, publication_id: str) -> Publication:
        """Take a waiting post back: it is sent by nothing any more."""
        waiting = self._waiting(publication_id)
        problem = Problem("A person has withdrawn this post.", waiting.channel, kind=GIVEN_UP)
        withdrawn = self._moved(waiting, state=PublicationState.REJECTED, problem=problem, due_at=None)
        self._store(withdrawn, "PublicationResolved", {"action": "give_up", "url": "", "remote_id": ""})
        self._channels.give_back(waiting.channel, waiting.id)
        return withdrawn

    def _waiting(self, publication_id: str) -> Publication:
        found = self._publications.get(publication_id)
        if found is None:
            raise NotFound(f"There is no post {publication_id}.", todo="`pressroom posts` shows those that wait.")
        if found.state not in _WAITING or any(attempt.outcome != "refused" for attempt in found.attempts):
            raise BadInput(
                f"The post {publication_id} does not wait any more: it is {found.state}.",
                where=publication_id,
                todo="A held post is decided about with `pressroom held resolve`.",
            )
        return found

    def _refuse_too_long(self, waiting: Publication, text: str) -> None:
        publisher = self._channels.publisher(waiting.channel)
        over = publisher.length(text) - publisher.text_rules.limit
        if over > 0:
            raise BadInput(
                f"The text is too long for {publisher.title} by {over:,} {publisher.text_rules.counted_in}.",
                where=waiting.id,
                todo="Shorten it; the post is as it was.",
            )
        if not text.strip() and not waiting.post.media:
            raise BadInput("The post would be empty.", where=waiting.id, todo="Withdraw it instead.")

    def _due(self, waiting: Publication, post: Post) -> Due | None:
        """Return until when it waits with this post, as sending will find; None if it is tried at once."""
        channel, now = waiting.channel, self._clock.now()
        if due := own_time(post, channel, now):
            return due
        pace = self._channels.publisher(channel).channel.settings.pace
        state = self._channels.state_to_send(channel, pace, now)
        return None if state.paused else channels_time(state, channel, pace, now, waiting.id)

    def _moved(self, waiting: Publication, **fields: object) -> Publication:
        version, now = waiting.version + 1, self._clock.now()
        return replace(waiting, version=version, updated_at=now, **fields)  # type: ignore[arg-type]

    def _store(self, publication: Publication, type_: str, data: dict[str, object]) -> None:
        event = Event(
            type=type_,
            subject=publication.id,
            time=self._clock.now(),
            data={"channel": publication.channel, **data},
            job_id=publication.job_id,
        )
        try:
            self._bus.commit(Change(events=(event,), publications=(publication,)))
        except Conflict as error:
            raise BadInput(
                f"The post {publication.id} moved on at this moment; nothing was changed.",
                where=publication.id,
                todo="Look where it stands now: `pressroom posts`.",
            ) from error
        # It waits for a time that may no longer be the right one. A queue does not tell which of its job's posts a
        # delivery is for: all of them look anew, and those whose time it is not yet wait on.
        own, posts = queue_of(publication.channel), self._publications.of_job(publication.job_id)
        beside = sum(post.channel == publication.channel for post in posts)
        self._queue.move(waiting_room(publication.channel), own, beside, job_id=publication.job_id)
        self._queue.hasten(own)
        self._bus.wake()


def _refuse_letter(waiting: Publication) -> None:
    if waiting.post.letter is not None:
        raise BadInput(
            "The words of a letter stand in its page too, and cannot be changed here.",
            where=waiting.id,
            todo="Give it another time, or withdraw it.",
        )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
