-- Copies the journeys that the messages of a scope had: those of stage_journeys take their place. A journey begins at one of its events, so the order of
-- `journeys` finds them.
INSERT INTO hoptime_store.stage_replaced_journeys
SELECT * FROM hoptime_store.journeys
WHERE first_event_at IN (SELECT greatest(event_time, fromUnixTimestamp64Milli(0, 'UTC')) FROM hoptime_store.stage_events)
    AND arrayExists(hop_group -> hop_group IN (SELECT group_hash FROM hoptime_store.stage_scope), hops.group_hash)
SETTINGS max_threads = 1, max_partitions_per_insert_block = 0
