-- Distributions per interval, value and segment, from the histograms by property: counts, sums and counts under 1, 5 and 10 minutes are exact; quantiles are
-- the buckets that hold the nearest rank, and the largest value is in the last bucket: it is the sum where that holds one.
SELECT
  at_ms,
  value,
  detail,
  toString(segment) AS segment,
  arraySum(counts) AS count,
  toInt64(of_all) AS of_all,
  toInt64(sum_ms) AS sum_ms,
  toInt64(deferrals) AS deferrals,
  arrayMap(
    level -> buckets[arrayFirstIndex(reached -> reached >= ceil(level * count - 0.000001), arrayCumSum(counts))],
    [0.5, 0.75, 0.9, 0.95, 0.99, 0.999]
  ) AS quantile_buckets,
  buckets[-1] AS last_bucket,
  counts[-1] AS last_count,
  histogram[-1].3 AS last_sum_ms,
  counts_under
FROM
(
  SELECT
    at_ms, value, detail, segment,
    arraySort(groupArrayIf((bucket, of_bucket, bucket_sum_ms), bucket != -32768 AND of_bucket > 0)) AS histogram,
    arrayMap(triple -> triple.1, histogram) AS buckets,
    arrayMap(triple -> triple.2, histogram) AS counts,
    sum(of_bucket) AS of_all,
    sum(bucket_sum_ms) AS sum_ms,
    sum(bucket_deferrals) AS deferrals,
    sumForEach(bucket_counts_under) AS counts_under
  FROM
  (
    SELECT
      at_ms, value, detail, segment, bucket,
      sum(count) AS of_bucket,
      sum(sum_ms) AS bucket_sum_ms,
      sum(deferrals) AS bucket_deferrals,
      [sumIf(count, limits_reached < 1), sumIf(count, limits_reached < 2), sumIf(count, limits_reached < 3)] AS bucket_counts_under
    FROM hoptime_store.placed_rows
    GROUP BY at_ms, value, detail, segment, bucket
  )
  GROUP BY at_ms, value, detail, segment
)
WHERE of_all > 0
ORDER BY at_ms, segment, value, detail
