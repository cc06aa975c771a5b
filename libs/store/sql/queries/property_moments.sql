-- Within some days (UTC) that are known to hold them: the first and the last begin of the journeys of a domain, and the first of those in flight.
SELECT
  toString(min(first_event_at)) AS first_at,
  toString(max(first_event_at)) AS last_at,
  if(countIf(state = 'in_flight') = 0, NULL, toString(minIf(first_event_at, state = 'in_flight'))) AS oldest_at
FROM hoptime_store.journeys
WHERE
  first_event_at >= {from:DateTime64(3, 'UTC')}
  AND first_event_at < {to:DateTime64(3, 'UTC')}
  AND toStartOfDay(first_event_at) IN {days:Array(DateTime('UTC'))}
  AND {property:Identifier} IN {values:Array(String)}
