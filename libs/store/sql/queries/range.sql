-- From when to when there are journeys, when something was read last, and a fingerprint of the data parts behind both.
SELECT
  minOrNull(first_event_at) AS first_at,
  maxOrNull(first_event_at) AS last_at,
  count() AS journeys,
  (SELECT count() FROM hoptime.inputs WHERE state != 'forgotten') AS inputs,
  (SELECT maxOrNull(ingested_at) FROM hoptime.inputs) AS changed_at,
  (
    SELECT lower(hex(groupBitXor(sipHash64(uuid))))
    FROM system.parts
    WHERE database = 'hoptime_store' AND table IN ('journeys', 'inputs') AND active
  ) AS revision
FROM hoptime.journeys
