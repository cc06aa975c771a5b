-- As property_first.sql, the last begin.
SELECT toString(first_event_at) AS at
FROM hoptime_store.journeys
WHERE
  first_event_at >= {from:DateTime64(3, 'UTC')}
  AND first_event_at < {to:DateTime64(3, 'UTC')}
  AND {property:Identifier} IN {values:Array(String)}
ORDER BY first_event_at DESC
LIMIT 1
SETTINGS max_threads = 1
