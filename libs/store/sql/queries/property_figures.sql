-- Distributions per value and detail of a range, from the histograms by property: counts, sums and counts under 1, 5 and 10 minutes are exact; quantiles are the
-- buckets that hold the nearest rank, the last of them the largest value. Levels are a hair smaller than they are called, since the rank of one that is no binary
-- fraction may come out above a whole number. What is taken away has a count below 0: as UInt64 it adds up to the same modulo 2^64.
SELECT
  r.value AS value,
  if({by_detail:UInt8} = 1, r.detail, '') AS detail,
  r.segment_number AS segment_number,
  sum(toInt8(added - taken) AS sign * r.known) AS count,
  sum(sign * r.count) AS of_all,
  sum(sign * r.sum_ms) AS sum_ms,
  sum(sign * r.deferrals) AS deferrals,
  quantilesExactWeightedArray(0.499999999999, 0.749999999999, 0.899999999999, 0.949999999999, 0.989999999999, 0.998999999999, 1)(
    r.buckets, CAST(arrayMap(n -> sign * n, r.counts), 'Array(UInt64)')
  ) AS quantile_buckets,
  [sum(sign * r.under_1_min), sum(sign * r.under_5_min), sum(sign * r.under_10_min)] AS counts_under
FROM hoptime_store.histogram_rows AS r
GROUP BY value, detail, segment_number
HAVING of_all > 0
SETTINGS max_threads = 1
