-- Histograms of hours in which a range differs from the whole days of UTC that are read for it, or which lie in another interval of a zone than the noon of
-- their day: each is added in its own interval where the range has it, and taken away where its day is added.
WITH
    begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC') AS in_range,
    begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC') AS in_days,
    dateTrunc({unit:String}, begins, {tz:String}) AS own,
    dateTrunc({unit:String}, toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}) AS of_day
SELECT
    in_range AS added, toUnixTimestamp(toDateTime(own, {tz:String})) AS added_at,
    in_days AS taken, toUnixTimestamp(toDateTime(of_day, {tz:String})) AS taken_at,
    CAST(r.value, 'String') AS value, CAST(r.detail, 'String') AS detail, toInt8(r.segment) AS segment_number,
    count, known, sum_ms, under_1_min, under_5_min, under_10_min, deferrals,
    r.histogramMap.bucket AS buckets, r.histogramMap.count AS counts, if({with_sums:UInt8} = 1, r.histogramMap.sum_ms, []) AS sums_ms
FROM hoptime_store.property_histograms AS r
WHERE
    property = {property:String} AND span = 'hour' AND r.segment IN {segments:Array(String)}
    AND (empty({values:Array(String)}) OR r.value IN {values:Array(String)})
    AND begins >= toDateTime({first_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({last_to:DateTime64(3, 'UTC')}, 'UTC')
    AND (
        begins < toDateTime({first_to:DateTime64(3, 'UTC')}, 'UTC') OR begins >= toDateTime({last_from:DateTime64(3, 'UTC')}, 'UTC')
        -- hours of the day that may lie in another interval than its noon: rows are found by them
        OR toHour(begins) IN {hours_apart:Array(UInt8)}
    )
    AND (NOT in_range OR NOT in_days OR own != of_day)
