-- Claims of requests over HTTP are good for a day; those of posts and photos for ever.
ALTER TABLE ledger ADD COLUMN expires_at INTEGER;
CREATE INDEX ledger_expiring ON ledger (expires_at) WHERE expires_at IS NOT NULL;
