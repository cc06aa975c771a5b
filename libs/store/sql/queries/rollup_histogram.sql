-- As delay_histogram.sql, from the hourly histograms, whose buckets are parts of these: exact.
SELECT
  toUnixTimestamp(
    multiIf(
      {interval:String} = 'hour', hour,
      {interval:String} = 'day', toStartOfDay(hour, {tz:String}),
      {interval:String} = 'month', toDateTime(toStartOfMonth(hour, {tz:String}), {tz:String}),
      toDateTime(0, 'UTC')
    )
  ) * 1000 AS at_ms,
  segment,
  multiIf(
    bucket < 0, toInt64(-1),
    bucket = 0, toInt64(0),
    bitShiftLeft(toInt64(1), intDiv(bucket - 1, 64)) + intDiv(intDiv((bucket - 1) % 64 * {per_octave:UInt8}, 64) * bitShiftLeft(toInt64(1), intDiv(bucket - 1, 64)), {per_octave:UInt8})
  ) AS lower_ms,
  sum(count) AS count
FROM hoptime_store.delays_hourly
WHERE
  hour >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC')
  AND hour < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
  AND (hour, version) IN (
    SELECT hour, max(version)
    FROM hoptime_store.rollup_hours
    WHERE hour >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND hour < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
    GROUP BY hour
  )
  AND (empty({direction:Array(String)}) OR has({direction:Array(String)}, toString(direction)))
  AND (empty({state:Array(String)}) OR has({state:Array(String)}, toString(state)))
  AND (empty({via_hes:Array(String)}) OR has({via_hes:Array(String)}, toString(via_hes)))
  AND (
    empty({verdict:Array(String)})
    OR has({verdict:Array(String)}, if(empty(verdict), 'unknown', toString(verdict)))
    OR (has({verdict:Array(String)}, 'downstream') AND startsWith(toString(verdict), 'downstream:'))
  )
  AND has({segments:Array(String)}, toString(segment))
GROUP BY at_ms, segment, lower_ms
ORDER BY at_ms, toString(segment), lower_ms
