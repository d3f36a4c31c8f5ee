from __future__ import annotations

from tests.golden_products import CASES, golden, picture

if __name__ == "__main__":
    for case in CASES:
        golden(case).write_bytes(picture(case))
