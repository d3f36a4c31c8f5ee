"""`python -m bench [NAME …]`: runs the named benches, or all, prints what they found and writes `RESULTS.md`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path

import bench
from bench.base import Bench
from bench.support import machine, results


def names() -> list[str]:
    return sorted(
        found.name
        for found in pkgutil.iter_modules(bench.__path__)
        if not found.ispkg and found.name not in ("base", "__main__")
    )


def named(name: str) -> Bench:
    module = importlib.import_module(f"bench.{name}")
    (kind,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Bench) and value.__module__ == module.__name__
    )
    return kind()


def main() -> int:
    known = names()
    parser = argparse.ArgumentParser("python -m bench", description="Measured comparisons.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all if none is given")
    parser.add_argument("--rounds", type=int, help="instead of each bench's own number")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure (default: the temporary files')")
    parser.add_argument("--no-results", action="store_true", help="do not write RESULTS.md")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        parser.error(f"there is no bench {', '.join(unknown)}; there are {', '.join(known)}")
    met = True
    for name in arguments.names or known:
        met &= run(name, arguments)
    return 0 if met else 1


def run(name: str, arguments: argparse.Namespace) -> bool:
    """Run one bench; say whether no target was missed."""
    chosen = named(name)
    print(f"{name} …", flush=True)
    with tempfile.TemporaryDirectory(prefix=f"bench-{name}-", dir=arguments.folder) as folder:
        before = machine.state(Path(folder))
        report = chosen.run(Path(folder), arguments.rounds)
    section = results.written(name, chosen, report, before)
    print(section, flush=True)
    if not arguments.no_results:
        results.keep(name, section)
    return all(target.met is not False for target in report.targets)


if __name__ == "__main__":
    sys.exit(main())
