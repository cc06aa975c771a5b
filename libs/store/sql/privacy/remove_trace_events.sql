ALTER TABLE hoptime_store.trace_events
DELETE WHERE group_hash IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0)
SETTINGS mutations_sync = 2
