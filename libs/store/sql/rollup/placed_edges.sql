-- Rows of hours in which a range differs from the whole days of UTC that are read for it: those of the range count in their intervals of a zone, and those of
-- the days beside it are taken away where their day counts.
WITH if(begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'), toInt64(1), toInt64(-1)) AS sign,
    if(sign = 1, begins, toStartOfDay(begins) + INTERVAL 12 HOUR) AS placed
SELECT
    toUnixTimestamp(multiIf(
        {interval:String} = 'hour', placed,
        {interval:String} = 'day', toStartOfDay(placed, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(placed, {tz:String}), {tz:String}),
        toDateTime(0, 'UTC'))) AS at,
    r.value AS value,
    r.detail AS detail,
    sign * r.count AS count, sign * r.known AS known, sign * r.sum_ms AS sum_ms, sign * r.under_1_min AS under_1_min, sign * r.under_5_min AS under_5_min, sign * r.under_10_min AS under_10_min, sign * r.deferrals AS deferrals,
    arrayMap(ms -> sign * ms, r.sums_ms) AS sums_ms,
    segment, r.buckets AS buckets, arrayMap(c -> sign * c, r.counts) AS counts
FROM hoptime_store.hour_rows AS r
WHERE
    r.value IN {values:Array(String)}
    AND r.segment IN {segments:Array(String)}
    AND (
        (begins >= toDateTime({first_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({first_to:DateTime64(3, 'UTC')}, 'UTC'))
        OR (begins >= toDateTime({last_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({last_to:DateTime64(3, 'UTC')}, 'UTC'))
    )
