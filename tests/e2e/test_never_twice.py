"""The short form of the soak; `make soak` runs the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.soak import soak


@pytest.mark.timeout(300)
def test_every_post_is_there_once_or_held_through_kills_and_wrong_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = soak(tmp_path, posts=30, kills=15, seed=7, patience=240)
    with capsys.disabled():
        print("", *account.lines(), sep="\n  ")  # noqa: T201 - the counts are what one runs it for
    assert account.wrong == []
    assert account.published + account.held == account.posts == 30
    assert account.published <= account.on_the_server <= account.posts
    assert account.kills >= 15
    assert account.kills_while_publishing
    assert len(account.sending_faults) > 20
