ALTER TABLE hoptime_store.trace_events
DELETE WHERE group_hash IN (SELECT group_hash FROM hoptime_store.expired_groups)
SETTINGS mutations_sync = 2
