"""Measured comparisons; `make bench` runs all, `python -m bench NAME` one. Each module beside `base` is a bench."""
