-- Journeys of more than one leg: which legs, in which order. `part`: several queue ids of one hop.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_paths
(
    slice UInt32,
    leg_id UInt64,
    journey_id UInt64,
    position UInt16,
    part UInt16,
    -- delay model §3, from the strongest link to the weakest: 0 none, 1 message_id, 2 queue_id, 3 queued_as, 4 orig_to, 5 sole_recipient
    matched_by UInt8
)
ENGINE = MergeTree
ORDER BY (slice, leg_id)
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
