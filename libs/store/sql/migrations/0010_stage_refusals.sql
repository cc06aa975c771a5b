-- When the MTAs behind HES refused a HES client, by envelope: evidence that HES waited (delay model §3).
CREATE TABLE IF NOT EXISTS hoptime_store.stage_refusals
(
    sender String,
    recipient String,
    times_ms Array(Int64)
)
ENGINE = MergeTree
ORDER BY (sender, recipient)
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
