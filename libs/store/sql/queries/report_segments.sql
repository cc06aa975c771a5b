-- The distribution of each segment, from how many journeys took each time. quantilesExactWeighted takes the value at rank ceil(level · n); levels that are 1e-12 lower
-- make that the nearest rank whatever is rounded, for n from 1 to 1e9, where level · n is a multiple of 0.001. quantiles() would be an estimate (storage.md A5).
SELECT
  segment,
  sum(journeys) AS count,
  toInt64(floor(sum(ms * journeys) / count + 0.5)) AS mean_ms,
  quantilesExactWeighted(0.499999999999, 0.749999999999, 0.899999999999, 0.949999999999, 0.989999999999, 0.998999999999)(ms, journeys) AS quantiles_ms,
  max(ms) AS max_ms,
  -- up to ten limits; places beyond the last one are 0
  [
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[1]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[2]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[3]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[4]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[5]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[6]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[7]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[8]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[9]),
    sumIf(journeys, ms < {limits_ms:Array(Int64)}[10])
  ] AS counts_under
FROM
(
  SELECT
    multiIf(hes IS NOT NULL, 'hes', hes_processing IS NOT NULL, 'hes_processing', hes_waiting IS NOT NULL, 'hes_waiting', downstream IS NOT NULL, 'downstream', 'total') AS segment,
    assumeNotNull(coalesce(hes, hes_processing, hes_waiting, downstream, total)) AS ms,
    journeys
  FROM
  (
    SELECT hes, hes_processing, hes_waiting, downstream, total, count() AS journeys
    FROM
    (
      SELECT
        if(has({segments:Array(String)}, 'hes'), hes_ms, NULL) AS hes,
        if(has({segments:Array(String)}, 'hes_processing'), hes_processing_ms, NULL) AS hes_processing,
        if(has({segments:Array(String)}, 'hes_waiting'), hes_waiting_ms, NULL) AS hes_waiting,
        if(has({segments:Array(String)}, 'downstream'), downstream_ms, NULL) AS downstream,
        if(has({segments:Array(String)}, 'total'), total_ms, NULL) AS total
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
    GROUP BY GROUPING SETS ((hes), (hes_processing), (hes_waiting), (downstream), (total))
  )
  WHERE coalesce(hes, hes_processing, hes_waiting, downstream, total) IS NOT NULL
)
GROUP BY segment
-- what grows with the journeys lies on disk from here on
SETTINGS max_bytes_before_external_group_by = 200000000
