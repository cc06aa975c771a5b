-- Journeys by what an MTA answered when it deferred or refused them. A journey with several such replies counts under each; one without under none.
SELECT
  reply AS value,
  count() AS journeys,
  count(duration_ms) AS count,
  sum(ifNull(duration_ms, 0)) AS sum_ms,
  quantilesExactIf(0.499999999999, 0.949999999999, 0.989999999999)(assumeNotNull(duration_ms), duration_ms IS NOT NULL) AS quantiles_ms,
  max(ifNull(duration_ms, -86400000)) AS max_ms,
  toUInt32(count() OVER ()) AS all_values,
  sum(count()) OVER () AS all_journeys,
  sum(count(duration_ms)) OVER () AS all_count,
  sum(sum(ifNull(duration_ms, 0))) OVER () AS all_sum_ms
FROM
(
  SELECT
    replies,
    {duration:Identifier} AS duration_ms
  FROM hoptime.journeys
  WHERE
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
        FROM hoptime.hops AS any_clock
        WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
      )
    )
)
ARRAY JOIN replies AS reply
GROUP BY value
ORDER BY sum_ms DESC, journeys DESC, value
LIMIT {limit:UInt32}
