-- From when to when there are journeys, when something was read last, and a fingerprint of the data parts behind both. Ends of the sort order are found at once.
SELECT
  (SELECT first_event_at FROM hoptime_store.journeys ORDER BY first_event_at LIMIT 1) AS first_at,
  (SELECT first_event_at FROM hoptime_store.journeys ORDER BY first_event_at DESC LIMIT 1) AS last_at,
  (SELECT count() FROM hoptime_store.journeys) AS journeys,
  (SELECT count() FROM hoptime.inputs WHERE state != 'forgotten') AS inputs,
  (SELECT maxOrNull(ingested_at) FROM hoptime.inputs) AS changed_at,
  (
    -- Parts have no UUID of their own (`assign_part_uuids`). On a cluster tables of shards are `…_local`.
    SELECT lower(hex(sum(sipHash64(table, name, hash_of_all_files))))
    FROM system.parts
    WHERE database = 'hoptime_store' AND table IN ('journeys', 'inputs', 'journeys_local', 'inputs_local') AND active
  ) AS revision
