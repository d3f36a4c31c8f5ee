"""`python -m bench.letter_marks draw FILE …` draws lessons, `… train FOLDER --out FILE` learns from them."""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.letter_marks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="draw pages and store the lessons of them in FILE")
    drawing.add_argument("file", type=Path)
    drawing.add_argument("--pages", type=int, default=150)
    drawing.add_argument("--seed", type=int, default=1)
    training = commands.add_parser("train", help="learn from all files of FOLDER")
    training.add_argument("folder", type=Path)
    training.add_argument("--out", type=Path, required=True)
    training.add_argument("--epochs", type=int, default=10)
    training.add_argument("--start", type=Path, help="weights to go on from")
    arguments = parser.parse_args()
    if arguments.command == "draw":
        draw(arguments.file, arguments.pages, arguments.seed)
    else:
        from bench.letter_marks.training import train

        train(sorted(arguments.folder.glob("*.npz")), arguments.out, arguments.epochs, start=arguments.start)


def draw(file: Path, pages: int, seed: int) -> None:
    import numpy as np

    from bench.letter_marks.lessons import Lessons, lessons_of
    from bench.letter_marks.pages import faces, page
    from pressroom.generators.reading_text.models import Models

    chance, files, models = Random(seed), faces(), Models()
    drawn: list[Lessons] = []
    for number in range(pages):
        drawn += lessons_of(page(chance, files), models)
        print(f"{number + 1} pages, {sum(len(one.letters) for one in drawn)} letters", end="\r", flush=True)
    np.savez(
        file,
        seen=np.concatenate([one.seen for one in drawn]),
        told=np.concatenate([one.told for one in drawn]),
        letters=np.array([letter for one in drawn for letter in one.letters]),
        spaces=np.array([space for one in drawn for space in one.spaces], np.int8),
    )


if __name__ == "__main__":
    main()
