-- Groups that a correlation of touched messages takes in; `round`: how many ties away from an event that is new.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_scope
(
    group_hash UInt64,
    round UInt8
)
ENGINE = MergeTree
ORDER BY group_hash
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
