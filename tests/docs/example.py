"""The examples of a how-to, read from the page itself and laid out as a package of somebody's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


class Example:
    """The titled blocks of one page as files in a folder, announced as the page's `pyproject.toml` says."""

    def __init__(self, page: str, folder: Path) -> None:
        self.files = dict(BLOCK.findall((ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")))
        self.folder = folder / "example"
        self.workspace = folder / "workspace"
        self.folder.mkdir()
        for name, text in self.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        self._announce()

    @property
    def modules(self) -> list[str]:
        return [name for name in self.files if name.endswith(".py")]

    def _announce(self) -> None:
        """Write what an installer would: the package's metadata with its entry points."""
        metadata = self.folder / "example-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: example\nVersion: 1.0\n", encoding="utf-8")
        lines = []
        for group, points in tomllib.loads(self.files["pyproject.toml"])["project"]["entry-points"].items():
            lines += [f"[{group}]", *(f"{name} = {module}" for name, module in points.items())]
        (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the example installed."""
        path = f"{self.folder}{os.pathsep}{ROOT}"
        environment = os.environ | {"PYTHONPATH": path, "MYPYPATH": str(ROOT), "NO_COLOR": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=environment,
            timeout=110,
        )

    def pressroom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "pressroom", "--workspace", str(self.workspace), *arguments)
