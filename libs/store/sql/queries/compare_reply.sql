-- Slow journeys and others by what an MTA answered when it deferred or refused them; a journey counts under each of its replies. The value of journeys
-- without such a reply is known as well: ''.
SELECT
  reply AS value,
  countIf(is_slow) AS slow,
  countIf(NOT is_slow) AS rest,
  any(all_slow) AS known_slow,
  any(all_rest) AS known_rest
FROM
(
  SELECT
    replies,
    {duration:Identifier} AS duration_ms,
    (first_event_at >= {slow_from:DateTime64(3, 'UTC')} AND first_event_at < {slow_to:DateTime64(3, 'UTC')} AND duration_ms >= {min_ms:Int64} AND duration_ms < {max_ms:Int64}) AS is_slow,
    countIf(is_slow) OVER () AS all_slow,
    countIf(NOT is_slow) OVER () AS all_rest
  FROM hoptime.journeys
  WHERE
    duration_ms IS NOT NULL
    -- what is neither slow nor of the range of the others counts nowhere; from and to enclose both ranges
    AND (is_slow OR (first_event_at >= {rest_from:DateTime64(3, 'UTC')} AND first_event_at < {rest_to:DateTime64(3, 'UTC')}))
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
        FROM hoptime.hops AS any_clock
        WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
      )
    )
)
LEFT ARRAY JOIN replies AS reply
GROUP BY value
ORDER BY value
