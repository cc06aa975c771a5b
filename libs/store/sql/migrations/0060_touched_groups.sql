-- Groups that have events which no journey shows yet: filled by every insert of events (0062), emptied by a correlation.
CREATE TABLE IF NOT EXISTS hoptime_store.touched_groups
(
    group_hash UInt64
)
ENGINE = MergeTree
ORDER BY group_hash
