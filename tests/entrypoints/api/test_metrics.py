"""What Prometheus reads."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pressroom.publications import PublicationState
from tests.entrypoints.edition import UNKNOWN
from tests.entrypoints.site import Site, a_site


@pytest.fixture
def site() -> Site:
    site = a_site()
    site.edition.job("Cake")
    failed = site.edition.job("Bread", ends="JobFailed")
    site.edition.dead(failed)
    site.edition.job("Mousse", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    site.edition.waiting("publish.main")
    site.clock.advance(minutes=2)
    return site


def value(site: Site, name: str, **labels: str) -> float | None:
    """Return one sample of a scrape, None if it is not there."""
    for family in text_string_to_metric_families(site.client.get("/metrics").text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return float(sample.value)
    return None


@pytest.mark.parametrize(("status", "count"), [("pending", 3), ("completed", 1), ("failed", 1), ("held", 1)])
def test_jobs_are_counted_by_pipeline_and_status(site: Site, status: str, count: int) -> None:
    assert value(site, "pressroom_jobs_total", pipeline="daily_post", status=status) == count


def test_a_second_scrape_counts_nothing_twice(site: Site) -> None:
    for _ in range(2):
        assert value(site, "pressroom_jobs_total", pipeline="daily_post", status="completed") == 1


def test_what_stands_is_shown_beside_what_happened(site: Site) -> None:
    assert value(site, "pressroom_jobs_now", status="held") == 1


def test_the_durations_of_steps_are_a_histogram(site: Site) -> None:
    assert value(site, "pressroom_step_seconds_count", pipeline="daily_post", step="choose_theme") == 3


def test_failed_attempts_at_steps_are_counted(site: Site) -> None:
    assert value(site, "pressroom_step_failures_total", pipeline="daily_post", step="draw_picture") == 3


def test_publications_are_counted_by_channel_and_state(site: Site) -> None:
    assert value(site, "pressroom_publications_total", channel="preview", state="published") == 1
    assert value(site, "pressroom_publications_open", channel="main", state="held") == 1


def test_publishing_is_measured_from_the_attempt_to_its_outcome(site: Site) -> None:
    assert value(site, "pressroom_publish_seconds_sum", channel="preview", outcome="published") == pytest.approx(
        3.2 * 0.07, abs=0.001
    )


def test_waiting_and_dead_deliveries_are_shown_by_queue_with_the_oldest_ones_age(site: Site) -> None:
    assert value(site, "pressroom_deliveries_waiting", queue="publish.main") == 1
    assert value(site, "pressroom_oldest_waiting_seconds", queue="publish.main") == 120
    assert value(site, "pressroom_deliveries_dead", queue="steps") == 1


def test_posts_in_a_channels_line_are_counted_and_not_said_to_be_late(site: Site) -> None:
    site.edition.waiting("waiting.main")
    assert value(site, "pressroom_deliveries_waiting", queue="waiting.main") == 1
    assert value(site, "pressroom_oldest_waiting_seconds", queue="waiting.main") is None


def test_costs_are_shown_by_pipeline_for_the_day_and_the_month(site: Site) -> None:
    assert value(site, "pressroom_cost_usd", pipeline="daily_post", span="month") == pytest.approx(0.0722)


def test_a_paused_channel_is_shown(site: Site) -> None:
    assert value(site, "pressroom_channel_paused", channel="main") == 0
    site.edition.pause("main", "The token was revoked.")
    assert value(site, "pressroom_channel_paused", channel="main") == 1


def test_the_version_is_shown(site: Site) -> None:
    assert 'pressroom_build_info{version="' in site.client.get("/metrics").text
