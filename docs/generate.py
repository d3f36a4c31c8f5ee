"""`python -m docs.generate` writes `docs/reference` and drawn pictures anew, from what the code itself declares."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from docs import pictures, reference_pages

FOLDER = Path(__file__).parent / "reference"
IMAGES = Path(__file__).parent / "images"


def pages() -> dict[str, str]:
    """Return the text of every page of the reference by its file's name; each module there makes one."""
    found = {}
    for module in pkgutil.iter_modules(reference_pages.__path__):
        if not module.name.startswith("_"):
            name = module.name.replace("_", "-") + ".md"
            found[name] = importlib.import_module(f"docs.reference_pages.{module.name}").page()
    return found


def drawn() -> dict[str, str]:
    """Return every picture that is drawn by a module, as SVG, by its file's name."""
    names = [module.name for module in pkgutil.iter_modules(pictures.__path__) if not module.name.startswith("_")]
    return {f"{name}.svg": importlib.import_module(f"docs.pictures.{name}").picture() for name in names}


def main() -> None:
    for folder, files in ((FOLDER, pages()), (IMAGES, drawn())):
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
            sys.stdout.write(f"docs/{folder.name}/{name}\n")


if __name__ == "__main__":
    main()
