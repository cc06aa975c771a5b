-- How far each watched file has been read: so that a restart goes on there, and a rotated or packed file is known again. The latest
-- version counts. Written after the events that it speaks of are in the store, so it needs no fsync of its own.
CREATE TABLE IF NOT EXISTS hoptime_store.live_checkpoints
(
    input_id UInt64,
    version UInt64,
    -- where the file is now
    path String,
    device UInt64,
    inode UInt64,
    size UInt64,
    modified_ms Int64,
    -- followed: read on as it grows, the position counts unpacked bytes; document: read as a whole
    manner Enum8('followed' = 1, 'document' = 2),
    packed UInt8,
    format String,
    framing String,
    -- JSON: what the user said, and what a survey of the file said
    options String,
    surveyed String,
    -- text that a framer needs before it can go on at the position (the header row of a CSV)
    prologue String,
    position UInt64,
    lines UInt64,
    -- SHA-256 of the first head_bytes bytes, and of the last ones before the position
    head_bytes UInt16,
    head String,
    tail String,
    records UInt64,
    parsed UInt64,
    skipped UInt64,
    rejected UInt64,
    events UInt64,
    last_event_ms Int64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY input_id
