"""Changes and their sums."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from pressroom.changes import Change, Claim, JobChange, ScheduleMove, change_job, settle
from pressroom.contracts.samples import (
    PROBLEM,
    a_cost,
    a_delivery,
    a_new_job,
    a_publication,
    a_step,
    an_asset,
    an_event,
    happened,
)
from pressroom.deliveries import Bury, Done
from pressroom.jobs import JobStatus

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


def a_full_change(name: str) -> Change:
    return Change(
        events=(an_event(subject=name),),
        jobs=a_new_job(name).jobs,
        steps=(a_step(name),),
        deliveries=(a_delivery(name),),
        settled=Done(a_delivery(name)),
        live_jobs=(name,),
        publications=(a_publication(name),),
        assets=(an_asset(name),),
        removed_assets=(an_asset(f"old {name}"),),
        forgotten_jobs=(name,),
        claims=(Claim(name, {}),),
        costs=(a_cost(name, "1"),),
        schedule=ScheduleMove(name, None, NOW),
    )


def test_a_sum_has_all_parts_of_both_in_order() -> None:
    one, other = a_full_change("one"), a_full_change("other")
    both = one + other
    for field in fields(Change):
        first, second, summed = (getattr(change, field.name) for change in (one, other, both))
        if isinstance(first, tuple):
            assert summed == first + second
            assert len(summed) == 2


def test_of_single_valued_parts_the_later_wins() -> None:
    one, other = a_full_change("one"), a_full_change("other")
    assert (one + other).settled == other.settled
    assert (one + other).schedule == other.schedule


def test_a_single_valued_part_is_kept_where_the_other_has_none() -> None:
    one = a_full_change("one")
    assert one + Change() == one
    assert Change() + one == one


def test_changing_a_job_folds_its_events_into_it() -> None:
    [asked] = a_new_job("job_1").jobs
    begun = happened("JobStarted", "job_1")
    change = change_job(asked.after, [begun], deliveries=(a_delivery(),))
    assert change.events == (begun,)
    assert change.jobs[0].before == 1
    assert (change.jobs[0].after.status, change.jobs[0].after.version) == (JobStatus.PROCESSING, 2)
    assert change.deliveries == (a_delivery(),)


def test_a_new_job_is_changed_from_version_zero() -> None:
    change = a_new_job("job_1")
    assert change.jobs == (JobChange(0, change.jobs[0].after),)


def test_a_job_cannot_begin_in_its_middle() -> None:
    with pytest.raises(ValueError, match="begins with the event JobRequested"):
        change_job(None, [happened("JobStarted", "job_1")])


def test_a_change_can_settle_a_delivery() -> None:
    settled = Bury(a_delivery(), PROBLEM)
    assert settle(a_full_change("one"), settled).settled == settled
