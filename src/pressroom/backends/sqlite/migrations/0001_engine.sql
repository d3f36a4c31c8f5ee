CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    time INTEGER NOT NULL, -- microseconds since 1970, as everywhere here
    job_id TEXT,
    cause_id TEXT,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_job ON events (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX events_of_type ON events (type);
CREATE INDEX events_by_time ON events (time);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    task TEXT NOT NULL,
    name TEXT NOT NULL,
    job_id TEXT,
    event_position INTEGER,
    data TEXT NOT NULL,
    available_at INTEGER NOT NULL, -- while leased: when the lease ends
    attempt INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    lease TEXT NOT NULL DEFAULT '',
    history TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_due ON deliveries (queue, available_at);
CREATE INDEX deliveries_of_job ON deliveries (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY, -- the delivery's own
    queue TEXT NOT NULL,
    task TEXT NOT NULL,
    name TEXT NOT NULL,
    job_id TEXT,
    event_position INTEGER,
    data TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    history TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    died_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dead_letters_of_job ON dead_letters (job_id);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    pipeline TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    input TEXT NOT NULL,
    result TEXT NOT NULL,
    error TEXT,
    key TEXT UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    completed_at INTEGER,
    expires_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_of_pipeline ON jobs (pipeline, id);
CREATE INDEX jobs_of_status ON jobs (status, id);
CREATE INDEX jobs_expiring ON jobs (expires_at) WHERE expires_at IS NOT NULL AND status != 'expired';

CREATE TABLE steps (
    number INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL,
    path TEXT NOT NULL,
    status TEXT NOT NULL,
    output TEXT,
    error TEXT,
    attempts INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    UNIQUE (job_id, path)
) STRICT;

CREATE TABLE publications (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    job_id TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    channel TEXT NOT NULL,
    network TEXT NOT NULL,
    post TEXT NOT NULL,
    state TEXT NOT NULL,
    prepared TEXT NOT NULL,
    attempts TEXT NOT NULL,
    receipt TEXT,
    problem TEXT,
    due_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX publications_of_job ON publications (job_id);
CREATE INDEX publications_of_state ON publications (state, id);
CREATE INDEX publications_of_channel ON publications (channel, id);

CREATE TABLE assets (
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    job_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    about TEXT NOT NULL,
    PRIMARY KEY (key, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX assets_of_job ON assets (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX assets_expiring ON assets (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE ledger (
    key TEXT PRIMARY KEY,
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    result TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE costs (
    id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    what TEXT NOT NULL,
    unit TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    nano_money INTEGER NOT NULL, -- billionths of the currency: sums stay exact
    currency TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX costs_of_job ON costs (job_id);
CREATE INDEX costs_by_time ON costs (at);

CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_states (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE views (
    model TEXT NOT NULL,
    key TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (model, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE view_positions (
    model TEXT PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
