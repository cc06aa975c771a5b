-- Rows of `property_histograms` in the intervals of a zone: whole days of UTC lie in the interval of their noon, hours beside them in their own; and an hour of
-- such a day that lies in another interval than the noon counts there and not here.
SELECT
    toUnixTimestamp(multiIf(
        {interval:String} = 'day', toStartOfDay(begins + INTERVAL 12 HOUR, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(begins + INTERVAL 12 HOUR, {tz:String}), {tz:String}),
        toDateTime(0, 'UTC'))) * 1000 AS at_ms,
    if({by_value:UInt8} = 1, toString(r.value), '') AS value, if({by_detail:UInt8} = 1, toString(r.detail), '') AS detail, r.segment AS segment, bucket, limits_reached, toInt64(count) AS count, sum_ms, toInt64(deferrals) AS deferrals
FROM hoptime_store.property_histograms AS r
WHERE
    property = {property:String} AND (empty({values:Array(String)}) OR r.value IN {values:Array(String)}) AND r.segment IN {segments:Array(String)}
    AND span = 'day' AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')
UNION ALL
SELECT
    toUnixTimestamp(multiIf(
        {interval:String} = 'hour', begins,
        {interval:String} = 'day', toStartOfDay(begins, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}),
        toDateTime(0, 'UTC'))) * 1000 AS at_ms,
    if({by_value:UInt8} = 1, toString(r.value), '') AS value, if({by_detail:UInt8} = 1, toString(r.detail), '') AS detail, r.segment AS segment, bucket, limits_reached, toInt64(count) AS count, sum_ms, toInt64(deferrals) AS deferrals
FROM hoptime_store.hour_rows AS r
WHERE
    (empty({values:Array(String)}) OR r.value IN {values:Array(String)})
    AND r.segment IN {segments:Array(String)}
    AND (
        (begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC'))
        OR (begins >= toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'))
        OR begins IN hoptime_store.other_hours
    )
UNION ALL
SELECT
    toUnixTimestamp(multiIf(
        {interval:String} = 'day', toStartOfDay(toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}), {tz:String}),
        toDateTime(0, 'UTC'))) * 1000 AS at_ms,
    if({by_value:UInt8} = 1, toString(r.value), '') AS value, if({by_detail:UInt8} = 1, toString(r.detail), '') AS detail, r.segment AS segment, bucket, limits_reached, -toInt64(count) AS count, -sum_ms AS sum_ms, -toInt64(deferrals) AS deferrals
FROM hoptime_store.hour_rows AS r
WHERE
    (empty({values:Array(String)}) OR r.value IN {values:Array(String)})
    AND r.segment IN {segments:Array(String)}
    AND begins IN hoptime_store.other_hours
