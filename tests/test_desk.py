"""What people decide about posts is stored with what the job does next, once, however it is cut off."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.desk import Resolution
from pressroom.errors import AccountDisconnected, BadInput, NotFound, UnknownName
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.publications import PublicationState
from pressroom.publishers.base import CannotTell
from pressroom.testing import Lost, ManualClock, work_off
from tests.press import Network, Press, sent


class Cut(BaseException):
    """The command was killed."""


def a_held_post(press: Press, *, arrived: bool = False) -> Job:
    press.network.enqueue(Lost(arrived))
    press.network.enqueue_readings(CannotTell("Two posts look alike."))
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.HELD
    return job


def resolve(press: Press, job: Job, action: Resolution, **more: str) -> None:
    press.runtime.publishing.resolve(press.publication(job).id, action, **more)


def test_held_posts_are_listed_newest_first() -> None:
    press = Press()
    first, second = a_held_post(press), a_held_post(press)
    listed = [publication.job_id for publication in press.runtime.publishing.held()]
    assert listed == [second.id, first.id]


def test_a_post_that_a_person_found_becomes_published_and_its_job_completes() -> None:
    press = Press()
    job = a_held_post(press, arrived=True)
    resolve(press, job, Resolution.IT_IS_THERE, remote_id="1", url="memory://posts/1")
    press.finish()
    publication = press.publication(job)
    assert publication.state is PublicationState.PUBLISHED
    assert publication.receipt is not None
    assert (publication.receipt.remote_id, publication.receipt.url) == ("1", "memory://posts/1")
    assert press.outcomes(job) == ["published"]
    assert press.job(job).status is JobStatus.COMPLETED
    assert press.job(job).result["url"] == "memory://posts/1"
    assert len(press.network.calls) == 1
    told = press.events(job, "PublicationResolved", "PostPublished", "JobResumed", "JobCompleted")
    assert told == ["PublicationResolved", "PostPublished", "JobResumed", "JobCompleted"]


def test_a_post_that_is_surely_not_there_is_sent_again() -> None:
    press = Press()
    job = a_held_post(press)
    resolve(press, job, Resolution.SEND_AGAIN)
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.outcomes(job) == ["absent", "published"]
    assert press.job(job).status is JobStatus.COMPLETED


def test_a_post_that_is_given_up_fails_its_job_and_is_never_sent() -> None:
    press = Press()
    job = a_held_post(press)
    resolve(press, job, Resolution.GIVE_UP)
    press.finish()
    error = press.job(job).error
    assert press.job(job).status is JobStatus.FAILED
    assert error is not None
    assert error.what == "A person gave this post up."
    assert press.publication(job).state is PublicationState.REJECTED
    assert len(press.network.calls) == 1
    assert press.runtime.publishing.held() == []


def test_giving_up_one_channel_leaves_the_post_on_the_other() -> None:
    clock = ManualClock()
    press = Press(Network(clock, "main"), Network(clock, "sky"), clock=clock)
    job = a_held_post(press)
    assert press.publication(job, "sky").state is PublicationState.PUBLISHED
    resolve(press, job, Resolution.GIVE_UP)
    press.finish()
    assert press.job(job).status is JobStatus.FAILED
    assert press.step(job, "sky").status is StepStatus.COMPLETED


def test_a_job_is_held_only_once_its_other_branches_are_over_and_goes_on_as_a_whole() -> None:
    clock = ManualClock()
    main, sky = Network(clock, "main"), Network(clock, "sky")
    press = Press(main, sky, clock=clock)
    main.enqueue(AccountDisconnected("Revoked."))
    sky.enqueue(AccountDisconnected("Revoked."))
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.HELD
    press.runtime.publishing.resume("sky")
    press.finish()
    assert press.job(job).status is JobStatus.HELD
    press.runtime.publishing.resume("main")
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert (len(main.posts), len(sky.posts)) == (1, 1)


@pytest.mark.parametrize("action", list(Resolution))
def test_a_command_that_is_killed_before_its_commit_has_decided_nothing_and_after_it_everything(
    action: Resolution,
) -> None:
    press = Press()
    job = a_held_post(press)
    commits: list[Change] = []

    class Dying:
        def __init__(self, *, before: bool) -> None:
            self.before = before

        def commit(self, change: Change) -> None:
            if self.before:
                raise Cut
            press.ports.store.commit(change)
            commits.append(change)
            raise Cut

    where = {"remote_id": "9"} if action is Resolution.IT_IS_THERE else {}
    for before in (True, False):
        held = press.publication(job)
        assert held.state is PublicationState.HELD
        dying = press.fresh(store=Dying(before=before))
        with pytest.raises(Cut):
            dying.publishing.resolve(held.id, action, **where)
    assert len(commits) == 1
    press.finish()
    ends = JobStatus.FAILED if action is Resolution.GIVE_UP else JobStatus.COMPLETED
    assert press.job(job).status is ends


def test_a_resume_that_is_killed_leaves_no_post_behind() -> None:
    press = Press()
    press.network.enqueue(AccountDisconnected("Revoked."))
    jobs = [press.ask(f"post {number}") for number in range(3)]
    press.finish()

    class Dying:
        left = 3

        def commit(self, change: Change) -> None:
            press.ports.store.commit(change)
            self.left -= 1
            if not self.left:
                raise Cut

    with pytest.raises(Cut):
        press.fresh(store=Dying()).publishing.resume("main")
    press.finish()
    press.runtime.publishing.resume("main")
    press.finish()
    assert {press.job(job).status for job in jobs} == {JobStatus.COMPLETED}
    assert sorted(sent(press)) == ["post 0", "post 1", "post 2"]


@pytest.mark.parametrize("action", list(Resolution))
def test_a_decision_that_comes_before_the_step_itself_is_held_is_not_lost(action: Resolution) -> None:
    """The post is held in one commit and its step in the next: a person, or a script, may come in between."""
    press = Press()
    press.network.enqueue(Lost(arrived=False))
    press.network.enqueue_readings(CannotTell("Two posts look alike."))
    job = press.ask()
    press.work()
    decided: list[str] = []

    class Early:
        def commit(self, change: Change) -> None:
            steps = [step for step in change.steps if step.status is StepStatus.HELD]
            if steps and not decided:
                decided.append(action)
                more = {"remote_id": "9"} if action is Resolution.IT_IS_THERE else {}
                resolve(press, job, action, **more)
            press.ports.store.commit(change)

    press.clock.advance(seconds=2)
    work_off(press.fresh(store=Early()))
    press.finish()
    assert decided == [action]
    ends = {Resolution.GIVE_UP: (JobStatus.FAILED, []), Resolution.SEND_AGAIN: (JobStatus.COMPLETED, ["Boo!"])}
    assert (press.job(job).status, sent(press)) == ends.get(action, (JobStatus.COMPLETED, []))


def test_a_post_that_was_given_up_is_not_sent_by_a_worker_that_was_killed_before_its_step_was_held() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=False))
    press.network.enqueue_readings(CannotTell("Two posts look alike."))
    job = press.ask()
    press.work()

    class Dying:
        def commit(self, change: Change) -> None:
            if any(step.status is StepStatus.HELD for step in change.steps):
                raise Cut
            press.ports.store.commit(change)

    press.clock.advance(seconds=2)
    with pytest.raises(Cut):
        work_off(press.fresh(store=Dying()))
    resolve(press, job, Resolution.GIVE_UP)
    press.finish()
    assert len(press.network.calls) == 1
    assert press.job(job).status is JobStatus.FAILED
    [letter] = press.ports.dead_letters.find(job_id=job.id)
    press.runtime.runner.redrive(letter.id)
    press.finish()
    assert len(press.network.calls) == 1


# --- what cannot be decided


def test_what_is_not_held_cannot_be_resolved() -> None:
    press = Press()
    job = press.ask()
    press.finish()
    with pytest.raises(BadInput, match="is not held: it is published"):
        resolve(press, job, Resolution.SEND_AGAIN)
    with pytest.raises(NotFound, match="There is no publication pub_nowhere"):
        press.runtime.publishing.resolve("pub_nowhere", Resolution.GIVE_UP)


def test_a_post_that_is_there_is_somewhere() -> None:
    press = Press()
    job = a_held_post(press)
    with pytest.raises(BadInput, match="Where is it"):
        resolve(press, job, Resolution.IT_IS_THERE)
    assert press.publication(job).state is PublicationState.HELD


def test_a_post_that_is_anothers_receipt_cannot_be_this_one() -> None:
    press = Press()
    other = press.ask("other")
    press.finish()
    job = a_held_post(press)
    with pytest.raises(BadInput, match=f"belongs to {press.publication(other).id}"):
        resolve(press, job, Resolution.IT_IS_THERE, remote_id="1")
    assert press.publication(job).state is PublicationState.HELD


def test_a_post_that_a_person_found_is_nobody_elses_afterwards() -> None:
    press = Press()
    first, second = a_held_post(press, arrived=True), a_held_post(press)
    resolve(press, first, Resolution.IT_IS_THERE, remote_id="1")
    with pytest.raises(BadInput, match="belongs to"):
        resolve(press, second, Resolution.IT_IS_THERE, remote_id="1")


def test_of_two_who_decide_at_once_the_second_is_told() -> None:
    press = Press()
    job = a_held_post(press)

    class Slower:
        def commit(self, change: Change) -> None:
            if press.publication(job).state is PublicationState.HELD:
                resolve(press, job, Resolution.GIVE_UP)
            press.ports.store.commit(change)

    slower = press.fresh(store=Slower())
    with pytest.raises(BadInput, match="Somebody else has decided"):
        slower.publishing.resolve(press.publication(job).id, Resolution.SEND_AGAIN)
    press.finish()
    assert press.job(job).status is JobStatus.FAILED


def test_resuming_an_unknown_channel_names_the_closest() -> None:
    with pytest.raises(UnknownName, match="Did you mean main"):
        Press().runtime.publishing.resume("mian")


def test_resuming_does_not_decide_what_only_a_person_can_tell() -> None:
    press = Press()
    job = a_held_post(press)
    assert press.runtime.publishing.resume("main") == 0
    press.finish()
    assert press.publication(job).state is PublicationState.HELD


def test_resuming_hastens_what_waits_for_its_time() -> None:
    from pressroom.errors import RateLimited

    press = Press()
    press.network.enqueue(RateLimited("Slow down."))
    job = press.ask()
    press.work()
    assert press.runtime.publishing.resume("main") == 1
    press.work()
    assert press.job(job).status is JobStatus.COMPLETED


def test_a_held_post_of_a_job_that_was_cancelled_can_still_be_cleared_away() -> None:
    press = Press()
    job = a_held_post(press)
    press.runtime.runner.cancel(job.id)
    resolve(press, job, Resolution.GIVE_UP)
    press.finish()
    assert press.runtime.publishing.held() == []
    assert press.job(job).status is JobStatus.CANCELLED


def test_a_post_whose_job_has_ended_cannot_be_sent_again_and_stays_held() -> None:
    press = Press()
    job = a_held_post(press)
    press.runtime.runner.cancel(job.id)
    with pytest.raises(BadInput, match=f"its job {job.id} has ended as cancelled.*run the pipeline again"):
        resolve(press, job, Resolution.SEND_AGAIN)
    assert press.publication(job).state is PublicationState.HELD
    assert press.events(job, "PublicationResolved") == []


def test_a_post_whose_job_has_ended_can_still_be_found_to_be_there() -> None:
    press = Press()
    job = a_held_post(press, arrived=True)
    press.runtime.runner.cancel(job.id)
    resolve(press, job, Resolution.IT_IS_THERE, remote_id="1")
    assert press.publication(job).state is PublicationState.PUBLISHED


def test_resuming_a_channel_leaves_a_post_held_whose_job_has_ended() -> None:
    press = Press()
    press.network.enqueue(AccountDisconnected("Revoked."))
    ended, other = press.ask("ended"), press.ask("other")
    press.finish()
    press.runtime.runner.cancel(ended.id)
    assert press.runtime.publishing.resume("main") == 1
    press.finish()
    assert press.publication(ended).state is PublicationState.HELD
    assert press.job(other).status is JobStatus.COMPLETED
    assert sent(press) == ["other"]


def test_the_desk_knows_the_channels_their_publishers_and_states() -> None:
    press = Press()
    desk: Any = press.runtime.publishing
    assert desk.channels() == ["main", "preview"]
    assert desk.publisher("main") is press.network
    assert desk.state("main").name == "main"
