"""The order in which a person reads lines: columns, rows, headlines, turned and leaning pages."""

from __future__ import annotations

from math import cos, radians, sin

from pressroom.reading_order import Point, in_reading_order, rows_of

Box = tuple[Point, Point, Point, Point]


def box(left: float, top: float, width: float, height: float = 20) -> Box:
    return (left, top), (left + width, top), (left + width, top + height), (left, top + height)


def turned(box: Box, degrees: float) -> Box:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    first, second, third, fourth = ((x * c - y * s, x * s + y * c) for x, y in box)
    return first, second, third, fourth


def column(left: float, lines: int, top: float = 0) -> list[Box]:
    return [box(left, top + 30 * number, 300 - 10 * (number % 3)) for number in range(lines)]


def order(boxes: list[Box]) -> list[Box]:
    return [boxes[number] for number in in_reading_order(boxes)]


def shuffled(boxes: list[Box]) -> list[Box]:
    return boxes[::2][::-1] + boxes[1::2]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    page = column(0, 8) + column(350, 6) + column(700, 7)
    assert order(shuffled(page)) == page


def test_a_headline_and_a_footer_stand_across_columns() -> None:
    page = [box(100, 0, 800, 60), *column(0, 8, 100), *column(350, 8, 100), box(400, 400, 100)]
    assert order(shuffled(page)) == page


def test_the_cells_of_a_table_are_read_row_by_row() -> None:
    page = [cell for row in range(6) for cell in (box(0, 40 * row, 300), box(600, 40 * row + 3, 60))]
    assert order(shuffled(page)) == page


def test_a_page_on_its_side_or_upside_down_is_read_as_if_it_stood_upright() -> None:
    page = column(0, 5) + column(350, 5)
    for degrees in (90, 180, 270, 8, -8):
        boxes = [turned(one, degrees) for one in page]
        assert order(shuffled(boxes)) == boxes, degrees


def test_nothing_and_one_line_are_in_order() -> None:
    assert in_reading_order([]) == []
    assert in_reading_order([box(0, 0, 10)]) == [0]
    assert in_reading_order([box(0, 0, 0, 0)] * 2) == [0, 1]


def test_thousands_of_lines_are_put_in_order() -> None:
    page = [line for number in range(4) for line in column(350 * number, 600)]
    assert order(shuffled(page)) == page


def test_what_stands_beside_each_other_is_one_row_if_it_was_read_one_after_the_other() -> None:
    receipt = [box(0, 0, 300), box(600, 4, 60), box(0, 40, 200), box(600, 41, 60), box(0, 80, 100)]
    assert rows_of(receipt) == [[0, 1], [2, 3], [4]]
    columns = column(0, 3) + column(350, 3)
    assert rows_of(columns) == [[number] for number in range(6)]
