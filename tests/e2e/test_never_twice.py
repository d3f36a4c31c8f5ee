"""Every post is public exactly once on every network, whatever is killed; `make soak` runs the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom import registry
from tests.soak import networks
from tests.soak.drill import KILLS, POSTS, drill
from tests.soak.networks.x import X
from tests.soak.soak import soak

WITHOUT_A_NETWORK = {"preview"}


@pytest.mark.parametrize("publisher", sorted(set(registry.names("publishers")) - WITHOUT_A_NETWORK))
def test_each_publisher_has_its_kill_test(publisher: str) -> None:
    assert [name for name in networks.names() if name == publisher or name.startswith(f"{publisher}_")]


@pytest.mark.parametrize("name", networks.names())
def test_each_post_is_there_once_after_kills_within_its_public_call(name: str, tmp_path: Path) -> None:
    account = drill(tmp_path, networks.network(name))
    assert account.wrong == []
    assert (account.seen, account.published, account.twice, account.lost) == (POSTS, POSTS, 0, 0)
    assert account.kills == KILLS
    assert account.cut_off >= 3


@pytest.mark.timeout(300)
def test_every_post_is_there_once_through_kills_and_wrong_answers_at_random(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = soak(tmp_path, X(), posts=30, kills=15, seed=7, patience=240)
    with capsys.disabled():
        print("", *account.lines(), sep="\n  ")  # noqa: T201 - the counts are what one runs it for
    assert account.wrong == []
    assert account.published == account.seen == account.posts == 30
    assert account.kills >= 15
    assert account.cut_off
    assert len(account.public_faults) > 20
