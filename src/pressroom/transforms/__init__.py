"""Transforms: one change of a picture each, found by the name of their module."""
