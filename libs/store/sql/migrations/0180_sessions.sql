-- Sessions of people who logged in at the identity provider: the hash of what their browser keeps, who they are, and until when; version 2 = ended by a logout.
CREATE TABLE IF NOT EXISTS hoptime_store.sessions
(
    session_hash FixedString(64),
    key_id String,
    name String,
    role LowCardinality(String),
    domains Array(String),
    until DateTime64(3, 'UTC'),
    version UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY session_hash
TTL toDateTime(until) + toIntervalDay(1)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
