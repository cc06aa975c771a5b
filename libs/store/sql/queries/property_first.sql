-- The first begin of the journeys of a domain, or of those of them in some states, within a time that is known to hold one: read in the order of the table until one
-- is found.
SELECT toString(first_event_at) AS at
FROM hoptime_store.journeys
WHERE
  first_event_at >= {from:DateTime64(3, 'UTC')}
  AND first_event_at < {to:DateTime64(3, 'UTC')}
  AND {property:Identifier} IN {values:Array(String)}
  AND (empty({states:Array(String)}) OR state IN {states:Array(String)})
ORDER BY first_event_at
LIMIT 1
SETTINGS max_threads = 1
