-- The events of the groups that the latest round added.
INSERT INTO hoptime_store.stage_events
SELECT * FROM hoptime_store.trace_events
WHERE group_hash IN (SELECT group_hash FROM hoptime_store.stage_scope WHERE round = {round:UInt8})
SETTINGS max_threads = 1
