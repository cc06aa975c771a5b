-- Whether any of the legs may be linked to others, or belong to another message: more than libs/ingest/link-legs.ts and rekeys.ts link in the end; and how many
-- legs there are.
SELECT
    (SELECT count() FROM (SELECT key_hash FROM hoptime_store.stage_legs GROUP BY key_hash HAVING min(custody_id) != max(custody_id) LIMIT 1))
    + (SELECT count() FROM hoptime_store.stage_legs WHERE next_queue_id != '' AND next_queue_id IN (SELECT queue_id FROM hoptime_store.stage_legs)) AS links,
    (SELECT count() FROM hoptime_store.stage_legs) AS legs
SETTINGS max_threads = 1
