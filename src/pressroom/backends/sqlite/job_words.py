"""Keeps the words of jobs in step with their rows, and asks for jobs by them."""

from __future__ import annotations

import json
import sqlite3

from pressroom.searching import words_of, words_of_fields

_LAST = "\U0010ffff"
"""Sorts behind every letter."""


def know_words(connection: sqlite3.Connection) -> None:
    """Let SQL on this connection take a job's words apart, for a migration."""

    def as_json(input_text: str, result_text: str) -> str:
        return json.dumps(sorted(words_of_fields(json.loads(input_text), json.loads(result_text))))

    connection.create_function("words_of_job", 2, as_json, deterministic=True)


def put_words(connection: sqlite3.Connection, job_id: str, input_text: str, result_text: str) -> None:
    """Store the words of a job whose row is about to be written with these columns; compared with the row as it is."""
    row = connection.execute("SELECT input, result FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is not None and (row["input"], row["result"]) == (input_text, result_text):
        return
    before = words_of_fields(json.loads(row["input"]), json.loads(row["result"])) if row is not None else frozenset()
    after = words_of_fields(json.loads(input_text), json.loads(result_text))
    connection.executemany(
        "DELETE FROM job_words WHERE word = ? AND job_id = ?", [(word, job_id) for word in before - after]
    )
    connection.executemany(
        "INSERT OR IGNORE INTO job_words VALUES (?,?)", [(word, job_id) for word in sorted(after - before)]
    )


def with_words(text: str) -> tuple[list[str], list[str]]:
    """Return conditions on the table of jobs, and their parameters, for jobs that have words with these beginnings."""
    starts = words_of(text)
    if text and not starts:
        return ["0"], []
    one = "id IN (SELECT job_id FROM job_words WHERE word >= ? AND word < ?)"
    return [one] * len(starts), [bound for start in starts for bound in (start, start + _LAST)]
