-- How many jobs there are of each status, kept in step by the database itself: a front page asks for it every time.
CREATE TABLE job_counts (
    status TEXT PRIMARY KEY,
    jobs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO job_counts SELECT status, count(*) FROM jobs GROUP BY status;

CREATE TRIGGER jobs_counted AFTER INSERT ON jobs BEGIN
    INSERT INTO job_counts VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER jobs_recounted AFTER UPDATE OF status ON jobs WHEN old.status <> new.status BEGIN
    UPDATE job_counts SET jobs = jobs - 1 WHERE status = old.status;
    INSERT INTO job_counts VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET jobs = jobs + 1;
END;
