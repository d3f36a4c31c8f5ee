"""Brushes: pure functions that give SVG for one kind of thing, from sky to grass."""
