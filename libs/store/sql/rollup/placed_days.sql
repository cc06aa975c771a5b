-- Rows of `property_histograms` of whole days of UTC, in the intervals of a zone that their noons lie in.
SELECT
    toUnixTimestamp(multiIf(
        {interval:String} = 'day', toStartOfDay(begins + INTERVAL 12 HOUR, {tz:String}),
        {interval:String} = 'month', toDateTime(toStartOfMonth(begins + INTERVAL 12 HOUR, {tz:String}), {tz:String}),
        toDateTime(0, 'UTC'))) AS at,
    r.value AS value,
    r.detail AS detail,
    count, known, sum_ms, under_1_min, under_5_min, under_10_min, deferrals,
    r.histogramMap.sum_ms AS sums_ms,
    segment, r.histogramMap.bucket AS buckets, r.histogramMap.count AS counts
FROM hoptime_store.property_histograms AS r
WHERE
    property = {property:String} AND r.value IN {values:Array(String)} AND r.segment IN {segments:Array(String)}
    AND span = 'day' AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')
