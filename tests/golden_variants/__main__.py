from __future__ import annotations

from tests.golden_variants import CASES, golden, variant

if __name__ == "__main__":
    for case in CASES:
        golden(case).write_bytes(variant(case).data)
