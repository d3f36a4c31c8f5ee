-- The words by which jobs are found, so that finding one reads a few rows and not every job's text.
-- A table of our own, not FTS5: that is left out of some builds of SQLite.
CREATE TABLE job_words (
    word TEXT NOT NULL, -- without case and accents; what is looked for is its beginning
    job_id TEXT NOT NULL,
    PRIMARY KEY (word, job_id)
) STRICT, WITHOUT ROWID;
INSERT INTO job_words SELECT found.value, jobs.id FROM jobs, json_each(words_of_job(jobs.input, jobs.result)) AS found;
