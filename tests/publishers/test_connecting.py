"""One mechanism connects the accounts of every network: their own fakes take what it sends."""

from __future__ import annotations

import pytest

from pressroom.connecting import begin, finish
from pressroom.publishers.base import Publisher
from tests.fakes import mastodon_auth
from tests.newcomer import BACK, come_back, query_of
from tests.publishers import facebook_bench, instagram_bench, mastodon_bench, threads_bench


@pytest.mark.parametrize("network", ["facebook", "instagram", "threads"])
def test_a_code_that_is_exchanged_without_a_proof_comes_to_a_token_that_posts(network: str) -> None:
    benches = {"facebook": facebook_bench, "instagram": instagram_bench, "threads": threads_bench}
    with benches[network].a_bench() as bench:
        begun = begin(bench.publisher, BACK)
        assert "," in query_of(begun.url)["scope"]
        connected = finish(bench.publisher, begun, {"code": bench.fake.authorize(), "state": begun.state})
        assert "ressroom" in connected.account
        assert bench.secrets.get("channels.main.access_token") == connected.secrets["access_token"]
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.count_posts() == 1


def test_a_server_that_proves_who_asks_is_proved_to() -> None:
    with mastodon_bench.a_bench() as bench:
        publisher: Publisher = bench.publisher
        app = {"client_id": mastodon_auth.CLIENT_ID, "client_secret": mastodon_auth.CLIENT_SECRET}
        bench.secrets.set_many({f"channels.toots.{name}": value for name, value in app.items()})
        begun = begin(publisher, BACK)
        connected = finish(publisher, begun, come_back(begun))
        assert connected.account == "@pressroom@mastodon.example"
        assert bench.secrets.get("channels.toots.access_token") == connected.secrets["access_token"]
        assert all(finding.ok for finding in publisher.check())
