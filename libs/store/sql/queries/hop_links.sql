-- Which MTA hands mail to which, HES first: pairs of neighbours in the journeys, '' where a journey ends.
SELECT
  link.1 AS mta,
  link.2 AS next_mta,
  count() AS journeys,
  countIf(link.3 IS NOT NULL) AS transfers,
  quantilesExactIf(0.499999999999, 0.949999999999)(assumeNotNull(link.3), link.3 IS NOT NULL) AS quantiles_ms
FROM
(
  SELECT
    arrayJoin(
      arrayZip(
        arrayPushFront(mtas, if(via_hes = 'yes', 'hes', '')),
        arrayPushBack(mtas, ''),
        arrayPushBack(transfers, CAST(NULL, 'Nullable(Int64)'))
      )
    ) AS link
  FROM
  (
    SELECT
      via_hes,
      arrayFilter((m, s) -> s = 'downstream', arrayMap(m -> toString(m), hops.mta), hops.segment) AS mtas,
      arrayFilter((t, s) -> s = 'downstream', hops.transfer_ms, hops.segment) AS transfers
    FROM hoptime_store.journeys
    WHERE
      first_event_at >= {from:DateTime64(3, 'UTC')}
      AND first_event_at < {to:DateTime64(3, 'UTC')}
      AND (
        {filtered:UInt8} = 0
        OR leftPad(lower(hex(journey_id)), 16, '0') IN (
          SELECT journey_id
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
      )
  )
)
WHERE mta != ''
GROUP BY mta, next_mta
ORDER BY journeys DESC, mta, next_mta
LIMIT 500
