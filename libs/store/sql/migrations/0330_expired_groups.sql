-- Groups whose rows retention removes. On a cluster each shard has all of them: a mutation of a shard looks into what that shard has. Not a stage, which goes
-- with its lease: a mutation that is left running must find the table.
CREATE TABLE IF NOT EXISTS hoptime_store.expired_groups
(
    shard UInt32,
    group_hash UInt64
)
ENGINE = MergeTree
ORDER BY group_hash
-- Emptied before each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
