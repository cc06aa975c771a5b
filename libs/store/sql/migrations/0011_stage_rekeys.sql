-- Message keys that belong to the message of another key, as "queued as" links tell (delay model §4.3).
CREATE TABLE IF NOT EXISTS hoptime_store.stage_rekeys
(
    key_hash UInt64,
    root_hash UInt64
)
ENGINE = MergeTree
ORDER BY key_hash
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
