-- The largest value in some buckets, per interval, segment and bucket.
SELECT
  toUnixTimestamp(
    multiIf(
      {interval:String} = 'hour', begins,
      {interval:String} = 'day', toStartOfDay(begins, {tz:String}),
      {interval:String} = 'month', toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}),
      toDateTime(0, 'UTC')
    )
  ) * 1000 AS at_ms,
  toString(segment) AS segment,
  bucket,
  max(max_ms) AS largest_ms
FROM hoptime_store.delay_rollups
WHERE
  span = {span:String}
  AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC')
  AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
  AND bucket IN {buckets:Array(Int16)}
  AND (begins, version) IN (
    SELECT begins, max(version)
    FROM hoptime_store.rollup_versions
    WHERE span = {span:String} AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
    GROUP BY begins
  )
GROUP BY at_ms, segment, bucket
