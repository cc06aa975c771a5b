-- Queue ids with more than one ownership (or with lines that its one beginning does not explain): when each ownership begins.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_begins
(
    group_hash UInt64,
    begins_ms Array(Int64),
    -- 1: begun by client=, so that delay= cannot reach further back
    by_client Array(UInt8)
)
ENGINE = MergeTree
ORDER BY group_hash
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
