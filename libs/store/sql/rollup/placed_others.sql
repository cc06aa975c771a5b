-- Rows of hours of whole days of UTC that lie in another interval of a zone than the noon of their day: they count there and not here.
SELECT
    place.1 AS at, '' AS value, '' AS detail,
    place.2 * r.count AS count, place.2 * r.known AS known, place.2 * r.sum_ms AS sum_ms, place.2 * r.under_1_min AS under_1_min, place.2 * r.under_5_min AS under_5_min, place.2 * r.under_10_min AS under_10_min, place.2 * r.deferrals AS deferrals,
    arrayMap(ms -> place.2 * ms, r.histogramMap.sum_ms) AS sums_ms,
    segment, r.histogramMap.bucket AS buckets, arrayMap(c -> place.2 * c, r.histogramMap.count) AS counts
FROM hoptime_store.property_histograms AS r
ARRAY JOIN
    [
        (toUnixTimestamp(if({interval:String} = 'day', toStartOfDay(begins, {tz:String}), toDateTime(toStartOfMonth(begins, {tz:String}), {tz:String}))), toInt64(1)),
        (toUnixTimestamp(if({interval:String} = 'day', toStartOfDay(toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}), toDateTime(toStartOfMonth(toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}), {tz:String}))), toInt64(-1))
    ] AS place
WHERE property = 'all' AND r.value = '' AND r.segment IN {segments:Array(String)} AND span = 'hour' AND begins IN hoptime_store.other_hours
