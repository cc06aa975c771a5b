-- One row per input (a file as it was read with its options) and state; the latest version counts.
CREATE TABLE IF NOT EXISTS hoptime_store.inputs
(
    input_id UInt64,
    version UInt64,
    path String,
    format String,
    options String,
    -- reading: events may be in the store in part; read: all of them are; forgotten: none is
    state Enum8('reading' = 1, 'read' = 2, 'forgotten' = 3),
    -- journeys that its events touch are up to date
    correlated UInt8,
    records UInt64,
    parsed UInt64,
    skipped UInt64,
    rejected UInt64,
    events UInt64,
    problem String,
    ingested_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY input_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
