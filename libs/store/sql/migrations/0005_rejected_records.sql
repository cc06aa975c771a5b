-- What should have been understood and was not; the raw text is kept so that it can be parsed again.
CREATE TABLE IF NOT EXISTS hoptime_store.rejected_records
(
    input_id UInt64,
    line UInt32,
    text_hash UInt64,
    source LowCardinality(String),
    reason String,
    text String,
    rejected_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(rejected_at)
ORDER BY (input_id, line, text_hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
