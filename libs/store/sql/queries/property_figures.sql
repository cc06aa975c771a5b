-- Distributions per interval, value and segment, from the histograms by property: counts, sums and counts under 1, 5 and 10 minutes are exact; quantiles are
-- the buckets that hold the nearest rank, the last of them the largest value. Levels are a hair smaller than they are called, since the rank of one that is
-- no binary fraction may come out above a whole number. What was taken away has a count below 0: as UInt64 it adds up to the same modulo 2^64.
SELECT
  toUInt64(at) * 1000 AS at_ms,
  value,
  detail,
  toString(segment) AS segment,
  sum(r.known) AS count,
  sum(r.count) AS of_all,
  sum(r.sum_ms) AS sum_ms,
  sum(r.deferrals) AS deferrals,
  quantilesExactWeightedArray(0.499999999999, 0.749999999999, 0.899999999999, 0.949999999999, 0.989999999999, 0.998999999999, 1)(
    r.buckets, CAST(r.counts, 'Array(UInt64)')
  ) AS quantile_buckets,
  [sum(r.under_1_min), sum(r.under_5_min), sum(r.under_10_min)] AS counts_under
FROM hoptime_store.placed_rows AS r
GROUP BY at, value, detail, r.segment
HAVING of_all > 0
