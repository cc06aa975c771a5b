-- Rows of hours of whole days of UTC that lie in another interval of a zone than the noon of their day: they count there and not here.
SELECT
    place.1 AS at, '' AS value, '' AS detail, segment, bucket, limits_reached,
    place.2 * count AS count, place.2 * sum_ms AS sum_ms, place.2 * deferrals AS deferrals
FROM hoptime_store.property_histograms AS r
ARRAY JOIN
    [
        (toUnixTimestamp(if({interval:String} = 'day', toStartOfDay(begins, {tz:String}), toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}))), toInt64(1)),
        (toUnixTimestamp(if({interval:String} = 'day', toStartOfDay(toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}), toDateTime(toStartOfMonth(toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}), {tz:String}))), toInt64(-1))
    ] AS place
WHERE property = 'all' AND r.value = '' AND r.segment IN {segments:Array(String)} AND span = 'hour' AND begins IN hoptime_store.other_hours
