-- Journeys that lack an end: by the product whose records tell of them first, and what is missing.
SELECT
  if(empty(product), 'unknown', product) AS source,
  multiIf(via_hes = 'unknown', 'origin_unknown', first_hop.by_hes = 0, 'no_hes_record', 'no_hop_after_hes') AS reason,
  count() AS journeys
FROM
(
  SELECT journey_id, via_hes, hop_count, state
  FROM hoptime.journeys
  WHERE
    via_hes IN ('yes', 'unknown')
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
LEFT JOIN
(
  SELECT leftPad(lower(hex(journey_id)), 16, '0') AS journey_id, toString(hops.product[1]) AS product, has(hops.segment, 'hes') AS by_hes
  FROM hoptime_store.journeys AS any_clock
  WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
) AS first_hop USING (journey_id)
WHERE via_hes = 'unknown' OR by_hes = 0 OR (hop_count = 0 AND state IN ('complete', 'relayed', 'in_flight'))
GROUP BY source, reason
ORDER BY journeys DESC, source, reason
