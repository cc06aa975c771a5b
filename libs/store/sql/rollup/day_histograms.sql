-- Histograms of whole days of UTC: each is added in the interval of a zone that its noon lies in.
SELECT
    toUInt8(1) AS added, toUnixTimestamp(toDateTime(dateTrunc({unit:String}, begins + INTERVAL 12 HOUR, {tz:String}), {tz:String})) AS added_at,
    toUInt8(0) AS taken, toUInt32(0) AS taken_at,
    CAST(r.value, 'String') AS value, CAST(r.detail, 'String') AS detail, toInt8(r.segment) AS segment_number,
    count, known, sum_ms, under_1_min, under_5_min, under_10_min, deferrals,
    r.histogramMap.bucket AS buckets, r.histogramMap.count AS counts, if({with_sums:UInt8} = 1, r.histogramMap.sum_ms, []) AS sums_ms
FROM hoptime_store.property_histograms AS r
WHERE
    property = {property:String} AND span = 'day' AND r.segment IN {segments:Array(String)}
    AND (empty({values:Array(String)}) OR r.value IN {values:Array(String)})
    AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')
