-- The distribution of each segment from the hourly histograms, per interval (all in one when there is none): counts, sums, largest values and counts under 1, 5
-- and 10 minutes are exact; quantiles are the buckets that hold the nearest rank (delay/rollup-bucket.ts knows their values).
SELECT
  at_ms,
  segment,
  arraySum(counts) AS count,
  toInt64(floor(sum_ms / count + 0.5)) AS mean_ms,
  arrayMap(
    level -> buckets[arrayFirstIndex(reached -> reached >= ceil(level * count - 0.000001), arrayCumSum(counts))],
    [0.5, 0.75, 0.9, 0.95, 0.99, 0.999]
  ) AS quantile_buckets,
  max_ms,
  counts_under
FROM
(
  SELECT
    at_ms,
    segment,
    arraySort(groupArray((bucket, of_bucket))) AS histogram,
    arrayMap(pair -> pair.1, histogram) AS buckets,
    arrayMap(pair -> pair.2, histogram) AS counts,
    sum(bucket_sum_ms) AS sum_ms,
    max(bucket_max_ms) AS max_ms,
    sumForEach(bucket_counts_under) AS counts_under
  FROM
  (
    SELECT
      toUnixTimestamp(
        multiIf(
          {interval:String} = 'hour', begins,
          {interval:String} = 'day', toStartOfDay(begins, {tz:String}),
          {interval:String} = 'month', toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}),
          toDateTime(0, 'UTC')
        )
      ) * 1000 AS at_ms,
      segment,
      bucket,
      sum(count) AS of_bucket,
      sum(sum_ms) AS bucket_sum_ms,
      max(max_ms) AS bucket_max_ms,
      [sumIf(count, limits_reached < 1), sumIf(count, limits_reached < 2), sumIf(count, limits_reached < 3)] AS bucket_counts_under
    FROM hoptime_store.delay_rollups
    WHERE
      span = {span:String}
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
      AND has({segments:Array(String)}, toString(segment))
    GROUP BY at_ms, segment, bucket
  )
  GROUP BY at_ms, segment
)
ORDER BY at_ms, toString(segment)
