-- As delay_histogram.sql, from the histograms by property, whose buckets are parts of these: exact.
SELECT
  at_ms,
  toString(segment) AS segment,
  multiIf(
    bucket < 0, toInt64(-1),
    bucket = 0, toInt64(0),
    bitShiftLeft(toInt64(1), intDiv(greatest(bucket, 1) - 1, 64)) + intDiv(intDiv((greatest(bucket, 1) - 1) % 64 * {per_octave:UInt8}, 64) * bitShiftLeft(toInt64(1), intDiv(greatest(bucket, 1) - 1, 64)), {per_octave:UInt8})
  ) AS lower_ms,
  sum(of_bucket) AS count
FROM
(
  SELECT at_ms, segment, bucket, sum(count) AS of_bucket
  FROM hoptime_store.placed_rows
  GROUP BY at_ms, segment, bucket
)
GROUP BY at_ms, segment, lower_ms
HAVING count > 0
ORDER BY at_ms, segment, lower_ms
