"""`python -m tests.soak`: the long form; prints the counts and ends with 1 if anything is wrong."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fakes.faults import Fault
from tests.soak import networks
from tests.soak.account import Account
from tests.soak.soak import soak

ALL = "all"
ENOUGH_FOR_EVERY_FAULT = 60
"""Posts from which on each kind of fault must have met a public call."""


def main() -> int:
    options = _parser().parse_args()
    is_all = options.network == ALL
    posts = options.posts or (60 if is_all else 330)
    kills = options.kills or (40 if is_all else 220)
    chosen = networks.names() if is_all else [options.network]
    accounts = {name: _one(name, posts, kills, options.seed, options.minutes * 60) for name in chosen}
    if is_all:
        _say(ALL, _sum(list(accounts.values())))
    return 1 if any(account.wrong for account in accounts.values()) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--network", choices=[*networks.names(), ALL], default="x", help="by default %(default)s")
    parser.add_argument("--posts", type=int, help="on each network; by default 330 on one, 60 on each of all")
    parser.add_argument("--kills", type=int, help="on each network; by default 220 on one, 40 on each of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=30, help="on each network, at most")
    return parser


def _one(name: str, posts: int, kills: int, seed: int, patience: float) -> Account:
    with tempfile.TemporaryDirectory(prefix="pressroom-soak-") as folder:
        network = networks.network(name)
        account = soak(Path(folder), network, posts=posts, kills=kills, seed=seed, patience=patience)
    missing = sorted(fault.value for fault in Fault if not account.public_faults[fault.value])
    if missing and posts >= ENOUGH_FOR_EVERY_FAULT:
        account.wrong.append(f"no public call met {', '.join(missing)}: ask for more posts")
    if account.kills < kills:
        account.wrong.append(f"there was time for {account.kills} kills of {kills} only")
    _say(name, account.lines())
    return account


def _sum(accounts: list[Account]) -> list[str]:
    def count(name: str) -> int:
        return sum(getattr(account, name) for account in accounts)

    return [
        f"{count('posts')} posts, {count('kills')} kills, {count('cut_off')} public calls cut off, "
        f"{sum(sum(account.faults.values()) for account in accounts)} faults, "
        f"{count('found') + count('sent_again')} held posts decided: "
        f"twice {count('twice')}, lost {count('lost')}, not over {count('open')}",
    ]


def _say(name: str, lines: list[str]) -> None:
    sys.stdout.write("\n  ".join([name, *lines]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
