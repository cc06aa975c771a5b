-- From when to when there are journeys, and when something was read last.
SELECT
  minOrNull(first_event_at) AS first_at,
  maxOrNull(first_event_at) AS last_at,
  count() AS journeys,
  (SELECT count() FROM hoptime.inputs WHERE state != 'forgotten') AS inputs,
  (SELECT maxOrNull(ingested_at) FROM hoptime.inputs) AS changed_at
FROM hoptime.journeys
