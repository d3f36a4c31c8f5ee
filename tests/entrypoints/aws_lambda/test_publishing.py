"""Publishing on AWS: each post once, whatever word comes twice or late, and every machine that waits is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.deployment.standing import timestamp
from pressroom.desk import Resolution
from pressroom.entrypoints.aws_lambda import publishing, steps
from pressroom.errors import AccountDisconnected, RateLimited
from pressroom.jobs import Job
from pressroom.publications import PublicationState
from pressroom.testing import Lost, ManualClock
from tests.carried import Carried, asked, batch, carried
from tests.lambdas import LambdaContext
from tests.press import Network, Press, sent

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
QUEUE, PATH = "press-publish-main", "publish_post[main]"
OVER = "stop"
"""What is answered when a job has ended, as it does here with its only post."""


def _context(seconds: float = 300) -> LambdaContext:
    return LambdaContext("press-publish-main", remaining_ms=int(seconds * 1000))


class Room:
    """A press whose posts go out by words from the channel's queue."""

    def __init__(self, **settings: Any) -> None:
        clock = ManualClock(NOON)
        self.press = Press(Network(clock, **settings), clock=clock)
        self.here = Carried(self.press.runtime)

    def written(self, text: str = "Boo!") -> Job:
        """Return a job whose post is next."""
        job = self.press.ask(text)
        steps.handler(asked(job.id, "write"), _context())
        return job

    def publish(self, job: Job, *, token: str = "token", seconds: float = 300) -> dict[str, Any]:
        """Hand the word over as the topic sends it; return what the machine is answered."""
        envelope = {"Type": "Notification", "Message": json.dumps(asked(job.id, PATH, token))}
        before = len(self.here.executions.answers)
        failed = publishing.handler(batch(QUEUE, json.dumps(envelope)), _context(seconds))
        assert failed == {"batchItemFailures": []}
        [(given, answered)] = self.here.executions.answers[before:]
        assert given == token
        return answered


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    with carried(made.press.runtime) as made.here:
        yield made


@pytest.fixture
def paced() -> Iterator[Room]:
    made = Room(minimum_gap_seconds=60)
    with carried(made.press.runtime) as made.here:
        yield made


def test_a_post_goes_out_and_the_machine_goes_on(room: Room) -> None:
    job = room.written()
    assert room.publish(job)["go"] == OVER
    assert sent(room.press) == ["Boo!"]


def test_a_word_that_comes_twice_posts_once_and_both_are_answered(room: Room) -> None:
    job = room.written()
    assert [room.publish(job)["go"] for _ in range(3)] == [OVER] * 3
    assert sent(room.press) == ["Boo!"]


def test_a_word_that_comes_for_what_somebody_else_publishes_is_told_to_ask_when_that_claim_ends(room: Room) -> None:
    job = room.written()
    lease = timedelta(minutes=5)
    assert room.press.ports.queue.claim_one(PATH, lease, job_id=job.id)
    assert room.publish(job) == {"go": "again", "at": timestamp(NOON + lease), "chosen": None, "turns": []}
    assert sent(room.press) == []


def test_a_post_whose_answer_is_lost_is_looked_for_and_never_sent_again(room: Room) -> None:
    job = room.written()

    room.press.network.enqueue(Lost(arrived=True))
    answered = room.publish(job)
    assert answered["go"] == "again"
    for _ in range(20):
        room.press.clock.move_to(datetime.fromisoformat(answered["at"]))
        answered = room.publish(job)
        if answered["go"] != "again":
            break
    assert answered["go"] == OVER
    assert sent(room.press) == ["Boo!"]


