-- The distribution of each segment from the hourly histograms, per interval (all in one when there is none) and per state or verdict where it is by one: counts,
-- sums, largest values and counts under 1, 5 and 10 minutes are exact; quantiles are the buckets that hold the nearest rank (delay/rollup-bucket.ts knows their
-- values). Levels are a hair smaller than they are called, since the rank of one that is no binary fraction may come out above a whole number.
SELECT
  toUInt64(toUnixTimestamp(
    multiIf(
      {interval:String} = 'hour', begins,
      {interval:String} = 'day', toStartOfDay(begins, {tz:String}),
      {interval:String} = 'month', toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}),
      toDateTime(0, 'UTC')
    )
  )) * 1000 AS at_ms,
  multiIf({by:String} = 'state', state, {by:String} = 'verdict', verdict, '') AS value,
  toString(r.segment) AS segment,
  sum(r.count) AS count,
  sum(r.sum_ms) AS sum_ms,
  quantilesExactWeightedArray(0.499999999999, 0.749999999999, 0.899999999999, 0.949999999999, 0.989999999999, 0.998999999999)(
    r.buckets, r.counts
  ) AS quantile_buckets,
  max(r.max_ms) AS max_ms,
  [sum(r.under_1_min), sum(r.under_5_min), sum(r.under_10_min)] AS counts_under
FROM hoptime_store.delay_rollups AS r
WHERE
  span = {span:String}
  AND r.segment IN {segments:Array(String)}
  AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC')
  AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
  AND (begins, version) IN (
    SELECT begins, max(version)
    FROM hoptime_store.rollup_versions
    WHERE span = {span:String} AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
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
GROUP BY at_ms, value, r.segment
ORDER BY at_ms, segment, value
