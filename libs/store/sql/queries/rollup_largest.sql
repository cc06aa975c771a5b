-- The largest delay per interval and segment of all journeys of a range of whole hours.
SELECT
  toUInt64(toUnixTimestamp(multiIf(
    {interval:String} = 'hour', begins,
    {interval:String} = 'day', toStartOfDay(begins, {tz:String}),
    {interval:String} = 'month', toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}),
    toDateTime(0, 'UTC')
  ))) * 1000 AS at_ms,
  max(r.hes_max_ms) AS hes_max_ms,
  max(r.hes_processing_max_ms) AS hes_processing_max_ms,
  max(r.hes_waiting_max_ms) AS hes_waiting_max_ms,
  max(r.downstream_max_ms) AS downstream_max_ms,
  max(r.total_max_ms) AS total_max_ms
FROM hoptime_store.journey_rollups AS r
WHERE
  begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC')
  AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
  AND (begins, version) IN (
    SELECT begins, max(version)
    FROM hoptime_store.rollup_versions
    WHERE span = 'hour' AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
    GROUP BY begins
  )
GROUP BY at_ms
