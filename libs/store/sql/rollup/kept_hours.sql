-- The histograms of all journeys, MTAs or links per hour.
SELECT
    count, known, sum_ms, under_1_min, under_5_min, under_10_min, deferrals,
    h.histogramMap.sum_ms AS sums_ms,
    value, detail, segment, begins, h.histogramMap.bucket AS buckets, h.histogramMap.count AS counts
FROM hoptime_store.property_histograms AS h
WHERE property = {property:String} AND span = 'hour'
