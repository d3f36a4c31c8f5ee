-- The newest dead letters, of all queues and of one, are asked for by every page; each index ends with the id.
CREATE INDEX dead_letters_by_time ON dead_letters (died_at);
CREATE INDEX dead_letters_of_queue ON dead_letters (queue, died_at);
