-- The events of the groups that the latest round added. When they came is nothing that a journey rests on.
INSERT INTO hoptime_store.stage_events
SELECT * EXCEPT (ingested_at) FROM hoptime_store.trace_events
WHERE group_hash IN (SELECT group_hash FROM hoptime_store.stage_scope WHERE round = {round:UInt8})
SETTINGS max_threads = 1
