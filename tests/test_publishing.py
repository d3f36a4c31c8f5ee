"""The publishing protocol, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pressroom.changes import Change
from pressroom.contracts.samples import a_delivery
from pressroom.errors import PostRejected, Unavailable
from pressroom.jobs import Job, JobStatus
from pressroom.publications import Attempt, PublicationState
from pressroom.reconciling import receipt_key
from pressroom.testing import Lost, ManualClock, memory_runtime, work_off
from tests.press import Network, Press, leaflet, sent

SECOND = timedelta(seconds=1)


def test_a_post_goes_out_once_and_its_receipt_is_stored() -> None:
    press = Press()
    job = press.ask()
    press.work()
    publication = press.publication(job)
    assert sent(press) == ["Boo!"]
    assert press.job(job).status is JobStatus.COMPLETED
    assert press.job(job).phase == "posted"
    assert press.job(job).result == {"url": "memory://posts/1"}
    assert publication.state is PublicationState.PUBLISHED
    assert publication.receipt is not None
    assert publication.receipt.remote_id == "1"
    told = ("PublicationRequested", "PublishAttempted", "PostPublished")
    assert press.events(job, *told) == list(told)


def test_a_receipt_becomes_known_as_this_publications_with_it() -> None:
    press = Press()
    job = press.ask()
    press.work()
    entry = press.runtime.ports.ledger.get(receipt_key("main", "1"))
    assert entry is not None
    assert entry.note == {"publication_id": press.publication(job).id}


def test_a_post_that_another_has_taken_for_its_own_meanwhile_is_published_all_the_same() -> None:
    press = Press()
    press.runtime.ports.ledger.claim(receipt_key("main", "1"), {"publication_id": "pub_another"})
    job = press.ask()
    press.work()
    assert sent(press) == ["Boo!"]
    assert press.job(job).status is JobStatus.COMPLETED
    entry = press.runtime.ports.ledger.get(receipt_key("main", "1"))
    assert entry is not None
    assert entry.note == {"publication_id": "pub_another"}


def test_the_attempt_is_committed_before_the_call_that_makes_the_post_public() -> None:
    press = Press()
    seen: list[tuple[PublicationState, Attempt | None, list[str]]] = []

    def look() -> None:
        stored = press.publication(job)
        seen.append((stored.state, stored.open_attempt, press.events(job, "PublishAttempted")))
        assert press.ports.ledger.get(f"attempt:{stored.id}:1") is not None

    press.network.at_publish = look
    job = press.ask()
    press.work()
    began = Attempt(number=1, started_at=press.clock.now())
    assert seen == [(PublicationState.PUBLISHING, began, ["PublishAttempted"])]


def test_preparation_is_stored_as_it_comes_and_gone_on_from() -> None:
    press = Press()
    press.network.enqueue(Unavailable("Busy."))
    job = press.ask()
    press.work()
    prepared = press.publication(job).prepared
    assert prepared == {"key": "key-1"}
    press.finish()
    assert press.publication(job).prepared == prepared
    assert sent(press) == ["Boo!"]


class Thorough(Network):
    """Finds out one thing more at the end of its preparation, and leaves it to the protocol to keep it."""

    def prepare(self, *arguments: Any) -> dict[str, Any]:
        return super().prepare(*arguments) | {"container": "c-1"}


def test_what_preparation_returns_is_stored_before_the_attempt_begins() -> None:
    press = Press(Thorough(ManualClock()))
    seen: list[dict[str, Any]] = []
    press.network.at_publish = lambda: seen.append(press.publication(job).prepared)
    job = press.ask()
    press.work()
    assert seen == [{"key": "key-1", "container": "c-1"}]


def test_a_published_post_is_not_sent_again_by_a_delivery_that_comes_back() -> None:
    press = Press()
    job = press.ask()
    press.work()
    published = press.publication(job)
    # The step's completion was lost, its receipt was not.
    again = a_delivery("publish_post[main]", queue="publish.main", job_id=job.id)
    press.runtime.bus.commit(Change(deliveries=(again,)))
    press.finish()
    assert press.publication(job) == published
    assert len(press.network.calls) == 1


def test_an_attempt_without_a_result_is_looked_for_and_found_early() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=True))
    job = press.ask()
    press.work()
    assert press.publication(job).state is PublicationState.PUBLISHING
    assert press.publication(job).due_at == press.clock.now() + 2 * SECOND
    press.pass_time(seconds=2)
    assert press.publication(job).state is PublicationState.PUBLISHED
    assert press.publication(job).receipt is not None
    assert len(press.network.calls) == 1
    assert press.outcomes(job) == ["published"]


def test_an_unforeseen_exception_counts_as_an_unknown_outcome() -> None:
    press = Press()

    def break_down() -> None:
        press.network.at_publish = lambda: None
        raise KeyError("media")

    press.network.at_publish = break_down
    job = press.ask()
    press.work()
    publication = press.publication(job)
    assert publication.state is PublicationState.PUBLISHING
    assert publication.problem is not None
    assert "KeyError" in publication.problem.what
    assert press.network.looks == 0
    press.finish()
    assert press.outcomes(job) == ["absent", "published"]
    assert sent(press) == ["Boo!"]


def test_two_posts_with_the_same_words_on_purpose_are_two_posts() -> None:
    press = Press()
    jobs = [press.ask("Boo!"), press.ask("Boo!")]
    press.finish()
    assert sent(press) == ["Boo!", "Boo!"]
    receipts = {press.publication(job).receipt for job in jobs}
    assert len(receipts) == 2


def test_a_process_that_stood_still_before_the_call_does_not_send() -> None:
    press = Press()
    late = press.network.timeout + SECOND
    commit = press.ports.store.commit

    class Suspended:
        """A laptop that is closed right after the attempt was committed."""

        def commit(self, change: object) -> None:
            commit(change)  # type: ignore[arg-type]
            if any(event.type == "PublishAttempted" for event in change.events):  # type: ignore[attr-defined]
                press.clock.advance(late if not press.network.looks else timedelta(0))

    press.runtime = press.fresh(store=Suspended())
    job = press.ask()
    press.work()
    assert press.network.calls == []
    assert press.publication(job).state is PublicationState.PUBLISHING
    press.finish()
    assert press.outcomes(job) == ["absent", "published"]
    assert sent(press) == ["Boo!"]


class Keyed(Network):
    """A network that takes a key of ours: the same key again is the same post."""

    repeatable = True

    def publish(self, post, prepared):  # type: ignore[no-untyped-def]
        known = self._receipts.get(prepared["key"])
        if known is not None:
            self.calls.append(post)
            return known
        return super().publish(post, prepared)


def test_a_network_that_knows_our_key_is_sent_the_same_again_instead_of_looking() -> None:
    press = Press(Keyed(ManualClock()))
    keys: list[str] = []
    press.network.at_publish = lambda: keys.append(press.publication(job).prepared["key"])
    press.network.enqueue(Lost(arrived=True))
    job = press.ask()
    press.finish()
    assert len(press.network.calls) == 2
    assert set(keys) == {"key-1"}
    assert press.network.looks == 0
    assert sent(press) == ["Boo!"]
    assert press.outcomes(job) == ["published"]


def test_the_preview_channel_publishes_without_any_account() -> None:
    runtime = memory_runtime(leaflet)
    [job] = runtime.runner.request("leaflet", {"text": "Boo!"})
    work_off(runtime)
    [publication] = runtime.ports.publications.of_job(job.id)
    assert publication.receipt is not None
    assert publication.receipt.url == f"/preview/{publication.prepared['id']}"


# --- what was refused


def test_a_rejected_post_fails_its_job_and_says_why() -> None:
    press = Press()
    press.network.enqueue(PostRejected("The picture is too large.", todo="Send a smaller one."))
    job = press.ask()
    press.finish()
    error = press.job(job).error
    assert press.job(job).status is JobStatus.FAILED
    assert error is not None
    assert (error.what, error.todo) == ("The picture is too large.", "Send a smaller one.")
    publication = press.publication(job)
    assert (publication.state, publication.problem) == (PublicationState.REJECTED, replace(error, where="main"))
    assert press.outcomes(job) == ["refused"]
    assert press.events(job, "PostRejected") == ["PostRejected"]
    assert len(press.network.calls) == 1


def test_a_rejected_post_that_was_edited_is_prepared_anew_and_sent() -> None:
    press = Press()
    press.network.enqueue(PostRejected("Mind your words."))
    job = press.ask()
    press.finish()
    [letter] = press.ports.dead_letters.find(job_id=job.id)
    press.runtime.runner.redrive(letter.id, {"draft": {"text": "Good evening."}})
    press.finish()
    assert sent(press) == ["Good evening."]
    publication = press.publication(job)
    assert publication.post.text == "Good evening."
    assert publication.prepared == {"key": "key-2"}
    assert press.outcomes(job) == ["refused", "published"]
    assert press.job(job).status is JobStatus.COMPLETED


def edit_and_redrive(press: Press, job: Job, text: str) -> None:
    [letter] = press.ports.dead_letters.find(job_id=job.id)
    press.runtime.runner.redrive(letter.id, {"draft": {"text": text}})
    press.finish()


def test_a_post_whose_network_was_down_for_good_is_sent_as_it_was_edited_meanwhile() -> None:
    press = Press()
    press.network.enqueue(*[Unavailable("Overloaded.")] * 12)
    job = press.ask()
    press.finish()
    assert press.publication(job).state is PublicationState.SCHEDULED
    edit_and_redrive(press, job, "Good evening.")
    assert sent(press) == ["Good evening."]
    assert press.publication(job).post.text == "Good evening."
    assert press.publication(job).prepared == {"key": "key-2"}


def test_a_post_whose_preparation_broke_is_sent_as_it_was_edited_meanwhile() -> None:
    press = Press()

    def break_down() -> None:
        raise KeyError("media")

    press.network.at_prepare = break_down
    job = press.ask()
    press.finish()
    assert press.publication(job).state is PublicationState.REQUESTED
    press.network.at_prepare = lambda: None
    edit_and_redrive(press, job, "Good evening.")
    assert sent(press) == ["Good evening."]


def test_a_post_that_was_taken_for_lost_keeps_the_words_by_which_it_can_be_found() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=False), *[Unavailable("Overloaded.")] * 12)
    job = press.ask()
    press.finish()
    edit_and_redrive(press, job, "Good evening.")
    assert sent(press) == ["Boo!"]
    assert press.outcomes(job)[0] == "absent"


def test_a_rejected_post_may_be_sent_again_unchanged_when_a_person_says_so() -> None:
    press = Press()
    press.network.enqueue(PostRejected("The account may not post yet."))
    job = press.ask()
    press.finish()
    press.runtime.runner.retry(job.id)
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.publication(job).prepared == {"key": "key-1"}


def test_a_refusal_after_a_lost_attempt_is_held_since_it_may_be_the_echo_of_that_attempt() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=False), PostRejected("This is a duplicate."))
    job = press.ask()
    press.finish()
    publication = press.publication(job)
    assert publication.state is PublicationState.HELD
    assert publication.problem is not None
    assert "This is a duplicate. An earlier attempt had no answer" in publication.problem.what
    assert press.outcomes(job) == ["absent", "refused"]
    assert press.job(job).status is JobStatus.HELD


def test_a_step_whose_delivery_comes_back_after_its_post_was_held_says_the_same_again() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=False), PostRejected("This is a duplicate."))
    job = press.ask()
    press.finish()
    before = press.step(job).error
    again = a_delivery("publish_post[main]", queue="publish.main", job_id=job.id)
    press.runtime.bus.commit(Change(deliveries=(again,)))
    press.finish()
    after = press.step(job).error
    assert before is not None
    assert after is not None
    assert (after.what, after.todo, after.where) == (before.what, before.todo, before.where)
    assert after.todo


def test_a_mistyped_channel_fails_the_job_with_the_closest_one() -> None:
    press = Press(pipeline={"channels": ["mian"]})
    job = press.ask()
    press.finish()
    error = press.job(job).error
    assert error is not None
    assert error.todo == "Did you mean main?"
