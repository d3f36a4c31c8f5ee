"""A picture that few browsers show, as an edition draws it."""

from __future__ import annotations

import io


def a_heic(theme: str) -> tuple[bytes, str, int, int, str]:
    import pillow_heif
    from PIL import Image

    file = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (1200, 800), "teal")).save(file)
    return file.getvalue(), "image/heic", 1200, 800, f"A sea for {theme}"
