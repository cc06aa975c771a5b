-- The distribution of each segment. quantilesExact takes the value at place floor(level · n), counted from 0; the nearest rank is ceil(level · n) - 1. Levels
-- that are 1e-12 lower make the two equal for n from 1 to 1e9, where level · n is a multiple of 0.001. quantiles() would be an estimate (storage.md A5).
SELECT
  segment,
  count() AS count,
  toInt64(floor(avg(assumeNotNull(duration_ms)) + 0.5)) AS mean_ms,
  quantilesExact(0.499999999999, 0.749999999999, 0.899999999999, 0.949999999999, 0.989999999999, 0.998999999999)(assumeNotNull(duration_ms)) AS quantiles_ms,
  max(assumeNotNull(duration_ms)) AS max_ms,
  -- up to ten limits; places beyond the last one are 0
  [
    countIf(duration_ms < {limits_ms:Array(Int64)}[1]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[2]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[3]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[4]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[5]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[6]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[7]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[8]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[9]),
    countIf(duration_ms < {limits_ms:Array(Int64)}[10])
  ] AS counts_under
FROM hoptime.journeys
ARRAY JOIN
  ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] AS segment,
  [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
WHERE
  duration_ms IS NOT NULL
  AND has({segments:Array(String)}, segment)
  AND
  first_event_at >= {from:DateTime64(3, 'UTC')}
  AND first_event_at < {to:DateTime64(3, 'UTC')}
  AND (empty({recipient_domain:Array(String)}) OR has({recipient_domain:Array(String)}, ifNull(toString(recipient_domain), 'unknown')))
  AND (empty({sender_domain:Array(String)}) OR has({sender_domain:Array(String)}, ifNull(toString(sender_domain), 'unknown')))
  AND (empty({direction:Array(String)}) OR has({direction:Array(String)}, ifNull(toString(direction), 'unknown')))
  AND (empty({state:Array(String)}) OR has({state:Array(String)}, ifNull(toString(state), 'unknown')))
  AND (empty({via_hes:Array(String)}) OR has({via_hes:Array(String)}, ifNull(toString(via_hes), 'unknown')))
  AND (
    empty({verdict:Array(String)})
    OR has({verdict:Array(String)}, ifNull(toString(verdict), 'unknown'))
    OR (has({verdict:Array(String)}, 'downstream') AND startsWith(ifNull(toString(verdict), ''), 'downstream:'))
  )
  AND (
    empty({mta:Array(String)})
    OR journey_id IN (
      SELECT journey_id
      FROM hoptime.hops
      WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
    )
  )
GROUP BY segment
