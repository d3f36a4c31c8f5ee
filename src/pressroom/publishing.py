"""The publishing protocol: a post is never published twice and never lost, whatever is killed or answered wrongly.

The one call that makes a post public is made only after its attempt is committed; an attempt without a result is
reconciled, never repeated on a guess. Runs inside a step, so whatever it raises is dealt with as any step's error.
"""

from __future__ import annotations

from pressroom import telemetry
from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.bus import Bus
from pressroom.changes import Change
from pressroom.channel_desk import ChannelDesk
from pressroom.config import Config
from pressroom.errors import (
    Deferred,
    Held,
    PostRejected,
    Problem,
)
from pressroom.following import job_event
from pressroom.ids import new_id
from pressroom.ports import Ports
from pressroom.post_costs import PostCosts
from pressroom.publication_record import PublicationRecord
from pressroom.publications import FIRST, GIVEN_UP, Post, Publication, PublicationState
from pressroom.publishers.base import Publisher
from pressroom.reconciling import Reconciling
from pressroom.sending import Sending, SendingParts, repeats

MOST_RUNS = 40
"""Of one delivery while it is not known whether the post is there, before a person is asked: most of them must have
ended with their worker. Less than the `lost_workers` after which the step would be dead."""


class GivenUp(PostRejected):
    """A person does not want the post any more, and no redrive sends it."""


class Publishing:
    def __init__(
        self,
        bus: Bus,
        ports: Ports,
        desk: ChannelDesk,
        assets: Assets,
        config: Config,
    ) -> None:
        self._bus, self._desk = bus, desk
        self._publications, self._ledger, self._clock = ports.publications, ports.ledger, ports.clock
        costs = PostCosts(ports.costs, config, ports.clock)
        self._parts = SendingParts(desk, assets, ports.ledger, ports.clock, costs)

    def publisher(self, channel: str) -> Publisher:
        return self._desk.publisher(channel)

    def publish(self, context: Context, channel: str, post: Post, *, one_of_many: bool = False) -> Publication:
        """Bring the post onto the channel, once, or say why not; go on from wherever an earlier run ended.

        A job has one post on a channel, unless each is `one_of_many`: then each step that publishes has its own.
        Returns the publication as `published`. Raises `Deferred` to be called again later, `Held` for a person,
        `PostRejected`, `GivenUp` for one that is not wanted any more, or `Unavailable` for another try.
        """
        publisher = self._desk.publisher(channel)
        publication = self._requested(context, channel, post, publisher, context.path if one_of_many else FIRST)
        if publication.state is PublicationState.PUBLISHED:
            return publication
        _refuse_what_a_person_decides(publication)
        with telemetry.span("publish", job_id=context.job.id, channel=channel, network=publication.network):
            record = PublicationRecord(self._bus, self._clock, context, publication)
            reconciling = Reconciling(record, publisher, self._desk, self._ledger, self._clock)
            if publication.open_attempt is not None and context.attempt >= MOST_RUNS:
                raise reconciling.cut_off(context.attempt)
            try:
                attempt = publication.open_attempt
                if attempt is not None and not repeats(publisher, publication, attempt, self._clock.now()):
                    reconciling.run()
                if record.now.state is not PublicationState.PUBLISHED:
                    sending = Sending(self._parts, context, publisher, record)
                    sending.revise(post)
                    sending.run()
            except (Deferred, Held):
                raise
            except (Exception, SystemExit) as error:
                stored = self._publications.get(publication.id)
                if stored is None or stored.open_attempt is None or stored.state.is_final:
                    raise
                raise reconciling.interrupted(stored, stored.open_attempt, error) from error
            return record.now

    def withdraw(
        self, context: Context, channel: str, problem: Problem, *, one_of_many: bool = False
    ) -> Publication | None:
        """Store that a post is not wanted any more, so that nothing sends it; None if that is so now.

        Returns the publication if its post may be out, or is: what became of it is for `publish` to find out.
        """
        publication = self._publications.by_key(_key(context, channel, context.path if one_of_many else FIRST))
        if publication is None or publication.state is PublicationState.REJECTED:
            return None
        may_be_out = publication.open_attempt is not None or publication.state is PublicationState.PUBLISHED
        if may_be_out or publication.state is PublicationState.HELD:
            return publication
        PublicationRecord(self._bus, self._clock, context, publication).rejected(problem)
        self._desk.give_back(channel, publication.id)
        return None

    def refuse(
        self, context: Context, channel: str, post: Post, problem: Problem, *, one_of_many: bool = False
    ) -> PostRejected:
        """Store that a post cannot go out on a channel as it is, before anything was sent; return what to raise."""
        part = context.path if one_of_many else FIRST
        publication = self._requested(context, channel, post, self._desk.publisher(channel), part)
        refused = PostRejected(problem.what, where=problem.where, todo=problem.todo, detail=problem.detail)
        if publication.state is PublicationState.REQUESTED:
            record = PublicationRecord(self._bus, self._clock, context, publication)
            record.rejected(refused.problem(channel))
        return refused

    def _requested(
        self, context: Context, channel: str, post: Post, publisher: Publisher, part: str = FIRST
    ) -> Publication:
        """Return the publication of this job on this channel, as it stands or newly made."""
        job, key = context.job, _key(context, channel, part)
        known = self._publications.by_key(key)
        if known is not None:
            return known
        now = self._clock.now()
        new = Publication(
            id=new_id("pub"),
            key=key,
            job_id=job.id,
            pipeline=job.pipeline,
            channel=channel,
            network=publisher.channel.settings.network,
            post=post,
            state=PublicationState.REQUESTED,
            created_at=now,
            updated_at=now,
            version=1,
        )
        data = {"channel": channel, "network": new.network, "pipeline": new.pipeline, "publication_id": new.id}
        event = job_event("PublicationRequested", job, now, context.cause, subject=new.id, data=data)
        self._bus.commit(Change(events=(event,), publications=(new,)))
        return new


def _key(context: Context, channel: str, part: str) -> str:
    return f"{context.job.id}:{channel}:{part}"


def _refuse_what_a_person_decides(publication: Publication) -> None:
    """Raise again what a person has to decide, or has decided, when a crash came before the step could end with it."""
    problem = publication.problem or Problem("A person must decide.", publication.channel)
    said = {"where": problem.where, "todo": problem.todo, "detail": problem.detail}
    if publication.state is PublicationState.HELD:
        raise Held(problem.what, **said)
    if publication.state is PublicationState.REJECTED and problem.kind == GIVEN_UP:
        raise GivenUp(problem.what, **said)
