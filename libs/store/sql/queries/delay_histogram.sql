-- How many journeys lie in each bucket of delay, per interval (all in one when there is none) and segment. A bucket is named by its lower border:
-- octaves from 1 ms, each cut into {per_octave} equal parts; 0 is a bucket of its own, -1 stands for all below (delay/delay-buckets.ts).
WITH
  (ms -> bitShiftLeft(toInt64(1), toUInt8(floor(log2(greatest(ms, 1)))))) AS octave_ms_of,
  (ms -> multiIf(
    ms < 0, toInt64(-1),
    ms = 0, toInt64(0),
    octave_ms_of(ms) + intDiv(intDiv((ms - octave_ms_of(ms)) * {per_octave:UInt8}, octave_ms_of(ms)) * octave_ms_of(ms), {per_octave:UInt8}))
  ) AS lower_ms_of
SELECT
  toUnixTimestamp(at) * 1000 AS at_ms,
  multiIf(hes IS NOT NULL, 'hes', hes_processing IS NOT NULL, 'hes_processing', hes_waiting IS NOT NULL, 'hes_waiting', downstream IS NOT NULL, 'downstream', 'total') AS segment,
  assumeNotNull(coalesce(hes, hes_processing, hes_waiting, downstream, total)) AS lower_ms,
  journeys AS count
FROM
(
  SELECT at, hes, hes_processing, hes_waiting, downstream, total, count() AS journeys
  FROM
  (
    SELECT
      multiIf(
        {interval:String} = 'hour', toStartOfHour(first_event_at, {tz:String}),
        {interval:String} = 'day', toStartOfDay(first_event_at, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(first_event_at, {tz:String}), {tz:String}),
        toDateTime(0, {tz:String})
      ) AS at,
      if(has({segments:Array(String)}, 'hes') AND hes_ms IS NOT NULL, lower_ms_of(assumeNotNull(hes_ms)), NULL) AS hes,
      if(has({segments:Array(String)}, 'hes_processing') AND hes_processing_ms IS NOT NULL, lower_ms_of(assumeNotNull(hes_processing_ms)), NULL) AS hes_processing,
      if(has({segments:Array(String)}, 'hes_waiting') AND hes_waiting_ms IS NOT NULL, lower_ms_of(assumeNotNull(hes_waiting_ms)), NULL) AS hes_waiting,
      if(has({segments:Array(String)}, 'downstream') AND downstream_ms IS NOT NULL, lower_ms_of(assumeNotNull(downstream_ms)), NULL) AS downstream,
      if(has({segments:Array(String)}, 'total') AND total_ms IS NOT NULL, lower_ms_of(assumeNotNull(total_ms)), NULL) AS total
    FROM hoptime.journeys
    WHERE
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
          FROM hoptime.hops AS any_clock
          WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
        )
      )
  )
  GROUP BY GROUPING SETS ((at, hes), (at, hes_processing), (at, hes_waiting), (at, downstream), (at, total))
)
WHERE coalesce(hes, hes_processing, hes_waiting, downstream, total) IS NOT NULL
ORDER BY at_ms, segment, lower_ms
-- what grows with the journeys lies on disk from here on
SETTINGS max_bytes_before_external_group_by = 200000000
