-- As delay_histogram.sql, from the hourly histograms, whose buckets are parts of these: exact. One row per interval and segment, with (lower_ms, count).
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
    toUnixTimestamp(
      multiIf(
        {interval:String} = 'hour', begins,
        {interval:String} = 'day', toStartOfDay(begins, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}),
        toDateTime(0, 'UTC')
      )
    ) AS at,
    r.segment AS of_segment,
    toInt16(multiIf(bucket < 0, -2, bucket = 0, -1, intDiv(bucket - 1, intDiv(64, {per_octave:UInt8})))) AS part,
    sum(in_bucket) AS in_part
  FROM hoptime_store.delay_rollups AS r
  ARRAY JOIN r.buckets AS bucket, r.counts AS in_bucket
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
  GROUP BY at, of_segment, part
)
GROUP BY at, of_segment
ORDER BY at_ms, segment