def test_a_function_killed_in_the_middle_leaves_the_post_to_the_end_of_its_lease(room: Room) -> None:
    job = room.written()

    class Killed(BaseException):
        """As the end of the process: no code of ours runs after it."""

    def kill() -> None:
        raise Killed

    room.press.network.at_publish = kill
    with pytest.raises(Killed):
        room.publish(job)
    room.press.network.at_publish = lambda: None
    ends = room.press.ports.queue.due(PATH, job_id=job.id)
    assert ends is not None
    assert ends >= NOON + timedelta(seconds=300), "it may have run until its time was over"
    answered = room.publish(job)
    assert (answered["go"], answered["at"]) == ("again", timestamp(ends))
    while answered["go"] == "again":
        room.press.clock.move_to(datetime.fromisoformat(answered["at"]))
        answered = room.publish(job)
    assert answered["go"] == OVER
    assert sent(room.press) == ["Boo!"]


def test_a_post_in_line_is_asked_for_when_its_channel_lets_the_next_one_go(paced: Room) -> None:
    jobs = [paced.written(f"Boo {number}!") for number in range(3)]
    answers = [paced.publish(job) for job in jobs]
    gap = timedelta(seconds=60)
    assert [answer["go"] for answer in answers] == [OVER, "again", "again"]
    assert {answer["at"] for answer in answers[1:]} == {timestamp(NOON + gap)}
    paced.press.clock.move_to(NOON + gap)
    answers = [paced.publish(job) for job in jobs[1:]]
    assert sorted(answer["go"] for answer in answers) == ["again", OVER]
    assert [answer["at"] for answer in answers if answer["at"]] == [timestamp(NOON + 2 * gap)]


def test_a_rate_limit_is_waited_for(room: Room) -> None:
    job = room.written()
    until = NOON + timedelta(minutes=20)
    room.press.network.enqueue(RateLimited("Too many.", retry_at=until))
    answered = room.publish(job)
    assert (answered["go"], answered["at"]) == ("again", timestamp(until))


def test_a_held_post_pauses_its_machine_and_a_persons_word_lets_it_go_on(room: Room) -> None:
    job = room.written()
    room.press.network.enqueue(AccountDisconnected("The token was revoked."))
    assert room.publish(job)["go"] == "pause"
    publication = room.press.publication(job)
    assert publication.state is PublicationState.HELD
    room.press.runtime.publishing.resolve(publication.id, Resolution.GIVE_UP)
    assert room.publish(job)["go"] == OVER


def test_what_cannot_be_done_in_the_time_that_is_left_is_not_begun_and_shown_again_at_once(room: Room) -> None:
    job = room.written()
    word = json.dumps(asked(job.id, PATH, "token"))
    assert publishing.handler(batch(QUEUE, word), _context(seconds=20)) == {
        "batchItemFailures": [{"itemIdentifier": "m0"}]
    }
    assert room.here.words.shown_again == [(QUEUE, "r0", timedelta(0))]
    assert sent(room.press) == []
    assert room.publish(job)["go"] == OVER, "nobody holds it"
    assert room.press.ports.jobs.steps(job.id)[PATH].attempts == 1


def test_a_word_without_a_token_is_carried_out_and_nobody_is_answered(room: Room) -> None:
    job = room.written()
    assert publishing.handler(batch(QUEUE, json.dumps(asked(job.id, PATH))), _context()) == {"batchItemFailures": []}
    assert sent(room.press) == ["Boo!"]
    assert room.here.executions.answers == []


def test_one_word_that_cannot_be_read_spoils_none_of_its_batch(room: Room) -> None:
    job = room.written()
    words = ["no JSON", json.dumps(asked(job.id, PATH, "token"))]
    assert publishing.handler(batch(QUEUE, *words), _context()) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert sent(room.press) == ["Boo!"]


def test_a_token_is_never_written_to_the_log(room: Room, capfd: pytest.CaptureFixture[str]) -> None:
    job = room.written()
    room.here.executions.nobody_waits_for.add("token-very-secret")
    publishing.handler(batch(QUEUE, json.dumps(asked(job.id, PATH, "token-very-secret")), "no JSON"), _context())
    out, err = capfd.readouterr()
    assert "very-secret" not in out + err
