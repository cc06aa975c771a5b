-- Mail in flight: how long it has been under way at least, by segment. It was still in the queue of its last MTA when that MTA was last heard of in the journeys of the range.
-- Mail that waits at HES has no downstream yet; it counts in hes and total.
SELECT
  segment,
  greatest(0, as_of_ms - assumeNotNull(since_ms)) AS at_least_ms,
  greatest(1, toInt64(exp10(floor(log10(greatest(at_least_ms, 1))) - 3))) AS unit_ms,
  intDiv(at_least_ms, unit_ms) * unit_ms AS ms,
  count() AS in_flight
FROM
(
  SELECT
    segment,
    as_of_ms,
    multiIf(
      segment = 'hes', if(hes_ms IS NULL AND holder_segment = 'hes', received_ms, NULL),
      segment = 'downstream', if(downstream_ms IS NULL AND holder_segment = 'downstream', released_ms, NULL),
      if(total_ms IS NULL, received_ms, NULL)) AS since_ms
  FROM
  (
    SELECT
      journey_id, hes_ms, downstream_ms, total_ms,
      toUnixTimestamp64Milli(hes_received_at) AS received_ms,
      toUnixTimestamp64Milli(hes_released_at) AS released_ms
    FROM hoptime.journeys
    WHERE
      state = 'in_flight' AND via_hes = 'yes'
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
  ) AS journey
  INNER JOIN
  (
    SELECT leftPad(lower(hex(journey_id)), 16, '0') AS journey_id, toString(hops.mta[-1]) AS holder, toString(hops.segment[-1]) AS holder_segment
    FROM hoptime_store.journeys AS any_clock
    WHERE state = 'in_flight' AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
  ) AS held USING (journey_id)
  INNER JOIN
  (
    SELECT toString(mta) AS holder, max(last_ms) AS as_of_ms
    FROM hoptime_store.journeys AS any_clock
    ARRAY JOIN hops.mta AS mta, hops.last_ms AS last_ms
    WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
    GROUP BY holder
  ) AS heard USING (holder)
  ARRAY JOIN ['hes', 'downstream', 'total'] AS segment
)
WHERE since_ms IS NOT NULL AND has({segments:Array(String)}, segment)
GROUP BY segment, at_least_ms, unit_ms, ms
ORDER BY segment, ms
