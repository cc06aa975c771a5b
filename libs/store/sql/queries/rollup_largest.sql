-- The largest value per interval and segment of all journeys of a range: of whole days of UTC, and of hours beside them.
SELECT
  toUInt64(at) * 1000 AS at_ms,
  toString(segment) AS segment,
  max(max_ms) AS largest_ms
FROM
(
  SELECT
    toUnixTimestamp(multiIf(
      {interval:String} = 'hour', begins,
      {interval:String} = 'day', toStartOfDay(if(span = 'day', begins + INTERVAL 12 HOUR, begins), {tz:String}),
      {interval:String} = 'month', toDateTime(toStartOfMonth(if(span = 'day', begins + INTERVAL 12 HOUR, begins), {tz:String}), {tz:String}),
      toDateTime(0, 'UTC')
    )) AS at,
    segment,
    max_ms
  FROM hoptime_store.delay_rollups
  WHERE
    segment IN {segments:Array(String)}
    AND begins >= toStartOfDay({from:DateTime64(3, 'UTC')}) AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
    AND (
      (span = 'day' AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC'))
      OR (span = 'hour' AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC'))
      OR (span = 'hour' AND begins >= toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'))
    )
    AND (span, begins, version) IN (
      SELECT span, begins, max(version)
      FROM hoptime_store.rollup_versions
      WHERE begins >= toStartOfDay({from:DateTime64(3, 'UTC')}) AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
      GROUP BY span, begins
    )
)
GROUP BY at, segment
