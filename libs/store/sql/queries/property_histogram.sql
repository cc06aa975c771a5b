-- As delay_histogram.sql, from the histograms by property, whose buckets are parts of these: exact.
WITH
  bitShiftLeft(toInt64(1), intDiv(greatest(part, 0), {per_octave:UInt8})) AS octave
SELECT
  toUInt64(at) * 1000 AS at_ms,
  toString(of_segment) AS segment,
  multiIf(part = -2, -1, part = -1, 0, octave + intDiv(part % {per_octave:UInt8} * octave, {per_octave:UInt8})) AS lower_ms,
  in_part AS count
FROM
(
  SELECT
    at,
    r.segment AS of_segment,
    toInt16(multiIf(bucket < 0, -2, bucket = 0, -1, intDiv(bucket - 1, intDiv(64, {per_octave:UInt8})))) AS part,
    sum(r.count) AS in_part
  FROM hoptime_store.placed_rows AS r
  GROUP BY at, of_segment, part
)
WHERE in_part > 0
ORDER BY at_ms, segment, lower_ms
