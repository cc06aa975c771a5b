-- As delay_histogram.sql, from the hourly histograms, whose buckets are parts of these: exact.
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
  multiIf(
    bucket < 0, toInt64(-1),
    bucket = 0, toInt64(0),
    bitShiftLeft(toInt64(1), intDiv(greatest(bucket, 1) - 1, 64)) + intDiv(intDiv((greatest(bucket, 1) - 1) % 64 * {per_octave:UInt8}, 64) * bitShiftLeft(toInt64(1), intDiv(greatest(bucket, 1) - 1, 64)), {per_octave:UInt8})
  ) AS lower_ms,
  sum(count) AS count
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
GROUP BY at_ms, segment, lower_ms
ORDER BY at_ms, toString(segment), lower_ms
