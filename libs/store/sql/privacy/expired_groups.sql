-- Groups all of whose events came in before a moment: round 0. Events without such a time came before the store knew it.
INSERT INTO hoptime_store.stage_scope
SELECT group_hash, 0
FROM hoptime_store.trace_events
GROUP BY group_hash
HAVING max(if(ingested_at = toDateTime(0, 'UTC'), (SELECT min(applied_at) FROM hoptime_store.schema_migrations WHERE name = '0151_events_ingested_at'), ingested_at))
    < {before:DateTime('UTC')}
SETTINGS max_bytes_before_external_group_by = 500000000
