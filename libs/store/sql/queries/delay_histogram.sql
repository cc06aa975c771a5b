-- How many journeys lie in each bucket of delay, per interval (all in one when there is none) and segment. A bucket is named by its lower border:
-- octaves from 1 ms, each cut into {per_octave} equal parts; 0 is a bucket of its own, -1 stands for all below (delay/delay-buckets.ts).
SELECT
  toUnixTimestamp(
    multiIf(
      {interval:String} = 'hour', toStartOfHour(first_event_at, {tz:String}),
      {interval:String} = 'day', toStartOfDay(first_event_at, {tz:String}),
      {interval:String} = 'month', toDateTime(toStartOfMonth(first_event_at, {tz:String}), {tz:String}),
      toDateTime(0, {tz:String})
    )
  ) * 1000 AS at_ms,
  segment,
  toUInt8(floor(log2(greatest(assumeNotNull(duration_ms), 1)))) AS octave,
  bitShiftLeft(toInt64(1), octave) AS octave_ms,
  multiIf(
    duration_ms < 0, toInt64(-1),
    duration_ms = 0, toInt64(0),
    octave_ms + intDiv(intDiv((assumeNotNull(duration_ms) - octave_ms) * {per_octave:UInt8}, octave_ms) * octave_ms, {per_octave:UInt8})
  ) AS lower_ms,
  count() AS count
FROM hoptime.journeys
ARRAY JOIN
  ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] AS segment,
  [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
WHERE
  duration_ms IS NOT NULL
  AND has({segments:Array(String)}, segment)
  AND
  first_event_at >= {from:DateTime64(3, 'UTC')}
  AND first_event_at < {to:DateTime64(3, 'UTC')}
  AND (empty({recipient_domain:Array(String)}) OR has({recipient_domain:Array(String)}, ifNull(toString(recipient_domain), 'unknown')))
  AND (empty({sender_domain:Array(String)}) OR has({sender_domain:Array(String)}, ifNull(toString(sender_domain), 'unknown')))
  AND (empty({direction:Array(String)}) OR has({direction:Array(String)}, ifNull(toString(direction), 'unknown')))
  AND (empty({state:Array(String)}) OR has({state:Array(String)}, ifNull(toString(state), 'unknown')))
  AND (empty({via_hes:Array(String)}) OR has({via_hes:Array(String)}, ifNull(toString(via_hes), 'unknown')))
  AND (
    empty({verdict:Array(String)})
    OR has({verdict:Array(String)}, ifNull(toString(verdict), 'unknown'))
    OR (has({verdict:Array(String)}, 'downstream') AND startsWith(ifNull(toString(verdict), ''), 'downstream:'))
  )
  AND (
    empty({mta:Array(String)})
    OR journey_id IN (
      SELECT journey_id
      FROM hoptime.hops
      WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
    )
  )
GROUP BY at_ms, segment, octave, octave_ms, lower_ms
ORDER BY at_ms, segment, lower_ms
