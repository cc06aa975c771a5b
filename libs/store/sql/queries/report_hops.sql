-- The MTAs after HES. A hop that several journeys share is counted once; its share is of the time that mail spent inside all these MTAs.
WITH
legs AS
(
  -- numbers of the table instead of the texts of the view: millions of hops are told apart here
  SELECT
    first_leg_id,
    leg_id,
    mta,
    product,
    if(received_ms < 0 OR relayed_ms < 0, NULL, dwell_ms) AS hop_dwell_ms,
    hop_deferrals
  FROM
  (
    SELECT *, hops.leg_id[1] AS first_leg_id
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
  ARRAY JOIN
    hops.leg_id AS leg_id,
    hops.segment AS hop_segment,
    hops.mta AS mta,
    hops.product AS product,
    hops.received_ms AS received_ms,
    hops.relayed_ms AS relayed_ms,
    hops.dwell_ms AS dwell_ms,
    hops.deferrals AS hop_deferrals
  WHERE hop_segment = 'downstream'
),
-- journeys that share a hop share all before it: few journeys do, and only theirs are told apart, all others by their dwell
shared AS
(
  SELECT hops.leg_id[1] AS first_leg_id
  FROM hoptime_store.journeys AS any_clock
  WHERE notEmpty(hops.leg_id) AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
  GROUP BY first_leg_id
  HAVING count() > 1
)
SELECT
  toString(mta) AS mta,
  toString(max(product)) AS product,
  sum(hops) AS count,
  sumIf(hops, dwell IS NOT NULL) AS dwell_count,
  quantilesExactWeightedIf(0.499999999999, 0.949999999999, 0.989999999999)(assumeNotNull(dwell), hops, dwell IS NOT NULL) AS quantiles_ms,
  if(dwell_count = 0, NULL, toInt64(floor(dwell_sum_ms / dwell_count + 0.5))) AS mean_ms,
  maxOrNull(dwell) AS max_ms,
  sum(deferrals_of_all) AS deferrals,
  sumOrNull(dwell * toInt64(hops)) AS dwell_sum_ms
FROM
(
  SELECT
    mta,
    max(product) AS product,
    if(is_shared, max(hop_dwell_ms), own_dwell_ms) AS dwell,
    if(is_shared, max(hop_deferrals), sum(hop_deferrals)) AS deferrals_of_all,
    if(is_shared, 1, count()) AS hops
  FROM (SELECT *, first_leg_id IN shared AS is_shared FROM legs)
  GROUP BY mta, is_shared, if(is_shared, leg_id, 0), if(is_shared, NULL, hop_dwell_ms) AS own_dwell_ms
)
GROUP BY mta
ORDER BY dwell_sum_ms DESC NULLS LAST, mta
-- what grows with the journeys lies on disk from here on
SETTINGS max_bytes_before_external_group_by = 200000000
