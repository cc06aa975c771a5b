-- How many journeys there are, by origin, state and verdict, with the largest delays, from the hourly counts.
SELECT
  state, via_hes, verdict, matched,
  sum(r.journeys) AS journeys,
  min(r.first_at) AS first_at,
  max(r.last_at) AS last_at,
  max(r.hes_max_ms) AS hes_max_ms,
  max(r.hes_processing_max_ms) AS hes_processing_max_ms,
  max(r.hes_waiting_max_ms) AS hes_waiting_max_ms,
  max(r.downstream_max_ms) AS downstream_max_ms,
  max(r.total_max_ms) AS total_max_ms
FROM hoptime_store.journey_rollups AS r
WHERE
  begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC')
  AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
  AND (begins, version) IN (
    SELECT begins, max(version)
    FROM hoptime_store.rollup_versions
    WHERE span = 'hour' AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
    GROUP BY begins
  )
  AND (empty({direction:Array(String)}) OR has({direction:Array(String)}, direction))
  AND (empty({state:Array(String)}) OR has({state:Array(String)}, state))
  AND (empty({via_hes:Array(String)}) OR has({via_hes:Array(String)}, via_hes))
  AND (
    empty({verdict:Array(String)})
    OR has({verdict:Array(String)}, if(empty(verdict), 'unknown', verdict))
    OR (has({verdict:Array(String)}, 'downstream') AND startsWith(verdict, 'downstream:'))
  )
GROUP BY state, via_hes, verdict, matched
ORDER BY state, via_hes, verdict, matched
