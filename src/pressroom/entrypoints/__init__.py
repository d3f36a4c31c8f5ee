"""Thin doors: they parse, call and format."""
