"""Trains the network that looks at letters a second time: `python -m bench.letter_marks --out FILE`."""
