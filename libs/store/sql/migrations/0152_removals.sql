-- What retention and erasure took out of which table: a count, and nothing of what it was.
CREATE TABLE IF NOT EXISTS hoptime_store.removals
(
    at DateTime64(3, 'UTC'),
    cause Enum8('retention' = 1, 'erase' = 2),
    what LowCardinality(String),
    removed UInt64
)
ENGINE = MergeTree
ORDER BY at
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
