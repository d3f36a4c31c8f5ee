"""Through the whole protocol: a Slack message whose answer is lost is found by its key and never sent twice."""

from __future__ import annotations

import pytest

from pressroom.publications import PublicationState
from tests.fakes.faults import Fault
from tests.press import Press
from tests.publishers.slack_bench import a_bench


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER_PROCESSING, Fault.PROCESSED_BUT_500, Fault.PROCESSED_BUT_JUNK])
def test_a_message_whose_answer_is_lost_is_found(fault: Fault) -> None:
    with a_bench() as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.slack.script(fault, path="/api/chat.postMessage")
        job = press.ask("Boo!")
        press.finish()
        publication = press.publication(job)
        assert publication.state is PublicationState.PUBLISHED
        assert publication.receipt is not None
        assert publication.receipt.remote_id.endswith(bench.slack.posts[0].ts)
        assert bench.count_posts() == 1


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE_PROCESSING, Fault.SERVER_ERROR, Fault.JUNK_BODY])
def test_a_message_that_surely_is_not_there_is_sent_again(fault: Fault) -> None:
    with a_bench() as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.slack.script(fault, path="/api/chat.postMessage")
        job = press.ask("Boo!")
        press.finish()
        assert press.outcomes(job) == ["absent", "published"]
        assert bench.count_posts() == 1


def test_what_a_webhook_may_have_taken_is_for_a_person() -> None:
    with a_bench(webhook=True) as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.slack.script(Fault.CUT_AFTER_PROCESSING, path="/services/*")
        job = press.ask("Boo!")
        press.finish()
        assert press.publication(job).state is PublicationState.HELD
        assert bench.count_posts() == 1
