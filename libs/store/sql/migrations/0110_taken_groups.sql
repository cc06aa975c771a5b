-- Touched groups that a correlation is at work on: changes places with touched_groups, which inserts fill meanwhile.
CREATE TABLE IF NOT EXISTS hoptime_store.taken_groups
(
    group_hash UInt64
)
ENGINE = MergeTree
ORDER BY group_hash
