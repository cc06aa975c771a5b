-- The events of the groups in stage_scope, copied once: looking them up costs a block per group, column and part.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_events AS hoptime_store.trace_events
ENGINE = MergeTree
ORDER BY (group_hash, event_time, event_id, input_id)
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
