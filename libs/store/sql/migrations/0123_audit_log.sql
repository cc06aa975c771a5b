-- Who read personal data or changed something, and when, where API keys are demanded. Only ever added to.
CREATE TABLE IF NOT EXISTS hoptime_store.audit_log
(
    at DateTime64(3, 'UTC'),
    key_id String,
    key_name String,
    role LowCardinality(String),
    address String,
    method LowCardinality(String),
    route LowCardinality(String),
    -- path and query as they were asked, at most 2,000 characters
    target String,
    status UInt16
)
ENGINE = MergeTree
ORDER BY at
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
