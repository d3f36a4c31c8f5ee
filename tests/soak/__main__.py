"""`python -m tests.soak`: the long form; prints the counts and ends with 1 if anything is wrong."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fakes.faults import Fault
from tests.soak.soak import soak


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--posts", type=int, default=330)
    parser.add_argument("--kills", type=int, default=220)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pressroom-soak-") as folder:
        account = soak(
            Path(folder), posts=options.posts, kills=options.kills, seed=options.seed, patience=options.minutes * 60
        )
    missing = sorted(fault.value for fault in Fault if not account.sending_faults[fault.value])
    if missing:
        account.wrong.append(f"no public call met {', '.join(missing)}: ask for more posts")
    if account.kills < options.kills:
        account.wrong.append(f"there was time for {account.kills} kills of {options.kills} only")
    sys.stdout.write("\n".join(account.lines()) + "\n")
    return 1 if account.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
