-- Rows of hours beside whole days of UTC, in their intervals of a zone.
SELECT
    toUnixTimestamp(multiIf(
        {interval:String} = 'hour', begins,
        {interval:String} = 'day', toStartOfDay(begins, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}),
        toDateTime(0, 'UTC'))) AS at,
    r.value AS value,
    r.detail AS detail,
    segment, bucket, limits_reached, toInt64(count) AS count, sum_ms, toInt64(deferrals) AS deferrals
FROM hoptime_store.hour_rows AS r
WHERE
    r.value IN {values:Array(String)}
    AND r.segment IN {segments:Array(String)}
    AND (
        (begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC'))
        OR (begins >= toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'))
    )
