CREATE MATERIALIZED VIEW IF NOT EXISTS hoptime_store.touch_groups TO hoptime_store.touched_groups AS
SELECT DISTINCT group_hash FROM hoptime_store.trace_events
