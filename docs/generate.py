"""`python -m docs.generate` writes `docs/reference` anew, from what the code itself declares."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from docs import reference_pages

FOLDER = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Return the text of every page of the reference by its file's name; each module there makes one."""
    found = {}
    for module in pkgutil.iter_modules(reference_pages.__path__):
        if not module.name.startswith("_"):
            name = module.name.replace("_", "-") + ".md"
            found[name] = importlib.import_module(f"docs.reference_pages.{module.name}").page()
    return found


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
