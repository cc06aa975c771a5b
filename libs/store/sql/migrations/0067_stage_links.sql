-- Links of the groups in stage_scope, as group_links has them, by group.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_links AS hoptime_store.group_links
ENGINE = MergeTree
ORDER BY group_hash
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
