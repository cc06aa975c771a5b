-- As delay_histogram.sql, from the histograms by property, whose buckets are parts of these: exact. One row per interval and segment, with (lower_ms, count).
WITH
  bitShiftLeft(toInt64(1), intDiv(greatest(part, 0), {per_octave:UInt8})) AS octave
SELECT
  toUInt64(at) * 1000 AS at_ms,
  toString(of_segment) AS segment,
  arraySort(groupArray((
    multiIf(part = -2, -1, part = -1, 0, octave + intDiv(part % {per_octave:UInt8} * octave, {per_octave:UInt8})),
    in_part
  ))) AS parts
FROM
(
  SELECT
    at,
    r.segment AS of_segment,
    toInt16(multiIf(bucket < 0, -2, bucket = 0, -1, intDiv(bucket - 1, intDiv(64, {per_octave:UInt8})))) AS part,
    sum(in_bucket) AS in_part
  FROM hoptime_store.placed_rows AS r
  ARRAY JOIN r.buckets AS bucket, r.counts AS in_bucket
  GROUP BY at, of_segment, part
  HAVING in_part > 0
)
GROUP BY at, of_segment
ORDER BY at_ms, segment
