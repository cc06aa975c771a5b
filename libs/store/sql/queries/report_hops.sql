-- The MTAs after HES. A hop that several journeys share is counted once; its share is of the time that mail spent inside all these MTAs.
SELECT
  toString(mta) AS mta,
  toString(max(hop_product)) AS product,
  count() AS count,
  countIf(hop_dwell_ms IS NOT NULL) AS dwell_count,
  quantilesExactIf(0.499999999999, 0.949999999999, 0.989999999999)(assumeNotNull(hop_dwell_ms), hop_dwell_ms IS NOT NULL) AS quantiles_ms,
  toInt64(floor(avgOrNull(hop_dwell_ms) + 0.5)) AS mean_ms,
  maxOrNull(hop_dwell_ms) AS max_ms,
  sum(hop_deferrals) AS deferrals,
  sumOrNull(hop_dwell_ms) AS dwell_sum_ms
FROM
(
  -- numbers of the table instead of the texts of the view: millions of hops are told apart here
  SELECT
    mta,
    max(product) AS hop_product,
    max(if(received_ms < 0 OR relayed_ms < 0, NULL, dwell_ms)) AS hop_dwell_ms,
    max(hop_deferral) AS hop_deferrals
  FROM hoptime_store.journeys
  ARRAY JOIN
    hops.leg_id AS leg_id,
    hops.segment AS hop_segment,
    hops.mta AS mta,
    hops.product AS product,
    hops.received_ms AS received_ms,
    hops.relayed_ms AS relayed_ms,
    hops.dwell_ms AS dwell_ms,
    hops.deferrals AS hop_deferral
  WHERE
    hop_segment = 'downstream'
    AND first_event_at >= {from:DateTime64(3, 'UTC')}
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
              FROM hoptime.hops
              WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
            )
          )
      )
    )
  GROUP BY mta, leg_id
)
GROUP BY mta
ORDER BY dwell_sum_ms DESC NULLS LAST, mta
