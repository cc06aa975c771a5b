-- How many journeys took how long, by segment, in four significant digits (cut, so that limits such as 60000 stay borders): what the estimate with mail in flight counts as ended.
SELECT
  multiIf(hes IS NOT NULL, 'hes', downstream IS NOT NULL, 'downstream', 'total') AS segment,
  greatest(1, toInt64(exp10(floor(log10(greatest(abs(duration_ms), 1))) - 3))) AS unit_ms,
  toInt64(floor(duration_ms / unit_ms)) * unit_ms AS ms,
  sum(journeys) AS ended
FROM
(
  SELECT hes, downstream, total, assumeNotNull(coalesce(hes, downstream, total)) AS duration_ms, count() AS journeys
  FROM
  (
    SELECT
      if(has({segments:Array(String)}, 'hes'), hes_ms, NULL) AS hes,
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
  GROUP BY GROUPING SETS ((hes), (downstream), (total))
  HAVING coalesce(hes, downstream, total) IS NOT NULL
)
GROUP BY segment, unit_ms, ms
ORDER BY segment, ms
-- what grows with the journeys lies on disk from here on
SETTINGS max_bytes_before_external_group_by = 200000000
