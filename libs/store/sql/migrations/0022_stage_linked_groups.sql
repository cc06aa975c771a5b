-- Queue ids whose legs may belong to a longer path: another queue id, or HES, speaks of the same message. All others are journeys of one leg.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_linked_groups
(
    group_hash UInt64
)
ENGINE = MergeTree
ORDER BY group_hash
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
