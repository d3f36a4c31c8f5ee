"""Through the whole protocol: an organisation's post is found and never sent twice, a member's is for a person."""

from __future__ import annotations

import pytest

from pressroom.publications import PublicationState
from tests.fakes.faults import Fault
from tests.press import Press
from tests.publishers.linkedin_bench import a_bench


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER_PROCESSING, Fault.PROCESSED_BUT_500, Fault.PROCESSED_BUT_EMPTY])
def test_an_organisations_post_whose_answer_is_lost_is_found(fault: Fault) -> None:
    with a_bench() as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.linkedin.script(fault, path="/rest/posts")
        job = press.ask("Boo (at) #midnight")
        press.finish()
        publication = press.publication(job)
        assert publication.state is PublicationState.PUBLISHED
        assert publication.receipt is not None
        assert [post.urn for post in bench.linkedin.posts] == [publication.receipt.remote_id]


def test_a_post_that_comes_through_after_it_was_taken_for_lost_is_held_with_its_address() -> None:
    with a_bench() as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.linkedin.read_lag_seconds = 60 * 60
        bench.linkedin.script(Fault.CUT_AFTER_PROCESSING, path="/rest/posts")
        job = press.ask("Boo at midnight")
        press.finish()
        publication = press.publication(job)
        assert publication.state is PublicationState.HELD
        assert publication.problem is not None
        assert bench.linkedin.posts[0].urn in publication.problem.what
        assert bench.count_posts() == 1


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER_PROCESSING, Fault.CUT_BEFORE_PROCESSING])
def test_a_members_post_whose_answer_is_lost_is_for_a_person(fault: Fault) -> None:
    with a_bench(organization=False) as bench:
        press = Press(bench.publisher, clock=bench.clock)
        bench.linkedin.script(fault, path="/rest/posts")
        job = press.ask("Boo at midnight")
        press.finish()
        assert press.publication(job).state is PublicationState.HELD
        assert bench.count_posts() == int(fault is Fault.CUT_AFTER_PROCESSING)


def test_an_ended_version_pauses_the_channel_and_loses_no_post() -> None:
    with a_bench(versions=("202708",)) as bench:
        press = Press(bench.publisher, clock=bench.clock)
        job = press.ask("Boo at midnight")
        press.finish()
        publication = press.publication(job)
        assert publication.state is PublicationState.HELD
        assert publication.problem is not None
        assert "api_version" in publication.problem.todo
