"""`python -m bench.peers MODULE ENGINE FOLDER`: the worker process of one engine."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    module, engine, folder = sys.argv[1:]
    found = importlib.import_module(module)
    found.serve(getattr(found, engine), Path(folder))
