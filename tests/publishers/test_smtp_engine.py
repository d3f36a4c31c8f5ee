"""Through the whole protocol: a mail is sent once, tried again before its end, and held for a person after it."""

from __future__ import annotations

import pytest

from pressroom.publications import PublicationState
from tests.fakes.faults import Fault
from tests.press import Press
from tests.publishers.smtp_bench import a_bench


@pytest.mark.parametrize(
    ("fault", "count"),
    [(Fault.CUT_AFTER_PROCESSING, 1), (Fault.CUT_BEFORE_PROCESSING, 0), (Fault.PROCESSED_BUT_500, 1)],
)
def test_a_mail_whose_answer_is_lost_is_held_and_never_sent_again(fault: Fault, count: int) -> None:
    with a_bench() as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.smtp.script(fault, method="DOT")
        job = press.ask("Boo!")
        press.finish()
        publication = press.publication(job)
        assert publication.state is PublicationState.HELD
        assert publication.problem is not None
        assert "a mail server shows nobody" in publication.problem.what
        assert len(bench.smtp.mails) == count


@pytest.mark.parametrize("method", ["CONNECT", "MAIL", "RCPT", "DATA"])
def test_trouble_before_the_end_of_the_mail_is_tried_again(method: str) -> None:
    with a_bench() as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.smtp.script(Fault.CUT_BEFORE_PROCESSING, method=method)
        job = press.ask("Boo!")
        press.finish()
        assert press.publication(job).state is PublicationState.PUBLISHED
        assert press.outcomes(job) == ["refused", "published"]
        assert len(bench.smtp.mails) == 1
