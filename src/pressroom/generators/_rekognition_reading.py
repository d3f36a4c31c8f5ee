"""What Rekognition answered, as lines with their corners in the picture's own pixels. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pressroom.generators._rekognition_parts import Part, Point, polygon
from pressroom.reading_order import in_reading_order
from pressroom.recognition import RecognisedText, TextLine


def recognised_text(document: dict[str, Any], min_confidence: float) -> RecognisedText:
    """Read a stored answer, of all parts of the picture; lines that are less sure are left out."""
    lines = [
        line
        for told in document["parts"]
        for line in _lines_of(Part(**told["part"]), told["detections"], document["width"], document["height"])
        if line.confidence >= min_confidence
    ]
    order = in_reading_order([line.box for line in lines])
    return RecognisedText(
        lines=tuple(lines[number] for number in order), width=document["width"], height=document["height"]
    )


def _lines_of(part: Part, detections: Sequence[dict[str, Any]], width: int, height: int) -> Iterator[TextLine]:
    words: dict[int, list[list[Point]]] = {}
    for one in detections:
        box = polygon(one, part)
        if one.get("Type") == "WORD" and len(box) == 4:
            words.setdefault(one.get("ParentId", -1), []).append(box)
    for one in detections:
        box = polygon(one, part)
        text = str(one.get("DetectedText", "")).strip()
        if one.get("Type") != "LINE" or len(box) != 4 or not text or not part.answers_for(box):
            continue
        first, second, third, fourth = (
            (min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height)))
            for x, y in _from_its_beginning(box, words.get(one.get("Id", -2), []))
        )
        confidence = min(1.0, max(0.0, float(one.get("Confidence", 0)) / 100))
        yield TextLine(text=text, confidence=confidence, box=(first, second, third, fourth))


def _from_its_beginning(box: list[Point], words: list[list[Point]]) -> list[Point]:
    """Return the corners from the top left of the text on: the first side runs as the words follow each other."""
    if len(words) < 2:
        return box
    (x, y), (end_x, end_y) = _middle(words[0]), _middle(words[-1])

    def agreement(turn: int) -> float:
        (ax, ay), (bx, by) = box[turn], box[(turn + 1) % 4]
        return (bx - ax) * (end_x - x) + (by - ay) * (end_y - y)

    turn = max(range(4), key=agreement)
    return box[turn:] + box[:turn]


def _middle(box: list[Point]) -> Point:
    return sum(x for x, _ in box) / len(box), sum(y for _, y in box) / len(box)
