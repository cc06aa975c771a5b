-- The segments over time: a journey lies in the hour, day or month, in the zone asked for, that contains its first event (delay model §6).
WITH
  -- one row of all segments and not one each: to make five rows of each journey costs more than all else
  (ms -> (
    count(ms),
    toInt64(floor(avg(ms) + 0.5)),
    quantilesExact(0.499999999999, 0.949999999999, 0.989999999999)(ms),
    max(ms))
  ) AS figures_of
SELECT
  at_ms,
  segment,
  figures.1 AS count,
  figures.2 AS mean_ms,
  figures.3 AS quantiles_ms,
  figures.4 AS max_ms
FROM
(
  SELECT
    toUnixTimestamp(
      multiIf(
        {interval:String} = 'hour', toStartOfHour(first_event_at, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(first_event_at, {tz:String}), {tz:String}),
        toStartOfDay(first_event_at, {tz:String})
      )
    ) * 1000 AS at_ms,
    [
      figures_of(if(has({segments:Array(String)}, 'hes'), hes_ms, NULL)),
      figures_of(if(has({segments:Array(String)}, 'hes_processing'), hes_processing_ms, NULL)),
      figures_of(if(has({segments:Array(String)}, 'hes_waiting'), hes_waiting_ms, NULL)),
      figures_of(if(has({segments:Array(String)}, 'downstream'), downstream_ms, NULL)),
      figures_of(if(has({segments:Array(String)}, 'total'), total_ms, NULL))
    ] AS figures
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
  GROUP BY at_ms
)
ARRAY JOIN figures, ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] AS segment
WHERE figures.1 > 0
ORDER BY at_ms, segment
-- what grows with the journeys lies on disk from here on
SETTINGS max_bytes_before_external_group_by = 200000000
